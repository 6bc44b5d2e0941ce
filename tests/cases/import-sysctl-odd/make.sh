#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# a byte order mark, line ends of Windows, no line end at the end
printf '\357\273\277# caf\303\251\r\n\r\n  vm.swappiness   =   10  \r\n\r\n\r\nnet.ipv4.tcp_rmem=4096\t87380  16777216\r\n\t; indented\r\nkernel/domainname =\r\nkernel.printk = 4 4 1 7' >odd.conf
