#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
printf 'vm.swappiness = 10\n# bell \007\n' >sysctl.conf
