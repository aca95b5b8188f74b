/* test_opt.c: command lines as users type them, and the help that the same
 * table gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "cli/opt.h"

struct args {
	bool inplace, quiet, keep;
	const char *output;
	struct strs cells;
	int64_t timeout, memory;
	int color;
};

static const char *const colors[] = { "auto", "always", "never", NULL };
static const struct opt opts[] = {
	{ 'i', "inplace", NULL, "save the outputs into the notebook", ARG_FLAG,
	  offsetof(struct args, inplace) },
	{ 'q', "quiet", NULL, "less", ARG_FLAG, offsetof(struct args, quiet) },
	{ 0, "keep-the-session-alive", NULL, "for later", ARG_FLAG,
	  offsetof(struct args, keep) },
	{ 'o', "output", "FILE", "save a copy", ARG_STRING,
	  offsetof(struct args, output) },
	{ 'c', "cell", "SEL",
	  "a name, an id, a number, where -1 is the last, a range, or a tag; "
	  "it "
	  "may be given more than once, and then all of them are run",
	  ARG_STRINGS, offsetof(struct args, cells) },
	{ 0, "timeout", "D", "for each cell", ARG_DURATION,
	  offsetof(struct args, timeout) },
	{ 0, "memory", "SIZE", "for each cell", ARG_SIZE,
	  offsetof(struct args, memory) },
	{ 0, "color", "WHEN", "auto, always, never", ARG_CHOICE,
	  offsetof(struct args, color), colors },
	{ 'j', "jobs", "N", "there is one notebook", ARG_REFUSED },
	{ 0 }
};

/* What one command line gave. */
static struct args args;
static struct strs operands;
static struct err err;

static int
setup(void **state)
{
	(void)state;
	args = (struct args){ .timeout = -1 };
	strs_init(&operands);
	err.text[0] = '\0';
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	strs_release(&args.cells);
	strs_release(&operands);
	return 0;
}

/* The words of `line` are the arguments of the command. */
static int
parse(const char *line)
{
	/* Strings given to options are borrowed from here. */
	static struct strs argv;

	strs_release(&argv);
	strs_add(&argv, "cmd");
	assert_int_equal(text_words(&argv, line, &err), 0);
	return opt_parse(opts, &args, (int)argv.count, argv.at, &operands,
			 &err);
}

static void
assert_refused(const char *line, const char *sentence)
{
	assert_int_equal(parse(line), -1);
	assert_string_equal(err.text, sentence);
	assert_int_equal(err.class, ERR_INPUT);
}

static void
test_an_argument_may_stand_apart_or_attached(void **state)
{
	(void)state;
	assert_int_equal(
		parse("-c a -cb --cell c --cell=d --cell= '--cell=x=y'"), 0);
	assert_int_equal(args.cells.count, 6);
	assert_string_equal(args.cells.at[0], "a");
	assert_string_equal(args.cells.at[1], "b");
	assert_string_equal(args.cells.at[2], "c");
	assert_string_equal(args.cells.at[3], "d");
	assert_string_equal(args.cells.at[4], "");
	assert_string_equal(args.cells.at[5], "x=y");
	assert_int_equal(operands.count, 0);
}

static void
test_negative_numbers_are_arguments(void **state)
{
	(void)state;
	assert_int_equal(parse("--cell -1 -c -2 -c-3 --cell=-4"), 0);
	assert_int_equal(args.cells.count, 4);
	assert_string_equal(args.cells.at[0], "-1");
	assert_string_equal(args.cells.at[1], "-2");
	assert_string_equal(args.cells.at[2], "-3");
	assert_string_equal(args.cells.at[3], "-4");
}

static void
test_flags_cluster_and_the_last_takes_an_argument(void **state)
{
	(void)state;
	assert_int_equal(parse("-iqo out.ipynb nb"), 0);
	assert_true(args.inplace);
	assert_true(args.quiet);
	assert_string_equal(args.output, "out.ipynb");
	assert_int_equal(operands.count, 1);
}

static void
test_options_may_follow_operands(void **state)
{
	(void)state;
	assert_int_equal(parse("a.ipynb -i b.ipynb --color never"), 0);
	assert_true(args.inplace);
	assert_int_equal(args.color, 2);
	assert_int_equal(operands.count, 2);
	assert_string_equal(operands.at[1], "b.ipynb");
}

static void
test_two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(parse("-i -- -q --nonsense --"), 0);
	assert_true(args.inplace);
	assert_false(args.quiet);
	assert_int_equal(operands.count, 3);
	assert_string_equal(operands.at[2], "--");
}

static void
test_one_dash_is_an_operand_and_an_argument(void **state)
{
	(void)state;
	assert_int_equal(parse("- -o -"), 0);
	assert_int_equal(operands.count, 1);
	assert_string_equal(operands.at[0], "-");
	assert_string_equal(args.output, "-");
}

static void
test_an_empty_word_is_an_operand(void **state)
{
	(void)state;
	assert_int_equal(parse("''"), 0);
	assert_int_equal(operands.count, 1);
}

