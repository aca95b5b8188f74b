/* What the cells above a cell are to it: declarations, and no more of them than
 * it needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include "build/above.h"
#include "build/names.h"
#include "build/symbols.h"

/* Blanks between two tokens are one, at most. */
static void
add_squeezed(struct buf *out, struct slice text)
{
	struct lexer l;
	struct token t;
	bool first = true;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		buf_add_str(out, first ? "" : " ");
		buf_add_slice(out, token_text(text, t));
		first = false;
	}
}

static void
assert_same_tokens(const char *got, const char *want)
{
	struct buf a = { 0 }, b = { 0 };

	add_squeezed(&a, slice_of(got));
	add_squeezed(&b, slice_of(want));
	assert_string_equal(buf_str(&a), buf_str(&b));
	buf_release(&a);
	buf_release(&b);
}

/* A cell whose declarators have that lift. */
static struct unit_cell
cell(const char *text, enum lift lift)
{
	struct blocks macros = { 0 };
	struct unit_cell c;

	unit_cell_init(&c, "cell", "x.ipynb:cell", slice_of(text), &macros);
	for (size_t i = 0; i < c.split.ndeclarators; i++)
		c.lifts[i] = (unsigned char)lift;
	blocks_release(&macros);
	return c;
}

static void
test_items_become_declarations(void **state)
{
	static const struct {
		const char *text;
		enum lift lift;
		const char *want;
	} rows[] = {
		{ "int x = 5;", LIFT_NONE, "extern int x;" },
		{ "static int x;", LIFT_NONE, "extern int x;" },
		{ "static const char *s = \"a\", t[4];", LIFT_NONE,
		  "extern const char *s; extern const char t[4];" },
		{ "const int k = f();", LIFT_ASSIGN, "extern int k;" },
		{ "int v[n];", LIFT_LOCAL, "" },
		{ "int v[] = { 1, 2 };", LIFT_NONE,
		  "extern __typeof__((int []) { 1, 2 }) v;" },
		{ "char s[] = \"abc\";", LIFT_NONE,
		  "extern __typeof__((char []){ \"abc\" }) s;" },
		{ "int (*t[])(int) = { f };", LIFT_NONE,
		  "extern __typeof__((int (*[])(int)) { f }) t;" },
		{ "const int v[] = { f(), 2 };", LIFT_SIZED,
		  "extern int v[2];" },
		{ "static _Thread_local int x = 1;", LIFT_NONE,
		  "extern _Thread_local int x;" },
		{ "struct p { int x; } a, *b = &a;", LIFT_NONE,
		  "extern struct p { int x; } a; extern struct p *b;" },
		{ "struct { int x; } a = { 1 }, b;", LIFT_NONE,
		  "extern struct { int x; } a, b;" },
		{ "__auto_type x = 1.5;", LIFT_NONE,
		  "extern __typeof__(1.5) x;" },
		{ "typedef struct n { struct n *next; } n;", LIFT_NONE,
		  "typedef struct n { struct n *next; } n;" },
		{ "enum { A, B };", LIFT_NONE, "enum { A, B };" },
		{ "extern char **environ;", LIFT_NONE,
		  "extern char **environ;" },
		{ "_Static_assert(1, \"\");", LIFT_NONE, "" },
		{ "static int f(int n) { return n; }", LIFT_NONE,
		  "int f(int n);" },
		{ "static inline int f(void) { static int n; return ++n; }",
		  LIFT_NONE, "int f(void);" },
		{ "inline int f(void) { return 1; }", LIFT_NONE,
		  "int f(void);" },
		{ "static int f(int);", LIFT_NONE, "int f(int);" },
		{ "int kr(a, b) int a; char b; { return a; }", LIFT_NONE,
		  "int kr();" },
		{ "int (*g(int n))(char) { return 0; }", LIFT_NONE,
		  "int (*g(int n))(char);" },
		{ "int g(int) __attribute__((alias(\"f\")));", LIFT_NONE,
		  "int g(int) __attribute__(());" },
		{ "int f(void) {\n#define IN 1\nreturn IN; }", LIFT_NONE,
		  "int f(void);\n#define IN 1\n" },
		{ "puts(\"x\");", LIFT_NONE, "" },
		{ "{\n#define IN 1\n}", LIFT_NONE, "\n#define IN 1\n" },
		{ "!ls", LIFT_NONE, "" },
	};
	(void)state;

	for (size_t i = 0; i < countof(rows); i++) {
		struct unit_cell c = cell(rows[i].text, rows[i].lift);
		struct buf out = { 0 };

		for (size_t k = 0; k < c.split.count; k++)
			outline_item(&c, k, &out);
		assert_same_tokens(buf_str(&out), rows[i].want);
		buf_release(&out);
		unit_cell_release(&c);
	}
}

