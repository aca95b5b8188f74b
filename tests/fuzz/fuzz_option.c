/* Throws bytes at what reads words of people: option lines of cells, command
 * lines, durations, masks, what compilers and sanitizers print. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "build/diag.h"
#include "cli/commands.h"
#include "cli/run_args.h"
#include "model/mask.h"
#include "watch/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
options_of_cell(struct slice text)
{
	struct option_text *list = NULL;
	struct cell_options o;
	struct strs warnings = { 0 };
	struct arena a;
	size_t n = 0;
	struct err e;
	char *blanked = option_blanked(text);

	if (strnlen(blanked, text.len) > text.len)
		abort();
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] == '\n') != (blanked[i] == '\n'))
			abort();
	free(blanked);
	arena_init(&a);
	cell_options_init(&o);
	option_scan(&a, text, &list, &n);
	option_apply(&o, list, n, &warnings, &e);
	cell_options_release(&o);
	strs_release(&warnings);
	free(list);
	arena_release(&a);
}

/* Lines are words: argv[0] is the command. */
static void
command_line(struct slice text)
{
	struct strs argv = { 0 }, operands = { 0 };
	struct run_args args = RUN_ARGS_DEFAULT;
	const char *at = text.at, *end = at + text.len;
	struct err e;

	while (at < end) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((nl ? nl : end) - at);

		strs_addn(&argv, at, n);
		at += n + 1;
	}
	if (argv.count)
		opt_parse(cmd_run_opts, &args, (int)argv.count, argv.at,
			  &operands, &e);
	strs_release(&args.cells);
	strs_release(&args.skip);
	strs_release(&args.params);
	strs_release(&argv);
	strs_release(&operands);
}

static void
numbers_and_words(const char *text)
{
	struct strs words = { 0 };
	struct buf quoted = { 0 };
	int64_t n;
	struct err e;

	text_duration(text, &n, &e);
	text_size(text, &n, &e);
	cell_name_ok(text);
	if (text_words(&words, text, &e) == 0)
		for (size_t i = 0; i < words.count; i++) {
			struct strs back = { 0 };

			buf_clear(&quoted);
			text_quote(&quoted, words.at[i]);
			if (text_words(&back, buf_str(&quoted), &e) < 0 ||
			    back.count != 1 ||
			    strcmp(back.at[0], words.at[i]) != 0)
				abort();
			strs_release(&back);
		}
	strs_release(&words);
	buf_release(&quoted);
}

static void
messages(struct slice text)
{
	struct diag_source source = { "f.ipynb:a", NULL, text };
	struct diag_context c = { &source, 1, "/tmp" };
	struct diags all = { 0 };
	struct findings f = { .use = FINDINGS_FAIL };
	struct finding first;
	struct buf out = { 0 };

	diags_parse(&all, &c, text);
	diags_render(&out, &all);
	diags_release(&all);
	buf_release(&out);
	findings_take(&f, (struct slice){ text.at, text.len / 2 });
	findings_take(&f, (struct slice){ text.at + text.len / 2,
					  text.len - text.len / 2 });
	findings_first(&f, "f.ipynb:", &first);
	finding_release(&first);
	findings_release(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	char *copy = malloc(size + 1);

	memcpy(copy, data, size);
	copy[size] = '\0';
	options_of_cell(text);
	command_line(text);
	numbers_and_words(copy);
	messages(text);
	free(copy);
	return 0;
}
