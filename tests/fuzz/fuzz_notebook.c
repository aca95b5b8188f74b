/* Throws bytes at the notebook reader and at what writes a notebook back: what
 * was cleared has nothing to clear, and what was saved, whole or in the middle
 * of a run, is read again with the same cells.
 *
 * Build and run: make fuzz. What it found worth keeping stands in
 * tests/fuzz/notebook.corpus, and is replayed by the test fuzz/notebook. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "format/nbformat.h"
#include "must.h"

static void
read_again(struct notebook *nb, const struct buf *text)
{
	struct err e;

	notebook_init(nb);
	must(nbformat_read(nb, "g.ipynb", buf_str(text), text->len, &e) == 0);
}

static void
check_same_cells(const struct notebook *a, const struct notebook *b)
{
	must_have_same_cells(a, b);
	for (size_t i = 0; i < a->ncells; i++)
		must(strcmp(a->cells[i].id, b->cells[i].id) == 0);
}

static void
check_clear(const struct notebook *nb)
{
	struct buf once = { 0 }, twice = { 0 };
	struct notebook again;

	nbformat_clear(&once, nb);
	read_again(&again, &once);
	check_same_cells(nb, &again);
	nbformat_clear(&twice, &again);
	must(slice_equal(buf_slice(&once), buf_slice(&twice)));
	notebook_release(&again);
	buf_release(&once);
	buf_release(&twice);
}

/* Code cells run, are skipped, or are not reached, in turn. */
static void
run(struct record *r)
{
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];

		if (i % 3 == 2) {
			record_skip(r, (int)i + 1);
			continue;
		}
		if (i % 3 == 1)
			continue;
		c->reached = c->ended = true;
		c->end.status = STATUS_OK;
		c->end.duration_ns = 1000;
		buf_add_str(&record_output(c, OUT_TEXT)->bytes, "1\n\xff");
	}
}

static void
check_save(const struct notebook *nb, struct nbformat_save how)
{
	struct buf saved = { 0 };
	struct notebook again;
	struct record r;

	record_init(&r, nb);
	run(&r);
	nbformat_write(&saved, nb, &r, how);
	read_again(&again, &saved);
	check_same_cells(nb, &again);
	notebook_release(&again);
	record_release(&r);
	buf_release(&saved);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct notebook nb;
	struct err e;

	notebook_init(&nb);
	if (nbformat_read(&nb, "f.ipynb", (const char *)data, size, &e) == 0) {
		check_clear(&nb);
		check_save(&nb, (struct nbformat_save){ 0 });
		check_save(&nb, (struct nbformat_save){ .timing = true,
							.partial = true });
	}
	notebook_release(&nb);
	return 0;
}
