/* foreign.c: forms of other kernels, told as what they are. Floor 4. The
 * compiler would stumble over their first character, and then over much else.
 */
#include "exec/foreign.h"

#include <ctype.h>
#include "base/buf.h"
#include "build/source.h"

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

static struct slice
line_at(struct slice text, int number)
{
	struct slice line = { "", 0 };

	while (number-- > 0)
		line = slice_cut_line(&text);
	return line;
}

static void
add_excerpt(struct buf *messages, int number, struct slice line)
{
	buf_addf(messages, "%5d | %.*s\n      | ^\n", number, (int)line.len,
		 line.at);
}

bool
foreign_shell_line(const struct cell_info *c, const struct notebook *nb,
		   struct buf *messages)
{
	int number = 0;

	if (cell_info_is_compiled(c))
		number = source_shell_line(c->cell->source);
	if (!number)
		return false;
	buf_addf(messages,
		 "%s:%s:%d:1: error: a program has no lines for the shell: "
		 "give the command a cell of its own, above or below, or write "
		 "`//| run: COMMAND` lines, which then build and run the "
		 "program, too\n",
		 nb->name, c->name, number);
	add_excerpt(messages, number, line_at(c->cell->source, number));
	return true;
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
	add_excerpt(messages, number, line);
	return true;
}
