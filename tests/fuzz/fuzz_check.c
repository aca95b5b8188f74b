/* Throws outputs of two runs of a cell, rules and masks at what compares them:
 * a cell is the same as itself, what differs is shown, and to change sides
 * changes no verdict.
 *
 * The input is lines; the first letter says what the rest is: r a word of a
 * `check` option, m a mask, y a line of a text that is right too; of the run
 * that is recorded o and e lines of stdout and stderr, v a result, d a display
 * and x an error, "WHAT TEXT"; O, E, V, D and X of the one that is. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "format/json.h"
#include "format/nbformat.h"
#include "model/check.h"
#include "must.h"

/* See fuzz_choose.c: a sanitizer's regexec() is slow. */
#define MASKS 2

struct run {
	struct buf text;
	struct json_out j;
	struct notebook nb;
	struct record r;
	struct record_cell look;
	const struct record_cell *cell;
};

static void
run_begin(struct run *run)
{
	*run = (struct run){ .look = { .cell = NULL } };
	buf_add_str(&run->text,
		    "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		    "\"cells\":[{\"cell_type\":\"code\",\"id\":\"a\","
		    "\"metadata\":{},\"execution_count\":1,\"source\":\"1\","
		    "\"outputs\":");
	json_begin(&run->j, &run->text, 0, 0);
	json_open(&run->j, '[');
}

static void
key_str(struct json_out *j, const char *key, const char *value)
{
	json_key(j, key);
	json_str(j, value);
}

static void
put_data(struct json_out *j, const char *mime, const char *text)
{
	json_key(j, "metadata");
	json_open(j, '{');
	json_close(j, '}');
	json_key(j, "data");
	json_open(j, '{');
	key_str(j, mime, text);
	json_close(j, '}');
}

static void
put_stream(struct json_out *j, const char *name, const char *line)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s\n", line);
	key_str(j, "output_type", "stream");
	key_str(j, "name", name);
	key_str(j, "text", buf_str(&text));
	buf_release(&text);
}

static void
put_error(struct json_out *j, const char *name, const char *text)
{
	key_str(j, "output_type", "error");
	key_str(j, "ename", name);
	key_str(j, "evalue", text);
	json_key(j, "traceback");
	json_open(j, '[');
	json_str(j, text);
	json_close(j, ']');
}

static void
run_take(struct run *run, char kind, char *rest)
{
	struct json_out *j = &run->j;
	char *text = strchr(rest, ' ');

	if (text)
		*text++ = '\0';
	json_open(j, '{');
	if (kind == 'v' || kind == 'd') {
		key_str(j, "output_type",
			kind == 'v' ? "execute_result" : "display_data");
		if (kind == 'v')
			json_key(j, "execution_count"), json_int(j, 1);
		put_data(j, rest, text ? text : "");
	} else if (kind == 'x') {
		put_error(j, rest, text ? text : "");
	} else {
		if (text)
			text[-1] = ' ';
		put_stream(j, kind == 'o' ? "stdout" : "stderr", rest);
	}
	json_close(j, '}');
}

static void
run_end(struct run *run)
{
	struct err e;

	json_close(&run->j, ']');
	buf_add_str(&run->text, "}]}");
	notebook_init(&run->nb);
	must(nbformat_read(&run->nb, "f.ipynb", run->text.data, run->text.len,
			   &e) == 0);
	record_init(&run->r, &run->nb);
	nbformat_recorded(&run->r, &run->nb);
	run->cell = record_look(&run->r, 0, &run->look);
}

static void
run_release(struct run *run)
{
	record_look_end(&run->look);
	record_release(&run->r);
	notebook_release(&run->nb);
	buf_release(&run->text);
}

static void
check(const struct check_rules *rules, const struct run *runs)
{
	struct buf diff = { 0 };
	enum check_verdict there, back;

	for (int i = 0; i < 2; i++)
		must(check_cell(rules, runs[i].cell, runs[i].cell, &diff) !=
			     CHECK_DIFFERS &&
		     !diff.len);
	there = check_cell(rules, runs[0].cell, runs[1].cell, &diff);
	must((there == CHECK_DIFFERS) == (diff.len > 0));
	must(there != CHECK_SKIPPED);
	must((there == CHECK_FREE) <= rules->ignore);
	buf_clear(&diff);
	back = check_cell(rules, runs[1].cell, runs[0].cell, &diff);
	/* A text that is right too is right only as what is, and what is free
	 * to differ must not fail where it did not. */
	must(there == back || rules->accepted->count || rules->ignore);
	buf_release(&diff);
}

static void
take(struct check_rules *rules, struct buf *accepted, struct run *runs,
     char *line)
{
	struct err e;

	if (line[0] == 'r')
		check_rule(rules, line + 1, &e);
	else if (line[0] == 'm' && rules->masks.count < MASKS &&
		 !strpbrk(line + 1, "*+{("))
		masks_add(&rules->masks, line + 1, &e);
	else if (line[0] == 'y')
		buf_addf(accepted, "%s\n", line + 1);
	else if (line[0] && strchr("oevdx", tolower(line[0])))
		run_take(&runs[isupper((unsigned char)line[0]) != 0],
			 (char)tolower(line[0]), line + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct masks usual;
	struct strs lines = { 0 }, texts = { 0 };
	struct buf accepted = { 0 };
	struct check_rules rules = { .usual = &usual, .accepted = &texts };
	struct run runs[2];

	if (!usual.count)
		masks_add_usual(&usual);
	masks_init(&rules.masks);
	run_begin(&runs[0]);
	run_begin(&runs[1]);
	for (size_t at = 0; at < size;) {
		const uint8_t *nl = memchr(data + at, '\n', size - at);
		size_t n = nl ? (size_t)(nl - data) - at : size - at;

		strs_addn(&lines, (const char *)data + at, n);
		at += n + 1;
	}
	for (size_t i = 0; i < lines.count; i++)
		take(&rules, &accepted, runs, lines.at[i]);
	if (accepted.len)
		strs_add(&texts, buf_str(&accepted));
	run_end(&runs[0]);
	run_end(&runs[1]);
	check(&rules, runs);
	run_release(&runs[0]);
	run_release(&runs[1]);
	masks_release(&rules.masks);
	buf_release(&accepted);
	strs_release(&texts);
	strs_release(&lines);
	return 0;
}
