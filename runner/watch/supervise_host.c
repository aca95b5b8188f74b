/* supervise_host.c: the process in which cells run, as the supervisor talks to
 * it: started or attached, asked, told to run a cell, ended. Floor 3. It knows
 * the wire, not what a plugin or a cell is. */
#include "watch/task.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/tree.h"
#include "watch/enforce.h"

#define HOST_QUIT_MS 1000
/* To close what it has open; it is killed if it takes longer. */
#define HOST_LEAVE_MS 100
/* What a kernel can have; who says more is no host of ours any more. */
#define THREADS_MOST (1 << 22)

void
host_is_gone(struct supervisor *s)
{
	if (s->host.fd < 0)
		return;
	loop_remove(&s->loop, s->host.fd);
	close(s->host.fd);
	wire_in_release(&s->host.in);
	pids_release(&s->host.tids);
	s->host = (struct host){ .fd = -1 };
	s->granted = 0;
}

static int64_t
not_negative(int64_t n)
{
	return n < 0 ? 0 : n;
}

/* The copy took its time; that of the cell begins now. */
static void
take_copied(struct supervisor *s, struct task *t)
{
	t->copying = false;
	task_begin_clock(t);
	t->on_copied(t->self);
	enforce_begin(s, t, s->host_told);
}

/* The host is not what it should be: nobody would wait for anything else that
 * it says. Its death will be told by the keeper. */
static void
host_is_nonsense(struct supervisor *s)
{
	if (s->task && s->task->in_host)
		s->task->outcome.nonsense = true;
	else
		s->host.condemned = true;
	proc_kill(s->host.pid);
}

static void
take_done(struct supervisor *s, struct task *t)
{
	struct outcome *o = &t->outcome;
	int threads;

	if (s->host.in.len != sizeof o->how)
		return;
	memcpy(&o->how, s->host.in.data, sizeof o->how);
	/* A cell says that another one has ended. */
	if (o->how.turn != t->turn) {
		host_is_nonsense(s);
		return;
	}
	o->done = true;
	o->duration_ns = not_negative(o->how.duration_ns);
	o->cpu_ns = not_negative(o->how.cpu_ns);
	o->max_rss_kb = not_negative(o->how.max_rss_kb);
	/* The host's clock went on while the user had us all stopped. */
	o->duration_ns -= t->slept_ns;
	/* Those of earlier cells are not left by this one. */
	threads = o->how.threads_left < THREADS_MOST ? (int)o->how.threads_left
						     : THREADS_MOST;
	o->threads_left =
		threads > s->host.threads ? threads - s->host.threads : 0;
	s->host.threads = threads;
	s->host.kept = o->how.kept;
	granted_ended(s, t);
	if (s->host.threads || s->host.tids.count)
		leavings_add_threads(&o->left, s->host.pid, &s->host.tids,
				     o->threads_left);
	task_over(t);
}

/* One whole message of the host. */
static void
host_says(struct supervisor *s)
{
	struct task *t = s->task && s->task->in_host ? s->task : NULL;
	struct wire_get g;

	switch (s->host.in.type) {
	case WIRE_CRASH:
	case WIRE_MAPS:
	case WIRE_STACK:
	case WIRE_REPORT:
		if (t)
			crash_take(&t->outcome.crash, &s->host.in,
				   (int)s->host.pid);
		break;
	case WIRE_DONE:
		if (t)
			take_done(s, t);
		break;
	case WIRE_DISPLAY:
	case WIRE_RESULT:
		if (t && t->on_message) {
			/* What it printed before stands before. */
			capture_drain(t->capture);
			t->on_message(t->self, &s->host.in);
		}
		break;
	case WIRE_BEGUN:
		g = wire_get(&s->host.in);
		owners_set(&s->owners, (pid_t)s->host.in.from,
			   (int)wire_get_u32(&g));
		break;
	case WIRE_FROZEN:
		if (t && t->copying)
			take_copied(s, t);
		else
			s->answered = !t;
		break;
	case WIRE_HELLO:
	case WIRE_LOADED:
	case WIRE_REFUSED:
		/* While a cell runs nothing is asked: it is the cell's. */
		s->answered = !t;
		break;
	case WIRE_FULL:
	case WIRE_LOAD:
	case WIRE_LOAD_CELL:
	case WIRE_ROOM:
	case WIRE_RUN:
	case WIRE_FOLLOW:
	case WIRE_SENT:
	case WIRE_LET_GO:
	case WIRE_QUIT:
	case WIRE_FREEZE:
	case WIRE_LEAVE:
	case WIRE_BECOME:
	case WIRE_THAW:
	case WIRE_COPY:
		break;
	}
}

static bool
is_over(const struct supervisor *s)
{
	return s->host.kept && s->task && s->task->over;
}

