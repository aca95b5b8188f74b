/* The bytes' floor: buffers, text, UTF-8, hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

static void
test_buf_reserved_is_a_string(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_reserve(&b, 63);
	assert_int_equal(buf_str(&b)[0], '\0');
	buf_release(&b);
}

static void
test_buffer_keeps_zero_bytes(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_add(&b, "a\0b", 3);
	buf_addf(&b, "%d", 7);
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "a\0b7", 5);
	buf_release(&b);
}

static void
test_taken_text_is_never_null(void **state)
{
	struct buf b = { 0 };
	char *text = buf_take(&b);

	(void)state;
	assert_string_equal(text, "");
	assert_null(b.data);
	free(text);
}

static void
test_pushing_many_keeps_all(void **state)
{
	int *v = NULL;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		*mem_push(v, n) = i;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	/* A list may shrink and grow again. */
	n = 3;
	for (int i = 0; i < 100; i++)
		*mem_push(v, n) = i;
	assert_int_equal(v[102], 99);
	free(v);
}

static void
test_arena_serves_large_and_small(void **state)
{
	struct arena a;
	char *small, *large;

	(void)state;
	arena_init(&a);
	small = arena_str(&a, "small");
	large = arena_alloc(&a, 1000, 1000);
	assert_int_equal(large[999999], 0);
	assert_string_equal(arena_printf(&a, "%s%d", small, 1), "small1");
	assert_int_equal((uintptr_t)arena_alloc(&a, 1, 48) % 16, 0);
	assert_int_equal((uintptr_t)arena_alloc(&a, 1, 24) % 8, 0);
	small = arena_str(&a, "a");
	assert_ptr_equal(arena_str(&a, "b"), small + 2);
	assert_int_equal((uintptr_t)arena_alloc(&a, 3, 4) % 4, 0);
	arena_release(&a);
}

static void
test_prefix_stands_in_front(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(err_input(&e, "bad\x1b[31m '%s'", "x"), -1);
	assert_int_equal(e.class, ERR_INPUT);
	assert_string_equal(e.text, "bad?[31m 'x'");
	err_prefix(&e, "in cell '%s': ", "c");
	assert_string_equal(e.text, "in cell 'c': bad?[31m 'x'");
	assert_int_equal(err_system(NULL, "nobody listens"), -1);
}

static void
assert_hash(const char *text, size_t len, const char *want)
{
	struct hash h;
	char hex[HASH_HEX];

	hash_init(&h);
	hash_add(&h, text, len);
	hash_hex(&h, hex);
	assert_string_equal(hex, want);
}

