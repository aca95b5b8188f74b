/* The text of a shared cell cut into items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include "build/blocks.h"
#include "build/split.h"

/* Items put together are the text, byte for byte; their kinds are one letter
 * each: # directive, D declaration, F function, S statement, E expression, !
 * shell. */
static void
assert_kinds(const char *text, const char *want)
{
	static const char letters[] = {
		[ITEM_BLANK] = ' ',	  [ITEM_DIRECTIVE] = '#',
		[ITEM_DECLARATION] = 'D', [ITEM_FUNCTION] = 'F',
		[ITEM_STATEMENT] = 'S',	  [ITEM_EXPRESSION] = 'E',
		[ITEM_SHELL] = '!',
	};
	struct buf whole = { 0 }, kinds = { 0 };
	struct blocks macros = { 0 };
	struct split s;

	blocks_collect(&macros, slice_of(text));
	blocks_split(&macros, &s, slice_of(text));
	for (size_t i = 0; i < s.count; i++) {
		assert_true(s.items[i].text.at == text + whole.len);
		buf_add_slice(&whole, s.items[i].text);
		buf_add_byte(&kinds, letters[s.items[i].kind]);
	}
	assert_string_equal(buf_str(&whole), text);
	assert_string_equal(buf_str(&kinds), want);
	buf_release(&whole);
	buf_release(&kinds);
	split_release(&s);
	blocks_release(&macros);
}

static void
test_items_are_of_the_right_kind(void **state)
{
	static const struct {
		const char *text, *kinds;
	} rows[] = {
		{ "1 + 2", "E" },
		{ "int x = 5;", "D" },
		{ "x++; x", "SE" },
		{ "int sq(int n) { return n * n; } sq(2)", "FE" },
		{ "struct p { int x, y; }; struct p a = { 1, 2 };", "DD" },
		{ "for (int i = 0; i < 3; i++) puts(\"hi\");", "S" },
		{ "#define N 4\nint v[N];\nsizeof v", "#DE" },
		{ "#define L 1\nputs(\"a\");\n#if L\nputs(\"b\");\n#endif",
		  "#S#S#" },
		{ "if (a) b(); else c(); d", "SE" },
		{ "again: i++; goto again;", "SS" },
		{ "int kr(a) int a; { return a; }", "F" },
		{ "_Static_assert(1, \"\"); asm(\"nop\");", "DS" },
		{ "unsigned f(void); size_t n; foo * p;", "DDD" },
		{ "a * b", "E" },
		{ "!ls -l\nx = 1;", "!S" },
		{ "(!b)", "E" },
		{ "/* only { a comment */", " " },
		{ "char *s = \"}\"; '{'", "DE" },
		{ "switch (x) { case 1: y(); } { z(); }", "SS" },
		{ "int (*fp)(int) = sq; fp(1);", "DS" },
		{ "do x--; while (x); return 3;", "SS" },
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		assert_kinds(rows[i].text, rows[i].kinds);
}

static void
test_macros_stand_for_their_braces(void **state)
{
	(void)state;
	assert_kinds("#define BEGIN {\n#define END }\n"
		     "void g(void) BEGIN puts(\"g\"); END\ng();",
		     "##FS");
	assert_kinds("#define LOOP(n) for (int k = 0; k < (n); k++) {\n"
		     "#define POOL }\nLOOP(2) f(k); POOL",
		     "##S");
	assert_kinds("#define BEGIN {\n#undef BEGIN\nBEGIN (1);", "##S");
}

static void
test_declarators_have_their_initialisers(void **state)
{
	struct split s;
	struct buf out = { 0 };

	(void)state;
	split_read(&s,
		   slice_of("static const int a = 1, *b = f(), c[] = {2};"));
	assert_int_equal(s.count, 1);
	assert_int_equal(s.items[0].ndeclarators, 3);
	assert_true(slice_is(s.declarators[1].name, "b"));
	assert_true(slice_is(slice_trim(s.declarators[1].init), "f()"));
	assert_true(s.declarators[0].is_const);
	assert_false(s.declarators[1].is_const);
	assert_true(s.declarators[2].is_unsized);
	split_declare(&s, &s.items[0], 1, SPEC_STATIC | SPEC_CONST, &out);
	assert_string_equal(out.data, " const int * b");
	buf_release(&out);
	split_release(&s);
}

static void
test_what_is_left_open_is_marked(void **state)
{
	static const char *const texts[] = { "void f(void) {", "f(1",
					     "/* never", "char *s = \"abc" };

	(void)state;
	for (size_t i = 0; i < countof(texts); i++) {
		struct split s;
		bool open = false;

		split_read(&s, slice_of(texts[i]));
		for (size_t k = 0; k < s.count; k++)
			open |= s.items[k].unclosed;
		assert_true(open);
		split_release(&s);
	}
}

static void
test_what_names_are_decides_between_two_readings(void **state)
{
	(void)state;
	assert_kinds("int a, b; a * b; a * b", "DSE");
	assert_kinds("typedef int T; T * p; T(q); T (w)[3]; T (*f)(int);",
		     "DDDDD");
	assert_kinds("typedef int T; T * p", "DD");
	assert_kinds("typedef int T; (T) * p; sizeof(T) * p;", "DSS");
	assert_kinds("int f(int n) { return n; } f(x); f(1) * x; f(x), x;",
		     "FSSS");
	assert_kinds("typedef int T; int T; T * p;", "DDS");
	assert_kinds("int T; typedef int T; T * p;", "DDD");
	/* of what nothing is known */
	assert_kinds("U * p; g(x); a[b]; x, y;", "DSSS");
}

static void
test_a_statement_declares_nothing(void **state)
{
	struct split s;

	(void)state;
	split_read(&s, slice_of("int x; a * b; int y;"));
	assert_int_equal(s.count, 3);
	assert_true(s.items[1].maybe_statement);
	split_make_statement(&s, 1);
	assert_int_equal(s.items[1].kind, ITEM_STATEMENT);
	assert_int_equal(s.items[1].ndeclarators, 0);
	assert_int_equal(s.declarators[1].name.len, 0);
	assert_int_equal(s.items[2].ndeclarators, 1);
	split_release(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_are_of_the_right_kind),
		cmocka_unit_test(test_macros_stand_for_their_braces),
		cmocka_unit_test(test_declarators_have_their_initialisers),
		cmocka_unit_test(test_what_is_left_open_is_marked),
		cmocka_unit_test(
			test_what_names_are_decides_between_two_readings),
		cmocka_unit_test(test_a_statement_declares_nothing),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
