/* server.c: the life of a session's process. Floor 5. It is cnb itself, gone to
 * the background; its keeper and hosts stand below it. */
#include "live/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "live/callers.h"
#include "live/door.h"
#include "live/held.h"
#include "live/outbox.h"
#include "model/event_pack.h"
#include "sys/background.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* A client that takes nothing for so long is let go, if others wait; */
#define PATIENCE_NS CALLER_NS
/* meanwhile we look up now and then. */
#define LOOK_NS (100 * NS_PER_MS)
/* For who comes, the look at the memory of copies is put off so many times. */
#define PUT_OFF_MOST 16
/* Of those who have still to read what was said to them, so many are kept. */
#define LEAVING_MOST 16

struct server {
	struct held *held;
	char *name;	      /* of its door */
	int listener, client; /* -1: none */
	struct callers callers;
	struct outbox *out; /* to the client */
	struct outbox *leaving[LEAVING_MOST];
	size_t nleaving, put_off;
	bool minded;	  /* the loop looks at the listener */
	bool running;	  /* cells run, for the client */
	bool gone;	  /* the client has left */
	bool over;	  /* we were told to stop */
	bool lost;	  /* somebody took the name of our door */
	bool asked;	  /* somebody has come; who started us will */
	int64_t began_ns; /* real; */
	int64_t used_ns;  /* monotonic: to set the clock is no idleness */
	int64_t idle_ns;  /* a duration */
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
	proc_request_stop();
}

static bool
somebody_waits(const struct server *s)
{
	return callers_wait(&s->callers) || loop_has_news(s->listener, 0);
}

/* What a cell writes waits for who reads it, unless that keeps others from
 * being served. */
static void
wait_for_room(struct server *s)
{
	uint64_t went = s->out->went;
	int64_t since = clock_mono_ns();

	while (outbox_is_full(s->out) && !s->out->gone && !proc_interrupted()) {
		int64_t now = clock_mono_ns();

		outbox_push(s->out, now + LOOK_NS);
		if (s->out->went != went) {
			went = s->out->went;
			since = now;
		} else if (now - since > PATIENCE_NS && somebody_waits(s)) {
			outbox_drop(s->out);
		}
	}
}

static void
post_event(struct sink *sink, const struct event *ev)
{
	struct post *p = (struct post *)sink;
	struct server *s = p->server;

	if (s->gone)
		return;
	buf_clear(&p->packed);
	event_pack(&p->packed, ev);
	outbox_put(s->out, FRAME_EVENT, buf_slice(&p->packed));
	wait_for_room(s);
	if (s->out->gone)
		client_gone(s);
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
		proc_request_stop();
		return;
	}
	loop_remove(held_loop(s->held), fd);
	proc_hear(-1, NULL, NULL);
	client_gone(s);
}

static void
answer(struct server *s, struct outbox *out, struct answer *a)
{
	struct buf bytes = { 0 };

	a->started_ns = s->began_ns;
	a->used_ns = clock_real_ns() - (clock_mono_ns() - s->used_ns);
	a->idle_ms = s->idle_ns / NS_PER_MS;
	answer_pack(&bytes, a);
	outbox_put(out, FRAME_ANSWER, buf_slice(&bytes));
	buf_release(&bytes);
}

static void
forget_leaving(struct server *s, size_t i)
{
	outbox_free(s->leaving[i]);
	s->nleaving--;
	memmove(s->leaving + i, s->leaving + i + 1,
		(s->nleaving - i) * sizeof *s->leaving);
}

/* All is said to it: it may take its time. */
static void
part_with(struct server *s, struct outbox *out)
{
	if (!outbox_left(out)) {
		outbox_free(out);
		return;
	}
	if (s->nleaving == LEAVING_MOST)
		forget_leaving(s, 0);
	s->leaving[s->nleaving++] = out;
}

static void
look_after_leaving(struct server *s)
{
	for (size_t i = s->nleaving; i-- > 0;)
		if (!outbox_left(s->leaving[i]))
			forget_leaving(s, i);
}