/* The examples of FIPS 180-4. */
static void
test_hash_is_sha256(void **state)
{
	(void)state;
	assert_hash("", 0,
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855");
	assert_hash("abc", 3,
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad");
	assert_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    56,
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_hash_tells_lists_apart(void **state)
{
	struct hash a, b;
	char ha[HASH_HEX], hb[HASH_HEX];

	(void)state;
	hash_init(&a);
	hash_add_str(&a, "ab");
	hash_add_str(&a, "c");
	hash_hex(&a, ha);
	hash_init(&b);
	hash_add_str(&b, "a");
	hash_add_str(&b, "bc");
	hash_hex(&b, hb);
	assert_string_not_equal(ha, hb);
}

static void
test_words_are_split_as_a_shell_does(void **state)
{
	struct strs w = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(text_words(&w,
				    " a \"b c\" 'd\\e' f\\ g \"\" x'y'\"z\" ",
				    &e),
			 0);
	assert_int_equal(w.count, 6);
	assert_string_equal(w.at[0], "a");
	assert_string_equal(w.at[1], "b c");
	assert_string_equal(w.at[2], "d\\e");
	assert_string_equal(w.at[3], "f g");
	assert_string_equal(w.at[4], "");
	assert_string_equal(w.at[5], "xyz");
	assert_null(w.at[6]);
	strs_release(&w);
	assert_int_equal(text_words(&w, "a 'b", &e), -1);
	assert_string_equal(e.text, "a quote is left open in 'a 'b'");
	strs_release(&w);
}

static void
test_quoted_words_are_read_back(void **state)
{
	static const char *const words[] = { "plain", "",	 "a b",
					     "it's",  "$x`y`\\", "-DA=\"q\"" };
	struct strs w = { 0 };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < countof(words); i++) {
		text_quote(&b, words[i]);
		buf_add_byte(&b, ' ');
	}
	assert_int_equal(text_words(&w, b.data, NULL), 0);
	assert_int_equal(w.count, countof(words));
	for (size_t i = 0; i < countof(words); i++)
		assert_string_equal(w.at[i], words[i]);
	strs_release(&w);
	buf_release(&b);
}

static void
test_only_near_names_are_suggested(void **state)
{
	static const char *const names[] = { "join", "fork", NULL, "stop-flag",
					     "a" };

	(void)state;
	assert_string_equal(text_nearest("jion", names, 5), "join");
	assert_string_equal(text_nearest("stopflag", names, 5), "stop-flag");
	assert_null(text_nearest("elephant", names, 5));
	assert_null(text_nearest("x", names, 5));
	assert_null(text_nearest("join", NULL, 0));
}

static void
test_durations_have_units(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = { { "500ms", 500 },	{ "10s", 10000 }, { "2m", 120000 },
		     { "1h", 3600000 }, { "1.5s", 1500 }, { "3", 3000 },
		     { "0", 0 },	{ "0.1ms", 1 } };
	static const char *const bad[] = {
		"", "s", "-1", "1x", "1 s", "1e3", "99999999999999999999"
	};
	struct err e;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < countof(good); i++) {
		assert_int_equal(text_duration(good[i].text, &ms, &e), 0);
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < countof(bad); i++)
		assert_int_equal(text_duration(bad[i], &ms, &e), -1);
}

static void
test_sizes_have_units(void **state)
{
	int64_t n;

	(void)state;
	assert_int_equal(text_size("64M", &n, NULL), 0);
	assert_int_equal(n, 64 << 20);
	assert_int_equal(text_size("12", &n, NULL), 0);
	assert_int_equal(n, 12);
	assert_int_equal(text_size("1GiB", &n, NULL), 0);
	assert_int_equal(n, 1 << 30);
	assert_int_equal(text_size("M", &n, NULL), -1);
}

static void
test_base64_pads(void **state)
{
	struct buf b = { 0 };

	(void)state;
	text_base64(&b, "f", 1);
	text_base64(&b, "fo", 2);
	text_base64(&b, "foo", 3);
	text_base64(&b, "", 0);
	assert_string_equal(b.data, "Zg==Zm8=Zm9v");
	buf_release(&b);
}

static void
test_harmful_controls_become_visible(void **state)
{
	struct buf b = { 0 };

	(void)state;
	text_visible(&b, "a\x1b[2J\tb\n\xc2\x9b\x7f\xff", 12);
	assert_string_equal(b.data, "a\\x1b[2J\tb\n\\x9b\\x7f\xef\xbf\xbd");
	buf_release(&b);
}

static void
test_what_hides_or_turns_text_becomes_visible(void **state)
{
	/* beside it a right-to-left mark and a joiner, which scripts need */
	static const char turned[] = "\u202ea\u200b\ufeff\u2066\u2028"
				     "\u00ad\u115f\u3164\uffa0"
				     "\U000e0041\u200f\u200d\u05d0";
	struct buf b = { 0 };
	struct err e;

	(void)state;
	text_visible(&b, turned, sizeof turned - 1);
	assert_string_equal(b.data, "<U+202E>a<U+200B><U+FEFF><U+2066><U+2028>"
				    "<U+00AD><U+115F><U+3164><U+FFA0>"
				    "<U+E0041>\u200f\u200d\u05d0");
	buf_release(&b);
	err_input(&e, "cannot read '\u202ea\xc2\x9b\x1b\xff\u05d0'");
	assert_string_equal(e.text, "cannot read '?a???\u05d0'");
}

static void
test_utf8_knows_what_is_valid(void **state)
{
	static const char *const good[] = { "",
					    "ascii only, long enough",
					    "\xc3\xa9",
					    "\xe4\xb8\xad",
					    "\xf0\x9f\x98\x80",
					    "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = {
		"\x80",		"\xc0\xaf",	    "\xe0\x80\xaf",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
		"12345678\xc3", "\xe4\xb8",
	};

	(void)state;
	for (size_t i = 0; i < countof(good); i++)
		assert_true(utf8_is_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < countof(bad); i++)
		assert_false(utf8_is_valid(bad[i], strlen(bad[i])));
}

static void
test_utf8_repairs_each_bad_part_once(void **state)
{
	static const char raw[] = "a\xe2\x82\xff\xf0\x9f\x98\x80\xc3";
	struct buf b = { 0 };

	(void)state;
	utf8_repair(&b, raw, sizeof raw - 1);
	assert_string_equal(b.data, "a\xef\xbf\xbd\xef\xbf\xbd"
				    "\xf0\x9f\x98\x80\xef\xbf\xbd");
	buf_release(&b);
}

static void
test_utf8_sees_a_sequence_cut_in_two(void **state)
{
	(void)state;
	assert_int_equal(utf8_incomplete_tail("ab\xe4\xb8", 4), 2);
	assert_int_equal(utf8_incomplete_tail("ab\xf0", 3), 1);
	assert_int_equal(utf8_incomplete_tail("ab\xc3\xa9", 4), 0);
	assert_int_equal(utf8_incomplete_tail("\xff", 1), 0);
	assert_int_equal(utf8_incomplete_tail("", 0), 0);
}

static void
test_every_code_point_survives(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (uint32_t p = 0; p < 0x110000; p += 7) {
		uint32_t back;

		if (p >= 0xd800 && p < 0xe000)
			continue;
		buf_clear(&b);
		utf8_encode(&b, p);
		assert_int_equal(utf8_decode(b.data, b.len, &back), b.len);
		assert_int_equal(back, p);
		assert_true(utf8_is_valid(b.data, b.len));
	}
	buf_release(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_reserved_is_a_string),
		cmocka_unit_test(test_buffer_keeps_zero_bytes),
		cmocka_unit_test(test_taken_text_is_never_null),
		cmocka_unit_test(test_pushing_many_keeps_all),
		cmocka_unit_test(test_arena_serves_large_and_small),
		cmocka_unit_test(test_prefix_stands_in_front),
		cmocka_unit_test(test_hash_is_sha256),
		cmocka_unit_test(test_hash_tells_lists_apart),
		cmocka_unit_test(test_words_are_split_as_a_shell_does),
		cmocka_unit_test(test_quoted_words_are_read_back),
		cmocka_unit_test(test_only_near_names_are_suggested),
		cmocka_unit_test(test_durations_have_units),
		cmocka_unit_test(test_sizes_have_units),
		cmocka_unit_test(test_base64_pads),
		cmocka_unit_test(test_harmful_controls_become_visible),
		cmocka_unit_test(test_what_hides_or_turns_text_becomes_visible),
		cmocka_unit_test(test_utf8_knows_what_is_valid),
		cmocka_unit_test(test_utf8_repairs_each_bad_part_once),
		cmocka_unit_test(test_utf8_sees_a_sequence_cut_in_two),
		cmocka_unit_test(test_every_code_point_survives),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
