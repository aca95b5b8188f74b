/* record_outputs.c: what a cell wrote, within its limit: the first half of it
 * as it comes, the newest in a tail. Floor 1. */
#include "model/record_outputs.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "base/utf8.h"
#include "model/tail.h"

/* With a limit, the number of outputs is limited too: at least this many in
 * each half, else one for so many bytes. */
#define MIN_OUTPUTS 64
#define BYTES_PER_OUTPUT 64
/* Of a cell's writes so many are told apart. */
#define MAX_WRITES 1000000

struct output *
record_output(struct record_cell *c, enum output_kind kind)
{
	struct output *o = mem_push(c->outputs, c->noutputs);

	*o = (struct output){ .kind = kind };
	return o;
}

void
outputs_drop(struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		output_release(&c->outputs[i]);
	free(c->outputs);
	tail_free(c->tail);
	c->outputs = NULL;
	c->tail = NULL;
	c->noutputs = c->nheld = 0;
	c->held = 0;
}

static void
add_text(struct record_cell *c, enum stream stream, struct slice bytes,
	 const struct author *who, bool omit)
{
	struct output *o = c->noutputs ? &c->outputs[c->noutputs - 1] : NULL;

	if (!o || o->kind != OUT_TEXT || o->stream != stream) {
		o = record_output(c, OUT_TEXT);
		o->stream = stream;
		buf_spool(&o->bytes);
		c->nheld++;
	}
	marks_write(&o->marks, o->bytes.len, who, omit);
	buf_add_slice(&o->bytes, bytes);
	c->held += (int64_t)bytes.len;
}

static size_t
max_outputs(int64_t half)
{
	size_t n = (size_t)(half / BYTES_PER_OUTPUT);

	return n < MIN_OUTPUTS ? MIN_OUTPUTS : n;
}

static struct tail *
tail_of(const struct record *r, struct record_cell *c)
{
	int64_t half = r->output_limit / 2;

	if (!c->tail)
		c->tail = tail_new(r->output_limit - half, max_outputs(half));
	return c->tail;
}

/* How many more bytes the first half takes. */
static size_t
head_room(const struct record *r, const struct record_cell *c)
{
	int64_t half = r->output_limit / 2;

	if (!r->output_limit)
		return SIZE_MAX;
	if (c->tail || c->held >= half || c->nheld >= max_outputs(half))
		return 0;
	return (size_t)(half - c->held);
}

/* Past the limit, writes are no longer told apart; their text is kept. */
static bool
count_write(struct record_cell *c, const struct author *who)
{
	if (!who)
		return false;
	c->timeline = true;
	if (c->writes == MAX_WRITES) {
		c->writes_omitted++;
		return true;
	}
	c->writes++;
	return false;
}

void
outputs_text(struct record *r, struct record_cell *c, enum stream stream,
	     struct slice bytes, const struct author *who)
{
	size_t room = head_room(r, c);
	size_t n = bytes.len < room ? bytes.len : room;
	bool omit = count_write(c, who);

	c->output_bytes += (int64_t)bytes.len;
	if (n)
		add_text(c, stream, (struct slice){ bytes.at, n }, who, omit);
	if (bytes.len > n)
		tail_add_text(tail_of(r, c), stream,
			      (struct slice){ bytes.at + n, bytes.len - n },
			      who, omit);
}

void
outputs_display(struct record *r, struct record_cell *c, const char *mime,
		struct slice bytes)
{
	struct output *o;

	c->output_bytes += (int64_t)bytes.len;
	if (bytes.len > head_room(r, c) || head_room(r, c) == 0) {
		tail_add_display(tail_of(r, c), mime, bytes);
		return;
	}
	o = record_output(c, OUT_DISPLAY);
	o->mime = mem_strdup(mime);
	buf_add_slice(&o->bytes, bytes);
	c->held += (int64_t)bytes.len;
	c->nheld++;
}

/* The first half was cut at a byte; let it end with a whole character. */
static int64_t
drop_half_character(struct record_cell *c)
{
	struct output *o = c->noutputs ? &c->outputs[c->noutputs - 1] : NULL;
	size_t half;

	if (!o || o->kind != OUT_TEXT || !o->bytes.len)
		return 0;
	half = utf8_incomplete_tail(o->bytes.data, o->bytes.len);
	o->bytes.len -= half;
	o->bytes.data[o->bytes.len] = '\0';
	return (int64_t)half;
}

static bool
ends_line(const struct record_cell *c)
{
	const struct output *o;

	if (!c->noutputs)
		return true;
	o = &c->outputs[c->noutputs - 1];
	return o->kind != OUT_TEXT || !o->bytes.len ||
	       o->bytes.data[o->bytes.len - 1] == '\n';
}

/* The words between the two halves, an output of its own. */
static void
add_marker(struct record_cell *c, int64_t dropped)
{
	bool at_start = ends_line(c);
	struct output *o = record_output(c, OUT_TEXT);

	o->stream = STREAM_STDERR;
	buf_addf(&o->bytes,
		 "%s[cnb: %lld bytes of output are left out here; "
		 "--output-limit sets how much is kept]\n",
		 at_start ? "" : "\n", (long long)dropped);
}

static void
add_piece_text(struct record_cell *c, const struct output *piece)
{
	const struct marks *m = &piece->marks;
	struct slice text = buf_slice(&piece->bytes);

	if (!m->count)
		add_text(c, piece->stream, text, NULL, false);
	for (size_t i = 0; i < m->count; i++) {
		size_t at = m->all[i].at, end = marks_end(m, i, text.len);

		add_text(c, piece->stream,
			 (struct slice){ text.at + at, end - at },
			 &m->all[i].who, m->all[i].omitted);
	}
}

static void
add_piece(struct record_cell *c, struct output *piece)
{
	if (piece->kind == OUT_TEXT) {
		add_piece_text(c, piece);
		output_release(piece);
		return;
	}
	*mem_push(c->outputs, c->noutputs) = *piece;
}

void
outputs_dropped(struct record_cell *c, int64_t bytes)
{
	if (__builtin_add_overflow(c->end.output_dropped, bytes,
				   &c->end.output_dropped))
		c->end.output_dropped = INT64_MAX;
}

void
outputs_settle(struct record_cell *c)
{
	int64_t dropped = 0;
	struct output piece;
	bool more;

	c->held = 0;
	c->nheld = 0;
	if (!c->tail)
		return;
	more = tail_take(c->tail, &piece);
	dropped = tail_dropped(c->tail);
	if (dropped) {
		dropped += drop_half_character(c);
		add_marker(c, dropped);
		outputs_dropped(c, dropped);
		/* the marker stays apart from what stderr says next */
		if (more && piece.kind == OUT_TEXT) {
			struct output *o = record_output(c, OUT_TEXT);

			o->stream = piece.stream;
			buf_spool(&o->bytes);
		}
	}
	for (; more; more = tail_take(c->tail, &piece))
		add_piece(c, &piece);
	tail_free(c->tail);
	c->tail = NULL;
	c->held = 0;
	c->nheld = 0;
}
