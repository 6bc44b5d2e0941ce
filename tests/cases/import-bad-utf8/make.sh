#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
printf '# ok\nkernel.domainname = caf\351\n' >sysctl.conf
