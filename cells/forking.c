/* forking.c: two ways to a second process.
 *
 * fork() copies the process that calls it: the child goes on from the same
 * place with its own copy of every variable. posix_spawn() starts a program:
 * the child begins at the top of main() and knows nothing of its parent but
 * the arguments, the environment and the open files it is given. */
#define _GNU_SOURCE 1
#include "program.h"

static int balance = 100;

/* One variable, two processes: the child pays in, and the parent's balance
 * stays what it was. */
static int
fork_cell(struct cell *c)
{
	pid_t child;
	int status;

	(void)c;
	printf("before: pid %d, balance %d\n", getpid(), balance);
	fflush(stdout); /* else the child gets, and prints, a copy of it */
	child = fork();
	must(child < 0 ? errno : 0, "fork");
	if (child == 0) {
		balance += (int)number("deposit", 50, 0, 1000000);
		printf("child:  pid %d, parent %d, balance %d\n", getpid(),
		       getppid(), balance);
		fflush(stdout);
		_exit(0); /* the rest of the cell is the parent's */
	}
	status = exit_status(child);
	printf("parent: pid %d, child %d ended with %d, balance %d\n", getpid(),
	       child, status, balance);
	return status;
}

/* A program with a variable of the same name: it has its first value there,
 * whatever this process made of its own. */
static int
spawn(struct cell *c)
{
	static const char program[] = PROGRAM(
		int balance = 100;

		int main(void)
		{
			printf("program: pid %d, parent %d, balance %d\n",
			       getpid(), getppid(), balance);
			return 0;
		}
	);
	pid_t child;
	int status;

	(void)c;
	balance += (int)number("deposit", 50, 0, 1000000);
	printf("cell:    pid %d, balance %d\n", getpid(), balance);
	fflush(stdout);
	child = program_spawn(program, NULL);
	status = exit_status(child);
	printf("cell:    child %d ended with %d, balance %d\n", child, status,
	       balance);
	return status;
}

static const struct cell_def cells[] = {
	{ "fork", fork_cell,
	  .doc = "a child changes its copy of a variable, not the parent's" },
	{ "spawn", spawn,
	  .doc = "a program started afresh has the variable's first value" },
};
CELL_TABLE(cells);
