/* client.c: one call of a session. Floor 5. */
#include "live/client.h"

#include <errno.h>
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
	if (!door_is_shut(errno))
		return err_system(e, "cannot reach the session of '%s': %s",
				  notebook, strerror(errno));
	if (door_is_open_to_others(e))
		return -1;
	return err_input(e, "'%s' has no session", notebook);
}

/* So long a session that is well may take: it is compiling, or the machine is
 * busy; and to measure its memory. */
#define GLANCE_MS 2000
#define STATUS_MS 20000

int
client_look(const char *name, enum letter_kind kind, struct answer *a)
{
	int64_t patience_ms = kind == LETTER_STATUS ? STATUS_MS : GLANCE_MS;
	int fd = door_connect_briefly(name, patience_ms), rc = -1, why;
	struct buf bytes = { 0 };
	struct letter l = { .kind = (int)kind };
	enum frame is;

	if (fd < 0)
		return door_is_shut(errno) ? 0 : -1;
	letter_pack(&bytes, &l);
	if (frame_send(fd, FRAME_ASK, buf_slice(&bytes), l.text) == 0 &&
	    frame_read(fd, &is, &bytes) > 0 && is == FRAME_ANSWER &&
	    answer_unpack(a, buf_slice(&bytes)) == 0)
		rc = 1;
	else
		a->pid = door_pid(fd);
	why = errno;
	buf_release(&bytes);
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

static int
send_letter(int fd, struct letter *l, struct err *e)
{
	struct buf bytes = { 0 };
	int rc;

	letter_pack(&bytes, l);
	rc = frame_send(fd, FRAME_ASK, buf_slice(&bytes),
			l->known ? slice_of("") : l->text);
	buf_release(&bytes);
	/* Reading will tell that it is gone. */
	if (rc == 0 || errno == EPIPE || errno == ECONNRESET)
		return 0;
	return err_system(e, "the session does not answer: %s",
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
send_text(int fd, struct letter *l, struct err *e)
{
	l->known = false;
	return send_letter(fd, l, e);
}

/* False: it is no event that can come now. Sinks count on the first one being
 * the run's beginning, and on no other one being that. */
static bool
hand_on(struct slice bytes, const struct notebook *nb, struct sink **sinks,
	bool *began)
{
	struct arena arena = { 0 };
	struct event ev;
	bool good = event_unpack(&ev, bytes, nb, &arena) == 0 &&
		    (ev.kind == EV_RUN_BEGIN) != *began;

	/* The session heard that it is to stop, not by which signal. */
	if (good && ev.kind == EV_RUN_END && ev.run_end.signal &&
	    proc_interrupted())
		ev.run_end.signal = proc_interrupted();
	for (struct sink **s = sinks; *s && good; s++)
		(*s)->on_event(*s, &ev);
	*began |= good;
	arena_release(&arena);
	return good;
}

/* A session may compute for hours. It is looked at now and then whether it can
 * answer at all; after Ctrl-C, and where it is to end, it has to in so long. */
#define LOOK_NS NS_PER_S
#define PATIENCE_MS 20000

/* What a call waits for: an answer, or the user's Ctrl-C. */
struct call {
	struct loop loop;
	const struct letter *letter;
	void (*put_off)(const struct letter *l);
	int64_t put_off_ns; /* when that is to be called; LOOP_NEVER */
	int fd, interruptions;
	pid_t pid; /* 0: not known */
	bool readable;
	int64_t patience_ms; /* with its silence; 0: none is needed */
	int64_t heard_ns;    /* when it last said something, or was asked */
};

static void
on_answer(void *self, int fd)
{
	struct call *c = self;

	(void)fd;
	c->readable = true;
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
		frame_send(c->fd, FRAME_INTERRUPT, slice_of(""), slice_of(""));
	}
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

/* 1: a whole one is in *frame; 0: the end; -1: it is silent. Those that put us
 * off are no news by themselves. */
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
		c->heard_ns = now;
		rc = frame_gather(c->fd, frame);
		if (rc < 0)
			return 0;
		if (rc == 0)
			continue;
		frame_open(frame, &kind);
		c->put_off_ns = LOOP_NEVER;
		if (kind != FRAME_WAIT)
			return 1;
		c->put_off_ns = now + CLIENT_SILENCE_NS;
		buf_clear(frame);
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

/* An answer, or an event on the way to it. 1: go on; 0: it is there. */
static int
take_frame(const struct buf *frame, const struct notebook *nb,
	   struct sink **sinks, bool *began, struct answer *a, struct err *e)
{
	enum frame kind;
	struct slice bytes = frame_open(frame, &kind);

	if (kind == FRAME_EVENT && hand_on(bytes, nb, sinks, began))
		return 1;
	if (answer_unpack(a, bytes) < 0)
		return err_system(e, "the session is of another version of "
				     "cnb: end it with cnb stop");
	return 0;
}

static int
ask(struct call *c, int fd, struct letter *l, const struct notebook *nb,
    struct sink **sinks, struct answer *a, struct err *e)
{
	struct buf frame = { 0 };
	bool began = false;
	int rc, got;

	c->letter = l;
	rc = call_begin(c, fd, e);
	/* One that is stopped would not take a long letter, either. */
	if (rc == 0)
		rc = is_silent(c, e);
	leave_out_text(l);
	if (rc == 0 && (rc = send_letter(fd, l, e)) == 0)
		rc = 1;
	while (rc > 0) {
		got = next_frame(c, &frame, e);
		if (got > 0 && asks_for_text(&frame, l))
			rc = send_text(fd, l, e) < 0 ? -1 : 1;
		else if (got > 0)
			rc = take_frame(&frame, nb, sinks, &began, a, e);
		else
			rc = got < 0 ? -1 : left_alone(fd, began, e);
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
	struct call c = { .put_off = put_off };

	return ask(&c, fd, l, nb, sinks, a, e);
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

	rc = ask(&c, fd, &l, NULL, &none, &a, e);
	answer_release(&a);
	if (rc < 0)
		return gone || proc_end(held, END_MS) ? 0 : -1;
	if (held >= 0)
		close(held);
	return 0;
}
