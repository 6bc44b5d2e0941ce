#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a link must not decide what is overwritten
echo kept >target
ln -s target link.tar.zst
