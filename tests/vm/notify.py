# SPDX-License-Identifier: Apache-2.0 OR MIT
# notify.py SOCKET : be the service manager of sd_notify(3): print what is sent, by line.
import socket
import sys

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode(), flush=True)
