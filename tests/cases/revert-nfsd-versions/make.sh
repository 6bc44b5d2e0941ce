#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# as hosttune leaves them: a file that others may write is not read
chmod -R go-w root/var/lib/hosttune
