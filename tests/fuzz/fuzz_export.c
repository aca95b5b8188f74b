/* Throws bytes at the notebook reader and at all that writes what it read:
 * nothing may crash, and what is written is what documents.h says. */
#include <stdint.h>
#include <stdlib.h>
#include "cli/csource.h"
#include "cli/safe.h"
#include "documents.h"
#include "format/html_text.h"
#include "format/jsonl.h"
#include "format/md.h"
#include "screen.h"

/* The same bytes as Markdown, as a terminal's text and as C: few notebooks
 * that a fuzzer makes get that far. */
static void
write_text(struct slice text)
{
	struct tags_outline outline = { .level = 0 };
	struct ansi look = { .bold = false };
	struct buf out = { 0 };
	struct err e;

	buf_add_str(&out, "<!DOCTYPE html>\n<pre>");
	html_terminal(&out, text, &look);
	buf_add_str(&out, "</pre><div>");
	md_html(&out, text, &outline, NULL);
	buf_add_str(&out, "</div>");
	must_be_page(buf_slice(&out));
	set_release(&outline.ids);
	buf_release(&outline.title);
	buf_clear(&out);
	must(safe_cut(text) <= text.len);
	safe_add(&out, text);
	must_be_safe(buf_slice(&out));
	buf_clear(&out);
	if (csource_read(&out, "f.c", text, NULL, &e) == 0)
		must_be_notebook(buf_slice(&out));
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
		must_write_all(&r, (struct nbformat_save){ 0 });
		record_release(&r);
		nbformat_clear(&cleared, &nb);
		must_be_notebook(buf_slice(&cleared));
		buf_release(&cleared);
	}
	notebook_release(&nb);
	return 0;
}
