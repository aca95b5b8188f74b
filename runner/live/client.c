/* client.c: one call of a session. Floor 5. */
#include "live/client.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "live/callers.h"
#include "live/door.h"
#include "model/event_pack.h"
#include "sys/clock.h"
#include "sys/loop.h"
#include "sys/proc.h"
#include "sys/tree.h"

int
client_connect(const char *notebook)
{
	char *name = door_name(notebook);
	int fd = door_connect(name), why = errno;

	free(name);
	errno = why;
	return fd;
}

int
client_missing(const char *notebook, struct err *e)
{
	int why = errno;

	if (why == EAGAIN)
		return err_system(e,
				  "the session of '%s' does not answer: "
				  "its process is stopped, or too many "
				  "others wait for it",
				  notebook);
	if (door_is_refused(e))
		return -1;
	if (!door_is_shut(why))
		return err_system(e, "cannot reach the session of '%s': %s",
				  notebook, strerror(why));
	return err_input(e, "'%s' has no session", notebook);
}

/* So long a session that is well may take: it is compiling, or the machine is
 * busy; and to measure its memory. */
#define GLANCE_MS 2000
#define STATUS_MS 20000

/* A whole one, in so long: a byte now and then is none. As frame_gather(). */
static int
gather_until(int fd, struct buf *frame, int64_t until_ns)
{
	int rc;

	while ((rc = frame_gather(fd, frame)) == 0)
		if (!loop_has_news(fd, until_ns)) {
			errno = EAGAIN;
			return -1;
		}
	return rc;
}

int
client_look(const char *name, enum letter_kind kind, struct answer *a)
{
	int64_t patience_ms = kind == LETTER_STATUS ? STATUS_MS : GLANCE_MS;
	int64_t until_ns = clock_after_ms(patience_ms);
	int fd = door_connect_briefly(name, patience_ms), rc = -1, why;
	struct buf bytes = { 0 }, frame = { 0 };
	struct letter l = { .kind = (int)kind };
	struct slice said;
	enum frame is;

	if (fd < 0)
		return door_is_shut(errno) ? 0 : -1;
	letter_pack(&bytes, &l);
	if (frame_send(fd, FRAME_ASK, buf_slice(&bytes), l.text) == 0 &&
	    gather_until(fd, &frame, until_ns) > 0) {
		said = frame_open(&frame, &is);
		if (is == FRAME_ANSWER && answer_unpack(a, said) == 0)
			rc = 1;
	}
	if (rc < 0) {
		answer_release(a);
		a->pid = door_pid(fd);
	}
	why = errno;
	buf_release(&bytes);
	buf_release(&frame);
	close(fd);
	errno = why;
	return rc;
}

/* A session that ran this very notebook is not told again what stands in it,
 * unless that takes no time. */
#define SHORT_TEXT 4096

static void
leave_out_text(struct letter *l)
{
	l->known = l->text.len > SHORT_TEXT;
	print_init(&l->print);
	if (l->known)
		print_add(&l->print, l->text);
}

/* A session may compute for hours. It is looked at now and then whether it can
 * answer at all; after Ctrl-C, and where it is to end, it has to in so long.
 * Whatever it says: after so many nobody waits for it. */
#define LOOK_NS NS_PER_S
#define PATIENCE_MS 20000
#define LEAVE_AT 3

/* What a call waits for: an answer, or the user's Ctrl-C. */
struct call {
	struct loop loop;
	const struct letter *letter;
	const struct notebook *nb; /* whose cells are to run; NULL: none are */
	bool began, ended;	   /* it has told of that */
	void (*put_off)(const struct letter *l);
	int64_t put_off_ns; /* when that is to be called; LOOP_NEVER */
	int fd, interruptions;
	pid_t pid; /* 0: not known */
	bool readable;
	int64_t patience_ms; /* with its silence; 0: none is needed */
	int64_t heard_ns;    /* when it last told of its cells, or was asked */
};

static void
on_answer(void *self, int fd)
{
	struct call *c = self;

	(void)fd;
	c->readable = true;
}

static bool
never(void *self)
{
	(void)self;
	return false;
}

/* Ctrl-Z is for who asks: the session's cells are not ours to stop. */
static void
stop_where_asked(struct call *c)
{
	if (!proc_stop_asked())
		return;
	proc_stop_ourselves(SIGTSTP);
	c->heard_ns = clock_mono_ns();
}

static void
on_signal(void *self, int fd)
{
	struct call *c = self;

	(void)fd;
	for (int n = proc_interruptions(); c->interruptions < n;
	     c->interruptions++) {
		if (!c->patience_ms)
			c->heard_ns = clock_mono_ns();
		/* Its cell has its grace first. */
		c->patience_ms = PATIENCE_MS + c->letter->grace_ms;
		/* Who reads nothing of what it is told does not read this. */
		frame_send_if(c->fd, FRAME_INTERRUPT, slice_of(""),
			      slice_of(""), never, NULL);
	}
	stop_where_asked(c);
}

