/* The lexer and the list of tokens: what is a token, and what pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "build/tokens.h"

static const char letters[] = {
	[TOK_END] = '.',     [TOK_IDENT] = 'i',	    [TOK_NUMBER] = 'n',
	[TOK_STRING] = 's',  [TOK_CHAR] = 'c',	    [TOK_PUNCT] = 'p',
	[TOK_COMMENT] = '/', [TOK_DIRECTIVE] = '#', [TOK_SPACE] = '_',
	[TOK_OTHER] = 'o',
};

/* The kinds as letters, `!` behind one that is left open; checks on the way
 * that nothing of the text is lost. */
static const char *
kinds_of(struct slice text)
{
	static char kinds[200];
	struct buf again = { 0 };
	struct lexer l;
	struct token t;
	size_t n = 0;

	lexer_init(&l, text);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		assert_true(t.len > 0);
		assert_true(n < sizeof kinds - 3);
		assert_int_equal(t.at, again.len);
		buf_add_slice(&again, token_text(text, t));
		kinds[n++] = letters[t.kind];
		if (t.unclosed)
			kinds[n++] = '!';
	}
	kinds[n] = '\0';
	assert_true(slice_equal(buf_slice(&again), text));
	assert_int_equal(lexer_next(&l).kind, TOK_END);
	assert_int_equal(lexer_next(&l).len, 0);
	buf_release(&again);
	return kinds;
}

#define check(kinds, text) assert_string_equal(kinds_of(slice_of(text)), kinds)

static void
test_words_numbers_and_operators_are_cut_longest_first(void **state)
{
	(void)state;
	check("", "");
	check("i_i_p_np", "int x = 5;");
	check("ipi", "a>>=b");
	check("ipppi", "a+++++b");
	check("ipipi", "a->b...c");
}

static void
test_numbers_are_preprocessing_numbers(void **state)
{
	(void)state;
	check("n", "1.e+5uL");
	check("n", "0x1p-3");
	check("n", ".5f");
	check("n", "1'000'000");
	check("npn", "1-2");
	check("pn", "..1");
	check("nc", "1'+'");
}

static void
test_literals_keep_their_prefix(void **state)
{
	(void)state;
	check("s", "\"a\\\"b\"");
	check("s_s_s_s", "L\"a\" u8\"b\" u\"c\" U\"d\"");
	check("c_c", "'{' L'\\''");
	check("is", "x\"a\"");
	check("i_s", "L \"a\"");
}

static void
test_raw_string_ends_at_its_own_delimiter(void **state)
{
	(void)state;
	check("sp", "R\"(a \" { \n )\";");
	check("sp", "u8R\"x(a)\" )y\" )x\";");
	check("s!", "R\"x(a)\";");
	check("isp", "R\"%d\";");
}

static void
test_open_literal_ends_with_its_line(void **state)
{
	(void)state;
	check("s!_i", "\"abc\nx");
	check("c!_i", "'abc\r\nx");
	check("s!", "\"abc\\");
	check("s", "\"abc\\\ndef\"");
}

static void
test_comments_hide_everything(void **state)
{
	(void)state;
	check("/i", "/* \" ' // \n*/x");
	check("/_i", "// don't { \"\nx");
	check("/_i", "// goes \\\n on\nx");
	check("/!", "/* never * / ends");
	check("ipi", "a/b");
	check("/", "/\\\n* x *\\\n/");
}

static void
test_directive_is_its_whole_line(void **state)
{
	(void)state;
	check("#_i", "#define A \\\n 1 { \" \nx");
	check("_#_i", " # /* a \n b */ if 1 // c\nx");
	check("/#", "/* */#error don't");
	check("i_p_i", "a # b");
	check("#_i", "#define S \"/*\"\nx");
	check("#", "%:define X");
	check("#_i", "#if 1\r\nx");
}

static void
test_splices_do_not_part_a_token(void **state)
{
	struct slice text = slice_of("ma\\\nin ma\\  \r\nin");
	struct lexer l;
	struct token t;

	(void)state;
	lexer_init(&l, text);
	t = lexer_next_code(&l);
	assert_true(token_is(text, t, "main"));
	assert_int_equal(t.line, 1);
	t = lexer_next_code(&l);
	assert_true(token_is(text, t, "main"));
	assert_int_equal(t.line, 2);
	assert_int_equal(lexer_next_code(&l).kind, TOK_END);
	assert_int_equal(l.line, 3);
	check("ip_", "a+\\\n");
	check("i_i", "a\\\n b");
	check("p", "+\\\n+");
}

