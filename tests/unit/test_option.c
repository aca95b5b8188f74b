/* test_option.c: options are found, understood, merged, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "model/option.h"

/* All that one reading of a cell's text needs and leaves. */
struct reading {
	struct arena arena;
	struct option_text *list;
	size_t count;
	struct cell_options o;
	struct strs warnings;
	struct err e;
	int rc;
};

static void
begin(struct reading *r)
{
	*r = (struct reading){ 0 };
	arena_init(&r->arena);
	cell_options_init(&r->o);
}

static void
place(struct reading *r, enum option_place where, const char *key,
      const char *value)
{
	struct option_text *list =
		realloc(r->list, (r->count + 1) * sizeof *list);

	assert_non_null(list);
	list[r->count++] = (struct option_text){ .key = key,
						 .value = value,
						 .place = where };
	r->list = list;
}

static int
apply(struct reading *r)
{
	return r->rc = option_apply(&r->o, r->list, r->count, &r->warnings,
				    &r->e);
}

static int
read_cell(struct reading *r, const char *text)
{
	begin(r);
	option_scan(&r->arena, slice_of(text), &r->list, &r->count);
	return apply(r);
}

static void
end(struct reading *r)
{
	cell_options_release(&r->o);
	strs_release(&r->warnings);
	free(r->list);
	arena_release(&r->arena);
}

static void
refuses(const char *text, const char *part)
{
	struct reading r;

	if (read_cell(&r, text) == 0)
		fail_msg("taken, though wrong: %s", text);
	if (!strstr(r.e.text, part))
		fail_msg("'%s' does not say '%s'", r.e.text, part);
	assert_int_equal(r.e.class, ERR_INPUT);
	end(&r);
}

static void
test_every_option_is_read(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(
		read_cell(&r,
			  "//| name: my-cell_1.x\n"
			  "//| tags: a, b c\n"
			  "//| use: dir/threads/join\n"
			  "//| plain: true\n"
			  "//| args: one 'two three' \"f\\\"our\"\n"
			  "//| stdin: \"a\\n\\u00e9\\ud83d\\ude00\\t\\\"\"\n"
			  "//| env: OMP_NUM_THREADS=4 B='c d'\n"
			  "//| needs: x, y\n"
			  "//| timeout: 500ms\n"
			  "//| cc: clang\n"
			  "//| cflags: -O3 -DX='a b'\n"
			  "//| ldflags: -L.\n"
			  "//| libs: glib-2.0 zlib\n"
			  "//| sanitize: address,undefined\n"
			  "//| file: a.c\n"
			  "//| run: gcc a.c; echo $? # 'all\n"
			  "//| run: ./a.out\n"
			  "//| background: true\n"
			  "//| expect: signal=SIGSEGV\n"
			  "//| timeline: true\n"
			  "//| repeat: 20\n"),
		0);
	assert_string_equal(r.o.name, "my-cell_1.x");
	assert_int_equal(r.o.tags.count, 3);
	assert_string_equal(r.o.use_plugin, "dir/threads");
	assert_string_equal(r.o.use_cell, "join");
	assert_true(r.o.plain);
	assert_int_equal(r.o.args.count, 3);
	assert_string_equal(r.o.args.at[1], "two three");
	assert_string_equal(r.o.args.at[2], "f\"our");
	assert_string_equal(r.o.stdin_text, "a\n\xc3\xa9\xf0\x9f\x98\x80\t\"");
	assert_null(r.o.stdin_file);
	assert_string_equal(r.o.env.at[1], "B=c d");
	assert_true(r.o.needs_given);
	assert_int_equal(r.o.needs.count, 2);
	assert_int_equal(r.o.timeout_ms, 500);
	assert_string_equal(r.o.cc, "clang");
	assert_string_equal(r.o.cflags.at[1], "-DX=a b");
	assert_int_equal(r.o.ldflags.count, 1);
	assert_int_equal(r.o.libs.count, 2);
	assert_int_equal(r.o.sanitize.count, 2);
	assert_string_equal(r.o.file, "a.c");
	assert_int_equal(r.o.run.count, 2);
	assert_string_equal(r.o.run.at[0], "gcc a.c; echo $? # 'all");
	assert_true(r.o.background);
	assert_int_equal(r.o.expect.kind, EXPECT_SIGNAL);
	assert_int_equal(r.o.expect.number, SIGSEGV);
	assert_true(r.o.timeline);
	assert_int_equal(r.o.repeat, 20);
	assert_int_equal(r.o.line[OPT_NAME], 1);
	assert_int_equal(r.o.line[OPT_REPEAT], 21);
	end(&r);
}

