/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * usage: notify-socket SOCKET
 *
 * Act as the service manager of sd_notify(3): print each message, until it is killed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[4096];
	ssize_t n;

	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path)) {
		(void)fputs("usage: notify-socket SOCKET\n", stderr);
		return 2;
	}
	memcpy(at.sun_path, argv[1], strlen(argv[1]) + 1);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
		perror(argv[1]);
		return 1;
	}
	while ((n = recv(fd, text, sizeof(text), 0)) >= 0) {
		(void)printf("%.*s\n", (int)n, text);
		(void)fflush(stdout);
	}
	perror("recv");
	return 1;
}
