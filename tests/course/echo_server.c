/* A TCP server in the parent, two clients in children. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int client(in_port_t port, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = port,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM, 0);
	char back[100];

	connect(s, (struct sockaddr *)&to, sizeof to);
	write(s, text, strlen(text));
	shutdown(s, SHUT_WR);
	ssize_t n = read(s, back, sizeof back - 1);
	printf("client got %.*s\n", (int)n, back);
	return 0;
}

int main(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	bind(s, (struct sockaddr *)&at, sizeof at);
	listen(s, 5);
	getsockname(s, (struct sockaddr *)&at, &size);
	for (int i = 0; i < 2; i++) {
		char text[100];

		if (fork() == 0)
			return client(at.sin_port, i ? "second" : "first");
		int c = accept(s, NULL, NULL);
		ssize_t n, all = 0;
		while ((n = read(c, text + all, 50)) > 0)
			all += n;
		printf("server got %.*s\n", (int)all, text);
		write(c, text, (size_t)all);
		close(c);
		wait(NULL);
	}
}