static void
test_nothing_is_given_by_default(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_cell(&r, "int x;\n//| name: late\n"), 0);
	assert_null(r.o.name);
	assert_null(r.o.stdin_text);
	assert_int_equal(r.o.timeout_ms, -1);
	assert_int_equal(r.o.expect.kind, EXPECT_NONE);
	assert_false(r.o.needs_given);
	end(&r);
}

static void
test_expectations_take_all_forms(void **state)
{
	static const struct {
		const char *text;
		enum expect_kind kind;
		int number;
	} forms[] = {
		{ "exit=0", EXPECT_EXIT, 0 },
		{ "exit=255", EXPECT_EXIT, 255 },
		{ "signal=SIGTERM", EXPECT_SIGNAL, SIGTERM },
		{ "signal=KILL", EXPECT_SIGNAL, SIGKILL },
		{ "signal=11", EXPECT_SIGNAL, 11 },
		{ "timeout", EXPECT_TIMEOUT, 0 },
		{ "build-error", EXPECT_BUILD_ERROR, 0 },
		{ "sanitizer", EXPECT_SANITIZER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < countof(forms); i++) {
		struct reading r;

		begin(&r);
		place(&r, PLACE_CELL, "expect", forms[i].text);
		assert_int_equal(apply(&r), 0);
		assert_int_equal(r.o.expect.kind, forms[i].kind);
		assert_int_equal(r.o.expect.number, forms[i].number);
		end(&r);
	}
}

static void
test_wrong_values_are_refused_with_their_line(void **state)
{
	(void)state;
	refuses("//| plain: yes", "option 'plain' in line 1: 'yes' is neither");
	refuses("\n//| timeout: 10x", "'timeout' in line 2: '10x'");
	refuses("//| timeout: -1", "'-1'");
	refuses("//| repeat: 0", "'0'");
	refuses("//| repeat: 99999999999", "'99999999999'");
	refuses("//| expect: exit=256", "'exit=256'");
	refuses("//| expect: exit=-1", "255 is that of -1");
	refuses("//| expect: signal=SIGNOPE", "'signal=SIGNOPE'");
	refuses("//| expect: nothing", "'nothing'");
	refuses("//| use: join", "plugin/cell");
	refuses("//| use: /join", "plugin/cell");
	refuses("//| use: a/", "plugin/cell");
	refuses("//| name: a b", "'a b' is no name");
	refuses("//| name: a..b", "'a..b' is no name");
	refuses("//| name:", "'' is no name");
	refuses("//| sanitize: memory", "unknown sanitizer 'memory'");
	refuses("//| env: FOO", "'FOO' is not NAME=VALUE");
	refuses("//| env: A=b c", "'c' is not NAME=VALUE");
	refuses("//| args: 'open", "quote");
	refuses("//| stdin: \"open", "JSON string");
	refuses("//| stdin: \"a\" b", "JSON string");
	refuses("//| stdin: \"\\u0000\"", "JSON string");
	refuses("//| stdin: \"\\x\"", "JSON string");
	refuses("//| stdin: @", "name of a file");
	refuses("//| needs: none, a", "'none' stands alone");
	refuses("//| needs:", "no value");
	refuses("//| file:", "no value");
	refuses("//| just words", "'just words' in line 1 is no option");
}

static void
test_unknown_keys_name_the_nearest(void **state)
{
	struct reading r;

	(void)state;
	refuses("//| timout: 5s",
		"unknown option 'timout' in line 1; did you mean 'timeout'?");
	refuses("//| Name: x", "did you mean 'name'?");
	refuses("//| xyzzyplugh: 5s", "unknown option 'xyzzyplugh' in line 1");
	begin(&r);
	place(&r, PLACE_NOTEBOOK, "cflag", "-O2");
	assert_int_equal(apply(&r), -1);
	assert_non_null(strstr(r.e.text, "in the notebook's metadata; did you "
					 "mean 'cflags'?"));
	end(&r);
}

static void
test_a_single_value_twice_in_one_place_is_refused(void **state)
{
	struct reading r;

	(void)state;
	refuses("//| cc: gcc\n//| cc: clang",
		"option 'cc' stands twice, in lines 1 and 2");
	assert_int_equal(read_cell(&r, "//| cflags: -O1\n//| cflags: -g"), 0);
	assert_int_equal(r.o.cflags.count, 2);
	end(&r);
}

static void
test_the_strongest_place_wins_and_lists_are_joined(void **state)
{
	struct reading r;

	(void)state;
	begin(&r);
	place(&r, PLACE_NOTEBOOK, "cc", "gcc");
	place(&r, PLACE_NOTEBOOK, "cflags", "-O1");
	place(&r, PLACE_NOTEBOOK, "plain", "true");
	place(&r, PLACE_NOTEBOOK, "needs", "a");
	place(&r, PLACE_NOTEBOOK, "stdin", "@file");
	place(&r, PLACE_CELL, "cc", "clang");
	place(&r, PLACE_CELL, "cflags", "-O2");
	place(&r, PLACE_CELL, "plain", "false");
	place(&r, PLACE_SOURCE, "needs", "none");
	place(&r, PLACE_SOURCE, "stdin", "bare text");
	assert_int_equal(apply(&r), 0);
	assert_string_equal(r.o.cc, "clang");
	assert_int_equal(r.o.cflags.count, 2);
	assert_string_equal(r.o.cflags.at[0], "-O1");
	assert_string_equal(r.o.cflags.at[1], "-O2");
	assert_false(r.o.plain);
	assert_true(r.o.needs_given);
	assert_int_equal(r.o.needs.count, 0);
	assert_string_equal(r.o.stdin_text, "bare text");
	assert_null(r.o.stdin_file);
	end(&r);
}

static void
test_stdin_in_metadata_is_text_as_it_is(void **state)
{
	struct reading r;

	(void)state;
	begin(&r);
	place(&r, PLACE_CELL, "stdin", "\"quoted\" \\n\nline");
	assert_int_equal(apply(&r), 0);
	assert_string_equal(r.o.stdin_text, "\"quoted\" \\n\nline");
	end(&r);
	begin(&r);
	place(&r, PLACE_CELL, "stdin", "@in.txt");
	assert_int_equal(apply(&r), 0);
	assert_string_equal(r.o.stdin_file, "in.txt");
	assert_null(r.o.stdin_text);
	end(&r);
	assert_int_equal(read_cell(&r, "//| stdin: \"@text\""), 0);
	assert_string_equal(r.o.stdin_text, "@text");
	end(&r);
}

static void
test_options_stand_only_in_the_leading_comment_block(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_cell(&r, "\n// words\r\n  //| name: a\r\n"
				       "//// name.c\n\n\t//|cc:gcc\n"
				       "int main;\n//| file: no.c\n"),
			 0);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.o.name, "a");
	assert_int_equal(r.o.line[OPT_NAME], 3);
	assert_string_equal(r.o.cc, "gcc");
	assert_null(r.o.file);
	end(&r);
}

