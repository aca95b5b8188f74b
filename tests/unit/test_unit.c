/* What is written of a cell for the compiler: in the places that the compiler
 * is to speak of, and no longer than it must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "build/diag.h"
#include "build/unit.h"

/* A cell's unit, with its declarators so. */
static void
write_unit(struct buf *out, struct slice text, enum lift lift)
{
	struct blocks macros = { 0 };
	struct unit_cell c;

	unit_cell_init(&c, "cell", "x.ipynb:cell", text, &macros);
	for (size_t i = 0; i < c.split.ndeclarators; i++)
		c.lifts[i] = (unsigned char)lift;
	unit_write(out, &c, 1);
	unit_cell_release(&c);
	blocks_release(&macros);
}

/* Where a word stands first, as a compiler says it. */
static void
place_in(struct slice text, const char *word, int *line, int *column)
{
	const char *at = memmem(text.at, text.len, word, strlen(word));
	const char *start = at;

	assert_non_null(at);
	while (start > text.at && start[-1] != '\n')
		start--;
	*line = 1 + lexer_count_lines((struct slice){
			    text.at, (size_t)(start - text.at) });
	*column = 1 + (int)(at - start);
}

static void
place_in_unit(const struct buf *unit, const char *word, int *line, int *column)
{
	static const char directive[] = "#line ";
	struct slice text = buf_slice(unit), before;
	const char *found = NULL;
	int physical, from;

	place_in(text, word, &physical, column);
	before = (struct slice){
		text.at, (size_t)((const char *)memmem(text.at, text.len, word,
						       strlen(word)) -
				  text.at)
	};
	for (const char *p = before.at;
	     (p = memmem(p, (size_t)(before.at + before.len - p), directive,
			 strlen(directive)));
	     p++)
		found = p;
	assert_non_null(found);
	assert_non_null(strstr(found, "\"x.ipynb:cell\"\n"));
	from = 1 + lexer_count_lines((struct slice){
			   text.at, (size_t)(found - text.at) });
	*line = atoi(found + strlen(directive)) + physical - from - 1;
}

static void
test_the_compiler_speaks_of_the_places_in_the_cell(void **state)
{
	static const char text[] =
		"int v1; v2(); /* c */ v3 = 1;\tv4++; return; v5++;\n"
		"\tif (v6)\n\t\tv7--; v8--; int v9 = 3; static int w1 = 2; "
		"w2;\n"
		"#define VV_1 1\n v_a(); v_b();; v_c() \\\n; v_d();\n"
		"struct s { int w3; } w4, w5; int w6(void) { return w7; } w8";
	static const char *const words[] = { "v1", "v2",   "v3",  "v4",	 "v5",
					     "v6", "v7",   "v8",  "v9",	 "w1",
					     "w2", "w3",   "w4",  "w6",	 "w7",
					     "w8", "VV_1", "v_a", "v_b", "v_c",
					     "v_d" };
	struct buf out = { 0 };

	(void)state;
	write_unit(&out, slice_of(text), LIFT_NONE);
	for (size_t i = 0; i < countof(words); i++) {
		int line, column, line_there, column_there;

		place_in(slice_of(text), words[i], &line, &column);
		place_in_unit(&out, words[i], &line_there, &column_there);
		if (line != line_there || column != column_there)
			fail_msg("%s: %d:%d, not %d:%d, in\n%s", words[i],
				 line_there, column_there, line, column,
				 buf_str(&out));
	}
	buf_release(&out);
}

#define MANY 5000

/* That many parts, all of them in one line; # is the number. */
static void
a_line_of(struct buf *text, const char *part)
{
	buf_add_str(text, "int x; ");
	for (int i = 0; i < MANY; i++)
		for (const char *p = part; *p; p++)
			if (*p == '#')
				buf_addf(text, "%d", i);
			else
				buf_add_byte(text, *p);
}

static void
test_a_long_line_costs_what_it_is_long(void **state)
{
	static const char *const parts[] = { "x++; ", "int y# = 1; ", "{ x; } ",
					     "int f#() { } " };

	(void)state;
	for (size_t i = 0; i < countof(parts); i++) {
		struct buf text = { 0 }, out = { 0 }, front = { 0 };

		a_line_of(&text, parts[i]);
		unit_write_front(&front, NULL, 0);
		write_unit(&out, buf_slice(&text), LIFT_NONE);
		assert_true(out.len < front.len + 4 * text.len);
		buf_release(&text);
		buf_release(&out);
		buf_release(&front);
	}
}

/* Each of them is written in two places. */
static void
test_a_long_line_of_what_is_lifted_costs_what_a_column_may(void **state)
{
	struct buf text = { 0 }, out = { 0 };

	(void)state;
	a_line_of(&text, "int y# = x + 10000000000000000000000; ");
	write_unit(&out, buf_slice(&text), LIFT_ASSIGN);
	assert_true(out.len < MANY * (3 * DIAG_COLUMNS + 1000));
	buf_release(&text);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_compiler_speaks_of_the_places_in_the_cell),
		cmocka_unit_test(test_a_long_line_costs_what_it_is_long),
		cmocka_unit_test(
			test_a_long_line_of_what_is_lifted_costs_what_a_column_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
