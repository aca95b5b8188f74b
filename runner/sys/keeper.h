/* keeper.h: the process between cnb and all that it starts.
 *
 * The keeper runs no user code. It starts what it is told to, each in a process
 * group of its own, adopts every orphan below it (PR_SET_CHILD_SUBREAPER),
 * tells of each death, and when cnb goes, in whatever way, kills every
 * descendant that is left. It has a process group of its own, so that what the
 * terminal sends to cnb does not reach it; it stays in cnb's session, because
 * only within it can a cell be the terminal's foreground group. */
#ifndef CNB_KEEPER_H
#define CNB_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "base/text.h"
#include "sys/bell.h"
#include "sys/tree.h"

/* A nest is a process between the keeper and what it starts, that does nothing
 * but tell of deaths: the parent that a cell may kill. All that was started in
 * it is a child of the innermost, and so are its copies made by CLONE_PARENT;
 * where that one is killed, its children die that want to (PR_SET_PDEATHSIG)
 * and the others come to the nest around it. */
#define KEEPER_NESTS 4

/* What became of a process, as the kernel told the keeper. */
struct keeper_death {
	pid_t pid;
	int status;	    /* as of wait(2); WIFSTOPPED: not dead, stopped */
	int64_t at_ns;	    /* clock_mono_ns() */
	int64_t cpu_ns;	    /* its own and of the children it waited for */
	int64_t max_rss_kb; /* peak of the largest of them */
};

struct keeper {
	pid_t pid; /* 0: not started */
	/* Counts up before a process is waited for, by it or by a nest; NULL:
	 * that is not known. */
	struct reaped *reaped;
	int fd;	       /* readable when keeper_next() has something */
	bool borrowed; /* by keeper_borrow() */
	struct keeper_death *queue; /* came while a reply was awaited */
	size_t nqueue, first;
	struct pids still; /* sorted; see keeper_still() */
};

/* The descriptor number at which a process finds spawn.extra_fd: high, out of a
 * cell's way, where there may be as many. */
int keeper_extra_fd(void);

struct keeper_spawn {
	const char *path; /* what to execute */
	char *const *argv;
	const struct strs *env;	 /* NAME=VALUE, added to ours; NULL: none */
	const char *cwd;	 /* NULL: ours */
	int fds[3];		 /* become 0, 1, 2; -1: /dev/null */
	int extra_fd;		 /* becomes keeper_extra_fd(); -1: none */
	bool foreground;	 /* its group becomes the terminal's, which is
				  * on fds[0] */
	const struct bell *bell; /* joins that group first; NULL: none does */
	int64_t files;		 /* most open files; 0: as for us */
	bool fixed_addresses;	 /* ADDR_NO_RANDOMIZE, see personality(2) */
	/* Its calls, and those of its descendants, that wait for our word
	 * (enum notify_calls): *listener gets to hear of them, for the caller
	 * to close. -1: they do not wait, since the system grants no listener;
	 * -errno is then in *notify_error. 0: none. */
	unsigned notify;
	int *listener;
	int *notify_error; /* may be NULL */
	unsigned nests;	   /* so many around it, KEEPER_NESTS at most */
	struct pids *nest; /* they are added; NULL if there are none */
};

/* Start the keeper: while we have one thread, and are small: all that it starts
 * is a copy of it first. keeper_prepare() starts one early, which the next
 * keeper_start() takes; where none did, keeper_put_away() ends it. */
int keeper_start(struct keeper *k, struct err *e);
void keeper_prepare(void);
void keeper_put_away(void);
/* Let it sweep and end; waits for it. */
void keeper_stop(struct keeper *k);
/* Has it died without being asked to? */
bool keeper_is_gone(const struct keeper *k);
/* A cell can stop it, as it can kill it: let it go on. To be called after
 * SIGCHLD. */
void keeper_wake(const struct keeper *k);
/* -> the pid, leader of its own process group; -1 with e: "cannot start ..." */
pid_t keeper_spawn(struct keeper *k, const struct keeper_spawn *what,
		   struct err *e);
/* `pid`, one of our descendants, stands still and has no children: until its
 * death it is passed over in all that follows, as if it were spared, and costs
 * nothing. */
void keeper_still(struct keeper *k, pid_t pid);
void keeper_moves(struct keeper *k, pid_t pid); /* no more */
bool keeper_is_still(const struct keeper *k, pid_t pid);
/* Send a signal to all descendants but those in `spare` (NULL: none). An entry
 * -P of `spare` is the family of P, as it is at that moment (tree_family). */
void keeper_signal(struct keeper *k, const struct pids *spare, int sig);
/* Kill all descendants but those in `spare` (NULL: none), and wait until they
 * are gone (at most two seconds). -> how many are left, 0 as a rule. */
int keeper_sweep(struct keeper *k, const struct pids *spare);
/* The same for the family of `leader` alone. */
void keeper_signal_family(struct keeper *k, pid_t leader, int sig);
int keeper_sweep_family(struct keeper *k, pid_t leader);
/* Stop every descendant that is not stopped already, and does not stand still;
 * returns when they have stopped (as a rule). */
void keeper_hold(struct keeper *k);
/* Let those go on, and the process group of `leader` (0: none), which the
 * terminal may have stopped. */
void keeper_let_go(struct keeper *k, pid_t leader);
/* The next death, without waiting. 1: *d is filled; 0: none; -1: the keeper
 * is gone. */
int keeper_next(struct keeper *k, struct keeper_death *d);
/* Several processes may use one keeper. In one that was forked from its owner:
 * from here on all that is asked goes to `fd`, a SEQPACKET socket, which is the
 * keeper's from here on. At its other end, in the owner: hand one request on,
 * if there is one (-1: who asked is gone, or the keeper is), and tell of a
 * death (-1: it could not be told). Where all stop and go on is the owner's to
 * say, since it serves nobody meanwhile: keeper_hold() and keeper_let_go() do
 * nothing for who has borrowed it. */
void keeper_borrow(struct keeper *k, int fd);
int keeper_hand_on(struct keeper *k, int from);
int keeper_tell(int to, const struct keeper_death *d);
/* Is there one of which k->fd does not tell? It came while a reply was
 * awaited. */
bool keeper_has_queued(const struct keeper *k);

#endif
