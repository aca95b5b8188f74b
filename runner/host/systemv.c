/* systemv.c: whose System V objects are whose. Floor 2, in cnb-host. The kernel
 * tells who was the last to use one, not who made it; where nobody has used it
 * yet, when it was made and by which user. Allocates nothing. */
#include "host/systemv.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>
#include "host/names.h"

#define KNOWN_MOST 64 /* objects of ours; of more there is always one left */
#define LOOKED_AT 64  /* semaphores of a set */

static time_t since; /* 0: nobody asks for any */
static struct object {
	const struct kind *kind;
	int id;
} known[KNOWN_MOST];
static size_t nknown;

union semun {
	int value;
	struct semid_ds *set;
	struct seminfo *info;
};

static bool
is_new(const struct ipc_perm *p, time_t made)
{
	return made >= since && (p->cuid == geteuid() || p->uid == geteuid());
}

static int
queues(void)
{
	struct msginfo info;

	return msgctl(0, IPC_INFO, (struct msqid_ds *)(void *)&info);
}

static int
queue_at(int i)
{
	struct msqid_ds q;
	int id = msgctl(i, MSG_STAT, &q);

	if (id < 0)
		return -1;
	if (q.msg_lspid || q.msg_lrpid)
		return q.msg_lspid == getpid() || q.msg_lrpid == getpid() ? id
									  : -1;
	return is_new(&q.msg_perm, q.msg_ctime) ? id : -1;
}

static bool
has_queue(int id)
{
	struct msqid_ds q;

	return msgctl(id, IPC_STAT, &q) == 0 || errno == EACCES;
}

static int
sets(void)
{
	struct seminfo info;

	return semctl(0, 0, IPC_INFO, (union semun){ .info = &info });
}

static int
set_at(int i)
{
	struct semid_ds s;
	int id = semctl(i, 0, SEM_STAT, (union semun){ .set = &s });
	bool used = false;

	for (int k = 0; id >= 0 && k < LOOKED_AT && (size_t)k < s.sem_nsems;
	     k++) {
		int pid = semctl(id, k, GETPID);

		if (pid == getpid())
			return id;
		used |= pid > 0;
	}
	return id >= 0 && !used && is_new(&s.sem_perm, s.sem_ctime) ? id : -1;
}

static bool
has_set(int id)
{
	struct semid_ds s;

	return semctl(id, 0, IPC_STAT, (union semun){ .set = &s }) == 0 ||
	       errno == EACCES;
}

static int
segments(void)
{
	struct shminfo info;

	return shmctl(0, IPC_INFO, (struct shmid_ds *)(void *)&info);
}

static int
segment_at(int i)
{
	struct shmid_ds s;
	int id = shmctl(i, SHM_STAT, &s);

	return id >= 0 && (s.shm_cpid == getpid() || s.shm_lpid == getpid())
		       ? id
		       : -1;
}

static bool
has_segment(int id)
{
	struct shmid_ds s;

	return shmctl(id, IPC_STAT, &s) == 0 || errno == EACCES;
}

static const struct kind {
	const char *name;
	int (*most)(void); /* the highest index, or an error */
	int (*at)(int i);  /* the number of that one, if it is ours; or -1 */
	bool (*has)(int id);
} kinds[] = {
	{ "a System V queue", queues, queue_at, has_queue },
	{ "a System V semaphore", sets, set_at, has_set },
	{ "System V shared memory", segments, segment_at, has_segment },
};

static void
remember(const struct kind *kind, int id)
{
	size_t i;

	for (i = 0; i < nknown; i++)
		if (known[i].kind == kind && known[i].id == id)
			return;
	if (nknown < KNOWN_MOST)
		known[nknown++] = (struct object){ kind, id };
}

/* Numbers are not given again soon. */
static void
forget_gone(void)
{
	size_t i = 0;

	while (i < nknown)
		if (known[i].kind->has(known[i].id))
			i++;
		else
			known[i] = known[--nknown];
}

void
systemv_loaded(void *handle)
{
	if (!since &&
	    (names_have(handle, "semget") || names_have(handle, "msgget") ||
	     names_have(handle, "shmget")))
		since = time(NULL);
}

const char *
systemv_left(void)
{
	for (size_t k = 0; since && k < sizeof kinds / sizeof *kinds; k++) {
		int most = kinds[k].most();

		for (int i = 0; i <= most; i++) {
			int id = kinds[k].at(i);

			if (id >= 0)
				remember(&kinds[k], id);
		}
	}
	forget_gone();
	return nknown ? known[0].kind->name : NULL;
}