static void
test_static_becomes_blanks_at_file_scope_only(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "static int x;", "       int x;" },
		{ "// static\nstatic int f(int a[static 3])\n{ static int n; }",
		  "// static\n       int f(int a[static 3])\n"
		  "{ static int n; }" },
		{ "static inline int f(void) { }",
		  "              int f(void) { }" },
		{ "inline int f(void) { }", "inline int f(void) { }" },
		{ "static inline __attribute__((always_inline)) void f(void) "
		  "{ }",
		  "static inline __attribute__((always_inline)) void f(void) "
		  "{ }" },
		{ "static int f(void) __attribute__((weakref(\"g\")));",
		  "static int f(void) __attribute__((weakref(\"g\")));" },
	};
	(void)state;

	for (size_t i = 0; i < countof(rows); i++) {
		struct unit_cell c = cell(rows[i].text, LIFT_NONE);
		struct buf out = { 0 };

		outline_open(&c.split.items[0], &out);
		assert_string_equal(buf_str(&out), rows[i].want);
		buf_release(&out);
		unit_cell_release(&c);
	}
}

/* What a cell gets of the cell above it. */
static void
assert_gets(const char *above, const char *text, const char *want)
{
	static const char line[] = "\n#line 1 \"<cnb>\"\n";
	struct unit_cell first = cell(above, LIFT_NONE),
			 second = cell(text, LIFT_NONE);
	struct above *a = above_new();
	struct buf out = { 0 };

	above_add(a, &first);
	above_write(a, (struct unit_cell *[]){ &second }, 1, false, &out, NULL);
	assert_true(slice_starts(buf_slice(&out), line));
	assert_same_tokens(out.data + sizeof line - 1, want);
	buf_release(&out);
	above_free(a);
	unit_cell_release(&first);
	unit_cell_release(&second);
}

static void
test_a_cell_gets_what_it_names(void **state)
{
	(void)state;

	assert_gets("int a, b;", "c", "");
	assert_gets("int a; int b;", "a", "extern int a;");
	assert_gets("int a; int b;", "// a\n\"b\"", "");
	/* By way of what it names. */
	assert_gets("struct p { int x; }; struct q { int y; }; struct p *v;",
		    "v", "struct p { int x; }; extern struct p *v;");
	assert_gets("typedef int t; t f(t);  t g(t);", "f(1)",
		    "typedef int t; t f(t);");
	/* Enumerators name their enum, members not their struct. */
	assert_gets("enum { A, B }; enum { C };", "B", "enum { A, B };");
	assert_gets("struct s { int x; };", "x", "");
	/* Macros, and what they stand for. */
	assert_gets("#define TWO (one + one)\nint one = 1, two = 2;", "TWO",
		    "#define TWO (one + one)\nextern int one;"
		    "extern int two;");
	assert_gets("#define UNUSED 1\nint a;", "a", "extern int a;");
}

static void
test_a_cell_gets_what_may_matter_unnamed(void **state)
{
	(void)state;

	/* A header may look at a macro; a condition decides what follows. */
	assert_gets("#define NDEBUG\n#include <assert.h>\n#define X", "1",
		    "#define NDEBUG\n#include <assert.h>\n");
	assert_gets("#define NDEBUG", "#include <assert.h>\n",
		    "#define NDEBUG\n");
	assert_gets("#ifdef __linux__\nint a;\n#endif\n", "1",
		    "#ifdef __linux__\n#endif\n");
	/* Names that are pasted together may be any. */
	assert_gets("#define F(n) f_##n()\nint f_1(void);", "F(1)",
		    "#define F(n) f_##n()\nint f_1(void);");
}

static void
test_names_are_numbered_as_they_come(void **state)
{
	struct names n = { 0 };
	char name[16];
	(void)state;

	assert_true(names_find(&n, slice_of("a")) == NAME_NONE);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(names_add(&n, slice_of(name)), i);
	}
	assert_int_equal(names_add(&n, slice_of("n500")), 500);
	assert_int_equal(names_find(&n, slice_of("n999")), 999);
	assert_true(names_find(&n, slice_of("n1000")) == NAME_NONE);
	names_release(&n);
}

static void
test_libc_has_its_names(void **state)
{
	(void)state;

	assert_true(symbols_taken("index"));
	assert_true(symbols_taken("y1"));
	/* They are there for old programs only. */
	assert_true(symbols_taken("step"));
	assert_true(symbols_taken("matherr"));
	assert_false(symbols_taken("no_library_has_this"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_become_declarations),
		cmocka_unit_test(test_static_becomes_blanks_at_file_scope_only),
		cmocka_unit_test(test_a_cell_gets_what_it_names),
		cmocka_unit_test(test_a_cell_gets_what_may_matter_unnamed),
		cmocka_unit_test(test_names_are_numbered_as_they_come),
		cmocka_unit_test(test_libc_has_its_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
