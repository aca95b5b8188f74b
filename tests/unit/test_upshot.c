/* test_upshot.c: what became of shared cells is known again as long as it is
 * true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "build/upshot.h"
#include "sys/fs.h"

#define CELLS 3

static char top[64];

/* A notebook of three shared cells. */
struct bench {
	struct cache cache;
	struct cc cc;
	struct strs cflags, none;
	struct shared_how how;
	const char *texts[CELLS];
	struct upshot upshot;
	struct err e;
};

static const char *const names[CELLS] = { "a", "b", "c" };
static const char *const labels[CELLS] = { "x:a", "x:b", "x:c" };

static int
setup(void **state)
{
	(void)state;
	strcpy(top, "/tmp/cnb-upshot-test-XXXXXX");
	unsetenv("CC");
	return mkdtemp(top) && setenv("CNB_CACHE_DIR", top, 1) == 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	return fs_remove_tree(top);
}

static void
begin(struct bench *b, const char *first, const char *second, const char *third)
{
	*b = (struct bench){ .texts = { first, second, third } };
	assert_int_equal(cache_open(&b->cache, &b->e), 0);
	assert_int_equal(cc_find(&b->cc, NULL, &b->e), 0);
	b->how = (struct shared_how){ .cc = &b->cc,
				      .cache = &b->cache,
				      .label = "x",
				      .workdir = top,
				      .cflags = &b->cflags,
				      .ldflags = &b->none,
				      .libs = &b->none,
				      .sanitize = &b->none };
}

static void
end(struct bench *b)
{
	upshot_release(&b->upshot);
	cc_release(&b->cc);
	strs_release(&b->cflags);
	cache_close(&b->cache);
}

static void
make_key(const struct bench *b, char key[HASH_HEX])
{
	struct hash h;

	upshot_key(&h, &b->how);
	for (size_t i = 0; i < CELLS; i++)
		upshot_key_cell(&h, names[i], slice_of(b->texts[i]));
	hash_hex(&h, key);
}

static bool
recall(struct bench *b)
{
	char key[HASH_HEX];

	upshot_release(&b->upshot);
	make_key(b, key);
	return upshot_recall(&b->upshot, CELLS, &b->how, key);
}

/* As a run does that knows nothing; the path is to be free()d. */
static char *
build(struct bench *b)
{
	char key[HASH_HEX], *path;
	struct shared s;

	shared_init(&s, CELLS);
	for (size_t i = 0; i < CELLS; i++)
		shared_set(&s, i, names[i], labels[i], slice_of(b->texts[i]));
	if (shared_build(&s, &b->how, &b->e) < 0)
		fail_msg("%s", b->e.text);
	make_key(b, key);
	upshot_remember(&s, &b->how, key);
	assert_non_null(s.path);
	path = s.path;
	s.path = NULL;
	shared_release(&s);
	return path;
}

static void
put(const char *name, const char *text)
{
	char *path = path_join(top, name);

	assert_int_equal(fs_write(path, slice_of(text), NULL), 0);
	free(path);
}

/* A file of this moment cannot be vouched for. */
static void
age(const char *name, time_t seconds)
{
	const struct timespec old[2] = { { seconds, 0 }, { seconds, 0 } };
	char *path = path_join(top, name);

	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	free(path);
}

static void
test_what_was_built_is_known_with_its_warnings(void **state)
{
	struct bench b;
	char *path;

	(void)state;
	begin(&b, "int index;", "int n = 1;", "int f(void) { }\nn");
	assert_false(recall(&b));
	path = build(&b);
	assert_true(recall(&b));
	assert_string_equal(b.upshot.path, path);
	assert_non_null(strstr(b.upshot.command, path));
	assert_non_null(strstr(b.upshot.command, "-fno-builtin-index"));
	assert_string_equal(upshot_of(&b.upshot, 0), "");
	assert_string_equal(upshot_of(&b.upshot, 1), "");
	assert_non_null(strstr(upshot_of(&b.upshot, 2), "warning"));
	free(path);
	end(&b);
}

static void
test_another_text_or_flag_is_another_matter(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, "int n;", "n = 2;", "n");
	free(build(&b));
	assert_true(recall(&b));
	b.texts[1] = "n = 3;";
	assert_false(recall(&b));
	b.texts[1] = "n = 2;";
	strs_add(&b.cflags, "-O1");
	assert_false(recall(&b));
	strs_release(&b.cflags);
	b.how.label = "y";
	assert_false(recall(&b));
	b.how.label = "x";
	assert_true(recall(&b));
	end(&b);
}

/* What stands in one cell is not what stands in two. */
static void
test_where_a_cell_ends_counts(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, "int m;", "m = 2;m = 3;", "");
	free(build(&b));
	b.texts[1] = "m = 2;";
	b.texts[2] = "m = 3;";
	assert_false(recall(&b));
	end(&b);
}

static void
test_a_header_that_changed_makes_it_untrue(void **state)
{
	struct bench b;
	char *one, *two;

	(void)state;
	begin(&b, "#include \"v.h\"", "int v = V;", "v");
	put("v.h", "#define V 1\n");
	age("v.h", 1000);
	one = build(&b);
	assert_true(recall(&b));
	put("v.h", "#define V 2\n");
	assert_false(recall(&b));
	age("v.h", 2000);
	two = build(&b);
	assert_string_not_equal(one, two);
	assert_true(recall(&b));
	assert_string_equal(b.upshot.path, two);
	free(one);
	free(two);
	end(&b);
}

static void
test_a_product_that_is_gone_is_not_known(void **state)
{
	struct bench b;
	char *path;

	(void)state;
	begin(&b, "int gone;", "gone = 1;", "gone");
	path = build(&b);
	assert_int_equal(unlink(path), 0);
	assert_false(recall(&b));
	free(path);
	end(&b);
}

static void
test_cells_that_are_not_all_good_are_built_each_time(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, "int k;", "k = no_such_name;", "k");
	free(build(&b));
	assert_false(recall(&b));
	end(&b);
	begin(&b, "const char *t = __TIME__;", "", "t");
	free(build(&b));
	assert_false(recall(&b));
	end(&b);
}

/* A note that ends too early, or says what cannot be, is as good as none. */
static void
test_a_damaged_note_is_none(void **state)
{
	char key[HASH_HEX], *whole, *cut;
	struct bench b;
	size_t len;

	(void)state;
	begin(&b, "int d;", "int g(void) { }", "d");
	free(build(&b));
	make_key(&b, key);
	whole = cache_recall(&b.cache, key);
	assert_non_null(whole);
	len = strlen(whole);
	for (size_t n = 0; n < len; n++) {
		cut = strndup(whole, n);
		cache_remember(&b.cache, key, cut);
		assert_false(recall(&b));
		free(cut);
	}
	cut = strstr(whole, "\nM 1 ");
	assert_non_null(cut);
	cut[3] = '3';
	cache_remember(&b.cache, key, whole);
	assert_false(recall(&b));
	cut[3] = '1';
	cache_remember(&b.cache, key, whole);
	assert_true(recall(&b));
	free(whole);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_was_built_is_known_with_its_warnings),
		cmocka_unit_test(test_another_text_or_flag_is_another_matter),
		cmocka_unit_test(test_where_a_cell_ends_counts),
		cmocka_unit_test(test_a_header_that_changed_makes_it_untrue),
		cmocka_unit_test(test_a_product_that_is_gone_is_not_known),
		cmocka_unit_test(
			test_cells_that_are_not_all_good_are_built_each_time),
		cmocka_unit_test(test_a_damaged_note_is_none),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
