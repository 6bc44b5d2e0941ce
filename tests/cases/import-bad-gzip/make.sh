#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
printf '\037\213\010\000' >user-data.gz
