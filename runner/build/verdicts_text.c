/* verdicts_text.c: decisions about a cell as lines of text, and back. Floor 2.
 */
#include "build/verdicts.h"

#include <stdio.h>
#include <string.h>
#include "build/headers.h"

static const char lift_letters[] = {
	[LIFT_NONE] = '-',
	[LIFT_ASSIGN] = 'A',
	[LIFT_SIZED] = 'S',
	[LIFT_ZERO] = 'Z',
	[LIFT_BARE] = 'B',
	[LIFT_LOCAL] = 'L',
	'\0',
};

void
verdicts_write(struct buf *out, const struct unit_cell *c, size_t i)
{
	if (c->left_out)
		buf_addf(out, "X %zu 0\n", i);
	if (c->promote)
		buf_addf(out, "P %zu 0\n", i);
	if (c->one_run)
		buf_addf(out, "R %zu 0\n", i);
	for (size_t d = 0; d < c->split.ndeclarators; d++)
		if (c->lifts[d])
			buf_addf(out, "%c %zu %zu\n", lift_letters[c->lifts[d]],
				 i, d);
	for (size_t k = 0; k < c->split.count; k++)
		if (c->functions[k])
			buf_addf(out, "F %zu %zu\n", i, k);
	for (size_t k = 0; k < c->split.count; k++)
		if (c->split.items[k].made_statement)
			buf_addf(out, "E %zu %zu\n", i, k);
	for (size_t h = 0; h < c->headers.count; h++)
		buf_addf(out, "H %zu %zu\n", i,
			 header_number(c->headers.at[h]));
	for (size_t h = 0; h < c->hidden.count; h++)
		buf_addf(out, "N %zu %zu\n", i,
			 header_name_number(c->hidden.at[h]));
}

static void
add_once(struct strs *list, const char *text)
{
	if (!strs_has(list, text))
		strs_add(list, text);
}

bool
verdicts_read(char **at, struct unit_cell *cells, size_t count)
{
	char what, *newline = strchr(*at, '\n');
	size_t i, n;
	struct unit_cell *c;
	struct slice name;

	if (!newline || sscanf(*at, "%c %zu %zu", &what, &i, &n) != 3 ||
	    i >= count)
		return false;
	c = &cells[i];
	*at = newline + 1;
	if (what == 'X')
		c->left_out = true;
	else if (what == 'P')
		c->promote = true;
	else if (what == 'R')
		c->one_run = true;
	else if (strchr(lift_letters + 1, what) && n < c->split.ndeclarators)
		c->lifts[n] = (unsigned char)(strchr(lift_letters, what) -
					      lift_letters);
	else if (what == 'F' && n < c->split.count)
		c->functions[n] = true;
	else if (what == 'E' && n < c->split.count &&
		 (c->split.items[n].maybe_statement ||
		  c->split.items[n].made_statement))
		split_make_statement(&c->split, n);
	else if (what == 'H' && header_numbered(n))
		/* as it was decided, also where a cell above got it later */
		add_once(&c->headers, header_numbered(n));
	else if (what == 'N' && (name = header_name_numbered(n)).len)
		strs_addn(&c->hidden, name.at, name.len);
	else
		return false;
	return true;
}
