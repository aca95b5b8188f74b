/* posix_spawn with file actions, and vfork. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(void)
{
	posix_spawn_file_actions_t a;
	char *argv[] = { "cat", NULL };
	int fds[2], rc;
	pid_t pid;

	pipe(fds);
	posix_spawn_file_actions_init(&a);
	posix_spawn_file_actions_adddup2(&a, fds[0], 0);
	posix_spawn_file_actions_addclose(&a, fds[1]);
	rc = posix_spawnp(&pid, "cat", &a, NULL, argv, environ);
	printf("spawn %d\n", rc);
	dprintf(fds[1], "through cat\n");
	close(fds[1]);
	waitpid(pid, NULL, 0);
	rc = posix_spawnp(&pid, "no-such-program", NULL, NULL, argv, environ);
	printf("spawn: %s\n", strerror(rc));
	fflush(stdout);
	if ((pid = vfork()) == 0) {
		execlp("true", "true", NULL);
		_exit(127);
	}
	waitpid(pid, &rc, 0);
	printf("vfork %d\n", rc);
}
