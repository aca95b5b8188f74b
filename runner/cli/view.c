/* view.c: the screen of `cnb watch`. Floor 6. How a cell looks is term.c's: it
 * writes to a file, from which each cell's part is taken. */
#include "cli/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"

/* ECMA-48: home, erase the screen. What has scrolled out of it is the user's.
 */
#define CLEAR "\033[H\033[2J"

int
view_init(struct view *v, struct err *e)
{
	*v = (struct view){ .screen = isatty(STDOUT_FILENO) };
	v->file = memfd_create("cnb-view", MFD_CLOEXEC);
	if (v->file < 0)
		return err_system(e, "cannot make a file in memory: %s",
				  strerror(errno));
	return 0;
}

void
view_release(struct view *v)
{
	for (size_t i = 0; i < v->nblocks; i++) {
		free(v->blocks[i].id);
		buf_release(&v->blocks[i].text);
	}
	free(v->blocks);
	free(v->failed);
	buf_release(&v->head);
	buf_release(&v->now);
	if (v->file >= 0)
		close(v->file);
}

static void
print(struct view *v, struct slice text)
{
	if (!v->failure && text.len &&
	    fs_write_reader(STDOUT_FILENO, text.at, text.len) < 0)
		v->failure = errno;
}

static struct view_block *
find_block(struct view *v, const char *id)
{
	for (size_t i = 0; i < v->nblocks; i++)
		if (!strcmp(v->blocks[i].id, id))
			return &v->blocks[i];
	return NULL;
}

static const char *
id_of(const struct view *v, int number)
{
	return notebook_code_cell(v->nb, number)->id;
}

/* Cells that are not run now, up to `number`, as they were. */
static void
print_others(struct view *v, int number)
{
	while (v->screen && ++v->printed < number) {
		const struct view_block *b =
			find_block(v, id_of(v, v->printed));

		if (b)
			print(v, buf_slice(&b->text));
	}
	v->printed = number;
}

/* Those below a cell that failed wait for it; what they printed may not be what
 * they would print now. */
static void
print_rest(struct view *v)
{
	int last = (int)v->nb->ncode;
	bool any = false;

	for (int n = v->printed + 1; n <= last && !any; n++)
		any = find_block(v, id_of(v, n)) != NULL;
	if (v->screen && v->failed && any)
		print(v, slice_of("\nnot run again yet, and so as it was:\n"));
	print_others(v, last + 1);
}

/* What the terminal sink has written since. */
static void
read_new(struct view *v, struct buf *into)
{
	char chunk[16384];
	ssize_t n;

	while ((n = pread(v->file, chunk, sizeof chunk, v->seen)) > 0) {
		buf_add(into, chunk, (size_t)n);
		v->seen += n;
	}
}

static void
begin_cell(struct view *v, int number)
{
	if (!v->begun) {
		print(v, slice_of(v->screen ? CLEAR : ""));
		print(v, buf_slice(&v->head));
	}
	v->begun = true;
	print_others(v, number);
	v->current = number;
	v->broken = false;
	buf_clear(&v->now);
}

static void
end_cell(struct view *v)
{
	const char *id = id_of(v, v->current);
	struct view_block *b = find_block(v, id);

	if (!b) {
		b = mem_push(v->blocks, v->nblocks);
		*b = (struct view_block){ .id = mem_strdup(id) };
	}
	if (v->broken && b->text.len) {
		if (v->screen)
			print(v, slice_of("\nbefore, when it compiled:\n"));
		if (v->screen)
			print(v, buf_slice(&b->text));
	} else {
		buf_clear(&b->text);
		buf_add_slice(&b->text, buf_slice(&v->now));
	}
	v->current = 0;
}

static void
note_failure(struct view *v, const struct event *ev)
{
	free(v->failed);
	v->failed = NULL;
	if (cell_status_is_bad(ev->end.status) && !ev->end.excused)
		v->failed = mem_strdup(id_of(v, ev->cell));
}

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct view *v = (struct view *)sink;
	struct buf text = { 0 };
	size_t from;

	if (ev->kind == EV_CELL_BEGIN)
		begin_cell(v, ev->cell);
	from = v->now.len;
	if (ev->kind == EV_RUN_END && v->begun)
		print_rest(v);
	if (ev->kind == EV_CELL_END) {
		v->broken = ev->end.status == STATUS_BUILD_ERROR;
		note_failure(v, ev);
	}
	v->term.sink.on_event(&v->term.sink, ev);
	if (v->current) {
		read_new(v, &v->now);
		print(v, (struct slice){ buf_str(&v->now) + from,
					 v->now.len - from });
	} else if (v->begun) {
		read_new(v, &text);
		print(v, buf_slice(&text));
	} else {
		read_new(v, &v->head);
	}
	if (ev->kind == EV_CELL_END && v->current == ev->cell)
		end_cell(v);
	buf_release(&text);
}

void
view_begin(struct view *v, const struct term_settings *how,
	   const struct notebook *nb)
{
	struct term_settings ours = *how;

	ours.fd = v->file;
	ours.screen = v->screen;
	ours.color = term_wants_color(how->color, STDOUT_FILENO) ? COLOR_ALWAYS
								 : COLOR_NEVER;
	v->sink = (struct sink){ on_event };
	v->nb = nb;
	v->begun = false;
	v->current = v->printed = 0;
	v->seen = 0;
	if (fs_truncate(v->file, 0) < 0 || lseek(v->file, 0, SEEK_SET) < 0)
		v->failure = errno;
	buf_clear(&v->head);
	buf_clear(&v->now);
	term_init(&v->term, &ours);
}

bool
view_end(struct view *v)
{
	if (!v->failure)
		v->failure = v->term.failure;
	term_release(&v->term);
	return v->begun;
}
