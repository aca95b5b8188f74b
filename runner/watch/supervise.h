/* supervise.h: one thing at a time is run and watched to its end: a program, a
 * command, or a cell in the host.
 *
 * The supervisor is one loop. What it waits for are descriptors: the keeper's
 * socket (deaths), the host's socket (what the host says), the capture's pipes,
 * the signals, and one deadline. What a message means is read before the
 * death that follows it: the cause before the symptom. */
#ifndef CNB_SUPERVISE_H
#define CNB_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "host/wire.h"
#include "sys/bell.h"
#include "sys/keeper.h"
#include "sys/loop.h"
#include "watch/alone.h"
#include "watch/capture.h"
#include "watch/crowd.h"
#include "watch/grace.h"
#include "watch/lanes.h"
#include "watch/leavings.h"
#include "watch/limits.h"
#include "watch/owners.h"
#include "watch/postmortem.h"
#include "watch/witness.h"

/* Time for end of file after a cell's end; whoever holds the pipe longer is
 * left behind and reported. */
#define END_OF_FILE_MS 100
/* Time between SIGTERM and SIGKILL, unless told otherwise, see grace.h. */
#define GRACE_MS 500
/* Time to say where it is, before it is asked to end. */
#define ASK_MS 300
/* Time to wait for the news that what was killed is dead. */
#define SWEPT_MS 500

/* One running cnb-host. */
struct host {
	pid_t pid; /* 0: none */
	int fd;
	struct wire_in in;
	int threads;	/* alive beside the main one when its last cell ended */
	bool ended;	/* its socket is at its end: it dies, or is dead */
	bool condemned; /* it spoke nonsense when no cell of it ran */
	bool kept;	/* the outputs of its last cell are open in it, and in
			 * nobody else */
	bool goes_on;	/* so did it end; a cell that was sent ahead is next */
	int64_t free_ns; /* it ended then, by our clock; or was sent then */
	bool is_dead;	 /* and what it said before is still to be read: */
	struct keeper_death death;
	struct pids tids; /* of all of them, then */
};

/* What became of a task. */
struct outcome {
	bool timed_out, interrupted; /* why we ended it */
	bool run_over;		     /* timed out by the run's deadline */
	bool halted;		     /* timed out while it was stopped */
	enum limit_kind limit;	     /* the same, */
	int64_t limit_value;	     /* and how much it might have had */
	bool stopped; /* it went on in the background until the session's end,
		       * and we ended it */
	bool in_host; /* so was the task */
	bool died;    /* the process is gone: */
	int wait_status;
	bool nonsense; /* the host, which is not what it should be, said */
	bool not_told; /* the host died before it was told to run this one */
	bool done;     /* the host said how the cell ended: */
	struct wire_done how;
	struct crash crash;
	int64_t duration_ns, cpu_ns, max_rss_kb; /* -1: not known */
	int threads_left, children_left;
	bool timeline;	      /* its writes were told one by one */
	struct leavings left; /* their names */
};
void outcome_release(struct outcome *o);

struct supervisor;
/* A message of the host that is a cell's output: WIRE_DISPLAY, WIRE_RESULT. */
typedef void message_fn(void *self, const struct wire_in *in);
/* Its answer to a RUN that asks for a copy of itself first, in s->host.in. */
typedef void copied_fn(void *self);

struct task {
	struct capture *capture;
	int64_t timeout_ms;	     /* 0: none */
	enum capture_order order;    /* of the capture, where it is granted */
	bool shell;		     /* see witness_calls() */
	bool terminal;		     /* it is to read from the terminal */
	bool goes_on;		     /* more tasks write to the same capture */
	bool background;	     /* it goes on while other tasks run */
	message_fn *on_message;	     /* may be NULL */
	copied_fn *on_copied;	     /* NULL: no copy is asked for */
	void (*on_sent)(void *self); /* others may be sent ahead; NULL: none */
	void *self;
	struct outcome outcome; /* filled when it is over */
	/* the supervisor's own */
	struct supervisor *supervisor;
	bool in_host, over, has_terminal;
	bool follows;  /* it was sent ahead */
	bool asked;    /* whether the host has got it */
	uint32_t turn; /* of its RUN or FOLLOW */
	bool copying;  /* the answer to that is to come: it has not begun */
	bool heard;    /* we hear of Ctrl-C in its group */
	pid_t pid;
	int64_t began_ns, deadline_ns;
	enum { TASK_RUNNING, TASK_TERMED } phase;
	struct grace grace; /* from then on */
	int64_t slept_ns;   /* stopped by the user, so long */
	struct limit_watch watch;
	bool too_many; /* one more task was about to begin */
	int crash_fd;
	struct wire_in crash_in;
};

