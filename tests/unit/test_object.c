/* test_object.c: what the file of a shared object says of what it does when it
 * is loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include "build_plugin.h"
#include "host/object.h"

static void
test_code_that_is_only_called_is_inert(void **state)
{
	(void)state;
	assert_true(object_is_inert(build_plugin("every")));
	/* What it lacks is missed when it is called. */
	assert_true(object_is_inert(build_plugin("undefined")));
}

static void
test_code_that_runs_by_itself_is_not(void **state)
{
	(void)state;
	assert_false(object_is_inert(build_plugin("constructor")));
	assert_false(object_is_inert(
		build_plugin_as("constructor", "-shared -fPIC -nostartfiles",
				".bare.so")));
	assert_false(object_is_inert(build_plugin("chooser")));
}

/* It has start files of its own, and aligns no table. */
static void
test_what_tcc_makes_is_told_apart_too(void **state)
{
	const char *cc = getenv("CC");
	char *own = cc ? strdup(cc) : NULL;
	bool only_called, constructor;

	(void)state;
	setenv("CC", "tcc", 1);
	only_called = object_is_inert(
		build_plugin_as("undefined", "-shared -fPIC", ".tcc.so"));
	constructor = object_is_inert(
		build_plugin_as("constructor", "-shared -fPIC", ".tcc.so"));
	unsetenv("CC");
	if (own)
		setenv("CC", own, 1);
	free(own);
	assert_true(only_called);
	assert_false(constructor);
}

static void
test_library_that_is_not_loaded_has_code_of_its_own(void **state)
{
	(void)state;
	assert_false(object_is_inert(
		build_plugin_as("every",
				"-shared -fPIC -Wl,--no-as-needed -lresolv",
				".n.so")));
}

static void
test_what_cannot_be_told_is_not(void **state)
{
	(void)state;
	assert_false(object_is_inert(
		build_plugin_as("every", "-s -shared -fPIC", ".stripped.so")));
	assert_false(object_is_inert(build_plugin_as("every", "-c", ".o")));
	assert_false(object_is_inert("/nowhere.so"));
	assert_false(object_is_inert("/dev/null"));
	assert_false(object_is_inert("/"));
}

static void
test_calls_may_be_bound_when_each_must_be_there(void **state)
{
	(void)state;
	assert_true(object_may_bind_now(build_plugin("every")));
	assert_true(object_may_bind_now(build_plugin("undefined")));
	assert_false(object_may_bind_now(build_plugin("optional")));
	assert_false(object_may_bind_now("/nowhere.so"));
	assert_false(object_may_bind_now("/dev/null"));
}

/* Whatever stands in it: nothing beyond the file is read. */
static void
test_file_that_is_cut_short_is_not(void **state)
{
	const char *path = build_plugin_as("every", "-shared -fPIC", ".cut.so");
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	for (off_t size = st.st_size - 1; size > 0; size = size * 3 / 4) {
		assert_int_equal(truncate(path, size), 0);
		assert_false(object_is_inert(path));
		object_may_bind_now(path); /* it may be told, or not */
	}
}

static int
make_dir(void **state)
{
	(void)state;
	plugin_dir_make();
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	plugin_dir_remove();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_that_is_only_called_is_inert),
		cmocka_unit_test(test_code_that_runs_by_itself_is_not),
		cmocka_unit_test(test_what_tcc_makes_is_told_apart_too),
		cmocka_unit_test(
			test_library_that_is_not_loaded_has_code_of_its_own),
		cmocka_unit_test(test_what_cannot_be_told_is_not),
		cmocka_unit_test(
			test_calls_may_be_bound_when_each_must_be_there),
		cmocka_unit_test(test_file_that_is_cut_short_is_not),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
