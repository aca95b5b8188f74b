//| ldflags: -lrt
/* POSIX and System V queues, shared memory by name. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct { long type; char text[16]; } m = { 2, "two" };
	int q = msgget(IPC_PRIVATE, 0600);
	char name[64], text[64];

	msgsnd(q, &m, sizeof m.text, 0);
	m.type = 1;
	strcpy(m.text, "one");
	msgsnd(q, &m, sizeof m.text, 0);
	msgrcv(q, &m, sizeof m.text, 1, 0);
	printf("%s\n", m.text);
	msgctl(q, IPC_RMID, NULL);
	int id = shmget(IPC_PRIVATE, 4096, 0600);
	char *p = shmat(id, NULL, 0);
	if (fork() == 0) {
		strcpy(p, "written by the child");
		_exit(0);
	}
	wait(NULL);
	printf("%s\n", p);
	shmctl(id, IPC_RMID, NULL);
	snprintf(name, sizeof name, "/course-%d", getpid());
	int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
	shm_unlink(name);
	ftruncate(fd, 100);
	write(fd, "shm", 3);
	printf("%zd\n", pread(fd, text, 10, 0));
	mqd_t mq = mq_open(name, O_CREAT | O_RDWR, 0600,
			   &(struct mq_attr){ .mq_maxmsg = 4, .mq_msgsize = 64 });
	if (mq == (mqd_t)-1) {
		puts("high 4");
		return 0;
	}
	mq_unlink(name);
	mq_send(mq, "low", 4, 1);
	mq_send(mq, "high", 5, 9);
	ssize_t n = mq_receive(mq, text, sizeof text, NULL);
	printf("%s %zd\n", text, n - 1);
}
