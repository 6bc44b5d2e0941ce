# SPDX-License-Identifier: Apache-2.0 OR MIT
# notify.py SOCKET : act as the service manager of sd_notify(3), and print each line sent.
import socket
import sys

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode(), flush=True)
