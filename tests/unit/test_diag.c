/* test_diag.c: compilers' and linkers' messages are read and drawn again. The
 * samples were written by gcc 12, clang 14, tcc 0.9.27, bfd, gold and lld. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "build/diag.h"
#include "build/headers.h"

#define LABEL "x.ipynb:join"

/* What `output` about `text` becomes; to be free()d. */
static char *
drawn(const char *text, const char *output)
{
	struct diag_source source = { LABEL, NULL, slice_of(text) };
	struct diag_context c = { &source, 1, "/home/u/nb" };
	struct diags d = { 0 };
	struct buf out = { 0 };

	diags_parse(&d, &c, slice_of(output));
	diags_render(&out, &d);
	diags_release(&d);
	return buf_take(&out);
}

static void
becomes(const char *text, const char *output, const char *want)
{
	char *got = drawn(text, output);

	assert_string_equal(got, want);
	free(got);
}

static void
test_a_message_gets_excerpt_and_caret(void **state)
{
	(void)state;
	becomes("int f(void)\n{\n  return x;\n}\n",
		LABEL ": In function \xe2\x80\x98"
		      "f\xe2\x80\x99:\n" LABEL
		      ":3:10: error: \xe2\x80\x98x\xe2\x80\x99 undeclared\n",
		LABEL ": In function 'f':\n" LABEL
		      ":3:10: error: 'x' undeclared\n"
		      "    3 |   return x;\n"
		      "      |          ^\n");
}

static void
test_tabs_stay_tabs_and_wide_characters_count_twice(void **state)
{
	(void)state;
	becomes("\tint \xc3\xa9 = 1;\tx;\n", LABEL ":1:14: error: x\n",
		LABEL ":1:14: error: x\n"
		      "    1 | \tint \xc3\xa9 = 1;\tx;\n"
		      "      | \t          \t^\n");
	becomes("\"\xe4\xb8\x96\" x;\n", LABEL ":1:7: error: x\n",
		LABEL ":1:7: error: x\n"
		      "    1 | \"\xe4\xb8\x96\" x;\n"
		      "      |      ^\n");
}

static void
test_the_compilers_own_excerpt_is_replaced(void **state)
{
	static const char want[] =
		LABEL ":2:9: error: expected ';' after return statement\n"
		      "    2 | \treturn 0\n"
		      "      | \t       ^\n" LABEL ":1:5: note: here\n"
		      "    1 | int main(void) {\n"
		      "      |     ^\n";
	static const char text[] = "int main(void) {\n\treturn 0\n}\n";

	(void)state;
	/* clang, tabs as blanks, with what it would insert */
	becomes(text,
		LABEL ":2:9: error: expected ';' after return statement\n"
		      "        return 0\n"
		      "                ^\n"
		      "                ;\n" LABEL ":1:5: note: here\n"
		      "int main(void) {\n"
		      "    ^~~~\n"
		      "1 warning and 1 error generated.\n",
		want);
	/* gcc, where it finds the file */
	becomes(text,
		LABEL ":2:9: error: expected ';' after return statement\n"
		      "    2 |  return 0\n"
		      "      |         ^\n"
		      "      |         ;\n" LABEL ":1:5: note: here\n"
		      "    1 | int main(void) {\n"
		      "      |     ^~~~\n",
		want);
}

static void
test_tcc_has_no_columns(void **state)
{
	(void)state;
	becomes("int a;\nfoo;\n", LABEL ":2: error: 'foo' undeclared\n",
		LABEL ":2: error: 'foo' undeclared\n    2 | foo;\n");
}

/* gcc tells none there, and what is written of a long line has others. */
static void
test_a_column_far_out_is_told_by_nobody(void **state)
{
	char *far = drawn("int a;\n", LABEL ":1:4096: error: x\n");

	(void)state;
	assert_non_null(strstr(far, LABEL ":1:4096: error: x\n"));
	free(far);
	becomes("int a;\n", LABEL ":1:4097: error: x\n",
		LABEL ":1: error: x\n    1 | int a;\n");
}

/* Errors and warnings have a limit each: an error behind many warnings is one
 * to act on. */