static void
test_digraph_is_what_it_stands_for(void **state)
{
	struct slice text = slice_of("<% %> <: :>");
	const char *means[] = { "{", "}", "[", "]" };
	struct lexer l;

	(void)state;
	lexer_init(&l, text);
	for (size_t i = 0; i < countof(means); i++)
		assert_true(token_is(text, lexer_next_code(&l), means[i]));
}

static void
test_every_kind_of_line_end_counts_once(void **state)
{
	struct lexer l;

	(void)state;
	lexer_init(&l, slice_of("a\nb\r\nc\rd"));
	for (int line = 1; line <= 4; line++)
		assert_int_equal(lexer_next_code(&l).line, line);
}

static void
test_letters_beyond_ascii_and_dollar_are_letters(void **state)
{
	(void)state;
	check("i_i_i", "caf\xc3\xa9 $x \\u00e9a");
	check("o_o_o", "@ ` \\");
	assert_string_equal(kinds_of((struct slice){ "a\0b", 3 }), "i_i");
}

static void
pairs(const char *text, const char *expect)
{
	struct tokens ts;
	struct buf got = { 0 };

	tokens_read(&ts, slice_of(text));
	for (size_t i = 0; i < ts.count; i++)
		if (tokens_opens(&ts, i))
			buf_addf(&got, "%zu-%d ", i,
				 ts.match[i] == TOKEN_NONE ? -1
							   : (int)ts.match[i]);
	assert_string_equal(buf_str(&got), expect);
	buf_release(&got);
	tokens_release(&ts);
}

static void
test_brackets_find_their_partner(void **state)
{
	(void)state;
	pairs("f(a[1]){;}", "1-6 3-5 7-9 ");
	pairs("( [ )", "0--1 1--1 ");
	pairs("{ ( }", "0-2 1--1 ");
	pairs(") } ] (", "3--1 ");
	pairs("'{' \"{\" /* { */ {", "2--1 ");
}

static void
test_branches_share_a_brace(void **state)
{
	(void)state;
	/* #ifdef { #else { #endif } : both openers have the one closer */
	pairs("#ifdef A\n{\n#else\n{\n#endif\n}", "1-5 3-5 ");
	/* { #ifdef } #else } #endif { } */
	pairs("{\n#ifdef A\n}\n#else\n}\n#endif\n{}", "0-4 6-7 ");
}

static void
test_what_if_0_takes_out_is_not_there(void **state)
{
	(void)state;
	pairs("#if 0\ndon't { (\n#if X\n{\n#endif\n#else\n{}\n#endif", "2-3 ");
	pairs("#if 1\n{\n#else\n{\n#endif\n}", "1-4 ");
	pairs("{\n#if 1\n}\n#else\n}}\n#endif\n{}", "0-2 5-6 ");
	pairs("#if 0 || X\n{}\n#endif", "1-2 ");
	pairs("#ifdef __cplusplus\nextern \"C\" {\n#endif\n{}", "2-3 ");
	pairs("#if defined(__cplusplus)\n{\n#else\n{}\n#endif", "2-3 ");
	pairs("#ifndef __cplusplus\n{}\n#else\n{\n#endif\n", "1-2 ");
	pairs("#if !defined __cplusplus\n{}\n#else\n{\n#endif\n", "1-2 ");
	pairs("#if X\n#elif 0\n{\n#endif\n{}", "3-4 ");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(
		test_words_numbers_and_operators_are_cut_longest_first),
	cmocka_unit_test(test_numbers_are_preprocessing_numbers),
	cmocka_unit_test(test_literals_keep_their_prefix),
	cmocka_unit_test(test_raw_string_ends_at_its_own_delimiter),
	cmocka_unit_test(test_open_literal_ends_with_its_line),
	cmocka_unit_test(test_comments_hide_everything),
	cmocka_unit_test(test_directive_is_its_whole_line),
	cmocka_unit_test(test_splices_do_not_part_a_token),
	cmocka_unit_test(test_digraph_is_what_it_stands_for),
	cmocka_unit_test(test_every_kind_of_line_end_counts_once),
	cmocka_unit_test(test_letters_beyond_ascii_and_dollar_are_letters),
	cmocka_unit_test(test_brackets_find_their_partner),
	cmocka_unit_test(test_branches_share_a_brace),
	cmocka_unit_test(test_what_if_0_takes_out_is_not_there),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
