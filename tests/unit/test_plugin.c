/* test_plugin.c: what the loader takes, and how it words what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>
#include "build_plugin.h"
#include "host/plugin.h"
#include "under_valgrind.h"

/* Must be refused with a sentence that has all of `words` (up to NULL). */
static void
assert_refused(const char *path, ...)
{
	struct plugin p;
	struct err e = { 0 };
	const char *word;
	va_list words;

	assert_int_equal(plugin_load(&p, path, &e), -1);
	va_start(words, path);
	while ((word = va_arg(words, const char *)) != NULL)
		if (!strstr(e.text, word))
			fail_msg("'%s' is not in: %s", word, e.text);
	va_end(words);
	assert_null(strchr(e.text, '\n'));
}

/* A copy of plugin no_cells.so, its first `size` bytes (0: all). */
static const char *
copy_of_plugin(const char *name, size_t size)
{
	static char path[300], bytes[1 << 20];
	FILE *from = fopen(build_plugin("no_cells"), "rb");
	size_t n = from ? fread(bytes, 1, sizeof bytes, from) : 0;
	FILE *to;

	snprintf(path, sizeof path, "%s/%s", plugin_dir, name);
	to = fopen(path, "wb");
	assert_true(n > 0 && to);
	assert_int_equal(fclose(from), 0);
	if (size == 0 || size > n)
		size = n;
	assert_int_equal(fwrite(bytes, 1, size, to), size);
	assert_int_equal(fclose(to), 0);
	return path;
}

static void
poke(const char *path, long at, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "r+b");

	assert_true(f && fseek(f, at, SEEK_SET) == 0);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static const char *