static void
test_only_the_first_colon_separates(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_cell(&r, "//| run: echo a:b : c\n"), 0);
	assert_string_equal(r.o.run.at[0], "echo a:b : c");
	end(&r);
}

static void
test_legacy_forms_are_read(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_cell(&r, "//%cflags:-lm -DX=a:b\n"
				       "//%CFlags : -g\n"
				       "//% CFLAGS -Wall\n"
				       "//%ldflags:-L.\n"
				       "//% LDFLAGS -lz\n"
				       "//%args: a 'b c'\n"
				       "//% ARGS d\n"
				       "//%env:A=b\n"
				       "//%compiler: gcc\n"
				       "//% CC clang\n"
				       "//%file: t.c\n"),
			 0);
	assert_int_equal(r.warnings.count, 0);
	assert_int_equal(r.o.cflags.count, 4);
	assert_string_equal(r.o.cflags.at[1], "-DX=a:b");
	assert_string_equal(r.o.cflags.at[3], "-Wall");
	assert_int_equal(r.o.ldflags.count, 2);
	assert_int_equal(r.o.args.count, 3);
	assert_string_equal(r.o.env.at[0], "A=b");
	assert_string_equal(r.o.cc, "clang");
	assert_string_equal(r.o.file, "t.c");
	end(&r);
}

