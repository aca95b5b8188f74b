/* foreign.c: forms of other kernels, told as what they are. Floor 3. The
 * compiler would stumble over their first character, and then over much else.
 */
#include "exec/foreign.h"

#include <ctype.h>
#include "base/buf.h"

/* The line in which the text begins, option lines and comments passed over. */
static struct slice
first_line(struct slice text, int *number)
{
	struct slice line = { "", 0 };

	for (*number = 1; text.len; ++*number) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) : text.len;

		line = slice_trim((struct slice){ text.at, n });
		if (line.len && !slice_starts(line, "//"))
			return line;
		text.at += n + (end != NULL);
		text.len -= n + (end != NULL);
	}
	return (struct slice){ "", 0 };
}

bool
foreign_magic(const struct cell_info *c, const struct notebook *nb,
	      struct buf *messages)
{
	int number;
	struct slice line = first_line(c->cell->source, &number);
	size_t signs = slice_starts(line, "%%") ? 2 : 1, n = signs;

	/* `%:` and `%>` are C. */
	if (line.len <= signs || line.at[0] != '%' ||
	    !isalpha((unsigned char)line.at[signs]))
		return false;
	while (n < line.len && !isspace((unsigned char)line.at[n]))
		n++;
	buf_addf(messages,
		 "%s:%s:%d:1: error: '%.*s' is not C, and no form that cnb "
		 "reads; `//| file: NAME` saves a cell's text, each `//| run: "
		 "COMMAND` runs a command, %%%%bash begins a script\n",
		 nb->name, c->name, number, (int)n, line.at);
	buf_addf(messages, "%5d | %.*s\n      | ^\n", number, (int)line.len,
		 line.at);
	return true;
}
