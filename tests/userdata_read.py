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


def main():
    settings = globals()["of_" + sys.argv[1]](sys.stdin.read())
    if len(sys.argv) < 3:
        print(json.dumps(settings, sort_keys=True))
        return
    name = sys.argv[3] if len(sys.argv) > 3 else "hosttune"
    container = settings["bootstrap-containers"][name]
    assert set(container) == {"source", "mode", "essential", "user-data"}
    assert container["mode"] == "always" and isinstance(container["essential"], bool)
    sys.stdout.buffer.write(base64.b64decode(container["user-data"], validate=True))


main()
