/* document.c: every format by one call. Floor 6. */
#include "cli/document.h"

#include "cli/csource.h"

int
document_write(struct buf *out, enum format format,
	       const struct record *const *records, size_t count,
	       struct nbformat_save how, struct err *e)
{
	if (format == FORMAT_C)
		return csource_write(out, records[0]->nb, e);
	return format_write(out, format, records, count, how, e);
}
