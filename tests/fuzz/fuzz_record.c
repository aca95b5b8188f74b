/* Throws bytes at the reader of records, which lie as they like, and at all
 * that writes what was read. */
#include <stdint.h>
#include "cli/document.h"
#include "format/record_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	const struct record *two[2];
	struct notebook nb;
	struct record r;
	struct err e;

	record_read_is(text);
	if (record_read(&r, &nb, "f.json", text, &e) == 0) {
		two[0] = two[1] = &r;
		for (int i = 0; i < FORMAT_COUNT; i++) {
			struct buf out = { 0 };

			document_write(&out, (enum format)i, two,
				       format_merges((enum format)i) ? 2 : 1,
				       (struct nbformat_save){ .timing = true },
				       &e);
			buf_release(&out);
		}
	}
	record_release(&r);
	notebook_release(&nb);
	return 0;
}
