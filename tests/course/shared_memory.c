                         
                                                  
                                                              
//
//
//
//
//
                         
                                                  
                                                              
//
//
//
//
//
                         
                                                  
                                                              
//
//
//
//
//
                         
                                                              
                                                              
//
//
//
//
//
/* shm_open with a process-shared mutex and condition, robust: the holder dies;
 * a named semaphore; SysV shared memory, semaphores and a message queue. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t turn;
	int next, sum;
};

int main(void)
{
	char name[64];
	struct shared *s;
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	int fd, rc, id, q;

	snprintf(name, sizeof name, "/course-%d", (int)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	ftruncate(fd, sizeof *s);
	s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	shm_unlink(name);
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&ma, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&s->lock, &ma);
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&s->turn, &ca);
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			pthread_mutex_lock(&s->lock);
			while (s->next != i)
				pthread_cond_wait(&s->turn, &s->lock);
			printf("turn of %d\n", i);
			s->sum += i;
			s->next++;
			pthread_cond_broadcast(&s->turn);
			if (i < 2)
				pthread_mutex_unlock(&s->lock);
			_exit(0); /* the last one dies with the lock */
		}
	while (wait(NULL) > 0)
		;
	rc = pthread_mutex_lock(&s->lock);
	printf("sum %d, %s\n", s->sum, strerror(rc));
	pthread_mutex_consistent(&s->lock);
	pthread_mutex_unlock(&s->lock);

	sem_t *sem = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	sem_unlink(name);
	if (fork() == 0) {
		printf("posts\n");
		sem_post(sem);
		_exit(0);
	}
	sem_wait(sem);
	printf("waited\n");
	wait(NULL);

	id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	char *text = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	q = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	if (fork() == 0) {
		struct { long type; char text[8]; } m = { 5, "message" };

		strcpy(text, "written by the child");
		msgsnd(q, &m, sizeof m.text, 0);
		_exit(0);
	}
	struct { long type; char text[8]; } got;
	msgrcv(q, &got, sizeof got.text, 5, 0);
	printf("%s, %s\n", got.text, text);
	msgctl(q, IPC_RMID, NULL);
	wait(NULL);
	return 0;
}