static void
on_host(void *self, int fd)
{
	struct supervisor *s = self;
	int rc = 0;

	/* It is about a cell that we have not got to. */
	if (s->granted && !s->task)
		return;
	/* Where the outputs are kept nobody is there to say more. */
	while (!s->answered && !is_over(s) &&
	       (rc = task_next_message(fd, &s->host.in)) > 0)
		host_says(s);
	if (rc < 0) {
		/* Nonsense is a cell's, and of what follows nothing can be
		 * understood. */
		if (errno)
			host_is_nonsense(s);
		loop_remove(&s->loop, fd);
		s->host.ended = true;
	}
}

void
host_read(struct supervisor *s)
{
	on_host(s, s->host.fd);
}

/* In a copy that wakes up, whose number is not known yet, only our own code
 * runs: it comes to answer, however busy the machine. */
#define WAKE_MS (10 * HOST_ANSWER_MS)

static int64_t
begin_patience(const struct supervisor *s, struct grace *g)
{
	int64_t until =
		grace_begin(g, s->host.pid, s->host.pid, HOST_ANSWER_MS);

	return s->host.pid ? until : clock_after_ms(WAKE_MS);
}

/* Until the host has said something that is an answer. -1: it is of no use any
 * more; after Ctrl-C its reply would be taken for that of the next question, as
 * a session goes on. */
static int
await_answer(struct supervisor *s, struct err *e)
{
	struct grace grace;
	int64_t until = begin_patience(s, &grace);

	while (!s->answered) {
		if (s->host.condemned)
			return err_system(e, HOST_NONSENSE);
		if (s->host.fd < 0 || s->host.ended || s->keeper_lost)
			return err_system(e, "the process that runs cells "
					     "died");
		if (proc_interrupted())
			return err_system(e, "interrupted");
		if (clock_mono_ns() >= until && !grace_goes_on(&grace, &until))
			return err_system(e, "the process that runs cells "
					     "does not answer");
		task_wait(s, until);
	}
	return 0;
}

/* The reply is in s->host.in: go on listening when the caller has read it. */
static void
expect_answer(struct supervisor *s)
{
	s->answered = false;
}

static void
listen_to(struct supervisor *s, int fd, pid_t pid)
{
	s->host = (struct host){ .pid = pid, .fd = fd };
	s->leaving = 0;
	owners_clear(&s->owners);
	wire_in_init(&s->host.in);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	loop_add(&s->loop, fd, on_host, s);
}

void
supervise_host_take(struct supervisor *s, int fd, pid_t pid)
{
	listen_to(s, fd, pid);
	expect_answer(s);
	pids_add(&s->settled, pid);
}

int
supervise_host_attach(struct supervisor *s, int fd, pid_t pid, const char *what,
		      struct err *e)
{
	struct wire_get g;
	const char *why;

	listen_to(s, fd, pid);
	expect_answer(s);
	if (await_answer(s, e) < 0)
		goto refused;
	g = wire_get(&s->host.in);
	if (s->host.in.type == WIRE_REFUSED) {
		why = wire_get_str(&g);
		(wire_get_u32(&g) ? err_system : err_input)(e, "%s", why);
	} else if (s->host.in.type != WIRE_HELLO ||
		   wire_get_u32(&g) != WIRE_VERSION ||
		   (pid = (pid_t)wire_get_u32(&g)) <= 1) {
		err_system(e,
			   "'%s' is not of this cnb's version: install both "
			   "again",
			   what);
	} else {
		s->host.pid = pid;
		pids_add(&s->settled, s->host.pid);
		return 0;
	}
refused:
	supervise_host_kill(s);
	return -1;
}

int
supervise_host_start(struct supervisor *s, const char *path, const char *cwd,
		     const struct strs *env, enum capture_order order,
		     bool shell, struct err *e)
{
	char number[16];
	char *argv[] = { NULL, number, NULL };
	struct keeper_spawn what = { .path = path,
				     .argv = argv,
				     .cwd = cwd,
				     .env = env,
				     .fds = { -1, -1, -1 },
				     .fixed_addresses = s->fixed_addresses,
				     .nests = s->nested ? KEEPER_NESTS : 0 };
	int pair[2];
	pid_t pid;

	if (s->host.pid)
		return 0;
	if (supervise_renew(s, e) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_system(e, "cannot start '%s': %s", path,
				  strerror(errno));
	argv[0] = (char[]){ "cnb-host" };
	snprintf(number, sizeof number, "%d", keeper_extra_fd());
	what.extra_fd = pair[1];
	s->host_order = task_start_seen(s, &what, order, shell, &pid, e);
	s->host_told = s->limits.tasks && s->host_order != CAPTURE_PLAIN;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -1;
	}
	return supervise_host_attach(s, pair[0], pid, path, e);
}