static void
test_of_too_many_messages_the_first_are_taken(void **state)
{
	struct diag_source source = { LABEL, NULL, { "x\n", 2 } };
	struct diag_context c = { &source, 1, NULL };
	struct diags d = { 0 };
	struct buf output = { 0 };

	(void)state;
	for (int i = 0; i < 3 * DIAG_MOST; i++)
		buf_addf(&output, LABEL ":1:1: warning: w%d\nx\n^\n", i);
	buf_add_str(&output, "elsewhere.h:7:1: error: one\n  seven\n  ^\n");
	for (int i = 0; i < 2 * DIAG_MOST; i++)
		buf_addf(&output, LABEL ":1:1: error: e%d\n", i);
	diags_parse(&d, &c, buf_slice(&output));
	assert_int_equal(diags_errors(&d), DIAG_MOST + 1);
	assert_string_equal(d.at[DIAG_MOST - 1].text, "w999");
	assert_string_equal(d.at[DIAG_MOST].text, "one");
	assert_string_equal(d.at[DIAG_MOST + 1].text, "  seven");
	assert_string_equal(d.at[DIAG_MOST + 3].text, "e0");
	assert_int_equal(d.count, 2 * DIAG_MOST + 4);
	assert_string_equal(d.at[d.count - 1].text,
			    "3000 more messages were left out");
	diags_release(&d);
	buf_release(&output);
}

static void
test_messages_about_headers_stay_as_they_are(void **state)
{
	static const char output[] = "In file included from " LABEL ":1:\n"
				     "h/bad.h:1:6: error: expected ')'\n"
				     "    1 | int x(\n"
				     "      |      ^\n"
				     "compilation terminated.\n";

	(void)state;
	becomes("#include \"bad.h\"\n", output, output);
}

static void
test_linker_messages_get_label_and_excerpt(void **state)
{
	static const char text[] = "int f(void);\nint main(void)\n{\n"
				   "\treturn f();\n}\n";

	(void)state;
	/* bfd; the second of one function has the linker in front */
	becomes(text,
		"/usr/bin/ld: /tmp/ccYy8XWR.o: in function `main':\n"
		"/home/u/nb/" LABEL ":4: undefined reference to `f'\n"
		"/usr/bin/ld: /home/u/nb/" LABEL ":4: undefined reference to "
		"`g'\n"
		"collect2: error: ld returned 1 exit status\n",
		"/usr/bin/ld: " LABEL ": in function `main':\n" LABEL
		":4: error: undefined reference to `f'\n"
		"    4 | \treturn f();\n" LABEL
		":4: error: undefined reference to `g'\n"
		"    4 | \treturn f();\n"
		"collect2: error: ld returned 1 exit status\n");
	/* gold */
	becomes(text,
		"/home/u/nb/" LABEL ":4: error: undefined reference to 'f'\n",
		LABEL ":4: error: undefined reference to 'f'\n"
		      "    4 | \treturn f();\n");
	/* lld */
	becomes(text,
		"ld.lld: error: undefined symbol: f\n"
		">>> referenced by " LABEL ":4 (/home/u/nb/" LABEL ":4)\n"
		">>>               /tmp/--21ea4d.o:(main)\n",
		"ld.lld: error: undefined symbol: f\n"
		">>> referenced by " LABEL ":4 (" LABEL ":4)\n"
		">>>               " LABEL ":(main)\n");
}

static void
test_places_are_parsed(void **state)
{
	struct diag_source sources[] = {
		{ "x.ipynb:3", "shown", slice_of("a\nb\n") },
		{ "x.ipynb:4", NULL, slice_of("c\n") },
	};
	struct diag_context c = { sources, 2, NULL };
	struct diags d = { 0 };

	(void)state;
	diags_parse(&d, &c,
		    slice_of("x.ipynb:3:2:7: warning: one\n"
			     "x.ipynb:3:2: error: two: note: inner\n"
			     "x.ipynb:4:1:1: fatal error: three\n"
			     "a b.h:9:8: note: four\n"
			     "tcc: error: undefined symbol 'f'\n"));
	assert_int_equal(d.count, 5);
	assert_ptr_equal(d.at[0].source, &sources[0]);
	assert_string_equal(d.at[0].file, "shown");
	assert_int_equal(d.at[0].severity, DIAG_WARNING);
	assert_int_equal(d.at[0].line, 2);
	assert_int_equal(d.at[0].column, 7);
	/* a label that ends in a number, no column */
	assert_ptr_equal(d.at[1].source, &sources[0]);
	assert_int_equal(d.at[1].line, 2);
	assert_int_equal(d.at[1].column, 0);
	assert_string_equal(d.at[1].text, "two: note: inner");
	assert_int_equal(d.at[2].severity, DIAG_FATAL);
	assert_ptr_equal(d.at[2].source, &sources[1]);
	assert_null(d.at[3].source);
	assert_string_equal(d.at[3].file, "a b.h");
	assert_int_equal(d.at[4].severity, DIAG_PLAIN);
	assert_int_equal(diags_errors(&d), 2);
	diags_release(&d);
}