static int
call_begin(struct call *c, int fd, struct err *e)
{
	c->fd = fd;
	c->pid = (pid_t)door_pid(fd);
	c->heard_ns = clock_mono_ns();
	c->put_off_ns = LOOP_NEVER;
	if (loop_init(&c->loop, e) < 0)
		return -1;
	loop_add(&c->loop, fd, on_answer, c);
	if (proc_signal_fd() >= 0)
		loop_add(&c->loop, proc_signal_fd(), on_signal, c);
	return 0;
}

static int
is_silent(const struct call *c, struct err *e)
{
	if (c->pid && tree_is_stopped(c->pid))
		return err_system(e,
				  "the session does not answer: its process %d "
				  "is stopped; kill -CONT %d lets it go on, "
				  "cnb stop ends it",
				  (int)c->pid, (int)c->pid);
	if (c->patience_ms &&
	    clock_mono_ns() - c->heard_ns > c->patience_ms * NS_PER_MS)
		return err_system(e,
				  "the session (process %d) is silent for %d "
				  "seconds; cnb stop ends it",
				  (int)c->pid, (int)(c->patience_ms / 1000));
	return 0;
}

/* Once more Ctrl-C than a cell takes. */
static int
is_left(const struct call *c, struct err *e)
{
	if (c->interruptions < LEAVE_AT)
		return 0;
	return err_system(e,
			  "the session (process %d) has not ended what it "
			  "does; cnb stop ends it",
			  (int)c->pid);
}

/* What it does while it is told something: nothing runs yet, and nobody has to
 * be asked to end it. */
struct telling {
	const struct call *call;
	struct err *e; /* untouched, or why it was left */
};

static bool
still_tells(void *self)
{
	struct telling *t = self;

	if (proc_interruptions()) {
		err_system(t->e, "interrupted");
		return false;
	}
	return is_silent(t->call, t->e) == 0;
}

static int
send_letter(const struct call *c, struct letter *l, struct err *e)
{
	struct telling t = { c, e };
	struct buf bytes = { 0 };
	int rc;

	letter_pack(&bytes, l);
	rc = frame_send_if(c->fd, FRAME_ASK, buf_slice(&bytes),
			   l->known ? slice_of("") : l->text, still_tells, &t);
	buf_release(&bytes);
	/* Reading will tell that it is gone. */
	if (rc == 0 || errno == EPIPE || errno == ECONNRESET)
		return 0;
	if (errno == EINTR)
		return -1;
	return err_system(e, "the session does not answer: %s",
			  strerror(errno));
}

#define OTHER_VERSION                                                          \
	"the session is of another version of cnb: end it with cnb stop"

/* What it says does not come, or means nothing. 0: it is the end. */
static int
no_frame(struct err *e)
{
	if (!errno || errno == ECONNRESET)
		return 0;
	if (errno == EPROTO)
		return err_system(e, OTHER_VERSION);
	return err_system(e, "cannot read what the session says: %s",
			  strerror(errno));
}

static bool
asks_for_text(const struct buf *frame, const struct letter *l)
{
	enum frame kind;

	frame_open(frame, &kind);
	return kind == FRAME_TEXT && l->known;
}

static int
send_text(const struct call *c, struct letter *l, struct err *e)
{
	l->known = false;
	return send_letter(c, l, e);
}

/* 1: a whole one is in *frame; 0: the end; -1: it is silent, or says nonsense.
 * Those that put us off are no news by themselves. */
static int
next_frame(struct call *c, struct buf *frame, struct err *e)
{
	enum frame kind;

	for (buf_clear(frame);;) {
		int64_t now = clock_mono_ns(), look_ns = now + LOOK_NS;
		int rc;

		c->readable = false;
		loop_wait(&c->loop,
			  look_ns < c->put_off_ns ? look_ns : c->put_off_ns);
		now = clock_mono_ns();
		if (is_left(c, e) < 0)
			return -1;
		if (!c->readable && now < c->put_off_ns) {
			if (is_silent(c, e) < 0)
				return -1;
			continue;
		}
		if (!c->readable) {
			c->put_off_ns = LOOP_NEVER;
			if (c->put_off)
				c->put_off(c->letter);
			continue;
		}
		rc = frame_gather(c->fd, frame);
		if (rc < 0)
			return no_frame(e);
		/* A byte now and then says nothing. */
		if (rc == 0 && is_silent(c, e) < 0)
			return -1;
		if (rc == 0)
			continue;
		frame_open(frame, &kind);
		c->put_off_ns = LOOP_NEVER;
		if (kind != FRAME_WAIT) {
			c->heard_ns = c->nb ? now : c->heard_ns;
			return 1;
		}
		c->put_off_ns = now + CLIENT_SILENCE_NS;
		buf_clear(frame);
		if (is_silent(c, e) < 0)
			return -1;
	}
}

