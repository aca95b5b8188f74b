/* server.c: the life of a session's process. Floor 5. It is cnb itself, gone to
 * the background; its keeper and hosts stand below it. */
#include "live/server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "live/callers.h"
#include "live/door.h"
#include "live/held.h"
#include "model/event_pack.h"
#include "sys/background.h"
#include "sys/clock.h"
#include "sys/proc.h"

struct server {
	struct held *held;
	char *name;	      /* of its door */
	int listener, client; /* -1: none */
	struct callers callers;
	bool gone;			    /* the client has left */
	bool over;			    /* we were told to stop */
	int64_t began_ns, used_ns, idle_ns; /* real, real, a duration */
};

/* A sink that hands events to the client. */
struct post {
	struct sink sink; /* first */
	struct server *server;
	struct buf packed;
};

static void
client_gone(struct server *s)
{
	if (s->gone)
		return;
	s->gone = true;
	/* Nobody will see how it ends; the next client must not wait for it. */
	proc_interrupt(SIGINT);
}

static void
post_event(struct sink *sink, const struct event *ev)
{
	struct post *p = (struct post *)sink;

	if (p->server->gone)
		return;
	buf_clear(&p->packed);
	event_pack(&p->packed, ev);
	if (frame_send(p->server->client, FRAME_EVENT, buf_slice(&p->packed)) <
	    0)
		client_gone(p->server);
}

/* While cells run: the user's Ctrl-C, or the end of the client. */
static void
on_client(void *self, int fd)
{
	struct server *s = self;
	uint32_t head[2];
	ssize_t n = recv(fd, head, sizeof head, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == sizeof head && head[0] == FRAME_INTERRUPT) {
		proc_interrupt(SIGINT);
		return;
	}
	loop_remove(held_loop(s->held), fd);
	client_gone(s);
}

static void
answer(struct server *s, struct answer *a)
{
	struct buf bytes = { 0 };

	a->started_ns = s->began_ns;
	a->used_ns = s->used_ns;
	a->idle_ms = s->idle_ns / NS_PER_MS;
	answer_pack(&bytes, a);
	if (!s->gone)
		frame_send(s->client, FRAME_ANSWER, buf_slice(&bytes));
	buf_release(&bytes);
}

static void
run(struct server *s, const struct letter *l, struct answer *a)
{
	struct post post = { .sink = { post_event }, .server = s };
	struct sink *sinks[] = { &post.sink, NULL };
	struct err e;

	loop_add(held_loop(s->held), s->client, on_client, s);
	if (held_run(s->held, l, sinks, a, &e) < 0) {
		a->error = mem_strdup(e.text);
		a->class = (int)e.class;
	}
	loop_remove(held_loop(s->held), s->client);
	buf_release(&post.packed);
	if (proc_interrupted() == SIGINT)
		proc_interrupt_forget();
}

static void
serve(struct server *s, enum frame kind, struct slice bytes)
{
	struct answer a = { 0 };
	struct letter l = { 0 };

	s->gone = false;
	if (kind == FRAME_ASK && letter_unpack(&l, bytes) == 0) {
		if (l.kind == LETTER_RUN) {
			run(s, &l, &a);
			s->used_ns = clock_real_ns();
		}
		held_status(s->held, &a);
		if (l.kind == LETTER_STATUS)
			held_measure(s->held, &a);
		s->over |= l.kind == LETTER_STOP;
		/* Who is told that it is over must find nobody there. */
		if (s->over)
			door_remove(s->name);
		answer(s, &a);
	}
	close(s->client);
	s->client = -1;
	letter_release(&l);
	answer_release(&a);
	held_trim(s->held);
}

static void
on_listener(void *self, int fd)
{
	struct server *s = self;

	callers_accept(&s->callers, fd);
}

/* Until somebody has said all that it wants, or about a second is over. */
static void
hear(struct server *s, int64_t until_ns)
{
	struct loop *loop = held_loop(s->held);
	int64_t next = callers_expire(&s->callers);
	bool full = callers_are_full(&s->callers);

	if (!full)
		loop_add(loop, s->listener, on_listener, s);
	loop_wait(loop, next < until_ns ? next : until_ns);
	if (!full)
		loop_remove(loop, s->listener);
}

static void
live(struct server *s)
{
	struct buf bytes = { 0 };
	enum frame kind;

	/* The loop looks up about every second. */
	while (!s->over && !proc_interrupted() && !door_is_gone(s->name)) {
		int64_t since = clock_real_ns() - s->used_ns;
		int64_t left = s->idle_ns - since;

		if (s->idle_ns && left <= 0)
			break;
		s->client = callers_take(&s->callers, &kind, &bytes);
		if (s->client >= 0)
			serve(s, kind, buf_slice(&bytes));
		else
			hear(s,
			     s->idle_ns ? clock_mono_ns() + left : LOOP_NEVER);
	}
	buf_release(&bytes);
}

/* What it is made of, for the process that becomes it. */
struct birth {
	const struct letter *letter;
	const struct home *home;
};

static _Noreturn void
be_server(void *self)
{
	const struct birth *b = self;
	struct server s = { .client = -1,
			    .began_ns = clock_real_ns(),
			    .used_ns = clock_real_ns(),
			    .idle_ns = b->letter->idle_ms * NS_PER_MS };
	struct err e;

	s.name = door_name(b->letter->path);
	s.listener = door_listen(s.name, &e);
	if (s.listener < 0 || !(s.held = held_new(b->letter, b->home, &e)))
		background_failed(&e);
	background_ready();
	callers_init(&s.callers, held_loop(s.held));
	live(&s);
	callers_release(&s.callers);
	door_remove(s.name);
	close(s.listener);
	held_free(s.held);
	_exit(EXIT_SUCCESS);
}

int
server_start(const struct letter *l, const struct home *home, struct err *e)
{
	struct birth b = { l, home };

	return background_start("cnb-session", be_server, &b, e);
}
