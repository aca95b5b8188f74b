/* merge.c: several records, one document. Floor 6. */
#include "cli/merge.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "format/record_read.h"

int
merge_check(size_t count, const char *output, int *format, bool each,
	    struct err *e)
{
	enum format of;

	if (!each && (count < 2 || (!output && *format < 0)))
		return 0;
	if (each && *format < 0)
		return err_input(e,
				 "say with --to in which format '%s' gets its "
				 "files",
				 output);
	if (*format < 0 && !strcmp(output, "-"))
		*format = FORMAT_IPYNB;
	if (*format < 0) {
		if (format_of_path(output, &of, e) < 0)
			return -1;
		*format = (int)of;
	}
	if (!each && !format_merges((enum format) * format))
		return err_input(e,
				 "%s takes one notebook, not %zu; with -o DIR "
				 "each gets its own file, and junit merges "
				 "them",
				 format_names[*format], count);
	return 0;
}

int
merge_write(const struct strs *paths, const struct buf *reports,
	    const char *output, enum format format)
{
	struct record *all = mem_alloc(paths->count, sizeof *all);
	struct notebook *nbs = mem_alloc(paths->count, sizeof *nbs);
	const struct record **records =
		mem_alloc(paths->count, sizeof *records);
	struct buf out = { 0 };
	size_t n = 0;
	struct err e;
	int rc = 0, status;

	for (size_t i = 0; i < paths->count && rc == 0; i++) {
		if (!reports[i].len)
			continue;
		rc = record_read(&all[n], &nbs[n], paths->at[i],
				 buf_slice(&reports[i]), &e);
		/* Of several with one name, this tells which it is. */
		if (rc == 0)
			nbs[n].path = paths->at[i];
		records[n] = &all[n];
		n++;
	}
	if (rc == 0)
		rc = document_write(&out, format, records, n,
				    (struct nbformat_save){ 0 }, &e);
	status =
		rc < 0 ? command_fail(&e)
		       : command_output(output ? output : "-", buf_slice(&out));
	while (n) {
		record_release(&all[--n]);
		notebook_release(&nbs[n]);
	}
	buf_release(&out);
	free(records);
	free(nbs);
	free(all);
	return status;
}
