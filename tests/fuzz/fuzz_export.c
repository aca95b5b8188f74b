/* Throws bytes at the notebook reader and at all that writes what it read:
 * nothing may crash, and a notebook that was written is read again. */
#include <stdint.h>
#include <stdlib.h>
#include "cli/csource.h"
#include "cli/document.h"
#include "cli/safe.h"
#include "format/html_text.h"
#include "format/jsonl.h"
#include "format/md.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_read(struct slice text)
{
	struct notebook nb;
	struct err e;

	notebook_init(&nb);
	if (nbformat_read(&nb, "g.ipynb", text.at, text.len, &e) < 0)
		abort();
	notebook_release(&nb);
}

static void
write_all(const struct record *r)
{
	for (int i = 0; i < FORMAT_COUNT; i++) {
		struct buf out = { 0 };
		struct err e;
		int rc = document_write(&out, (enum format)i, &r, 1,
					(struct nbformat_save){ 0 }, &e);

		if (rc == 0 && i == FORMAT_IPYNB)
			must_read(buf_slice(&out));
		buf_release(&out);
	}
}

/* The same bytes as Markdown, as a terminal's text and as C: few notebooks
 * that a fuzzer makes get that far. */
static void
write_text(struct slice text)
{
	struct tags_outline outline = { .level = 0 };
	struct ansi look = { .bold = false };
	struct buf out = { 0 };
	struct err e;

	html_terminal(&out, text, &look);
	md_html(&out, text, &outline, NULL);
	set_release(&outline.ids);
	buf_release(&outline.title);
	safe_cut(text);
	safe_add(&out, text);
	buf_clear(&out);
	if (csource_read(&out, "f.c", text, NULL, &e) == 0)
		must_read(buf_slice(&out));
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct notebook nb;
	struct record r;
	struct err e;

	write_text(text);
	notebook_init(&nb);
	if (nbformat_read(&nb, "f.ipynb", text.at, text.len, &e) == 0) {
		struct buf cleared = { 0 };

		record_init(&r, &nb);
		nbformat_recorded(&r, &nb);
		write_all(&r);
		record_release(&r);
		nbformat_clear(&cleared, &nb);
		must_read(buf_slice(&cleared));
		buf_release(&cleared);
	}
	notebook_release(&nb);
	return 0;
}
