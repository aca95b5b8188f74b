/* Throws bytes at what a session and its client read of each other: a stream
 * of frames, each a letter, an answer or an event. Events go where a client's
 * and a journal's go: to the terminal's view and into a record. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cli/term.h"
#include "format/jsonl.h"
#include "format/nbformat.h"
#include "live/letter.h"
#include "screen.h"
#include "sys/fs.h"
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
static int nowhere = -1, screen;

static void
drop_line(void *to, struct slice line)
{
	(void)to;
	(void)line;
}

struct views {
	struct term term, safe; /* the other on a screen, by way of a file */
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
		v->safe.sink.on_event(&v->safe.sink, &ev);
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
check_screen(void)
{
	struct buf shown = { 0 };

	must(lseek(screen, 0, SEEK_SET) == 0);
	must(fs_read_fd(screen, &shown) == 0);
	must_be_safe(buf_slice(&shown));
	buf_release(&shown);
	close(screen);
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
	screen = memfd_create("screen", MFD_CLOEXEC);
	term_init(&v->safe, &(struct term_settings){ .fd = screen,
						     .screen = true,
						     .verbose = true });
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
	check_screen();
	term_release(&v.term);
	term_release(&v.safe);
	jsonl_release(&v.jsonl);
	record_release(&v.record);
	arena_release(&v.arena);
	return 0;
}
