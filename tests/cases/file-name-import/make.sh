#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a line break and an escape in the name
mv file "$(printf 'n\nvm.\033[31mconf')"