/* A session that dies is a moment at that. */
#define DYING_MS 1000

/* The other end is closed: what has become of the session? */
static int
left_alone(int fd, bool began, struct err *e)
{
	int held;
	bool lives;

	if (!began)
		return err_system(e, "the session does not answer; cnb stop "
				     "ends it, of whatever version it is");
	held = proc_hold((pid_t)door_pid(fd));
	lives = held >= 0 && !loop_has_news(held, clock_after_ms(DYING_MS));
	if (held >= 0)
		close(held);
	if (!lives)
		return err_system(e, "the session ended before it answered");
	return err_system(e,
			  "what its cells write was not read for %d seconds "
			  "while others waited: they were stopped",
			  (int)(CALLER_NS / NS_PER_S));
}

/* False: it is no event that can come now. Sinks count on the first one being
 * the run's beginning, and on no other one being that. */
static bool
hand_on(struct call *c, struct slice bytes, struct sink **sinks)
{
	struct arena arena = { 0 };
	struct event ev;
	bool good = c->nb && !c->ended &&
		    event_unpack(&ev, bytes, c->nb, &arena) == 0 &&
		    (ev.kind == EV_RUN_BEGIN) != c->began;

	/* The session heard that it is to stop, not by which signal. */
	if (good && ev.kind == EV_RUN_END && ev.run_end.signal &&
	    proc_interrupted())
		ev.run_end.signal = proc_interrupted();
	for (struct sink **s = sinks; *s && good; s++)
		(*s)->on_event(*s, &ev);
	c->began |= good;
	c->ended |= good && ev.kind == EV_RUN_END;
	arena_release(&arena);
	return good;
}

/* An answer, or an event on the way to it. 1: go on; 0: it is there. */
static int
take_frame(struct call *c, const struct buf *frame, struct sink **sinks,
	   struct answer *a, struct err *e)
{
	enum frame kind;
	struct slice bytes = frame_open(frame, &kind);

	if (kind == FRAME_EVENT && hand_on(c, bytes, sinks))
		return 1;
	/* All is well only if cells ran. */
	if (kind != FRAME_ANSWER || answer_unpack(a, bytes) < 0 ||
	    (c->nb && !c->ended && !a->error))
		return err_system(e, OTHER_VERSION);
	return 0;
}

static int
ask(struct call *c, int fd, struct letter *l, struct sink **sinks,
    struct answer *a, struct err *e)
{
	struct buf frame = { 0 };
	int rc, got;

	c->letter = l;
	rc = call_begin(c, fd, e);
	/* One that is stopped would not take a long letter, either. */
	if (rc == 0)
		rc = is_silent(c, e);
	leave_out_text(l);
	if (rc == 0 && (rc = send_letter(c, l, e)) == 0)
		rc = 1;
	while (rc > 0) {
		got = next_frame(c, &frame, e);
		if (got > 0 && asks_for_text(&frame, l))
			rc = send_text(c, l, e) < 0 ? -1 : 1;
		else if (got > 0)
			rc = take_frame(c, &frame, sinks, a, e);
		else
			rc = got < 0 ? -1 : left_alone(fd, c->began, e);
	}
	buf_release(&frame);
	loop_release(&c->loop);
	close(fd);
	if (rc == 0 && a->error)
		rc = a->class == ERR_INPUT ? err_input(e, "%s", a->error)
					   : err_system(e, "%s", a->error);
	return rc;
}

int
client_ask(int fd, struct letter *l, const struct notebook *nb,
	   struct sink **sinks, void (*put_off)(const struct letter *l),
	   struct answer *a, struct err *e)
{
	struct call c = { .put_off = put_off, .nb = nb };

	return ask(&c, fd, l, sinks, a, e);
}

/* To sweep what its cells started takes it some seconds at most. */
#define END_MS 10000

int
client_stop(int fd, struct err *e)
{
	pid_t pid = (pid_t)door_pid(fd);
	int held = proc_hold(pid), rc;
	/* One that was dying already has done what it is asked. */
	bool gone = pid > 0 && held < 0 && errno == ESRCH;
	struct letter l = { .kind = LETTER_STOP };
	struct call c = { .patience_ms = PATIENCE_MS };
	struct sink *none = NULL;
	struct answer a = { 0 };

	rc = ask(&c, fd, &l, &none, &a, e);
	answer_release(&a);
	if (rc < 0)
		return gone || proc_end(held, END_MS) ? 0 : -1;
	/* Handlers of exit run, and may have files to write. */
	proc_await_end(held, END_MS);
	return 0;
}
