/* What a cell is, and where a function stands in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/arena.h"
#include "build/source.h"

#define MAIN(text) assert_true(source_defines_main(slice_of(text), NULL))
#define NO_MAIN(text) assert_false(source_defines_main(slice_of(text), NULL))

static void
test_every_shape_of_main_is_a_program(void **state)
{
	(void)state;
	MAIN("int main(void) { return 0; }");
	MAIN("main() {}");
	MAIN("signed main ( )\n{\n}");
	MAIN("int main(argc, argv) char **argv; {}");
	MAIN("main(argc, argv)\nint argc;\nchar *argv[], **x;\n{}");
	MAIN("int (main)(int argc, char **argv) {}");
	MAIN("int main(void) __attribute__((cold)) {}");
	MAIN("__attribute__((noreturn)) void main(void) {}");
	MAIN("int main(void) [[x]] {}");
	MAIN("int ma\\\nin(void) <% %>");
	MAIN("int main(int argc, char *argv[static 1]) { if (");
	MAIN("struct { int x; } main(void) {}");
	MAIN("int x = 1; int f(void) { } int main(void) { }");
	MAIN("int main(void)\r\n{\r\n}\r\n");
	MAIN("int main(void)\r{\r}\r");
	MAIN("int\nmain(void) /* { */ // {\n{}");
}

static void
test_main_behind_an_if_counts(void **state)
{
	(void)state;
	MAIN("#ifdef X\nint main(void) {\n#else\nint main(int c) {\n#endif\n}");
	MAIN("void f(void) {\n#ifdef X\nif (a) {\n#else\nif (b) {\n#endif\n}}\n"
	     "int main(void) {}");
	MAIN("#if 0\n{ don't\n#endif\nint main(void) {}");
	MAIN("int main(void)\n#if X\n{\n#else\n{ f();\n#endif\n}");
	NO_MAIN("#if 0\nint main(void) {}\n#endif\nint x;");
}

static void
test_what_only_looks_like_main_is_none(void **state)
{
	(void)state;
	NO_MAIN("");
	NO_MAIN("int main(void);");
	NO_MAIN("int main(), other();");
	NO_MAIN("int main(int, char **) __attribute__((x));");
	NO_MAIN("// int main(void) {}");
	NO_MAIN("/* int main(void) {} */");
	NO_MAIN("char *s = \"int main(void) {}\";");
	NO_MAIN("char *s = R\"(\nint main(void) {}\n)\";");
	NO_MAIN("#define main foo");
	NO_MAIN("#define M int main(void) \\\n{}");
	NO_MAIN("struct x { int main; };");
	NO_MAIN("struct x { int (*main)(void); };");
	NO_MAIN("void f(void) { main(); { main() {} } }");
	NO_MAIN("int (*main)(void);");
	NO_MAIN("int (*main)(void) = f;");
	NO_MAIN("int main = 3;");
	NO_MAIN("main();");
	NO_MAIN("x = main(a); struct b { int c; };");
	NO_MAIN("main(a); int x; struct b { int c; };");
	NO_MAIN("int domain(void) {} int main_(void) {}");
	NO_MAIN("f(main) { }");
	NO_MAIN("if (main(x)) { }");
	NO_MAIN("!echo 'int main(void) {}'\nint x;");
	NO_MAIN("x = 1;\n  !int main() {}\n");
	NO_MAIN("int main(void)");
	NO_MAIN("int main(");
	NO_MAIN("'int main(void) {}\n");
}

static void
test_an_open_brace_above_does_not_hide_main(void **state)
{
	int line = 0;

	(void)state;
	assert_true(source_defines_main(
		slice_of("void f(void) { if (x) {\n}\nint main(void) {}\n"),
		&line));
	assert_int_equal(line, 3);
	MAIN("char *s = \"open;\nint main(void) {}");
	MAIN("f((;\nint main(void) {}");
	MAIN("}\nint main(void) {}");
}

