/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A node of variant aws-k8s-1.31 at OS 1.26.1, as a tuning tool sees it. */
#include "defaults.h"

/* clang-format off */
/* Apostrophes stand for quotes, which C would make us escape. */
const char default_os[] =
"{ 'pretty_name': 'Bottlerocket OS 1.26.1 (aws-k8s-1.31)',"
"  'variant_id': 'aws-k8s-1.31', 'version_id': '1.26.1',"
"  'build_id': '943d9a41', 'arch': 'x86_64' }";

const char default_settings[] =
"{ 'motd': 'Welcome to Bottlerocket!',"
"  'updates': { 'version-lock': 'latest', 'ignore-waves': false, 'seed': 1054 },"
"  'aws': { 'region': 'eu-central-1' },"
"  'ntp': { 'time-servers': [ '169.254.169.123', '2.amazon.pool.ntp.org' ],"
"           'options': [ 'iburst' ] },"
"  'network': { 'hostname': 'ip-10-0-1-23.eu-central-1.compute.internal' },"
"  'metrics': { 'metrics-url': 'https://metrics.bottlerocket.aws/v1/metrics',"
"               'send-metrics': true,"
"               'service-checks': [ 'apiserver', 'chronyd', 'containerd',"
"                                   'host-containerd', 'kubelet' ] },"
"  'kernel': { 'lockdown': 'integrity' },"
"  'host-containers': {"
"    'admin': { 'enabled': false, 'superpowered': true,"
"      'source': 'public.ecr.aws/bottlerocket/bottlerocket-admin:v0.11.13' },"
"    'control': { 'enabled': true, 'superpowered': false,"
"      'source': 'public.ecr.aws/bottlerocket/bottlerocket-control:v0.7.17' } },"
"  'oci-hooks': { 'log4j-hotpatch-enabled': false },"
"  'oci-defaults': {"
"    'capabilities': { 'audit-write': true, 'chown': true, 'dac-override': true,"
"      'fowner': true, 'fsetid': true, 'kill': true, 'mknod': true,"
"      'net-bind-service': true, 'net-raw': true, 'setgid': true, 'setfcap': true,"
"      'setpcap': true, 'setuid': true, 'sys-chroot': true },"
"    'resource-limits': { 'max-open-files': { 'hard-limit': 1048576,"
"                                             'soft-limit': 65536 } } },"
"  'kubernetes': { 'cluster-name': 'test', 'cluster-domain': 'cluster.local',"
"    'cluster-dns-ip': '10.100.0.10', 'api-server': 'https://test.example.com',"
"    'node-ip': '10.0.1.23', 'max-pods': 58, 'standalone-mode': false,"
"    'authentication-mode': 'aws', 'server-tls-bootstrap': true,"
"    'cloud-provider': 'external',"
"    'node-labels': { 'node.example.com/pool': 'storage' } } }";
