/* term_text.c: see term_text.h. Floor 6.
 *
 * Everything is rendered into one buffer, which is written after each event:
 * one write for what came in one read. */
#include "cli/term_text.h"

#include <errno.h>
#include <string.h>
#include "cli/paint.h"
#include "cli/safe.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/terminal.h"

/* Of a cell whose output waits for its status, so much is kept at least, less
 * what stands there before a line begins. */
#define HOLD_MAX (1u << 20)
#define LINE_SOON 4096

void
term_paint(struct term *t, const char *color)
{
	if (t->color)
		buf_add_str(&t->out, color);
}

void
term_add(struct term *t, struct slice s)
{
	if (!s.len)
		return;
	if (t->safe)
		t->sgr |= safe_add(&t->out, s);
	else
		buf_add_slice(&t->out, s);
	if (!t->holding)
		t->echoed = false;
	t->middle = s.at[s.len - 1] != '\n';
}

void
term_add_seen(struct term *t, struct slice s)
{
	if (t->safe)
		text_visible(&t->out, s.at, s.len);
	else
		buf_add_slice(&t->out, s);
}

void
term_drop_cut(struct term *t)
{
	struct buf cut = t->cut;

	buf_init(&t->cut);
	term_add(t, buf_slice(&cut));
	buf_release(&cut);
}

void
term_fresh_line(struct term *t, int speaker)
{
	term_drop_cut(t);
	/* A cell's colours end with it, whatever --color says of ours. */
	if (t->sgr)
		buf_add_str(&t->out, PLAIN);
	t->sgr = false;
	if (t->middle || (t->echoed && !t->holding))
		buf_add_byte(&t->out, '\n');
	if (!t->holding)
		t->echoed = false;
	t->middle = false;
	t->speaker = speaker;
}

/* A file written on Windows is no hostile one. */
static size_t
cr_at_end(const char *line, size_t len)
{
	return len && line[len - 1] == '\r';
}

void
term_add_lines(struct term *t, struct slice s, int indent)
{
	term_fresh_line(t, 0);
	while (s.len) {
		const char *nl = memchr(s.at, '\n', s.len);
		size_t n = nl ? (size_t)(nl - s.at) : s.len;

		if (n)
			buf_addf(&t->out, "%*s", indent, "");
		term_add_seen(t,
			      (struct slice){ s.at, n - cr_at_end(s.at, n) });
		buf_add_byte(&t->out, '\n');
		n += nl != NULL;
		s.at += n;
		s.len -= n;
	}
	t->middle = false;
}

void
term_note_echo(struct term *t)
{
	int n = t->is_terminal ? proc_endings() : 0;

	if (n > t->interruptions && !t->progress.drawn)
		t->echoed = terminal_echoes(t->how.fd);
	t->interruptions = n;
}

/* The progress line makes way for what is written, and comes back below it. */
static void
write_out(struct term *t)
{
	bool back = t->progress.drawn && !t->middle;
	struct buf all = { 0 };

	progress_erase(&t->progress, &all);
	buf_add_slice(&all, buf_slice(&t->out));
	if (back)
		progress_draw(&t->progress, &all, t->now_ns, t->color);
	if (!t->failure && fs_write_reader(t->how.fd, all.data, all.len) < 0)
		t->failure = errno;
	buf_release(&all);
}

/* Where what is kept is to begin, at or behind `at`: with a line, if one begins
 * soon, else with a character. */
static size_t
fit_to_be_first(const struct buf *out, size_t at)
{
	size_t room = out->len - at;
	const char *end = memchr(out->data + at, '\n',
				 room < LINE_SOON ? room : LINE_SOON);

	if (end)
		return (size_t)(end - out->data) + 1;
	for (int i = 0; i < 3 && (out->data[at] & 0xc0) == 0x80; i++)
		at++;
	return at;
}

void
term_flush(struct term *t)
{
	if (t->holding && t->out.len > 2 * HOLD_MAX) {
		size_t drop = fit_to_be_first(&t->out, t->out.len - HOLD_MAX);

		t->out.len -= drop;
		memmove(t->out.data, t->out.data + drop, t->out.len + 1);
		t->unheld += drop;
	}
	if (t->holding || !t->out.len)
		return;
	write_out(t);
	buf_clear(&t->out);
}