/* A cell may have used up all descriptors: room is made for ours first. */
static int
send_order(struct supervisor *s, enum wire_type type,
	   const struct wire_put *payload, const int *fds, size_t nfds)
{
	if (!s->host.pid ||
	    (nfds && wire_send(s->host.fd, WIRE_ROOM, "", 0, NULL, 0) < 0))
		return -1;
	return wire_send(s->host.fd, type, payload->data, payload->len, fds,
			 nfds);
}

int
supervise_ask(struct supervisor *s, enum wire_type type,
	      const struct wire_put *payload, struct err *e)
{
	expect_answer(s);
	if (send_order(s, type, payload, NULL, 0) < 0) {
		s->lost = HOST_LOST;
		supervise_host_kill(s);
		return err_system(e, "the process that runs cells is gone");
	}
	if (await_answer(s, e) == 0)
		return 0;
	if (!proc_interrupted())
		s->lost = s->host.condemned
				  ? HOST_NONSENSE
				  : "the process that runs cells died, or fell "
				    "silent, when it was to begin this one";
	supervise_host_kill(s);
	return -1;
}

/* Its outputs are not for another cell, whatever s->host.kept said. */
static void
let_go(struct supervisor *s)
{
	if (s->host.kept)
		wire_send(s->host.fd, WIRE_LET_GO, "", 0, NULL, 0);
	s->host.kept = false;
}

/* Neither the nests nor the host have a second thread: where the host has, its
 * outputs are not kept. */
static bool
is_alone(struct supervisor *s, struct pids *now)
{
	return !s->keeper_lost &&
	       alone_is(&s->alone, &s->keeper, &s->settled, s->host.pid, now);
}

static bool
is_unchanged(struct supervisor *s, struct pids *now)
{
	bool same = true;

	background_add_living(s, &s->settled);
	tree_descendants(s->keeper.pid, &s->keeper.still, now);
	background_add_living(s, &s->settled);
	for (size_t i = 0; same && i < now->count; i++)
		same = now->at[i] == s->host.pid ||
		       pids_has(&s->settled, now->at[i]);
	return same;
}

bool
host_keeps_outputs(struct supervisor *s, struct task *t)
{
	struct pids now = { 0 };

	if (!t->in_host || !s->host.kept)
		return false;
	/* The host has looked. */
	if (s->host.goes_on) {
		capture_drain(t->capture);
		return true;
	}
	if (s->keeper_lost)
		return false;
	if (!s->lane && (is_alone(s, &now) || is_unchanged(s, &now))) {
		capture_drain(t->capture);
		pids_release(&s->settled);
		s->settled = now;
		return true;
	}
	pids_release(&now);
	let_go(s);
	return false;
}

enum capture_order
host_order_of(const struct supervisor *s, enum capture_order wish)
{
	/* Where all writes wait, those of one cell tell of its threads in
	 * others. */
	if (s->host_order == CAPTURE_TIMELINE)
		return CAPTURE_TIMELINE;
	return wish < s->host_order ? wish : s->host_order;
}

void
host_put_turn(struct supervisor *s, const struct wire_put *payload)
{
	s->turns++;
	memcpy(payload->data + sizeof(uint32_t), &s->turns, sizeof s->turns);
}

void
host_begin_task(struct supervisor *s, struct task *t)
{
	task_begin(s, t);
	t->in_host = t->outcome.in_host = true;
	t->pid = s->host.pid;
	t->capture->order = host_order_of(s, t->order);
	enforce_begin(s, t, s->host_told);
	t->copying = t->on_copied != NULL;
	if (t->copying)
		t->deadline_ns = clock_after_ms(HOST_ANSWER_MS);
	expect_answer(s);
	s->host.kept = s->host.goes_on = false;
}

/* The host's death was told before this cell began: nobody tells it again. */
static void
was_gone(struct task *t)
{
	const struct keeper_death d = { .status = SIGKILL,
					.at_ns = t->began_ns,
					.cpu_ns = -1,
					.max_rss_kb = -1 };

	t->outcome.not_told = true;
	task_died(t, &d);
}

