/* Throws bytes at the reader of C files: each text is a notebook, and that one,
 * written as a C file, is read as the same notebook. So is every notebook.
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

static void
check_there_and_back(const struct notebook *nb)
{
	struct buf source = { 0 }, text = { 0 };
	struct notebook again;
	struct err e;

	if (csource_write(&source, nb, &e) == 0) {
		must(csource_read(&text, "f.c", buf_slice(&source), nb, &e) ==
		     0);
		read_notebook(&again, &text);
		must_have_same_cells(nb, &again);
		notebook_release(&again);
	}
	buf_release(&source);
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct buf notebook = { 0 };
	struct notebook nb;
	struct err e;

	if (csource_read(&notebook, "f.c", text, NULL, &e) == 0) {
		read_notebook(&nb, &notebook);
		check_there_and_back(&nb);
		notebook_release(&nb);
	}
	buf_release(&notebook);
	notebook_init(&nb);
	if (nbformat_read(&nb, "f.ipynb", text.at, text.len, &e) == 0)
		check_there_and_back(&nb);
	notebook_release(&nb);
	return 0;
}