/* What is looked at before tokens are must not hide any. */
static void
test_words_are_found_where_lines_are_spliced(void **state)
{
	(void)state;
	MAIN("int ma\\\nin(void) {}");
	MAIN("int ma\\ \t\r\nin(void) {}");
	NO_MAIN("puts(\"\\n\");");
	NO_MAIN("int ma\\in(void) {}");
}

static void
test_a_line_of_shell_begins_with_its_mark(void **state)
{
	(void)state;
	assert_int_equal(source_shell_line(slice_of("!ls")), 1);
	assert_int_equal(source_shell_line(slice_of("a();\n\t \v!ls")), 2);
	assert_int_equal(source_shell_line(slice_of("a();\r!ls")), 2);
	assert_int_equal(source_shell_line(slice_of("a != b;\n;\n!ls")), 3);
	assert_int_equal(source_shell_line(slice_of("\\\n!ls")), 2);
	assert_int_equal(source_shell_line(slice_of("a(); !ls")), 0);
	assert_int_equal(source_shell_line(slice_of("/**/ !ls")), 0);
	assert_int_equal(source_shell_line(slice_of("a =\n!b;")), 0);
	assert_int_equal(source_shell_line(slice_of("{\n!b;\n}")), 0);
	assert_int_equal(source_shell_line((struct slice){ "", 0 }), 0);
}

static void
function(const char *text, const char *name, const char *expect)
{
	struct slice s = source_function(slice_of(text), name);

	assert_int_equal(s.len, strlen(expect));
	assert_memory_equal(s.at, expect, s.len);
}

static void
test_function_is_found_from_its_comment_to_its_brace(void **state)
{
	static const char text[] = "#include \"cell.h\"\n"
				   "/* not this */\n"
				   "\n"
				   "/* adds */ // one\n"
				   "static int\n"
				   "add(int a) { return a + '}'; } // behind\n"
				   "struct s { int x; } *get(void)\n{ }\n"
				   "int v = 1; /* of v */\n"
				   "int knr(a)\nint a;\n{ if (a) { } }\n"
				   "int proto(void);\n";

	(void)state;
	function(text, "add",
		 "/* adds */ // one\nstatic int\nadd(int a) { return a + '}'; "
		 "}");
	function(text, "get", "struct s { int x; } *get(void)\n{ }");
	function(text, "knr", "int knr(a)\nint a;\n{ if (a) { } }");
	function(text, "proto", "");
	function(text, "v", "");
	function("int f(void) { ", "f", "int f(void) { ");
	function("int f(void); int f(void) { }", "f", "int f(void) { }");
	function("// c\nint f(void) { }", "f", "// c\nint f(void) { }");
}

static void
row(const char *text, const char *cell, const char *expect, int expect_line)
{
	struct slice s = { "", 0 };
	int line = 0;
	bool found = source_table_cell(slice_of(text), cell, &s, &line);

	assert_int_equal(found, *expect != '\0');
	assert_int_equal(s.len, strlen(expect));
	assert_memory_equal(s.at, expect, s.len);
	assert_int_equal(line, expect_line);
}

static void
test_row_of_a_table_names_its_function(void **state)
{
	static const char text[] =
		"static int f(struct cell *c) { return 0; }\n"
		"// g\n"
		"static int g(struct cell *c) { return 1; }\n"
		"static const struct { char *a; int (*b)(); } other[] = {\n"
		"	{ \"late\", f } };\n"
		"static const struct cell_def cells[] = {\n"
		"	{ \"one\", f, .doc = \"{\" },\n"
		"	{ .run = &g, .name = \"two\", .doc = \"x\" },\n"
		"	{ \"three\", .run = g },\n"
		"	{ \"lost\", h },\n"
		"	{ },\n"
		"};\n"
		"CELL_TABLE(cells);\n";

	(void)state;
	row(text, "one", "static int f(struct cell *c) { return 0; }", 1);
	row(text, "two", "// g\nstatic int g(struct cell *c) { return 1; }", 2);
	row(text, "three", "// g\nstatic int g(struct cell *c) { return 1; }",
	    2);
	row(text, "lost", "", 0);
	row(text, "late", "", 0);
	row(text, "none", "", 0);
	row("", "none", "", 0);
	row("struct cell_def a[] = { {", "x", "", 0);
}

