/* What ansi.h makes of a terminal's escape sequences. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include "base/ansi.h"

static void
assert_stripped(const char *text, const char *want)
{
	struct buf out = { 0 };

	ansi_strip(&out, slice_of(text));
	assert_string_equal(buf_str(&out), want);
	buf_release(&out);
}

/* The look of the text behind the sequences. */
static struct ansi
look_of(const char *text)
{
	struct slice rest = slice_of(text);
	struct ansi look = { 0 };

	while (ansi_text(&rest, &look).len)
		;
	return look;
}

static void
assert_color(struct ansi_color c, int kind, uint32_t value)
{
	assert_int_equal(c.kind, kind);
	assert_int_equal(c.value, value);
}

static void
test_strip_takes_sequences_whole(void **state)
{
	(void)state;
	assert_stripped("a\033[31mb\033[0mc", "abc");
	assert_stripped("\033[?25lx\033[2Ky\033[10;20Hz", "xyz");
	assert_stripped("\033]0;title\007x\033]8;;http://a\033\\link", "xlink");
	assert_stripped("\033(Bx\033=y\033Mz", "xyz");
	assert_stripped("\033Pq#0;2\033\\x", "x");
}

static void
test_strip_loses_no_text_behind_what_nothing_ends(void **state)
{
	(void)state;
	assert_stripped("a\033]0;no end", "a0;no end");
	assert_stripped("a\033", "a");
	assert_stripped("a\033[", "a");
	assert_stripped("a\033[12", "a");
	assert_stripped("a\033\nb", "a\nb");
	assert_stripped("a\033[1\xc3\xa4", "a\xc3\xa4");
}

static void
test_colors_in_every_notation(void **state)
{
	(void)state;
	assert_color(look_of("\033[31mx").fore, ANSI_NAMED, 1);
	assert_color(look_of("\033[97mx").fore, ANSI_NAMED, 15);
	assert_color(look_of("\033[44mx").back, ANSI_NAMED, 4);
	assert_color(look_of("\033[102mx").back, ANSI_NAMED, 10);
	assert_color(look_of("\033[38;5;9mx").fore, ANSI_NAMED, 9);
	assert_color(look_of("\033[38;5;196mx").fore, ANSI_RGB, 0xff0000);
	assert_color(look_of("\033[48;5;255mx").back, ANSI_RGB, 0xeeeeee);
	assert_color(look_of("\033[38;2;1;2;3mx").fore, ANSI_RGB, 0x010203);
	assert_color(look_of("\033[38:2::1:2:3mx").fore, ANSI_RGB, 0x010203);
	assert_color(look_of("\033[38:2:1:2:3mx").fore, ANSI_RGB, 0x010203);
	assert_color(look_of("\033[38:5:21;1mx").fore, ANSI_RGB, 0x0000ff);
	assert_color(look_of("\033[31;39mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[41m\033[mx").back, ANSI_DEFAULT, 0);
}

static void
test_what_follows_a_color_counts(void **state)
{
	struct ansi look = look_of("\033[38;5;1;4;48;2;9;9;9;1mx");

	(void)state;
	assert_color(look.fore, ANSI_NAMED, 1);
	assert_color(look.back, ANSI_RGB, 0x090909);
	assert_true(look.underline && look.bold);
	/* the colour of the underline is read over, not read as others */
	assert_false(look_of("\033[58;5;1mx").bold);
	assert_false(look_of("\033[4:0mx").underline);
}

static void
test_broken_colors_change_nothing_else(void **state)
{
	(void)state;
	assert_color(look_of("\033[38mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[38;5mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[38;5;999mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[38;2;1mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[99999999999mx").fore, ANSI_DEFAULT, 0);
	assert_color(look_of("\033[31?mx").fore, ANSI_DEFAULT, 0);
}

static void
test_weights_are_set_and_unset(void **state)
{
	struct ansi plain = { 0 }, look;

	(void)state;
	look = look_of("\033[1;2;3;4;7;8;9mx");
	assert_true(look.bold && look.dim && look.italic && look.underline &&
		    look.inverse && look.hidden && look.strike);
	look = look_of("\033[1;2;3;4;7;8;9m\033[22;23;24;27;28;29mx");
	assert_true(ansi_same(&look, &plain));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strip_takes_sequences_whole),
		cmocka_unit_test(
			test_strip_loses_no_text_behind_what_nothing_ends),
		cmocka_unit_test(test_colors_in_every_notation),
		cmocka_unit_test(test_what_follows_a_color_counts),
		cmocka_unit_test(test_broken_colors_change_nothing_else),
		cmocka_unit_test(test_weights_are_set_and_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
