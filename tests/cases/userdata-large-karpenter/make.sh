#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a profile whose text is that long
printf 'version: 1\ndescription: "%013000d"\n' 0 >profile.yaml
