/* joining.c: the workers and the list of threads/join once more, as a program
 * of its own.
 *
 * The cell starts it as a child process and waits: pthread_join() for threads
 * and waitpid() for processes are the same promise on two levels. What the
 * child writes comes out of the cell, because it inherits the cell's standard
 * output. */
#define _GNU_SOURCE 1
#include "program.h"

/* A program in which two workers fill a list, run as a child process. */
static int
join_script(struct cell *c)
{
	static const char program[] = PROGRAM(
		static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
		static sem_t halfway, gate;
		static int rounds;
		static char list[4096];

		static void *append(void *name)
		{
			char item[32];

			for (int i = 0; i < rounds; i++) {
				if (i == rounds / 2) {
					sem_post(&halfway);
					sem_wait(&gate);
				}
				snprintf(item, sizeof(item), " %s:%d",
					 (char *)name, i);
				pthread_mutex_lock(&lock);
				strcat(list, item);
				pthread_mutex_unlock(&lock);
			}
			return NULL;
		}

		static void show(const char *when)
		{
			pthread_mutex_lock(&lock);
			printf("%s%s\n", when, list);
			pthread_mutex_unlock(&lock);
		}

		int main(int argc, char **argv)
		{
			pthread_t t1, t2;

			rounds = argc > 1 ? atoi(argv[1]) : 4;
			sem_init(&halfway, 0, 0);
			sem_init(&gate, 0, 0);
			pthread_create(&t1, NULL, append, "t1");
			pthread_create(&t2, NULL, append, "t2");

			sem_wait(&halfway);
			sem_wait(&halfway);
			show("not joined:");
			sem_post(&gate);
			sem_post(&gate);

			pthread_join(t1, NULL);
			pthread_join(t2, NULL);
			show("joined:    ");
			return 0;
		}
	);
	char rounds[24];
	pid_t child;
	int status;

	(void)c;
	snprintf(rounds, sizeof(rounds), "%ld", number("rounds", 4, 1, 100));
	fflush(stdout);
	child = program_spawn(program, rounds);
	status = exit_status(child);
	printf("child %d ended with %d\n", child, status);
	return status;
}

static const struct cell_def cells[] = {
	{ "join-script", join_script,
	  .doc = "the same as a separate program, run as a child process" },
};
CELL_TABLE(cells);
