#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
{ echo vm.swappiness=10; yes '# comment' | head -c 1048577; } >sysctl.conf
