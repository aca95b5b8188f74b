/* test_cache.c: products are found again as long as nothing changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "build/cache.h"
#include "build/memo.h"
#include "sys/fs.h"

#define HOUR INT64_C(3600)

static char top[64];
static const char key[HASH_HEX] =
	"0000000000000000000000000000000000000000000000000000000000000001";

static int
setup(void **state)
{
	(void)state;
	strcpy(top, "/tmp/cnb-cache-test-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	return setenv("CNB_CACHE_DIR", top, 1);
}

static int
teardown(void **state)
{
	(void)state;
	unsetenv("CNB_CACHE_DIR");
	unsetenv("XDG_CACHE_HOME");
	return fs_remove_tree(top);
}

static char *
in_top(const char *name)
{
	return path_join(top, name);
}

static void
put(const char *path, const char *text)
{
	struct err e;

	assert_int_equal(fs_write(path, slice_of(text), &e), 0);
}

/* Set a file's time to so many seconds ago. */
static void
age(const char *path, int64_t seconds)
{
	struct timespec t[2] = { { 0 } };

	clock_gettime(CLOCK_REALTIME, &t[0]);
	t[0].tv_sec -= seconds;
	t[1] = t[0];
	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void
open_cache(struct cache *c)
{
	struct err e;

	assert_int_equal(cache_open(c, &e), 0);
}

/* Store a product with this text; its path. */
static char *
store(struct cache *c, const char *text, const struct strs *deps,
      const char *messages)
{
	struct err e;
	char *scratch = cache_scratch(c, ".so", &e), *path;

	assert_non_null(scratch);
	put(scratch, text);
	path = cache_store(c, key, scratch, ".so", deps, INT64_MAX, messages,
			   &e);
	assert_non_null(path);
	assert_false(fs_exists(scratch));
	free(scratch);
	return path;
}

/* Is a product found that holds this text? */
static bool
finds(struct cache *c, const char *text)
{
	struct buf b = { 0 };
	struct err e;
	char *path, *messages;
	bool same;

	if (!cache_find(c, key, &path, &messages))
		return false;
	assert_int_equal(fs_read(path, &b, &e), 0);
	same = !strcmp(buf_str(&b), text);
	buf_release(&b);
	free(path);
	free(messages);
	return same;
}

static void
test_cache_gives_back_product_and_messages(void **state)
{
	static const char messages[] = "a warning\nend\nproduct 1 x\n\n";
	struct cache c;
	struct strs deps = { 0 };
	char *path, *again, *said;

	(void)state;
	open_cache(&c);
	assert_false(cache_find(&c, key, &again, &said));
	path = store(&c, "one", &deps, messages);
	assert_true(cache_find(&c, key, &again, &said));
	assert_string_equal(path, again);
	assert_string_equal(said, messages);
	assert_string_equal(path + strlen(path) - 3, ".so");
	free(path);
	free(again);
	free(said);
	cache_close(&c);
}

static void
test_cache_notices_a_changed_file(void **state)
{
	struct cache c;
	struct strs deps = { 0 };
	char *header = in_top("x.h"), *one, *two;

	(void)state;
	open_cache(&c);
	strs_add(&deps, header);
	put(header, "1");
	age(header, 100);
	one = store(&c, "one", &deps, "");
	assert_true(finds(&c, "one"));
	put(header, "2");
	assert_false(finds(&c, "one"));
	two = store(&c, "two", &deps, "");
	/* one name per content: a loaded one is never met again changed */
	assert_string_not_equal(one, two);
	assert_true(finds(&c, "two"));
	/* the old text again, at another time */
	put(header, "1");
	assert_true(finds(&c, "one"));
	unlink(header);
	assert_false(finds(&c, "one"));
	free(one);
	free(two);
	free(header);
	strs_release(&deps);
	cache_close(&c);
}

static void
test_cache_notices_a_large_file_by_its_time(void **state)
{
	struct cache c;
	struct strs deps = { 0 };
	char *archive = in_top("libx.a"), *text = malloc(400001);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 400000);
	text[400000] = '\0';
	open_cache(&c);
	strs_add(&deps, archive);
	put(archive, text);
	age(archive, 100);
	free(store(&c, "one", &deps, ""));
	assert_true(finds(&c, "one"));
	age(archive, 50);
	assert_false(finds(&c, "one"));
	free(text);
	free(archive);
	strs_release(&deps);
	cache_close(&c);
}

