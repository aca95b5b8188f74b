/* Throws bytes at the reader of C files: each text is a notebook, and that one,
 * written as a C file, is read as the same notebook.
 *
 * Build and run: make fuzz. What it found worth keeping stands in
 * tests/fuzz/convert.corpus, and is replayed by the test fuzz/convert. */
#include <stdint.h>
#include <stdlib.h>
#include "cli/csource.h"
#include "format/nbformat.h"
#include "must.h"

static void
read_notebook(struct notebook *nb, const struct buf *text)
{
	struct err e;

	notebook_init(nb);
	must(nbformat_read(nb, "f.ipynb", buf_str(text), text->len, &e) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = { 0 }, source = { 0 }, second = { 0 };
	struct slice text = { (const char *)data, size };
	struct notebook nb, again;
	struct err e;

	if (csource_read(&first, "f.c", text, NULL, &e) == 0) {
		read_notebook(&nb, &first);
		if (csource_write(&source, &nb, &e) == 0) {
			must(csource_read(&second, "f.c", buf_slice(&source),
					  &nb, &e) == 0);
			read_notebook(&again, &second);
			must_have_same_cells(&nb, &again);
			notebook_release(&again);
		}
		notebook_release(&nb);
	}
	buf_release(&first);
	buf_release(&source);
	buf_release(&second);
	return 0;
}