/* Others ask while cells run: what needs no cell is answered at once, and who
 * wants us to end need not wait for theirs. */
static void
on_heard(void *self)
{
	struct server *s = self;
	struct buf frame = { 0 };
	int fd;

	if (!s->running)
		return;
	while ((fd = callers_take(&s->callers, LETTER_GLANCE, &frame)) >= 0 ||
	       (fd = callers_take(&s->callers, LETTER_STATUS, &frame)) >= 0) {
		struct outbox *out = outbox_new(held_loop(s->held), fd);
		struct answer a = { .busy = true };

		held_status(s->held, &a);
		answer(s, out, &a);
		part_with(s, out);
		close(fd);
		answer_release(&a);
	}
	if (callers_ask(&s->callers, LETTER_STOP))
		proc_request_stop();
	callers_put_off(&s->callers);
	buf_release(&frame);
}

static void mind_the_door(struct server *s);

static void
on_listener(void *self, int fd)
{
	struct server *s = self;

	callers_accept(&s->callers, fd);
	mind_the_door(s);
}

/* As long as there is room for one more. */
static void
mind_the_door(struct server *s)
{
	bool mind = !callers_are_full(&s->callers);

	if (mind && !s->minded)
		loop_add(held_loop(s->held), s->listener, on_listener, s);
	if (!mind && s->minded)
		loop_remove(held_loop(s->held), s->listener);
	s->minded = mind;
}

/* False: the letter's text is wanted. */
static bool
run(struct server *s, const struct letter *l, struct answer *a)
{
	struct post post = { .sink = { post_event }, .server = s };
	struct sink *sinks[] = { &post.sink, NULL };
	struct err e;
	int rc;

	loop_add(held_loop(s->held), s->client, on_client, s);
	/* Compilers run where nobody waits for the loop. */
	proc_hear(s->client, on_client, s);
	s->running = true;
	mind_the_door(s);
	rc = held_run(s->held, l, sinks, a, &e);
	/* Who has left, or asked for the end, meanwhile is not asked more. */
	if (rc > 0 && proc_interrupted())
		rc = err_system(&e, "interrupted");
	if (rc < 0) {
		a->error = mem_strdup(e.text);
		a->class = (int)e.class;
	}
	s->running = false;
	proc_hear(-1, NULL, NULL);
	loop_remove(held_loop(s->held), s->client);
	buf_release(&post.packed);
	proc_forget_requests();
	return rc <= 0;
}