static void
test_cache_does_not_vouch_for_what_changed_meanwhile(void **state)
{
	struct cache c;
	struct err e;
	struct strs deps = { 0 };
	char *header = in_top("x.h"), *scratch, *path;
	int64_t since;

	(void)state;
	open_cache(&c);
	strs_add(&deps, header);
	since = cache_now_ns();
	put(header, "saved while the compiler ran");
	age(header, -1);
	scratch = cache_scratch(&c, "", &e);
	put(scratch, "one");
	path = cache_store(&c, key, scratch, "", &deps, since, "", &e);
	assert_non_null(path);
	assert_true(fs_exists(path));
	assert_false(finds(&c, "one"));
	free(path);
	free(scratch);
	free(header);
	strs_release(&deps);
	/* neither where it is not known what was read */
	free(store(&c, "two", NULL, ""));
	assert_false(finds(&c, "two"));
	cache_close(&c);
}

static void
test_cache_misses_a_product_that_is_gone_or_cut_short(void **state)
{
	struct cache c;
	struct strs deps = { 0 };
	char *path;

	(void)state;
	open_cache(&c);
	path = store(&c, "one", &deps, "");
	assert_int_equal(truncate(path, 1), 0);
	assert_false(finds(&c, "one"));
	unlink(path);
	assert_false(finds(&c, "one"));
	free(path);
	path = store(&c, "one", &deps, "");
	assert_true(finds(&c, "one"));
	free(path);
	cache_close(&c);
}

static void
test_cache_survives_a_damaged_manifest(void **state)
{
	struct cache c;
	struct err e;
	struct strs deps = { 0 };
	struct buf whole = { 0 };
	char *header = in_top("x.h"), *dir = in_top("manifests"), *manifest;

	(void)state;
	open_cache(&c);
	put(header, "1");
	strs_add(&deps, header);
	free(store(&c, "one", &deps, "said\n"));
	manifest = path_join(dir, key);
	assert_int_equal(fs_read(manifest, &whole, &e), 0);
	for (size_t n = 0; n < whole.len; n++) {
		assert_int_equal(fs_write(manifest,
					  (struct slice){ whole.data, n }, &e),
				 0);
		assert_false(finds(&c, "one"));
	}
	for (size_t n = 0; n < whole.len; n++) {
		char was = whole.data[n];

		whole.data[n] = (char)(was ^ 1);
		assert_int_equal(fs_write(manifest, buf_slice(&whole), &e), 0);
		finds(&c, "one");
		whole.data[n] = was;
	}
	buf_release(&whole);
	free(header);
	free(dir);
	free(manifest);
	strs_release(&deps);
	cache_close(&c);
}

static void
test_cache_keeps_the_newest_states(void **state)
{
	struct cache c;
	struct strs deps = { 0 };
	char *header = in_top("x.h"), text[32];

	(void)state;
	open_cache(&c);
	strs_add(&deps, header);
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof text, "%d", i);
		put(header, text);
		free(store(&c, text, &deps, ""));
	}
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof text, "%d", i);
		put(header, text);
		assert_int_equal(finds(&c, text), i >= 12);
	}
	free(header);
	strs_release(&deps);
	cache_close(&c);
}

static void *
hammer(void *arg)
{
	struct cache *c = arg;
	struct strs deps = { 0 };

	for (int i = 0; i < 100; i++) {
		struct err e;
		char *scratch = cache_scratch(c, "", &e), *path = NULL;

		if (scratch && fs_write(scratch, slice_of("whole"), &e) == 0)
			path = cache_store(c, key, scratch, "", &deps,
					   INT64_MAX, "said", &e);
		if (!path || !finds(c, "whole"))
			return c;
		free(scratch);
		free(path);
	}
	return NULL;
}

static void
test_cache_is_whole_for_builders_at_once(void **state)
{
	struct cache c;
	pthread_t threads[4];
	void *bad = NULL, *one;

	(void)state;
	open_cache(&c);
	for (size_t i = 0; i < countof(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, &c),
				 0);
	for (size_t i = 0; i < countof(threads); i++) {
		pthread_join(threads[i], &one);
		bad = one ? one : bad;
	}
	assert_null(bad);
	cache_close(&c);
}

static void
test_cache_remembers_notes(void **state)
{
	struct cache c;
	char *text;

	(void)state;
	open_cache(&c);
	assert_null(cache_recall(&c, key));
	cache_remember(&c, key, "gcc 12.2.0");
	text = cache_recall(&c, key);
	assert_string_equal(text, "gcc 12.2.0");
	free(text);
	cache_close(&c);
}

/* A product of 64 KB, last used so long ago. */
static char *
old_product(struct cache *c, const char *header, int number, int64_t seconds)
{
	struct strs deps = { 0 };
	char *text = malloc(65537), *path;

	assert_non_null(text);
	memset(text, 'a', 65536);
	text[65536] = '\0';
	text[0] = (char)('0' + number);
	put(header, text);
	strs_add(&deps, header);
	path = store(c, text, &deps, "");
	age(path, seconds);
	strs_release(&deps);
	free(text);
	return path;
}

