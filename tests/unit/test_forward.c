/* Which shared cells belong together, because one of them uses what another one
 * below it defines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "build/forward.h"

#define CELLS 4

/* Cells, and to which one the first one reaches. */
static void
assert_reaches(const char *const texts[CELLS], size_t want, bool at_once)
{
	struct unit_cell cells[CELLS];
	struct blocks macros = { 0 };
	struct forward *f;

	for (size_t i = 0; i < CELLS; i++)
		unit_cell_init(&cells[i], "cell", "x.ipynb:cell",
			       slice_of(texts[i]), &macros);
	f = forward_new(cells, CELLS, at_once);
	assert_int_equal(forward_reach(f, 0), want);
	assert_int_equal(forward_reach(f, CELLS - 1), CELLS - 1);
	forward_free(f);
	for (size_t i = 0; i < CELLS; i++)
		unit_cell_release(&cells[i]);
	blocks_release(&macros);
}
#define REACHES(want, ...)                                                     \
	assert_reaches((const char *const[CELLS]){ __VA_ARGS__ }, want, false)
#define REACHES_AT_ONCE(want, ...)                                             \
	assert_reaches((const char *const[CELLS]){ __VA_ARGS__ }, want, true)

static void
test_who_uses_nothing_below_is_alone(void **state)
{
	(void)state;

	REACHES(0, "int a = 1;", "a", "int f(void) { return a; }", "f()");
	REACHES(0, "int f(void) { return 1; }", "int f(void);", "f()", "");
	/* Declared, but not used; and only called when it is there. */
	REACHES(0, "int f(void); extern int v;", "1", "int v = 1;",
		"int f(void) { return v; }");
	REACHES(0, "int g(void); int f(void) { return g(); }", "1",
		"int g(void) { return 1; }", "f()");
	/* The same name, of something else. */
	REACHES(0, "int f(int n) { return n; }", "f(1)", "int n = 3;", "n");
	REACHES(0, "typedef int t; t a;", "a", "t b = 3;", "b");
}

static void
test_what_is_called_while_a_cell_runs_is_there(void **state)
{
	(void)state;

	REACHES(2, "int g(void); g();", "1", "int g(void) { return 1; }", "");
	REACHES(2, "int g(void); int a = g();", "1",
		"int g(void) { return 1; }", "");
	/* By way of others, wherever they stand; and by way of a macro. */
	REACHES(3, "int g(void), h(void); int f(void) { return g(); } f()", "1",
		"int g(void) { return h(); }", "int h(void) { return 1; }");
	REACHES(2, "int g(void);\n#define CALL() g()\nCALL()", "1",
		"int g(void) { return 1; }", "");
	/* One in between reaches further. */
	REACHES(3, "int g(void), h(void); g()", "h()",
		"int g(void) { return 1; }", "int h(void) { return 1; }");
}

static void
test_what_has_an_address_is_there(void **state)
{
	(void)state;

	REACHES(2, "int g(void); int (*p)(void) = g;", "1",
		"int g(void) { return 1; }", "");
	REACHES(2, "int g(void); int f(void) { return sort(g); }", "1",
		"int g(void) { return 1; }", "");
	REACHES(2, "int g(void);\n#define IT g\nvoid *f(void) { return IT; }",
		"1", "int g(void) { return 1; }", "");
	REACHES(2, "extern int v; int f(void) { return v; }", "1", "int v = 1;",
		"");
	REACHES(2, "extern int v; int f(void) { return v; }", "1", "int v;",
		"v");
	/* Its storage is here, its value below. */
	REACHES(2, "int v;", "1", "int v = 3;", "v");
	REACHES(0, "int v;", "1", "int v;", "v");
}

static void
test_an_alias_is_where_the_other_one_is(void **state)
{
	(void)state;

	REACHES(2, "int f(void) { return 1; }", "1",
		"int g(void) __attribute__((alias(\"f\")));", "g()");
	REACHES(2, "static int g(void) __attribute__((weakref(\"f\"))); g();",
		"1", "int f(void) { return 1; }", "");
	REACHES(0, "static int g(void) __attribute__((weakref(\"f\"))); g();",
		"1", "2", "3");
}

static void
test_calls_may_be_bound_at_once(void **state)
{
	(void)state;

	REACHES(0, "int g(void); int f(void) { return g(); }", "1",
		"int g(void) { return 1; }", "f()");
	REACHES_AT_ONCE(2, "int g(void); int f(void) { return g(); }", "1",
			"int g(void) { return 1; }", "f()");
}

static void
test_cells_are_joined(void **state)
{
	struct unit_cell cells[2];
	struct blocks macros = { 0 };
	struct forward *f;
	(void)state;

	unit_cell_init(&cells[0], "a", "x:a", slice_of("double d;"), &macros);
	unit_cell_init(&cells[1], "b", "x:b", slice_of("d * 2"), &macros);
	f = forward_new(cells, 2, false);
	assert_int_equal(forward_home(f, slice_of("d")), 0);
	assert_int_equal(forward_home(f, slice_of("e")), SIZE_MAX);
	assert_int_equal(forward_reach(f, 0), 0);
	assert_true(forward_join(f, 0, 1));
	assert_false(forward_join(f, 0, 1));
	assert_int_equal(forward_reach(f, 0), 1);
	forward_free(f);
	unit_cell_release(&cells[0]);
	unit_cell_release(&cells[1]);
	blocks_release(&macros);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_uses_nothing_below_is_alone),
		cmocka_unit_test(
			test_what_is_called_while_a_cell_runs_is_there),
		cmocka_unit_test(test_what_has_an_address_is_there),
		cmocka_unit_test(test_an_alias_is_where_the_other_one_is),
		cmocka_unit_test(test_calls_may_be_bound_at_once),
		cmocka_unit_test(test_cells_are_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
