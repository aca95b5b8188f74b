/* JSON: what is refused and where, what is kept, what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"
#include "format/json.h"

static int
check(const char *text, struct json *root, struct err *e)
{
	return json_check(slice_of(text), root, NULL, e);
}

static void
test_refusal_names_line_and_column(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "line 1, column 1: expected a value, but the text ends" },
		{ "{\n \"a\": 1\n \"b\": 2}",
		  "line 3, column 2: expected ','" },
		{ "[1, 2", "line 1, column 6: expected ',' or ']', but" },
		{ "{\"\xc3\xa9\": x}", "line 1, column 7: expected a value" },
		{ "[1,]", "line 1, column 4: a comma stands before ']'" },
		{ "{\"a\":1,}", "line 1, column 8: a comma stands before '}'" },
		{ "{'a':1}", "line 1, column 2: expected a key in double" },
		{ "{\"a\" 1}", "line 1, column 6: expected ':'" },
		{ "[\"a\nb\"]", "line 1, column 4: a string is not closed" },
		{ "[\"a", "line 1, column 2: a string is not closed" },
		{ "[\"\x01\"]", "line 1, column 3: a control character" },
		{ "[\"\\x\"]", "line 1, column 3: an escape" },
		{ "[\"\\u12g4\"]", "line 1, column 3: an escape" },
		{ "[\"\xc0\xaf\"]", "line 1, column 3: a byte that is not" },
		{ "[\"\xed\xa0\x80\"]", "line 1, column 3: a byte that is" },
		{ "[\"\xe4\xb8\"]", "line 1, column 3: a byte that is not" },
		{ "[01]", "line 1, column 2: a number must not begin with 0" },
		{ "[1.]", "line 1, column 4: expected a digit" },
		{ "[1e]", "line 1, column 4: expected a digit" },
		{ "[NaN]", "line 1, column 2: NaN and Infinity" },
		{ "[-Infinity]", "line 1, column 2: NaN and Infinity" },
		{ "{} {}", "line 1, column 4: text behind the end" },
		{ "nul", "line 1, column 1: expected a value" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct err e = { 0 };
		struct json root;

		assert_int_equal(check(cases[i].text, &root, &e), -1);
		assert_int_equal(e.class, ERR_INPUT);
		if (!strstr(e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, e.text);
	}
}

static void
test_every_kind_of_value_is_accepted(void **state)
{
	static const char *const texts[] = {
		"null",
		"true",
		" false ",
		"0",
		"-0.5e-10",
		"1E+9",
		"\"\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
		"[]",
		"{}",
		"[[],{}]",
		"{\"a\":[1,{\"b\":null}],\"\":\"\xf0\x9f\x98\x80\"}",
		"\r\n\t [ 1 , 2 ] \r\n",
	};

	(void)state;
	for (size_t i = 0; i < countof(texts); i++) {
		struct err e = { 0 };
		struct json root;

		if (check(texts[i], &root, &e))
			fail_msg("%s: %s", texts[i], e.text);
		assert_true(
			slice_equal(root.text, slice_trim(slice_of(texts[i]))));
	}
}

static void
test_depth_is_limited_not_recursed(void **state)
{
	struct buf deep = { 0 };
	struct err e = { 0 };
	struct json root;

	(void)state;
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		buf_add_byte(&deep, '[');
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		buf_add_byte(&deep, ']');
	assert_int_equal(check(buf_str(&deep), &root, &e), 0);
	assert_int_equal(json_depth(root.text), JSON_MAX_DEPTH);
	buf_clear(&deep);
	for (int i = 0; i < 1000000; i++)
		buf_add_byte(&deep, '[');
	assert_int_equal(check(buf_str(&deep), &root, &e), -1);
	assert_non_null(strstr(e.text, "column 513: nested deeper than 512"));
	buf_release(&deep);
}

static void
test_repeated_keys_are_told(void **state)
{
	struct strs told = { 0 };
	struct buf many = { 0 };
	struct json root;

	(void)state;
	assert_int_equal(json_check(slice_of("{\"a\":1,\n\"b\":{\"a\":2},"
					     "\"\\u0061\":3}"),
				    &root, &told, NULL),
			 0);
	assert_int_equal(told.count, 1);
	assert_non_null(strstr(told.at[0], "line 2, column 13: the key 'a'"));
	strs_release(&told);

	buf_add_str(&many, "{\"k\":0");
	for (int i = 0; i < 1000; i++)
		buf_addf(&many, ",\"k%d\":0", i / 2);
	buf_add_str(&many, "}");
	assert_int_equal(json_check(buf_slice(&many), &root, &told, NULL), 0);
	assert_int_equal(told.count, 17);
	assert_string_equal(told.at[16],
			    "484 more keys stand twice in one object");
	strs_release(&told);
	buf_release(&many);
}

static void
test_walk_gives_slices_as_they_stand(void **state)
{
	struct json root, v;
	struct json_walk w;
	struct slice key;

	(void)state;
	assert_int_equal(check("{ \"n\" : 1.10 , \"l\":[ 1 ,\"]\" ], \"s\":"
			       "\"}\\\"\" }",
			       &root, NULL),
			 0);
	w = json_enter(root);
	assert_true(json_next(&w, &key, &v));
	assert_true(slice_is(key, "\"n\""));
	assert_true(slice_is(v.text, "1.10"));
	assert_int_equal(v.type, JSON_NUMBER);
	assert_true(json_next(&w, &key, &v));
	assert_true(slice_is(v.text, "[ 1 ,\"]\" ]"));
	assert_true(json_next(&w, &key, &v));
	assert_true(slice_is(v.text, "\"}\\\"\""));
	assert_false(json_next(&w, &key, &v));
	assert_false(json_next(&w, &key, &v));
	assert_true(json_find(root, "l", &v));
	assert_false(json_find(root, "x", &v));
}

static void
test_last_of_equal_keys_counts(void **state)
{
	struct json_tree *t;
	struct json root, v;

	(void)state;
	assert_int_equal(check("{\"a\":1,\"\\u0061\":\"x\"}", &root, NULL), 0);
	assert_true(json_find(root, "a", &v));
	assert_true(slice_is(v.text, "\"x\""));
	t = json_tree_new(root);
	assert_string_equal(json_tree_str(t, "a"), "x");
	assert_int_equal(json_tree_int(t, "a", -7), -7);
	json_tree_free(t);
}

static void
test_escapes_are_undone(void **state)
{
	struct buf out = { 0 };
	size_t at;

	(void)state;
	json_unescape(&out, slice_of("\"\\u0041\\n\\/\\u0000\\ud83d\\ude00"
				     "\\ud83dx\\udc00\""));
	assert_int_equal(out.len, 4 + 4 + 3 + 1 + 3);
	assert_memory_equal(out.data,
			    "A\n/\0\xf0\x9f\x98\x80\xef\xbf\xbdx\xef\xbf\xbd",
			    out.len);
	buf_release(&out);
	assert_int_equal(json_fault(slice_of("\"a\\\\u0000\""), &at),
			 JSON_FINE);
	assert_int_equal(json_fault(slice_of("\"a\\u0000\""), &at), JSON_NUL);
	assert_int_equal(at, 2);
	assert_int_equal(json_fault(slice_of("\"\\ud83d\\ude00\""), &at),
			 JSON_FINE);
	assert_int_equal(json_fault(slice_of("\"\\ud83d\\ud83d\""), &at),
			 JSON_LONE_SURROGATE);
}

static void
test_quoting_gives_valid_utf8(void **state)
{
	struct buf out = { 0 };

	(void)state;
	json_quote(&out, "a\"\\\n\x1f\x7f\0\xc3\xa9\xff", 10);
	assert_string_equal(out.data, "\"a\\\"\\\\\\n\\u001f\x7f\\u0000"
				      "\xc3\xa9\xef\xbf\xbd\"");
	buf_release(&out);
}

static void
test_lines_split_as_jupyter_splits(void **state)
{
	static const char text[] = "a\nb\r\nc\rd\ve\ff\x1cg\x1dh\x1ei\xc2\x85"
				   "j\xe2\x80\xa8k\xe2\x80\xa9l\xe2\x80\xaam";
	struct json_out j;
	struct buf out = { 0 };

	(void)state;
	json_begin(&j, &out, -1, 0);
	json_lines(&j, text, sizeof text - 1);
	assert_string_equal(out.data,
			    "[\"a\\n\", \"b\\r\\n\", \"c\\r\", \"d\\u000b\", "
			    "\"e\\f\", \"f\\u001c\", \"g\\u001d\", "
			    "\"h\\u001e\", \"i\xc2\x85\", \"j\xe2\x80\xa8\", "
			    "\"k\xe2\x80\xa9\", \"l\xe2\x80\xaam\"]");
	buf_clear(&out);
	json_begin(&j, &out, 1, 0);
	json_lines(&j, "", 0);
	assert_string_equal(out.data, "[]");
	buf_release(&out);
}

static void
test_layout_is_that_of_python(void **state)
{
	struct json_out j;
	struct buf out = { 0 };
	struct json value;

	(void)state;
	assert_int_equal(check("{\"x\":[1.10,{}],\"y\":[ ]}", &value, NULL), 0);
	json_begin(&j, &out, 1, 0);
	json_open(&j, '{');
	json_key(&j, "a");
	json_ms(&j, 12345678);
	json_key(&j, "b");
	json_value(&j, value);
	json_key(&j, "t");
	json_time(&j, INT64_C(1700000000123456789));
	json_key(&j, "u");
	json_ms(&j, -1);
	json_close(&j, '}');
	assert_string_equal(out.data,
			    "{\n \"a\": 12.346,\n \"b\": {\n  \"x\": [\n"
			    "   1.10,\n   {}\n  ],\n  \"y\": []\n },\n"
			    " \"t\": \"2023-11-14T22:13:20.123456Z\",\n"
			    " \"u\": null\n}");
	buf_release(&out);
}

static void
test_compact_keeps_the_spelling_of_numbers(void **state)
{
	struct arena a;
	struct json value;

	(void)state;
	arena_init(&a);
	assert_int_equal(check("{ \"a b\" : [ 1.10 , 12345678901234567890 ] }",
			       &value, NULL),
			 0);
	assert_string_equal(json_compact(&a, value),
			    "{\"a b\":[1.10,12345678901234567890]}");
	arena_release(&a);
}

static void
test_compact_knows_where_strings_end(void **state)
{
	struct arena a;
	struct json value;

	(void)state;
	arena_init(&a);
	assert_int_equal(
		check("[ \"C:\\\\\",\n \"http://x /* y\", \"\\\" //\" ]",
		      &value, NULL),
		0);
	assert_string_equal(json_compact(&a, value),
			    "[\"C:\\\\\",\"http://x /* y\",\"\\\" //\"]");
	arena_release(&a);
}

/* Every short text of an alphabet that holds the grammar's characters: what is
 * accepted can be walked to its end and means the same when laid out anew. */
