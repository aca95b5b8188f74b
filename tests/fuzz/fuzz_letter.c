/* Throws bytes at what a session and its client read of each other: a stream
 * of frames, each a letter, an answer or an event. Events go where a client's
 * and a journal's go: to the terminal's view and into a record. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cli/term.h"
#include "format/jsonl.h"
#include "format/nbformat.h"
#include "live/letter.h"
#include "model/event_pack.h"

#define STREAM_MOST 65536 /* a socket holds it without a reader */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
	"{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":["
	"{\"cell_type\":\"code\",\"id\":\"a\",\"metadata\":{},\"outputs\":[],"
	"\"execution_count\":null,\"source\":\"1\"},"
	"{\"cell_type\":\"code\",\"id\":\"b\",\"metadata\":{},\"outputs\":[],"
	"\"execution_count\":null,\"source\":\"2\"}]}";
static struct notebook nb;
static int nowhere = -1;

static void
drop_line(void *to, struct slice line)
{
	(void)to;
	(void)line;
}

struct views {
	struct term term;
	struct record record;
	struct jsonl jsonl;
	struct arena arena;
	bool began;
};

static void
take_event(struct views *v, struct slice bytes)
{
	struct event ev;
	struct buf again = { 0 };

	if (event_unpack(&ev, bytes, &nb, &v->arena) < 0)
		return;
	event_pack(&again, &ev);
	if (event_unpack(&ev, buf_slice(&again), &nb, &v->arena) < 0)
		abort();
	/* A client begins with it, and takes no second one. */
	if ((ev.kind == EV_RUN_BEGIN) != v->began) {
		v->began = true;
		v->term.sink.on_event(&v->term.sink, &ev);
		v->jsonl.sink.on_event(&v->jsonl.sink, &ev);
		v->record.sink.on_event(&v->record.sink, &ev);
	}
	buf_release(&again);
}

static void
take(struct views *v, enum frame kind, struct slice bytes)
{
	struct letter l;
	struct answer a;

	if (kind == FRAME_ASK)
		letter_unpack(&l, bytes), letter_release(&l);
	else if (kind == FRAME_ANSWER)
		answer_unpack(&a, bytes), answer_release(&a);
	else
		take_event(v, bytes);
}

static void
begin(struct views *v)
{
	struct err e;

	if (nowhere < 0) {
		nowhere = open("/dev/null", O_WRONLY);
		notebook_init(&nb);
		if (nbformat_read(&nb, "f.ipynb", text, sizeof text - 1, &e) <
		    0)
			abort();
	}
	*v = (struct views){ 0 };
	term_init(&v->term,
		  &(struct term_settings){ .fd = nowhere, .verbose = true });
	v->term.is_terminal = true;
	record_init(&v->record, &nb);
	v->record.output_limit = 64;
	jsonl_init(&v->jsonl, drop_line, NULL);
	arena_init(&v->arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf bytes = { 0 };
	struct views v;
	enum frame kind;
	int pair[2];

	if (size > STREAM_MOST || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 0;
	if (send(pair[1], data, size, 0) < 0 && size)
		abort();
	close(pair[1]);
	begin(&v);
	while (frame_read(pair[0], &kind, &bytes) > 0)
		take(&v, kind, buf_slice(&bytes));
	close(pair[0]);
	buf_release(&bytes);
	term_release(&v.term);
	jsonl_release(&v.jsonl);
	record_release(&v.record);
	arena_release(&v.arena);
	return 0;
}
