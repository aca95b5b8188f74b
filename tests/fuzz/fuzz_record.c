/* Throws bytes at the reader of records, which lie as they like, and at all
 * that writes what was read: it is what documents.h says. */
#include <stdint.h>
#include "documents.h"
#include "format/record_read.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct notebook nb;
	struct record r;
	struct err e;

	record_read_is(text);
	if (record_read(&r, &nb, "f.json", text, &e) == 0)
		must_write_all(&r, (struct nbformat_save){ .timing = true });
	record_release(&r);
	notebook_release(&nb);
	return 0;
}