static void
test_durations_and_sizes_are_understood(void **state)
{
	(void)state;
	assert_int_equal(parse("--timeout 1.5s --memory=64M"), 0);
	assert_int_equal(args.timeout, 1500);
	assert_int_equal(args.memory, 64 << 20);
}

static void
test_the_last_value_wins(void **state)
{
	(void)state;
	assert_int_equal(parse("-o a -o b --color never --color auto"), 0);
	assert_string_equal(args.output, "b");
	assert_int_equal(args.color, 0);
}

static void
test_unknown_options_are_refused_with_the_nearest(void **state)
{
	(void)state;
	assert_refused("--tiemout 3s", "unknown option '--tiemout'; did you "
				       "mean '--timeout'?");
	assert_refused("--otput=x", "unknown option '--otput'; did you mean "
				    "'--output'?");
	assert_refused("--hlep", "unknown option '--hlep'; did you mean "
				 "'--help'?");
	assert_refused("--xyzzyplugh", "unknown option '--xyzzyplugh'");
	assert_refused("-z", "unknown option '-z'");
	assert_refused("-iz", "unknown option '-z'");
	assert_refused("-timeout 3", "unknown option '-timeout'; did you mean "
				     "'--timeout'?");
	assert_refused("-1", "unknown option '-1'; a cell counted from the end "
			     "is written: -c -1");
}

static void
test_what_another_command_takes_is_refused_with_the_reason(void **state)
{
	static const char why[] = "no option '--jobs' here: there is one "
				  "notebook";

	(void)state;
	assert_refused("--jobs", why);
	assert_refused("--jobs=3", why);
	assert_refused("-ij 3", why);
	assert_refused("--job", "unknown option '--job'");
}

static void
test_a_missing_argument_is_named(void **state)
{
	(void)state;
	assert_refused("nb --cell", "option '--cell' needs an argument: "
				    "--cell SEL");
	assert_refused("-io", "option '-o' needs an argument: -o FILE");
}

static void
test_a_flag_takes_no_argument(void **state)
{
	(void)state;
	assert_refused("--inplace=yes", "option '--inplace' takes no argument");
}

static void
test_wrong_values_name_their_option(void **state)
{
	(void)state;
	assert_refused("--color alwyas", "option '--color': unknown WHEN "
					 "'alwyas'; did you mean 'always'?");
	assert_refused("--color pink", "option '--color': unknown WHEN 'pink': "
				       "it is one of auto, always, never");
	assert_int_equal(parse("--timeout soon"), -1);
	assert_non_null(strstr(err.text, "--timeout"));
	assert_int_equal(parse("--memory=-3"), -1);
	assert_non_null(strstr(err.text, "--memory"));
}

static void
test_help_is_in_every_table(void **state)
{
	(void)state;
	assert_int_equal(parse("a -i --help"), 1);
	assert_int_equal(parse("-h"), 1);
	assert_int_equal(parse("-iqh --nonsense"), 1);
	/* What is an argument is no call for help. */
	assert_int_equal(parse("-c --help"), 0);
	assert_int_equal(parse("-- --help"), 0);
}

static void
test_help_names_every_option_within_80_columns(void **state)
{
	struct buf out = { 0 };
	size_t column = 0;

	(void)state;
	opt_help(&out, opts);
	for (const struct opt *o = opts; o->long_name; o++)
		assert_int_equal(strstr(buf_str(&out), o->long_name) != NULL,
				 o->type != ARG_REFUSED);
	assert_non_null(strstr(buf_str(&out), "  -c, --cell SEL         "));
	assert_non_null(
		strstr(buf_str(&out), "      --timeout D         for "));
	assert_non_null(strstr(buf_str(&out), "  -h, --help"));
	for (size_t i = 0; i < out.len; i++) {
		column = out.data[i] == '\n' ? 0 : column + 1;
		assert_true(column < 80);
	}
	assert_int_equal(column, 0);
	buf_release(&out);
}

static void
test_wrapped_text_goes_on_at_its_indent(void **state)
{
	struct buf out = { 0 };

	(void)state;
	opt_wrap(&out, "aaaa bbbb cccc", 70, 4);
	assert_string_equal(buf_str(&out), "aaaa bbbb\n    cccc\n");
	buf_release(&out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_an_argument_may_stand_apart_or_attached),
		T(test_negative_numbers_are_arguments),
		T(test_flags_cluster_and_the_last_takes_an_argument),
		T(test_options_may_follow_operands),
		T(test_two_dashes_end_the_options),
		T(test_one_dash_is_an_operand_and_an_argument),
		T(test_an_empty_word_is_an_operand),
		T(test_durations_and_sizes_are_understood),
		T(test_the_last_value_wins),
		T(test_unknown_options_are_refused_with_the_nearest),
		T(test_what_another_command_takes_is_refused_with_the_reason),
		T(test_a_missing_argument_is_named),
		T(test_a_flag_takes_no_argument),
		T(test_wrong_values_name_their_option),
		T(test_help_is_in_every_table),
		T(test_help_names_every_option_within_80_columns),
		T(test_wrapped_text_goes_on_at_its_indent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