static bool
has_hung_up(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* The client says it once more, and more of it. */
static void
ask_for_text(struct server *s)
{
	struct slice nothing = slice_of("");

	if (frame_send(s->client, FRAME_TEXT, nothing, nothing) < 0 ||
	    !callers_hear_again(&s->callers, s->client))
		close(s->client);
	s->client = -1;
}

static bool
is_put_off(void *self)
{
	struct server *s = self;

	return s->put_off < PUT_OFF_MOST && somebody_waits(s);
}

static void
trim(struct server *s)
{
	const struct hurry hurry = { is_put_off, s };

	s->put_off = held_trim(s->held, &hurry) ? 0 : s->put_off + 1;
}

static void
serve(struct server *s, const struct buf *frame)
{
	struct answer a = { 0 };
	struct letter l = { 0 };
	enum frame kind;
	struct slice bytes = frame_open(frame, &kind);
	bool good = kind == FRAME_ASK && !has_hung_up(s->client) &&
		    letter_unpack(&l, bytes) == 0 && letter_is_sound(&l);

	if (good && l.known && !held_recall(s->held, &l)) {
		ask_for_text(s);
		letter_release(&l);
		return;
	}
	s->gone = false;
	s->asked = true;
	s->out = outbox_new(held_loop(s->held), s->client);
	if (good && l.kind == LETTER_RUN && !run(s, &l, &a)) {
		part_with(s, s->out);
		s->out = NULL;
		ask_for_text(s);
		letter_release(&l);
		answer_release(&a);
		return;
	}
	if (good) {
		if (l.kind == LETTER_RUN) {
			a.ends = callers_ask(&s->callers, LETTER_STOP);
			s->used_ns = clock_mono_ns();
		}
		held_status(s->held, &a);
		if (l.kind == LETTER_STATUS)
			held_measure(s->held, &a);
		if (l.kind == LETTER_GLANCE)
			held_glance(s->held, &a);
		s->over |= l.kind == LETTER_STOP;
		/* Who is told that it is over must find nobody there. */
		if (s->over)
			door_remove(s->name);
		answer(s, s->out, &a);
	}
	part_with(s, s->out);
	s->out = NULL;
	close(s->client);
	s->client = -1;
	letter_release(&l);
	answer_release(&a);
	/* Who comes next finds what is likely to be asked for; the look at
	 * memory can wait. */
	held_prepare(s->held);
	trim(s);
	/* Who knocked meanwhile may have been heard by nobody. */
	callers_renew(&s->callers);
}

/* Until somebody has said all that it wants, or about a second is over. */
static void
hear(struct server *s, int64_t until_ns)
{
	int64_t next = callers_expire(&s->callers);

	mind_the_door(s);
	loop_wait(held_loop(s->held), next < until_ns ? next : until_ns);
	look_after_leaving(s);
	/* Who is there is not to wait. */
	if (!callers_wait(&s->callers))
		held_tidy(s->held);
}

/* Who wants us to end comes first. */
static int
next_client(struct server *s, struct buf *frame)
{
	int fd = callers_take(&s->callers, LETTER_STOP, frame);

	return fd >= 0 ? fd : callers_take(&s->callers, -1, frame);
}

static void
live(struct server *s)
{
	struct buf frame = { 0 };

	/* The loop looks up about every second. */
	while (!s->over && !proc_interrupted() &&
	       !(s->lost = door_is_gone(s->name))) {
		int64_t since = clock_mono_ns() - s->used_ns;
		int64_t idle_ns = s->asked || s->idle_ns > CALLER_NS
					  ? s->idle_ns
					  : CALLER_NS;
		int64_t left = idle_ns - since;

		if (s->idle_ns && left <= 0)
			break;
		s->client = next_client(s, &frame);
		if (s->client >= 0)
			serve(s, &frame);
		else
			hear(s,
			     s->idle_ns ? clock_mono_ns() + left : LOOP_NEVER);
	}
	buf_release(&frame);
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
			    .used_ns = clock_mono_ns(),
			    .idle_ns = b->letter->idle_ms * NS_PER_MS };
	struct err e;

	s.name = door_name(b->letter->path);
	s.listener = door_listen(s.name, &e);
	if (s.listener < 0)
		background_failed(&e);
	s.held = held_new(b->letter, b->home, &e);
	if (!s.held) {
		door_remove(s.name);
		background_failed(&e);
	}
	background_ready();
	callers_init(&s.callers, held_loop(s.held));
	s.callers.heard = on_heard;
	s.callers.self = &s;
	live(&s);
	callers_release(&s.callers);
	while (s.nleaving)
		forget_leaving(&s, 0);
	/* What has that name else is the next session's. */
	if (!s.over && !s.lost)
		door_remove(s.name);
	close(s.listener);
	held_free(s.held);
	_exit(EXIT_SUCCESS);
}

/* Variables that name something from where we are: a session is elsewhere. */
static const struct {
	const char *name;
	bool searched; /* without a slash it is a name in PATH */
} places[] = {
	{ "CNB_CACHE_DIR", false },
	{ "PKG_CONFIG", true },
};

static void
fix_places(void)
{
	for (size_t i = 0; i < countof(places); i++) {
		const char *value = getenv(places[i].name);
		char *path;

		if (!value || !*value ||
		    (places[i].searched && !strchr(value, '/')))
			continue;
		path = path_absolute(value);
		setenv(places[i].name, path, 1);
		free(path);
	}
}

int
server_start(const struct letter *l, const struct home *home, struct err *e)
{
	struct birth b = { l, home };

	fix_places();
	return background_start("cnb-session", be_server, &b, e);
}