static void
test_trim_takes_the_oldest_and_spares_what_is_in_use(void **state)
{
	struct cache c;
	char *header = in_top("x.h"), *old[4], *fresh;

	(void)state;
	open_cache(&c);
	for (int i = 0; i < 4; i++)
		old[i] = old_product(&c, header, i, HOUR * (20 - i));
	fresh = old_product(&c, header, 9, HOUR / 2);
	c.max_bytes = 65536 * 7 / 2;
	cache_trim(&c);
	assert_false(fs_exists(old[0]));
	assert_false(fs_exists(old[1]));
	assert_true(fs_exists(old[3]));
	assert_true(fs_exists(fresh));
	/* once an hour is enough */
	c.max_bytes = 1;
	cache_trim(&c);
	assert_true(fs_exists(old[3]));
	/* what was used within the hour stays, however little there may be */
	free(header);
	header = in_top("trimmed");
	age(header, 2 * HOUR);
	cache_trim(&c);
	assert_false(fs_exists(old[3]));
	assert_true(fs_exists(fresh));
	for (int i = 0; i < 4; i++)
		free(old[i]);
	free(fresh);
	free(header);
	cache_close(&c);
}

static void
test_use_makes_a_product_young(void **state)
{
	struct cache c;
	struct strs deps = { 0 };
	struct stat st;
	char *path;

	(void)state;
	open_cache(&c);
	path = store(&c, "one", &deps, "");
	age(path, 30 * HOUR);
	assert_true(finds(&c, "one"));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_mtim.tv_sec + HOUR > time(NULL));
	free(path);
	cache_close(&c);
}

static void
test_clean_empties_it_and_leaves_other_files(void **state)
{
	struct cache c;
	struct err e;
	struct strs deps = { 0 };
	char *mine = in_top("mine.txt"), *path;
	int64_t freed, kept;

	(void)state;
	open_cache(&c);
	put(mine, "not the cache's");
	path = store(&c, "one", &deps, "");
	assert_int_equal(cache_clean(&c, &freed, &kept, &e), 0);
	assert_true(freed > 0);
	assert_false(fs_exists(path));
	assert_false(finds(&c, "one"));
	assert_true(fs_exists(mine));
	free(path);
	path = store(&c, "one", &deps, "");
	assert_true(finds(&c, "one"));
	free(path);
	free(mine);
	cache_close(&c);
}

static void
test_clean_leaves_what_others_use(void **state)
{
	struct cache c, other;
	struct err e;
	struct strs none = { 0 }, deps = { 0 };
	char *old, *used, *scratch, *header = in_top("used.h");
	int64_t freed, kept;

	(void)state;
	open_cache(&c);
	old = store(&c, "old", &none, "");
	age(old, 86400);
	open_cache(&other);
	put(header, "");
	strs_add(&deps, header);
	used = store(&other, "used", &deps, "");
	scratch = cache_scratch(&other, ".c", &e);
	put(scratch, "half a file");
	assert_int_equal(cache_clean(&c, &freed, &kept, &e), 0);
	assert_false(fs_exists(old));
	assert_true(fs_exists(used));
	assert_true(fs_exists(scratch));
	assert_true(finds(&other, "used"));
	assert_true(kept > 0);
	cache_close(&other);
	assert_int_equal(cache_clean(&c, &freed, &kept, &e), 0);
	assert_false(fs_exists(used));
	assert_false(fs_exists(scratch));
	assert_int_equal(kept, 0);
	strs_release(&deps);
	free(header);
	free(old);
	free(used);
	free(scratch);
	cache_close(&c);
}