static void
test_what_a_legacy_line_gets_wrong_is_a_warning(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_cell(&r, "//% just a comment\n"
				       "//% name: of the rose\n"
				       "//%timeout: 5s\n"
				       "//% args are explained below\n"
				       "//%args: 'open\n"
				       "//%\n//%%\n"),
			 0);
	assert_int_equal(r.warnings.count, 6);
	assert_non_null(strstr(r.warnings.at[0], "'//% just' in line 1"));
	assert_non_null(strstr(r.warnings.at[4], "option 'args' in line 5"));
	assert_null(r.o.name);
	assert_int_equal(r.o.timeout_ms, -1);
	assert_int_equal(r.o.args.count, 0);
	end(&r);
}

static void
test_blanking_keeps_every_other_byte(void **state)
{
	static const char text[] = "// keep\r\n  //| name: \xc3\xa9\r\n\n"
				   "//% CFLAGS\n//// f.c\nint x; //| no\n"
				   "//| not either";
	char *blank = option_blanked(slice_of(text));
	char want[sizeof text];
	const char *const gone[] = { "  //| name: \xc3\xa9", "//% CFLAGS" };

	(void)state;
	memcpy(want, text, sizeof text);
	for (size_t i = 0; i < countof(gone); i++)
		memset(strstr(want, gone[i]), ' ', strlen(gone[i]));
	assert_string_equal(blank, want);
	free(blank);
	blank = option_blanked((struct slice){ "", 0 });
	assert_string_equal(blank, "");
	free(blank);
}

static void
test_names_are_checked(void **state)
{
	char longest[102];

	(void)state;
	assert_true(cell_name_ok("a"));
	assert_true(cell_name_ok("_x.y-z9"));
	assert_false(cell_name_ok(""));
	assert_false(cell_name_ok("9a"));
	assert_false(cell_name_ok("a b"));
	assert_false(cell_name_ok("a..b"));
	assert_false(cell_name_ok("\xc3\xa9"));
	memset(longest, 'a', 101);
	longest[101] = '\0';
	assert_false(cell_name_ok(longest));
	longest[100] = '\0';
	assert_true(cell_name_ok(longest));
}

static void
test_every_key_has_a_name_and_help(void **state)
{
	(void)state;
	for (int k = 0; k < OPT_COUNT; k++) {
		assert_non_null(option_key_name((enum option_key)k));
		assert_true(*option_key_help((enum option_key)k) != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_option_is_read),
		cmocka_unit_test(test_nothing_is_given_by_default),
		cmocka_unit_test(test_expectations_take_all_forms),
		cmocka_unit_test(test_wrong_values_are_refused_with_their_line),
		cmocka_unit_test(test_unknown_keys_name_the_nearest),
		cmocka_unit_test(
			test_a_single_value_twice_in_one_place_is_refused),
		cmocka_unit_test(
			test_the_strongest_place_wins_and_lists_are_joined),
		cmocka_unit_test(test_stdin_in_metadata_is_text_as_it_is),
		cmocka_unit_test(
			test_options_stand_only_in_the_leading_comment_block),
		cmocka_unit_test(test_only_the_first_colon_separates),
		cmocka_unit_test(test_legacy_forms_are_read),
		cmocka_unit_test(
			test_what_a_legacy_line_gets_wrong_is_a_warning),
		cmocka_unit_test(test_blanking_keeps_every_other_byte),
		cmocka_unit_test(test_names_are_checked),
		cmocka_unit_test(test_every_key_has_a_name_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