text_file(const char *text)
{
	static char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/text.so", plugin_dir);
	f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void
test_plugin_is_loaded(void **state)
{
	struct plugin p;
	struct err e = { 0 };
	const struct cell_def *first;

	(void)state;
	if (plugin_load(&p, build_plugin("every"), &e))
		fail_msg("%s", e.text);
	first = plugin_cell(&p, 0);
	assert_string_equal(first->name, "hello");
	assert_string_equal(first->doc, "prints its arguments");
	assert_non_null(strstr(p.table->built_with, " "));
	assert_null(plugin_cell(&p, p.table->ndefs));
	assert_null(plugin_cell(&p, UINT32_MAX));
	assert_true(plugin_holds(&p, (uintptr_t)first->run));
	assert_false(plugin_holds(&p, (uintptr_t)test_plugin_is_loaded));
	dlclose(p.handle);
}

static void
test_plugin_without_directory_is_found_here(void **state)
{
	struct plugin p;
	struct err e = { 0 };
	char old[4096];

	(void)state;
	build_plugin("no_cells");
	assert_non_null(getcwd(old, sizeof old));
	assert_int_equal(chdir(plugin_dir), 0);
	assert_int_equal(plugin_load(&p, "no_cells.so", &e), 0);
	assert_int_equal(p.table->ndefs, 0);
	dlclose(p.handle);
	assert_int_equal(chdir(old), 0);
}

static void
test_rows_of_a_later_header_are_read_by_their_stride(void **state)
{
	struct plugin p;
	struct err e = { 0 };

	(void)state;
	if (plugin_load(&p, build_plugin("longer_rows"), &e))
		fail_msg("%s", e.text);
	assert_string_equal(plugin_cell(&p, 1)->name, "second");
	assert_string_equal(plugin_cell(&p, 1)->doc, "the second");
	dlclose(p.handle);
}

static void
test_missing_file_is_refused(void **state)
{
	(void)state;
	assert_refused("/nowhere/x.so",
		       "cannot open '/nowhere/x.so': No such "
		       "file or directory",
		       NULL);
}

static void
test_what_is_no_file_is_refused(void **state)
{
	char fifo[300];

	(void)state;
	assert_refused("/tmp", "'/tmp'", "no plugin", NULL);
	snprintf(fifo, sizeof fifo, "%s/fifo.so", plugin_dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_refused(fifo, "no plugin", NULL);
}

static void
test_text_and_empty_files_are_refused(void **state)
{
	(void)state;
	assert_refused(text_file("int main(void) { }\n"), "is no shared object",
		       "ELF header", NULL);
	assert_refused(text_file(""), "is no shared object", NULL);
	assert_refused(text_file("\177EL"), "is no shared object", NULL);
}

static void
test_object_file_and_program_are_refused(void **state)
{
	(void)state;
	assert_refused(build_plugin_as("no_cells", "-c", ".o"),
		       "an object file", "-shared", NULL);
	assert_refused(build_plugin_as("no_cells",
				       "-no-pie -nostdlib -Wl,"
				       "-e,cell_table",
				       ".exe"),
		       "a program", NULL);
}

static void
test_other_machine_is_refused(void **state)
{
	const char *path = copy_of_plugin("machine.so", 0);
	const unsigned char machine[2] = { 0xf3, 0 }, class = 1;

	(void)state;
	poke(path, 18, machine, 2);
	assert_refused(path, "another machine", "machine 243", NULL);
	path = copy_of_plugin("class.so", 0);
	poke(path, 4, &class, 1);
	assert_refused(path, "another machine", "class 1", NULL);
}

/* Wherever it is cut, there is a sentence and no SIGBUS. */
static void
test_truncated_file_is_refused_at_every_length(void **state)
{
	struct stat st;
	size_t n, step;

	(void)state;
	assert_int_equal(stat(build_plugin("no_cells"), &st), 0);
	assert_refused(copy_of_plugin("cut.so", 40), "cut short", "40 bytes",
		       NULL);
	step = (size_t)st.st_size / 100 + 1;
	for (n = 4; n < (size_t)st.st_size; n += step)
		assert_refused(copy_of_plugin("cut.so", n), "'", NULL);
	assert_refused(copy_of_plugin("cut.so", (size_t)st.st_size - 1),
		       "cut short", NULL);
}

/* Single bytes of the headers changed: refused or loaded, never a crash. */
static void
test_damaged_headers_are_survived(void **state)
{
	struct plugin p;
	struct err e;
	char path[300];
	size_t at;

	(void)state;
	if (under_valgrind()) /* its own reader of ELF files crashes */
		skip();
	for (at = 32; at < 64; at++) { /* e_phoff .. e_shstrndx */
		const unsigned char byte = 0xff;

		strcpy(path, copy_of_plugin("damaged.so", 0));
		poke(path, (long)at, &byte, 1);
		if (plugin_load(&p, path, &e) == 0)
			dlclose(p.handle);
		unlink(path);
	}
}

static void
test_undefined_function_is_named(void **state)
{
	(void)state;
	assert_refused(build_plugin("undefined"), "cannot load '",
		       "undefined symbol: nobody_has_this", NULL);
}

static void
test_object_without_table_is_no_plugin(void **state)
{
	(void)state;
	assert_refused(build_plugin("no_table"),
		       "exports no cell_table(): it is no plugin", NULL);
	assert_refused(build_plugin("null_table"), "returned NULL", NULL);
}

static void
test_other_abi_is_refused_in_both_directions(void **state)
{
	char theirs[40], ours[40];

	(void)state;
	snprintf(theirs, sizeof theirs, "has cell ABI %d", CELL_ABI + 1);
	snprintf(ours, sizeof ours, "none above %d", CELL_ABI);
	assert_refused(build_plugin("abi_too_new"), theirs, ours, NULL);
	snprintf(theirs, sizeof theirs, "has cell ABI %d", CELL_ABI_MIN - 1);
	snprintf(ours, sizeof ours, "none below %d", CELL_ABI_MIN);
	assert_refused(build_plugin("abi_too_old"), theirs, ours, NULL);
}

static void
test_short_or_unlikely_table_is_refused(void **state)
{
	(void)state;
	assert_refused(build_plugin("short_table"), "too short: 16 bytes",
		       NULL);
	assert_refused(build_plugin("short_rows"), "rows", "too short: 8 bytes",
		       NULL);
	assert_refused(build_plugin("null_rows"), "points to none", NULL);
	assert_refused(build_plugin("too_many_rows"), "4294967295 cells", NULL);
}

static void
test_bad_names_are_refused_by_name(void **state)
{
	(void)state;
	assert_refused(build_plugin("empty_name"), "cell 2", "an empty name",
		       NULL);
	assert_refused(build_plugin("null_name"), "cell 2", "no name", NULL);
	assert_refused(build_plugin("odd_name"), "'a..b'", NULL);
	assert_refused(build_plugin("same_names"), "two cells 'b'", NULL);
	assert_refused(build_plugin("null_run"), "cell 'b'", "no function",
		       NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plugin_is_loaded),
		cmocka_unit_test(test_plugin_without_directory_is_found_here),
		cmocka_unit_test(
			test_rows_of_a_later_header_are_read_by_their_stride),
		cmocka_unit_test(test_missing_file_is_refused),
		cmocka_unit_test(test_what_is_no_file_is_refused),
		cmocka_unit_test(test_text_and_empty_files_are_refused),
		cmocka_unit_test(test_object_file_and_program_are_refused),
		cmocka_unit_test(test_other_machine_is_refused),
		cmocka_unit_test(
			test_truncated_file_is_refused_at_every_length),
		cmocka_unit_test(test_damaged_headers_are_survived),
		cmocka_unit_test(test_undefined_function_is_named),
		cmocka_unit_test(test_object_without_table_is_no_plugin),
		cmocka_unit_test(test_other_abi_is_refused_in_both_directions),
		cmocka_unit_test(test_short_or_unlikely_table_is_refused),
		cmocka_unit_test(test_bad_names_are_refused_by_name),
	};
	int failed;

	plugin_dir_make();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	plugin_dir_remove();
	return failed;
}