static void
test_magic_line_is_cut_into_word_argument_and_body(void **state)
{
	struct magic m;

	(void)state;
	assert_true(source_magic(slice_of("%%file  a b.h \r\nint x;\n"), &m));
	assert_true(slice_is(m.word, "file"));
	assert_true(slice_is(m.argument, "a b.h"));
	assert_true(slice_is(m.body, "int x;\n"));
	assert_true(source_magic(slice_of("//| timeout: 1s\n\n%%sh"), &m));
	assert_true(slice_is(m.word, "sh"));
	assert_int_equal(m.argument.len, 0);
	assert_int_equal(m.body.len, 0);
	assert_false(source_magic(slice_of("%%\nx"), &m));
	assert_false(source_magic(slice_of("x\n%%sh"), &m));
	assert_false(source_magic(slice_of(""), &m));
}

static enum cell_kind
kind(const char *text, const struct cell_options *o)
{
	struct cell_options none = { 0 };
	const char *why = NULL;
	struct arena a;
	enum cell_kind k;

	arena_init(&a);
	k = source_kind(&a, slice_of(text), o ? o : &none, &why);
	assert_non_null(why);
	arena_release(&a);
	return k;
}

static void
test_the_text_decides_what_a_cell_is(void **state)
{
	(void)state;
	assert_int_equal(kind("", NULL), KIND_EMPTY);
	assert_int_equal(kind("//| name: x\n/* int main(){} */\n", NULL),
			 KIND_EMPTY);
	assert_int_equal(kind("/* open", NULL), KIND_SHARED);
	assert_int_equal(kind("int x = 1;", NULL), KIND_SHARED);
	assert_int_equal(kind("!ls", NULL), KIND_SHARED);
	assert_int_equal(kind("int main() {}", NULL), KIND_PROGRAM);
	assert_int_equal(kind("%%bash\nmain() { }", NULL), KIND_SHELL);
	assert_int_equal(kind("%%sh\nexit 3", NULL), KIND_SHELL);
	assert_int_equal(kind("%%file m.c\nint main() {}", NULL), KIND_FILE);
	assert_int_equal(kind("%%writefile m.c\n", NULL), KIND_FILE);
	assert_int_equal(kind("%%bashful\n", NULL), KIND_SHARED);
}

static void
test_options_decide_before_the_text(void **state)
{
	struct cell_options o = { 0 };
	char name[] = "x";

	(void)state;
	o.file = name;
	assert_int_equal(kind("int x;", &o), KIND_FILE);
	assert_int_equal(kind("", &o), KIND_FILE);
	assert_int_equal(kind("int main() {}", &o), KIND_PROGRAM);
	strs_add(&o.run, "gcc a.c");
	assert_int_equal(kind("int x;", &o), KIND_PROGRAM);
	o.use_cell = name;
	assert_int_equal(kind("int main() {}", &o), KIND_TABLE);
	strs_release(&o.run);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_every_shape_of_main_is_a_program),
	cmocka_unit_test(test_main_behind_an_if_counts),
	cmocka_unit_test(test_what_only_looks_like_main_is_none),
	cmocka_unit_test(test_an_open_brace_above_does_not_hide_main),
	cmocka_unit_test(test_words_are_found_where_lines_are_spliced),
	cmocka_unit_test(test_a_line_of_shell_begins_with_its_mark),
	cmocka_unit_test(test_function_is_found_from_its_comment_to_its_brace),
	cmocka_unit_test(test_row_of_a_table_names_its_function),
	cmocka_unit_test(test_magic_line_is_cut_into_word_argument_and_body),
	cmocka_unit_test(test_the_text_decides_what_a_cell_is),
	cmocka_unit_test(test_options_decide_before_the_text),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
