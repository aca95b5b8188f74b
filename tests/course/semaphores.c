//| cflags: -pthread
/* Unnamed between processes, named, and System V's. */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	sem_t *s = mmap(NULL, 2 * sizeof *s, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char name[64];

	sem_init(&s[0], 1, 0);
	sem_init(&s[1], 1, 0);
	if (fork() == 0) {
		for (int i = 0; i < 3; i++) {
			sem_wait(&s[0]);
			printf("pong %d\n", i);
			fflush(stdout);
			sem_post(&s[1]);
		}
		_exit(0);
	}
	for (int i = 0; i < 3; i++) {
		printf("ping %d\n", i);
		fflush(stdout);
		sem_post(&s[0]);
		sem_wait(&s[1]);
	}
	wait(NULL);
	snprintf(name, sizeof name, "/course-%d", getpid());
	sem_t *named = sem_open(name, O_CREAT | O_EXCL, 0600, 2);
	sem_unlink(name);
	printf("%d ", sem_trywait(named));
	printf("%d ", sem_trywait(named));
	printf("%d\n", sem_trywait(named));
	int id = semget(IPC_PRIVATE, 1, 0600);
	semctl(id, 0, SETVAL, 5);
	semop(id, &(struct sembuf){ 0, -3, 0 }, 1);
	printf("System V %d\n", semctl(id, 0, GETVAL));
	semctl(id, 0, IPC_RMID);
}
