/* Throws words at what a command line says of a notebook's cells: which are
 * chosen, what its parameters are, what is masked and how outputs that were
 * compared differ. What is put into the notebook's C stays in its lines.
 *
 * The input is lines; the first letter says what the rest is: c --cell, s
 * --skip, f --from, p --param, m --mask, a and b lines of two outputs. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/diff.h"
#include "base/lexer.h"
#include "exec/params.h"
#include "exec/select.h"
#include "format/nbformat.h"
#include "model/mask.h"
#include "must.h"

#define CELL(id, metadata, source)                                             \
	"{\"cell_type\":\"code\",\"id\":\"" id "\",\"metadata\":{" metadata    \
	"},\"outputs\":[],\"execution_count\":null,\"source\":\"" source "\"}"

static const char text[] =
	"{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[" CELL(
		"p", "\"tags\":[\"parameters\"]",
		"int n = 3, *q; const char *s = \\\"\\\"; char t[4];"
		"\\ndouble v[2];\\n#define M 1") "," CELL("a",
							  "\"name\":\"load\","
							  "\"tags\":[\"slow\"]",
							  "n++;") "," CELL("b",
									   "\"n"
									   "ame"
									   "\":"
									   "\"j"
									   "oin"
									   "\"",
									   "n--"
									   ";") "," CELL("c",
											 "\"tags\":[\"slow\",\"skip-execution\"]",
											 "n") "," CELL("d",
												       "\"cnb\":{\"run\":{\"status\":\"failed\"}}",
												       "n") "]}";
#define NCELLS 5
#define GROWN_MOST (1u << 20)

struct words {
	struct strs cells, skip, params, masks;
	char *from;
	struct buf was, is;
};

static void
words_take(struct words *w, const char *line)
{
	const char *rest = line + 1;

	switch (line[0]) {
	case 'c':
		strs_add(&w->cells, rest);
		break;
	case 's':
		strs_add(&w->skip, rest);
		break;
	case 'p':
		/* As the option is read: never without a name. */
		if (strchr(rest, '=') > rest)
			strs_add(&w->params, rest);
		break;
	case 'm':
		strs_add(&w->masks, rest);
		break;
	case 'f':
		free(w->from);
		w->from = strdup(rest);
		break;
	case 'a':
		buf_addf(&w->was, "%s\n", rest);
		break;
	case 'b':
		buf_addf(&w->is, "%s\n", rest);
		break;
	default:
		break;
	}
}

static void
words_release(struct words *w)
{
	strs_release(&w->cells);
	strs_release(&w->skip);
	strs_release(&w->params);
	strs_release(&w->masks);
	free(w->from);
	buf_release(&w->was);
	buf_release(&w->is);
}

static void
check_selection(const struct words *w, const struct cell_list *cells)
{
	for (int i = 0; i < 4; i++) {
		struct select_options how = { .cells = &w->cells,
					      .skip = &w->skip,
					      .from = w->from,
					      .failed = i & 1,
					      .alone = i & 2 };
		struct selection s = { 0 };
		struct err e = { 0 };
		size_t chosen = 0;

		if (select_cells(&s, cells, &how, &e) < 0) {
			must(e.text[0] != '\0');
		} else {
			must(s.count == NCELLS);
			for (size_t n = 0; n < s.count; n++) {
				must(s.part[n] <= PART_RUN);
				chosen += s.part[n] == PART_RUN;
				must(!how.alone || s.part[n] != PART_QUIET);
			}
			must(chosen <= NCELLS);
		}
		selection_release(&s);
	}
}

/* As many lines as there are names, one for the heading, and for a macro one
 * more; nothing is left open. */
static void
check_injected(const struct params *p)
{
	static const char *const opening[] = { "(", "[", "{" };
	static const char *const closing[] = { ")", "]", "}" };
	struct slice shown = buf_slice(&p->shown);
	int open = 0;
	size_t lines = p->names.count ? 1 : 0;
	struct lexer l;
	struct token t;

	for (size_t i = 0; i < p->names.count; i++)
		lines += strcmp(p->names.at[i], "M") ? 1 : 2;
	must((size_t)lexer_count_lines(shown) == lines);
	lexer_init(&l, shown);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		must(!t.unclosed);
		for (size_t i = 0; i < countof(opening); i++) {
			open += token_is(shown, t, opening[i]);
			open -= token_is(shown, t, closing[i]);
		}
		must(open >= 0);
	}
	must(open == 0);
}

static void
check_params(const struct words *w, struct notebook *nb,
	     struct cell_list *cells)
{
	struct params p;
	struct err e = { 0 };

	if (params_settle(&p, nb, cells, &w->params, &e) == 0)
		check_injected(&p);
	else
		must(e.text[0] != '\0');
	params_release(&p);
}

static bool
is_same(const void *self, size_t i, size_t k)
{
	const struct diff_lines *both = self;

	return slice_equal(both[0].at[i], both[1].at[k]);
}

/* Lines that are in one only, with their marks. */
static void
check_diff(struct slice was, struct slice is)
{
	struct diff_lines both[2];
	struct buf out = { 0 };

	diff_split(&both[0], was);
	diff_split(&both[1], is);
	diff_unified(&out, &both[0], &both[1], is_same, both);
	must((out.len == 0) == slice_equal(was, is));
	buf_release(&out);
	diff_release(&both[0]);
	diff_release(&both[1]);
}

/* A sanitizer's regexec() looks for the end of the line each time: what many
 * expressions have made long takes it for ever. */
#define MASKS 2

static void
check_masks(const struct words *w)
{
	static struct masks usual;
	struct buf out = { 0 };
	struct masks m;
	struct err e;

	/* They are many, and always the same. */
	if (!usual.count)
		masks_add_usual(&usual);
	masks_apply(&usual, buf_slice(&w->was), &out);
	masks_init(&m);
	for (size_t i = 0; i < w->masks.count && i < MASKS; i++)
		/* Of many an expression libc itself would never come back. */
		if (!strpbrk(w->masks.at[i], "*+{("))
			masks_add(&m, w->masks.at[i], &e);
	buf_clear(&out);
	masks_apply(&m, buf_slice(&w->was), &out);
	must(out.len <= GROWN_MOST + 16 * w->was.len);
	buf_release(&out);
	masks_release(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strs lines = { 0 };
	struct words w = { 0 };
	struct cell_list cells;
	struct notebook nb;
	struct err e;

	for (size_t at = 0; at < size;) {
		const uint8_t *nl = memchr(data + at, '\n', size - at);
		size_t n = nl ? (size_t)(nl - data) - at : size - at;

		strs_addn(&lines, (const char *)data + at, n);
		at += n + 1;
	}
	for (size_t i = 0; i < lines.count; i++)
		if (lines.at[i][0])
			words_take(&w, lines.at[i]);
	notebook_init(&nb);
	must(nbformat_read(&nb, "f.ipynb", text, sizeof text - 1, &e) == 0);
	must(cell_list_init(&cells, &nb, &e) == 0);
	check_selection(&w, &cells);
	check_params(&w, &nb, &cells);
	check_masks(&w);
	check_diff(buf_slice(&w.was), buf_slice(&w.is));
	cell_list_release(&cells);
	notebook_release(&nb);
	words_release(&w);
	strs_release(&lines);
	return 0;
}