static void
test_places_beyond_the_text_draw_nothing_wrong(void **state)
{
	(void)state;
	becomes("int x;\n", LABEL ":7:1: error: far\n",
		LABEL ":7:1: error: far\n");
	becomes("int x;\n", LABEL ":1:99: error: far\n",
		LABEL ":1:99: error: far\n"
		      "    1 | int x;\n"
		      "      |       ^\n");
	becomes("int x;", "", "");
	becomes("", "\n\n", "\n\n");
	becomes("x\n", LABEL ":0:0: error: e\n", LABEL ":0:0: error: e\n");
}

static void
test_control_characters_are_made_visible(void **state)
{
	(void)state;
	becomes("\"\x1b[31m\" x\r\n", LABEL ":1:9: error: say \x1b[31m\r\n",
		LABEL ":1:9: error: say \\x1b[31m\n"
		      "    1 | \"\\x1b[31m\" x\n"
		      "      |            ^\n");
}

static void
test_a_long_line_is_shown_around_the_column(void **state)
{
	char text[1202], *got;
	const char *excerpt, *caret;

	(void)state;
	memset(text, 'a', sizeof text);
	text[700] = 'B';
	text[1200] = '\n';
	text[1201] = '\0';
	got = drawn(text, LABEL ":1:701: error: long\n");
	excerpt = strstr(got, "    1 | ...");
	assert_non_null(excerpt);
	assert_true(strlen(got) < 600);
	caret = strchr(excerpt, '^');
	assert_non_null(caret);
	/* the caret stands as far into its line as B into the other */
	assert_int_equal(caret - strstr(excerpt, "      | "),
			 strchr(excerpt, 'B') - excerpt);
	free(got);
}

/* What a compiler quotes may be anything. */
static void
test_only_whole_names_lead_to_a_header(void **state)
{
	static const char *const none[] = {
		"",	   " ",
		"  ",	   " printf",
		"printf ", "printf fprintf",
		"rint",	   "mkdtemp realpath ",
	};

	(void)state;
	assert_string_equal(header_of("printf", 6), "stdio.h");
	assert_string_equal(header_of("realpath", 8), "stdlib.h");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		assert_null(header_of(none[i], strlen(none[i])));
		assert_int_equal(
			header_name_numbered(header_name_number(none[i])).len,
			0);
	}
	assert_int_equal(
		header_name_numbered(header_name_number("realpath")).len, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_gets_excerpt_and_caret),
		cmocka_unit_test(
			test_tabs_stay_tabs_and_wide_characters_count_twice),
		cmocka_unit_test(test_the_compilers_own_excerpt_is_replaced),
		cmocka_unit_test(test_tcc_has_no_columns),
		cmocka_unit_test(test_a_column_far_out_is_told_by_nobody),
		cmocka_unit_test(test_of_too_many_messages_the_first_are_taken),
		cmocka_unit_test(test_messages_about_headers_stay_as_they_are),
		cmocka_unit_test(test_only_whole_names_lead_to_a_header),
		cmocka_unit_test(test_linker_messages_get_label_and_excerpt),
		cmocka_unit_test(test_places_are_parsed),
		cmocka_unit_test(
			test_places_beyond_the_text_draw_nothing_wrong),
		cmocka_unit_test(test_control_characters_are_made_visible),
		cmocka_unit_test(test_a_long_line_is_shown_around_the_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
