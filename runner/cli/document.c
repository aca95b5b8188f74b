/* document.c: every format by one call. Floor 6. */
#include "cli/document.h"

#include <stdlib.h>
#include <string.h>
#include "cli/csource.h"
#include "sys/fs.h"
#include "sys/replace.h"

int
document_write(struct buf *out, enum format format,
	       const struct record *const *records, size_t count,
	       struct nbformat_save how, struct err *e)
{
	if (format == FORMAT_C)
		return csource_write(out, records[0]->nb, e);
	return format_write(out, format, records, count, how, e);
}

int
document_check(const char *output, int given, enum format *format,
	       struct err *e)
{
	char *dir;
	int rc = 0;

	if (given >= 0)
		*format = (enum format)given;
	if (!strcmp(output, "-"))
		return 0;
	if (given < 0 && format_of_path(output, format, e) < 0)
		return -1;
	dir = path_dir(output);
	if (!fs_is_dir(dir))
		rc = err_system(e, "cannot write '%s': there is no folder '%s'",
				output, dir);
	free(dir);
	return rc < 0 ? rc : replace_allowed(output, e);
}
