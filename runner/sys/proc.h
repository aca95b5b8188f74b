/* proc.h: run a helper program (the compiler, pkg-config, nm) to its end and
 * keep what it wrote. Cells are not run here: see keeper.h. */
#ifndef CNB_PROC_H
#define CNB_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

struct proc_result {
	int status;	/* exit status; 128 + N for signal N */
	struct buf out; /* standard output */
	struct buf err; /* standard error */
	bool flooded;	/* more than PROC_OUT_MOST, or PROC_ERR_MOST bytes of
			 * it came: it was ended for that */
};
#define PROC_OUT_MOST ((size_t)256 << 20)
#define PROC_ERR_MOST ((size_t)4 << 20)
void proc_result_release(struct proc_result *r);

/* Run argv[0] (a path or a name in PATH) in `cwd` (NULL: here) with `input` on
 * standard input and `env` (NAME=VALUE, NULL: none) added to the environment.
 * It gets a process group of its own and dies with us. -1: it could not be
 * started, or a signal asked us to end (proc_interrupted() says which). */
int proc_run(char *const argv[], const char *cwd, struct slice input,
	     const struct strs *env, struct proc_result *r, struct err *e);
/* The same of a compiler, which a text of some lines can make fill the
 * machine's memory: it may have half of that. */
int proc_compile(char *const argv[], const char *cwd, struct slice input,
		 const struct strs *env, struct proc_result *r, struct err *e);
/* From that time on (clock_mono_ns(); INT64_MAX: none) none that proc_run() has
 * started goes on, and it starts no other: -1. Was that so, since it was said?
 */
void proc_run_until(int64_t at_ns);
bool proc_ran_over(void);
/* While a program runs, whoever may ask for it to end is heard: `heard` is
 * called with `self` where something can be read from `fd` (-1: nobody is
 * there), by one thread at a time, while the caller of proc_run() waits. */
void proc_hear(int fd, void (*heard)(void *self, int fd), void *self);
/* Wait until something can be read from `fd`, or it is at its end: 1; 0: it is
 * clock_mono_ns() `until_ns`. -1: whoever may ask for an end does, as above, or
 * the time of proc_run_until() is over. */
int proc_await(int fd, int64_t until_ns);
/* As proc_run(), of a program that reads files of cells, which may be made to
 * keep it busy: after ten seconds of processor time, or 4 GiB, it ends. */
int proc_run_bounded(char *const argv[], struct proc_result *r, struct err *e);

/* A reader that is gone, and a file that may not be so long, is an error of
 * write(), not the end of us. */
void proc_ignore_failed_writes(void);
/* Where one of the standard descriptors is closed, nothing that is opened later
 * may get its number: what is meant for standard output would go there.
 * Writing to standard output goes on failing with EBADF. */
void proc_fill_standard(void);
/* Block SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP and SIGCHLD and ignore
 * SIGPIPE: from here on signals are read, never handled. Call it before
 * anything else. */
void proc_take_signals(void);
/* Until they are taken again they do what they do to everybody, at once: for
 * long work that nothing would be lost of. */
void proc_leave_signals(void);
/* The descriptor that signals arrive at (a signalfd), -1 before. */
int proc_signal_fd(void);
/* Read what has arrived. The first of INT, TERM, HUP, QUIT that ever came;
 * without any, SIGINT where a stop was requested; or 0. */
int proc_interrupted(void);
/* How many of both came. */
int proc_interruptions(void);
/* Was a child of ours heard to end, or to stop, since the last call? It is
 * heard when signals are read. */
bool proc_child_news(void);
/* The same of what has been read by now, for whom a loop reads; and whether
 * the user has asked us to stop (SIGTSTP) since the last call. */
int proc_endings(void);
bool proc_stop_asked(void);
/* The user's signal went to a cell that had the terminal: take it as ours; the
 * second counts it, too. */
void proc_interrupted_by(int sig);
void proc_interrupt(int sig);
/* Somebody who is no signal wants what runs to end, but not us; and it has.
 * What came as a signal is never forgotten. */
void proc_request_stop(void);
void proc_forget_requests(void);
/* As proc_take_signals(), in a child whose descriptor of them was closed. */
void proc_take_signals_anew(void);
/* Stop, with all of our process group, by SIGTSTP, SIGTTIN or SIGTTOU, until
 * somebody continues us. Where no shell is there to do that, the kernel lets us
 * go on at once. */
void proc_stop_ourselves(int sig);
/* SIGKILL to one process; nothing happens if it is gone, or pid is 0. */
void proc_kill(pid_t pid);
/* A descriptor of a process, which is that one for ever (-1: none). SIGTERM to
 * it, also where it is stopped; true: it has ended, in so long. Takes over the
 * descriptor. */
int proc_hold(pid_t pid);
bool proc_end(int held, int64_t patience_ms);
/* Wait for its end, so long at most, and not after Ctrl-C. The descriptor is
 * taken over. */
void proc_await_end(int held, int64_t patience_ms);
/* Ask a process where it is (see crash.h): a queued signal with a value, if it
 * has a handler for it. False: it would not hear. */
bool proc_ask(pid_t pid, int sig, int value);
/* No process has that number any more. */
bool proc_is_gone(long pid);
/* Close all descriptors from that one on. */
void proc_close_from(int first);
/* dup2(2), to the end. */
int proc_dup(int fd, int target);
/* In a child, before exec: default signals, nothing blocked. */
void proc_reset_signals(void);

#endif
