#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Read what `hosttune userdata` writes, with parsers that are not ours.

This is Python, against the rule of the repository, for its independent parsers of TOML, YAML
and HCL: with the project's readers, a fault of writer and reader alike would go unnoticed.

usage: userdata_read.py FORMAT [profile [NAME]] <TEXT

Prints the settings as JSON; with "profile" the decoded user data of the bootstrap
container NAME (default hosttune) instead, as Bottlerocket puts it before the container.
"""
import base64
import json
import sys
import textwrap
import tomllib

import yaml


def of_toml(text):
    return tomllib.loads(text).get("settings", {})


def of_eksctl(text):
    doc = yaml.safe_load(text)
    assert (doc["apiVersion"], doc["kind"]) == ("eksctl.io/v1alpha5", "ClusterConfig")
    assert set(doc["metadata"]) == {"name", "region"}
    (group,) = doc["managedNodeGroups"]
    assert group["amiFamily"] == "Bottlerocket"
    return group["bottlerocket"]["settings"]


def of_karpenter(text):
    doc = yaml.safe_load(text)
    assert (doc["apiVersion"], doc["kind"]) == ("karpenter.k8s.aws/v1", "EC2NodeClass")
    spec = doc["spec"]
    # required by its schema
    for key in "amiSelectorTerms", "subnetSelectorTerms", "securityGroupSelectorTerms":
        assert isinstance(spec[key], list) and spec[key], key
    assert spec["role"]
    return of_toml(spec["userData"])


def of_terraform(text):
    import hcl

    # pyhcl reads HCL 1, which is HCL 2 without function calls
    for call in "base64encode", "base64gzip":
        text = text.replace(call + "(local.hosttune_user_data)", '"' + call + '"')
    doc = hcl.loads(text)
    template = doc["resource"]["aws_launch_template"]["hosttune"]
    assert template["user_data"] in ("base64encode", "base64gzip")
    data = textwrap.dedent(doc["locals"]["hosttune_user_data"])
    return of_toml(data.replace("$${", "${").replace("%%{", "%{"))


def of_cloudformation(text):
    doc = yaml.safe_load(text)
    (template,) = doc["Resources"].values()
    assert template["Type"] == "AWS::EC2::LaunchTemplate"
    return of_toml(template["Properties"]["LaunchTemplateData"]["UserData"]["Fn::Base64"])


def of_ecs(text):
    settings = of_toml(text)
    assert settings.pop("ecs") == {"cluster": "CLUSTER"}
    return settings


def of_cloud_init(text):
    assert text.startswith("#cloud-config\n")
    doc = yaml.safe_load(text)
    (file,) = doc["write_files"]
    assert file["path"] == "/etc/hosttune/profile.yaml"
    assert doc["runcmd"] == [["systemctl", "enable", "--now", "hosttune-apply.service"]]
    return file["content"].encode()


def of_ignition(text):
    doc = json.loads(text)
    assert doc["ignition"] == {"version": "3.4.0"}
    (file,) = doc["storage"]["files"]
    assert (file["path"], file["mode"]) == ("/etc/hosttune/profile.yaml", 0o644)
    assert doc["systemd"] == {"units": [{"name": "hosttune-apply.service", "enabled": True}]}
    head, data = file["contents"]["source"].split(",")
    assert head == "data:;base64"
    return base64.b64decode(data, validate=True)


def main():
    settings = globals()["of_" + sys.argv[1].replace("-", "_")](sys.stdin.read())
    if isinstance(settings, bytes):  # the profile itself
        sys.stdout.buffer.write(settings)
        return
    if len(sys.argv) < 3:
        print(json.dumps(settings, sort_keys=True))
        return
    name = sys.argv[3] if len(sys.argv) > 3 else "hosttune"
    container = settings["bootstrap-containers"][name]
    assert set(container) == {"source", "mode", "essential", "user-data"}
    assert container["mode"] == "always" and isinstance(container["essential"], bool)
    sys.stdout.buffer.write(base64.b64decode(container["user-data"], validate=True))


main()