static void
test_accepted_texts_survive_a_new_layout(void **state)
{
	static const char letters[] = "[]{},:\"1a\\ ";
	const size_t n = sizeof letters - 1;
	char text[7] = "";
	int accepted = 0;

	(void)state;
	for (size_t code = 0; code < n * n * n * n * n * n; code++) {
		struct json root, again;
		struct buf out = { 0 };
		struct json_out j;

		for (size_t i = 0, rest = code; i < 6; i++, rest /= n)
			text[i] = letters[rest % n];
		if (check(text, &root, NULL))
			continue;
		accepted++;
		json_begin(&j, &out, 2, 0);
		json_value(&j, root);
		assert_int_equal(check(buf_str(&out), &again, NULL), 0);
		assert_int_equal(json_depth(root.text), json_depth(again.text));
		buf_release(&out);
	}
	assert_true(accepted > 100);
}

static void
test_times_are_read_as_far_as_they_can_be_added_up(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{ "2026-11-23T20:08:12.123456Z", INT64_C(1795464492123456000) },
		{ "2026-11-23T22:08:12+02:00", INT64_C(1795464492000000000) },
		{ "2100-01-01T00:00:00Z", INT64_C(4102444800000000000) },
		{ "9999-12-31T23:59:59Z", 0 },
		{ "0001-01-01T00:00:00Z", 0 },
		{ "yesterday", 0 },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_int_equal(json_parse_time(cases[i].text), cases[i].ns);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_times_are_read_as_far_as_they_can_be_added_up),
		cmocka_unit_test(test_refusal_names_line_and_column),
		cmocka_unit_test(test_every_kind_of_value_is_accepted),
		cmocka_unit_test(test_depth_is_limited_not_recursed),
		cmocka_unit_test(test_repeated_keys_are_told),
		cmocka_unit_test(test_walk_gives_slices_as_they_stand),
		cmocka_unit_test(test_last_of_equal_keys_counts),
		cmocka_unit_test(test_escapes_are_undone),
		cmocka_unit_test(test_quoting_gives_valid_utf8),
		cmocka_unit_test(test_lines_split_as_jupyter_splits),
		cmocka_unit_test(test_layout_is_that_of_python),
		cmocka_unit_test(test_compact_keeps_the_spelling_of_numbers),
		cmocka_unit_test(test_compact_knows_where_strings_end),
		cmocka_unit_test(test_accepted_texts_survive_a_new_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