int
supervise_cell(struct supervisor *s, struct task *t,
	       const struct wire_put *payload, const int *fds, size_t nfds,
	       struct err *e)
{
	/* What stands there now was said before this cell. */
	expect_answer(s);
	if (s->host.pid && !s->host.ended)
		host_read(s);
	host_begin_task(s, t);
	host_put_turn(s, payload);
	t->turn = s->turns;
	s->host.free_ns = t->began_ns;
	if (t->terminal && s->host.pid)
		jobs_give_terminal(t);
	if (!s->host.pid) {
		was_gone(t);
	} else if (s->host.condemned) {
		t->outcome.not_told = true;
	} else if (send_order(s, WIRE_RUN, payload, fds, nfds) < 0) {
		bool died = errno == EPIPE || errno == ECONNRESET;

		/* It died in between: the keeper tells how. Else nobody would,
		 * for it waits as we do. */
		if (!died) {
			jobs_take_terminal(t);
			return err_system(e, "the process that runs cells "
					     "cannot be told to run one");
		}
		t->outcome.not_told = true;
	}
	capture_close_writers(t->capture);
	if (t->on_sent)
		t->on_sent(t->self);
	task_follow(s, t);
	return task_conclude(s, t, e);
}

void
supervise_host_kill(struct supervisor *s)
{
	struct task t = { .in_host = true, .pid = s->host.pid };

	if (s->host.fd < 0)
		return;
	task_sweep(s, &t);
	host_is_gone(s);
}

/* Hosts that may be on their way out at the same time, the last of them of this
 * size at most: memory is not to pile up. */
#define LEFT_MOST 4
#define LEFT_BYTES (64 << 20)

/* Those before it. */
static bool
there_is_room_to_leave(struct supervisor *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->left.count; i++)
		if (keeper_is_still(&s->keeper, s->left.at[i]))
			s->left.at[kept++] = s->left.at[i];
	s->left.count = kept;
	return !kept || (kept < LEFT_MOST &&
			 tree_memory(s->host.pid, false) <= LEFT_BYTES);
}

/* When its last cell ended there was nobody beside it, and it has no threads.
 */
static bool
may_leave(struct supervisor *s)
{
	return !s->lane && !s->granted && !s->keeper_lost && s->host.pid &&
	       !s->host.ended && !s->host.threads &&
	       alone_was(&s->alone, s->host.pid) && there_is_room_to_leave(s);
}

bool
supervise_host_dismiss(struct supervisor *s)
{
	const struct wire_put nothing = { .data = (char[]){ "" } };

	if (!may_leave(s) || send_order(s, WIRE_LEAVE, &nothing, NULL, 0) < 0)
		return false;
	s->leaving = s->host.pid;
	return true;
}

bool
supervise_host_leave(struct supervisor *s)
{
	int64_t until = clock_after_ms(HOST_LEAVE_MS);
	pid_t pid = s->host.pid;

	if ((!pid || s->leaving != pid) && !supervise_host_dismiss(s))
		return false;
	while (s->host.pid && !s->host.ended && !s->keeper_lost &&
	       clock_mono_ns() < until)
		task_wait(s, until);
	if ((s->host.pid && !s->host.ended) || s->keeper_lost ||
	    !alone_stays(&s->alone, &s->keeper))
		return false;
	if (s->host.pid) { /* until the keeper tells of its death */
		keeper_still(&s->keeper, pid);
		pids_add(&s->left, pid);
	}
	host_is_gone(s);
	pids_remove(&s->settled, pid);
	return true;
}

void
supervise_tidy(struct supervisor *s)
{
	if (!s->lane && !s->keeper_lost && s->alone.count)
		alone_stays(&s->alone, &s->keeper);
}

void
supervise_end_all_but(struct supervisor *s, const struct pids *spare)
{
	struct pids all = { 0 };

	if (s->lane) {
		supervise_host_kill(s);
		return;
	}
	pids_add_all(&all, spare);
	background_spare(s, &all);
	task_sweep_but(s, &all, true);
	pids_release(&all);
}

void
supervise_add_outsiders(const struct supervisor *s, struct pids *spare)
{
	for (size_t i = 0; i < s->settled.count; i++)
		if (s->settled.at[i] != s->host.pid &&
		    !pids_has(&s->hosted, s->settled.at[i]))
			pids_add(spare, s->settled.at[i]);
}

void
supervise_host_quit(struct supervisor *s, const int fds[3])
{
	const struct wire_put nothing = { .data = (char[]){ "" } };
	int64_t until = clock_after_ms(HOST_QUIT_MS);

	if (!s->host.pid)
		return;
	if (s->granted) { /* it would run those first */
		supervise_host_kill(s);
		return;
	}
	expect_answer(s);
	if (send_order(s, WIRE_QUIT, &nothing, fds + 1, 2) < 0)
		until = 0;
	/* on_keeper() clears the pid when it is dead. */
	while (s->host.pid && !s->keeper_lost && clock_mono_ns() < until &&
	       proc_interruptions() < 2)
		task_wait(s, until);
	supervise_host_kill(s);
}

int
supervise_owner(struct supervisor *s, pid_t tid)
{
	/* It told us before it did anything else. */
	if (s->host.pid)
		host_read(s);
	return owners_find(&s->owners, tid);
}