static void
test_cache_stands_where_it_is_asked_to(void **state)
{
	struct cache c;
	struct stat st;
	char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL, *want;

	(void)state;
	unsetenv("CNB_CACHE_DIR");
	setenv("XDG_CACHE_HOME", top, 1);
	open_cache(&c);
	want = in_top("cnb");
	assert_string_equal(c.dir, want);
	free(want);
	assert_int_equal(stat(c.dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	cache_close(&c);

	setenv("XDG_CACHE_HOME", "relative", 1);
	setenv("HOME", top, 1);
	open_cache(&c);
	want = in_top(".cache/cnb");
	assert_string_equal(c.dir, want);
	assert_false(c.temporary);
	free(want);
	cache_close(&c);

	/* No home to write to: a folder of our own, for this once. */
	setenv("HOME", "/proc/self/none", 1);
	open_cache(&c);
	assert_true(c.temporary);
	want = strdup(c.dir);
	assert_true(fs_is_dir(want));
	cache_close(&c);
	assert_false(fs_exists(want));
	free(want);
	if (home)
		setenv("HOME", home, 1);
	free(home);
}

static void
test_a_folder_that_cannot_be_written_is_named(void **state)
{
	struct cache c;
	struct err e;
	char *file = in_top("file"), *below = in_top("file/cache"), *shelf;

	(void)state;
	put(file, "");
	setenv("CNB_CACHE_DIR", below, 1);
	assert_int_equal(cache_open(&c, &e), -1);
	assert_int_equal(e.class, ERR_SYSTEM);
	assert_non_null(strstr(e.text, "CNB_CACHE_DIR"));
	assert_non_null(strstr(e.text, file));
	setenv("CNB_CACHE_DIR", top, 1);
	open_cache(&c);
	shelf = in_top("scratch");
	assert_int_equal(rmdir(shelf), 0);
	put(shelf, "");
	assert_null(cache_scratch(&c, "", &e));
	assert_int_equal(e.class, ERR_SYSTEM);
	assert_non_null(strstr(e.text, "cannot write to the build cache"));
	free(file);
	free(below);
	free(shelf);
	cache_close(&c);
}

static void
test_a_folder_that_was_removed_is_made_again(void **state)
{
	struct cache c;
	struct err e;
	char *scratch, *text;

	(void)state;
	open_cache(&c);
	cache_remember_answers(&c);
	cache_remember(&c, key, "answer");
	c.still = true;
	assert_false(cache_was_removed(&c));
	text = cache_recall(&c, key);
	assert_string_equal(text, "answer");
	free(text);
	assert_int_equal(fs_remove_tree(top), 0);
	scratch = cache_scratch(&c, "", &e);
	assert_non_null(scratch);
	/* What was in it is not taken for being there. */
	assert_true(cache_was_removed(&c));
	assert_false(memo_holds(c.memo));
	assert_null(cache_recall(&c, key));
	assert_true(fs_exists(c.user_path));
	assert_false(cache_was_removed(&c));
	free(scratch);
	cache_close(&c);
}

static void
test_answers_in_memory_hold_until_a_file_changes(void **state)
{
	struct memo *m = memo_new();
	char *path = in_top("rests-on"), *a, *b;

	(void)state;
	put(path, "1");
	memo_rests_on(m, slice_of(path));
	memo_add(m, key, "product", "messages");
	assert_true(memo_holds(m));
	assert_true(memo_find(m, key, &a, &b));
	assert_string_equal(a, "product");
	assert_string_equal(b, "messages");
	free(a);
	free(b);
	put(path, "22");
	assert_false(memo_holds(m));
	assert_false(memo_find(m, key, &a, &b));
	/* Whoever does not know what a product rests on knows nothing. */
	memo_add(m, key, "product", NULL);
	memo_unsure(m);
	assert_false(memo_holds(m));
	assert_false(memo_find(m, key, &a, NULL));
	assert_true(memo_holds(m));
	memo_free(m);
	free(path);
}

static void
test_answers_in_memory_count_only_while_no_cell_runs(void **state)
{
	char *header = in_top("x.h"), *path, *messages;
	struct strs deps = { 0 };
	struct cache c;

	(void)state;
	open_cache(&c);
	cache_remember_answers(&c);
	put(header, "1");
	age(header, 10);
	strs_add(&deps, header);
	free(store(&c, "product", &deps, ""));
	put(header, "22");
	c.still = true;
	assert_true(cache_find(&c, key, &path, &messages));
	free(path);
	free(messages);
	c.still = false;
	assert_false(cache_find(&c, key, &path, &messages));
	c.still = true;
	assert_false(memo_holds(c.memo));
	assert_false(cache_find(&c, key, &path, &messages));
	strs_release(&deps);
	free(header);
	cache_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cache_gives_back_product_and_messages),
		TEST(test_cache_notices_a_changed_file),
		TEST(test_cache_notices_a_large_file_by_its_time),
		TEST(test_cache_does_not_vouch_for_what_changed_meanwhile),
		TEST(test_cache_misses_a_product_that_is_gone_or_cut_short),
		TEST(test_cache_survives_a_damaged_manifest),
		TEST(test_cache_keeps_the_newest_states),
		TEST(test_cache_is_whole_for_builders_at_once),
		TEST(test_cache_remembers_notes),
		TEST(test_answers_in_memory_hold_until_a_file_changes),
		TEST(test_answers_in_memory_count_only_while_no_cell_runs),
		TEST(test_trim_takes_the_oldest_and_spares_what_is_in_use),
		TEST(test_use_makes_a_product_young),
		TEST(test_clean_empties_it_and_leaves_other_files),
		TEST(test_clean_leaves_what_others_use),
		TEST(test_cache_stands_where_it_is_asked_to),
		TEST(test_a_folder_that_cannot_be_written_is_named),
		TEST(test_a_folder_that_was_removed_is_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
