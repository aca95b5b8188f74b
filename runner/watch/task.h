/* task.h: what the files that make up the supervisor share. Private to
 * supervise.c, supervise_host.c, granted.c, background.c and jobs.c. */
#ifndef CNB_TASK_H
#define CNB_TASK_H

#include "watch/supervise.h"

/* A fresh outcome, a running clock. */
void task_begin(struct supervisor *s, struct task *t);
/* The clock again, from now on; or from then on. */
void task_begin_clock(struct task *t);
void task_began(struct task *t, int64_t at_ns);
/* Watch the keeper and the signals, in a loop of its own. */
int task_listen(struct supervisor *s, struct err *e);
/* Start its process. -1: it could not be started, and is closed again. */
int task_spawn(struct supervisor *s, struct task *t,
	       const struct keeper_spawn *program, bool plain, struct err *e);
/* Start a process whose calls wait for us as its captures' order wants it. ->
 * the order that they get. */
enum capture_order task_start_seen(struct supervisor *s,
				   struct keeper_spawn *what,
				   enum capture_order order, bool shell,
				   pid_t *pid, struct err *e);
/* Look at the deaths that came while the keeper was asked something: its
 * descriptor does not tell of them. */
void task_take_deaths(struct supervisor *s);
/* Its process is dead. */
void task_died(struct task *t, const struct keeper_death *d);
/* It is over, whether or not its process is dead. */
void task_over(struct task *t);
/* Read to the end of both pipes, or as far as there is no waiting for it. */
void task_await_end_of_file(struct supervisor *s, struct task *t);
/* What lives now and did not before is this task's. */
void task_count_leavings(struct supervisor *s, struct task *t);
void task_close(struct supervisor *s, struct task *t);

/* Watch it until it is over; then what is to be done and known at its end. */
void task_follow(struct supervisor *s, struct task *t);
int task_conclude(struct supervisor *s, struct task *t, struct err *e);
/* Kill all that it has brought about, its host too if it ran there; all but
 * `spare`. */
void task_sweep(struct supervisor *s, struct task *t);
void task_sweep_but(struct supervisor *s, const struct pids *spare,
		    bool host_too);
/* The next whole message that is there: wire_recv() says 0 also where a message
 * has more packets. */
int task_next_message(int fd, struct wire_in *in);

/* --- supervise_host.c --- */

/* Have the cell's outputs been left to the host alone, and nothing else behind?
 * Then there is no end of file to wait for, and nobody to be counted. */
bool host_keeps_outputs(struct supervisor *s, struct task *t);
/* Write the next turn into the payload of a RUN or FOLLOW. */
void host_put_turn(struct supervisor *s, const struct wire_put *payload);
/* It is now about this cell. And what order its capture can have. */
void host_begin_task(struct supervisor *s, struct task *t);
enum capture_order host_order_of(const struct supervisor *s,
				 enum capture_order wish);
/* Take in what the host has said; forget it, it is dead or soon will be. */
void host_read(struct supervisor *s);
/* Serve what is ready, as loop_wait() does, with a keeper that runs. */
bool task_wait(struct supervisor *s, int64_t until_ns);
void host_is_gone(struct supervisor *s);

/* --- granted.c --- */

/* May a cell that was sent ahead run by now? Then nothing is to be ended. And
 * until when at most; LOOP_NEVER: none was sent. */
bool granted_may_run(const struct supervisor *s);
int64_t granted_deadline(const struct supervisor *s);
/* Where nothing comes after this one by which the host could see that it was
 * robbed of it, it is asked once, after a while. -> when that is to be. */
int64_t granted_ask(struct supervisor *s, struct task *t);
/* The host has told how this one ended, s->host.kept is set. */
void granted_ended(struct supervisor *s, const struct task *t);
/* The host is dead, and of those that it ran before we have yet to hear: true,
 * it is dealt with later. */
bool granted_put_off(struct supervisor *s, const struct keeper_death *d);
/* What is known of this one when we get to it, or a moment later. */
void granted_catch_up(struct supervisor *s, struct task *t);

/* --- background.c --- */

/* The task in the background whose process it is, or NULL. */
struct task *background_find(struct supervisor *s, pid_t pid);
/* Add those in the background, as families, to what is to be spared. */
void background_spare(const struct supervisor *s, struct pids *spare);
/* Add all that live in their families. */
void background_add_living(const struct supervisor *s, struct pids *living);
/* End those whose time is over. */
void background_check_clocks(struct supervisor *s);
/* When the first of their clocks runs out; LOOP_NEVER: none does. */
int64_t background_deadline(const struct supervisor *s);
/* The keeper is gone, and they with it. */
void background_all_died(struct supervisor *s);

/* --- jobs.c --- */

/* The keeper says that the process of a task was stopped by a signal. */
void jobs_stopped(struct supervisor *s, int sig);
/* Stop where the user has asked for it, and go on when the user says so. */
void jobs_stop_and_go(struct supervisor *s, struct task *t);
/* Give the terminal to the task, if it is ours to give; take it back. */
void jobs_give_terminal(struct task *t);
void jobs_take_terminal(struct task *t);
/* A bell is in its group: listen; listen no more. */
void jobs_listen(struct task *t);
void jobs_listen_no_more(struct task *t);

#endif
