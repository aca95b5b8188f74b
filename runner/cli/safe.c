/* safe.c: other people's bytes on the user's terminal. Floor 6. It knows the
 * little of ECMA-48 that it lets pass, and shows the rest. */
#include "cli/safe.h"

#include "base/text.h"
#include "base/utf8.h"

#define ESCAPE_MAX 32 /* a longer colour sequence is none */

/* How many bytes at `at` are a colour sequence (ECMA-48 SGR: ESC [ digits and
 * separators m). 0: it is something else; -1: its end is missing. */
static int
sgr_length(const char *at, size_t len)
{
	size_t n = 1;

	if (len > 1 && at[n++] != '[')
		return 0;
	while (n < len && n < ESCAPE_MAX && at[n] &&
	       strchr("0123456789;:", at[n]))
		n++;
	if (n == ESCAPE_MAX)
		return 0;
	if (n >= len)
		return -1;
	return at[n] == 'm' ? (int)n + 1 : 0;
}

size_t
safe_cut(struct slice s)
{
	size_t from = s.len > ESCAPE_MAX ? s.len - ESCAPE_MAX : 0;

	for (size_t i = from; i < s.len; i++)
		if (s.at[i] == '\033' && sgr_length(s.at + i, s.len - i) < 0)
			return s.len - i;
	return utf8_incomplete_tail(s.at, s.len);
}

bool
safe_add(struct buf *out, struct slice s)
{
	bool colored = false;
	size_t start = 0;

	for (size_t i = 0; i < s.len;) {
		int pass = s.at[i] == '\r' || s.at[i] == '\b';

		if (s.at[i] == '\033')
			pass = sgr_length(s.at + i, s.len - i);
		if (pass <= 0) {
			i++;
			continue;
		}
		colored |= pass > 1;
		text_visible(out, s.at + start, i - start);
		buf_add(out, s.at + i, (size_t)pass);
		i += (size_t)pass;
		start = i;
	}
	text_visible(out, s.at + start, s.len - start);
	return colored;
}
