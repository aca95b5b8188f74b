Whose output is it? Cells in one process may be handed the same pipes, one after
the other; what a cell does to them, or leaves behind that holds them, is not
the next one's.

  $ cat >said.h <<'END'
  > #define _GNU_SOURCE
  > #include <fcntl.h>
  > #include <sched.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <sys/ioctl.h>
  > #include <sys/socket.h>
  > #include <sys/syscall.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > /* Until cell `next` lets us: then the writer says that it has written. */
  > static void wait_for(const char *name)
  > {
  > 	while (access(name, F_OK)) usleep(500);
  > }
  > static void make(const char *name)
  > {
  > 	close(open(name, O_CREAT | O_WRONLY, 0600));
  > }
  > static void write_late(const char *text)
  > {
  > 	wait_for("go");
  > 	unlink("go");
  > 	dprintf(1, "%s", text);
  > 	make("gone");
  > 	_exit(0);
  > }
  > static void let_it_write(void)
  > {
  > 	make("go");
  > 	wait_for("gone");
  > 	unlink("gone");
  > }
  > END
  $ nb x.ipynb <<'END'
  > === plain-1
  > #include "said.h"
  > puts("one");
  > === plain-2
  > puts("two");
  > === keeps-dup
  > puts("before");
  > int out = dup(1);
  > === uses-dup
  > dprintf(out, "by the dup\n");
  > puts("second");
  > === hides-dup
  > puts("hidden");
  > close(0); int zero = dup(1), high = fcntl(1, F_DUPFD, 700);
  > === uses-hidden
  > dprintf(high, "by the hidden one\n");
  > puts("third");
  > === takes-numbers
  > puts("numbers");
  > for (int fd = 230; fd < 262; fd++)
  > 	if (fcntl(fd, F_GETFD) < 0 || fd == 244) dup2(1, fd);
  > === uses-numbers
  > for (int fd = 230; fd < 262; fd++) {
  > 	if (fcntl(fd, F_GETPIPE_SZ) <= 0) continue;
  > 	write(fd, ".", fd == 244);
  > 	close(fd);
  > }
  > puts("fourth");
  > === by-name
  > puts("named");
  > int name = open("/proc/self/fd/1", O_WRONLY | O_APPEND);
  > === uses-name
  > write(name, "by its name\n", 12);
  > close(name);
  > puts("fifth");
  > === sends
  > int ends[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  > char byte; struct iovec iov = { &byte, 1 };
  > union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr head; } room;
  > struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
  > 	.msg_control = room.room, .msg_controllen = sizeof room };
  > room.head = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET,
  > 	SCM_RIGHTS };
  > *(int *)CMSG_DATA(&room.head) = 1;
  > puts(sendmsg(ends[0], &msg, 0) == 1 ? "sent" : "not sent");
  > === receives
  > recvmsg(ends[1], &msg, 0);
  > write(*(int *)CMSG_DATA(&room.head), "from the socket\n", 16);
  > close(*(int *)CMSG_DATA(&room.head)); close(ends[0]); close(ends[1]);
  > puts("sixth");
  > === leaves-child
  > if (fork() == 0) write_late("by the child\n");
  > puts("left");
  > === lets-child
  > let_it_write();
  > while (wait(NULL) > 0);
  > puts("seventh");
  > === leaves-daemon
  > if (fork() == 0) {
  > 	setsid();
  > 	if (fork() == 0) write_late("by the daemon\n");
  > 	_exit(0);
  > }
  > wait(NULL);
  > puts("daemon");
  > === lets-daemon
  > let_it_write();
  > puts("eighth");
  > === leaves-unseen
  > signal(SIGCHLD, SIG_IGN);
  > if (fork() == 0) {
  > 	if (fork() == 0) write_late("by one that nobody saw\n");
  > 	_exit(0);
  > }
  > while (wait(NULL) > 0);
  > signal(SIGCHLD, SIG_DFL);
  > puts("unseen");
  > === lets-unseen
  > let_it_write();
  > puts("ninth");
  > === leaves-sister
  > if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0)
  > 	write_late("by a sister\n");
  > puts("sister");
  > === lets-sister
  > let_it_write();
  > puts("tenth");
  > === changes
  > fcntl(1, F_SETFL, O_NONBLOCK); fcntl(1, F_SETPIPE_SZ, 4096);
  > puts("changed");
  > === sees-no-change
  > printf("%d %d\n", fcntl(1, F_GETFL), fcntl(1, F_GETPIPE_SZ));
  > === closes-all
  > puts("closed");
  > fclose(stdout); fclose(stderr); close_range(3, ~0u - 1, 4);
  > === finds-all
  > printf("%d %d %d\n", fcntl(0, F_GETFD), fcntl(1, F_GETFD), fcntl(2, F_GETFD));
  > === reads
  > int c = getchar();
  > printf("%d\n", c == EOF);
  > === last
  > puts("the end");
  > END
  $ cnb run -q x.ipynb -o x.json
  x.ipynb: 26 cells: 26 ok in <time>
  $ outputs <x.json
  plain-1 "one\n"
  plain-2 "two\n"
  keeps-dup "before\nby the dup\n"
  uses-dup "second\n"
  hides-dup "hidden\nby the hidden one\n"
  uses-hidden "third\n"
  takes-numbers "numbers\n."
  uses-numbers "fourth\n"
  by-name "named\nby its name\n"
  uses-name "fifth\n"
  sends "sent\nfrom the socket\n"
  receives "sixth\n"
  leaves-child "left\nby the child\n"
  lets-child "seventh\n"
  leaves-daemon "daemon\nby the daemon\n"
  lets-daemon "eighth\n"
  leaves-unseen "unseen\nby one that nobody saw\n"
  lets-unseen "ninth\n"
  leaves-sister "sister\nby a sister\n"
  lets-sister "tenth\n"
  changes "changed\n"
  sees-no-change "1 65536\n"
  closes-all "closed\n"
  finds-all "0 0 0\n"
  reads "1\n"
  last "the end\n"
