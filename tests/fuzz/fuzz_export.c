/* Throws bytes at the notebook reader and at all that writes what it read:
 * nothing may crash. */
#include <stddef.h>
#include <stdint.h>
#include "format/formats.h"
#include "format/html_text.h"
#include "format/md.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_all(const struct record *r)
{
	for (int i = 0; i < FORMAT_C; i++) {
		struct buf out = { 0 };
		struct err e;

		format_write(&out, (enum format)i, &r, 1,
			     (struct nbformat_save){ 0 }, &e);
		buf_release(&out);
	}
}

/* The same bytes as Markdown and as a terminal's text: few notebooks that a
 * fuzzer makes get that far. */
static void
write_text(struct slice text)
{
	struct tags_outline outline = { .level = 0 };
	struct ansi look = { .bold = false };
	struct buf out = { 0 };

	html_terminal(&out, text, &look);
	md_html(&out, text, &outline, NULL);
	set_release(&outline.ids);
	buf_release(&outline.title);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct notebook nb;
	struct record r;
	struct err e;

	write_text((struct slice){ (const char *)data, size });
	notebook_init(&nb);
	if (nbformat_read(&nb, "f.ipynb", (const char *)data, size, &e) == 0) {
		record_init(&r, &nb);
		nbformat_recorded(&r, &nb);
		write_all(&r);
		record_release(&r);
	}
	notebook_release(&nb);
	return 0;
}