struct supervisor {
	struct loop loop;
	struct keeper keeper;
	struct host host;
	struct task *task;	  /* running now, or NULL */
	struct task **background; /* [nbackground]: these go on meanwhile */
	size_t nbackground;
	struct witness witness;
	/* What captures of the host can have, at most: of copies of it too,
	 * since a filter is for life. */
	enum capture_order host_order;
	bool host_told;	      /* of its tasks: a limit was set when it began */
	struct owners owners; /* of the host's threads */
	int notify_error;     /* why a listener was not granted; 0: it was */
	struct pids settled;  /* alive when the last task ended; and of those */
	struct pids hosted;   /* what cells in the host have left */
	struct alone alone;   /* is the host? */
	pid_t leaving;	      /* a host that was told to; and */
	struct pids left;     /* the last that went by themselves */
	unsigned followed;    /* cells that were sent ahead, so far */
	size_t granted; /* cells that were sent ahead, and not followed yet */
	uint32_t turns; /* the last that was sent */
	bool answered;	/* a reply of the host's is in host.in */
	/* It was lost before the cell for whose sake it was asked something:
	 * what is to be said of that one. Whoever reads it clears it before. */
	const char *lost;
#define HOST_LOST                                                              \
	"the process that runs cells did not live to begin this one: what an " \
	"earlier cell did to it stands against it"
#define HOST_NONSENSE "the process that runs cells answers nonsense"
	bool keeper_lost;
	struct bell bell; /* in the group of who has the terminal */
	bool nested; /* a cell may kill its parent, and its host's copies stay
		      */
	int stopped; /* the signal of the terminal's that stopped the task; 0:
		      * none */
	bool fixed_addresses; /* for the host that is started next */
	int64_t deadline_ns;  /* of the whole run; LOOP_NEVER: none */
	int64_t grace_ms;
	struct limits limits; /* of each task */
	struct crowd crowd;
	bool run_is_over; /* that deadline has passed */
	struct lanes lanes;
	bool lane;	 /* it is one: see lanes.h; */
	struct pids led; /* the programs that it started, as families */
};

int supervisor_start(struct supervisor *s, struct err *e);
/* Ends the host and everything else that lives. */
void supervisor_stop(struct supervisor *s);

/* Run a program to its end. Its crash reports come through a descriptor that is
 * added here, unless it is `plain`. */
int supervise_program(struct supervisor *s, struct task *t,
		      const struct keeper_spawn *program, bool plain,
		      struct err *e);

/* Start a program that goes on while other tasks run (t->background): *t lives
 * until supervise_background_end(). Returns when it waits for something itself,
 * has ended, or is busy for longer than a second. */
int supervise_background(struct supervisor *s, struct task *t,
			 const struct keeper_spawn *program, bool plain,
			 struct err *e);
/* End it, if it has not ended by itself: SIGTERM, grace, SIGKILL. */
void supervise_background_end(struct supervisor *s, struct task *t);

/* Start a host where none runs, whose captures can have that order; `env`
 * (NAME=VALUE) is added to its environment. `shell`: see witness_calls(). */
int supervise_host_start(struct supervisor *s, const char *path,
			 const char *cwd, const struct strs *env,
			 enum capture_order order, bool shell, struct err *e);
/* Take the process at the other end of `fd` as the host, once it has said
 * hello; `what` is its name in messages. */
int supervise_host_attach(struct supervisor *s, int fd, pid_t pid,
			  const char *what, struct err *e);
/* The same for one that has said hello before. */
void supervise_host_take(struct supervisor *s, int fd, pid_t pid);
/* Ask the host something, and wait for its one reply, which is in s->host.in
 * until the next call. -1: it died or did not answer in time; e says which. */
#define HOST_ANSWER_MS 10000
int supervise_ask(struct supervisor *s, enum wire_type type,
		  const struct wire_put *payload, struct err *e);
/* Run a cell in the host: `payload` is that of WIRE_RUN, and so are the
 * descriptors. Where s->host.kept is true afterwards, the same capture may take
 * what the next cell writes. */
int supervise_cell(struct supervisor *s, struct task *t,
		   const struct wire_put *payload, const int *fds, size_t nfds,
		   struct err *e);
/* Send a cell ahead, while another runs: `payload` as above, its outputs are
 * those of `c`, it has no input. -1: it cannot be sent now. s->granted counts
 * those that the host still has; where it is 0 it dropped the others. */
int supervise_grant(struct supervisor *s, struct capture *c,
		    enum capture_order order, const struct wire_put *payload);
/* As supervise_cell(), for the first of those that were sent ahead. Where
 * s->host.goes_on is true afterwards its capture may be sent ahead again. */
int supervise_follow(struct supervisor *s, struct task *t, struct err *e);
/* Let the host's atexit handlers run, at most for a second, and end it. */
void supervise_host_quit(struct supervisor *s, const int fds[3]);
void supervise_host_kill(struct supervisor *s);
/* End a host that has neither threads nor children, with nobody beside it,
 * without waiting until its memory is free. False: it is not so, or it did not
 * go by itself. It may be told to before, which does not wait: then nothing
 * else is to be asked of it. */
bool supervise_host_dismiss(struct supervisor *s);
bool supervise_host_leave(struct supervisor *s);
/* End the host and all else that lives but `spare` (which cannot spare the
 * host). */
void supervise_end_all_but(struct supervisor *s, const struct pids *spare);
/* Add what lives, as far as no cell in the host has left it. */
void supervise_add_outsiders(const struct supervisor *s, struct pids *spare);

/* The cell to which a thread of the host belongs; 0: it has not told. */
int supervise_owner(struct supervisor *s, pid_t tid);

/* Was the keeper killed (by a cell, as it must be)? All that it kept is dead or
 * will be swept, and another takes its place. -1: none can be had; a lane gets
 * none. */
int supervise_renew(struct supervisor *s, struct err *e);

/* Serve what is ready now, without waiting: late output, late deaths. */
void supervise_idle(struct supervisor *s);
/* Between runs: look now at what else is looked at when the next one begins. */
void supervise_tidy(struct supervisor *s);

#endif
