/* unit.c: the text of the unit of shared cells. Floor 2. It writes C and calls
 * no compiler; what the compiler then decides is shared.c's. */
#include "build/unit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/lexer.h"

/* In front of everything. The layouts are those of cell.h, under names that no
 * cell can want; `struct cell` stays free for a notebook's own. */
static const char prelude[] =
	"#line 1 \"<cnb>\"\n"
	"struct cell;\n"
	"__attribute__((weak, visibility(\"hidden\"))) struct cell "
	"*cnb__cell;\n"
	"struct cnb__value { unsigned kind, is_array; const void *at;\n"
	"  __SIZE_TYPE__ size, count; };\n"
	"struct cnb__host { unsigned size;\n"
	"  const char *(*param)(const struct cell *, const char *);\n"
	"  int (*display)(const struct cell *, const char *, const void *,\n"
	"                 __SIZE_TYPE__);\n"
	"  int (*show)(const struct cell *, const struct cnb__value *); };\n"
	"struct cnb__run { unsigned size; int argc; char **argv;\n"
	"  const struct cnb__host *host; };\n"
	"struct cnb__def { const char *name; int (*run)(struct cell *);\n"
	"  const char *doc; };\n"
	"struct cnb__table { unsigned abi, size, def_size, ndefs;\n"
	"  const struct cnb__def *defs; const char *built_with;\n"
	"  struct cell **current; };\n"
	"static int cnb__fell;\n";

/* Kinds as cell.h numbers them, the size of an element above them, and whether
 * it is an array; by the type that a pointer to the result has. */
static const char show_prelude[] =
	"#define CNB__CV const volatile\n"
	"#define CNB__S(T, K) CNB__CV T *: (K) | sizeof(T) << 8, \\\n"
	"  CNB__CV T (*)[]: (K) | sizeof(T) << 8 | 1 << 16\n"
	"#define CNB__P(T, K) T *CNB__CV *: (K) | sizeof(T *) << 8, \\\n"
	"  T *CNB__CV (*)[]: (K) | sizeof(T *) << 8 | 1 << 16\n"
	"#define CNB__KIND(p) _Generic((p), CNB__CV void *: 0, \\\n"
	"  CNB__S(_Bool, 2), CNB__S(char, 3), CNB__S(signed char, 4), \\\n"
	"  CNB__S(unsigned char, 5), CNB__S(short, 4), \\\n"
	"  CNB__S(unsigned short, 5), CNB__S(int, 4), CNB__S(unsigned, 5), \\\n"
	"  CNB__S(long, 4), CNB__S(unsigned long, 5), CNB__S(long long, 4), "
	"\\\n"
	"  CNB__S(unsigned long long, 5), CNB__S(float, 6), \\\n"
	"  CNB__S(double, 6), CNB__S(long double, 6), CNB__WIDE CNB__COMPLEX "
	"\\\n"
	"  CNB__P(char, 8), \\\n"
	"  CNB__P(const char, 8), CNB__P(void, 9), CNB__P(const void, 9), \\\n"
	"  CNB__P(int, 9), CNB__P(const int, 9), CNB__P(double, 9), \\\n"
	"  CNB__P(const double, 9), default: 1)\n"
	"#ifdef __SIZEOF_INT128__\n"
	"#define CNB__WIDE CNB__S(__int128, 4), CNB__S(unsigned __int128, 5),\n"
	"#else\n"
	"#define CNB__WIDE\n"
	"#endif\n"
	/* tcc knows neither. */
	"#ifdef __TINYC__\n"
	"#define CNB__COMPLEX\n"
	"#define __builtin_classify_type(v) 0\n"
	"#else\n"
	"#define CNB__COMPLEX CNB__S(float _Complex, 7), \\\n"
	"  CNB__S(double _Complex, 7), CNB__S(long double _Complex, 7),\n"
	"#endif\n"
	/* An enum is found by its value: its type has a name of its own. */
	"#define CNB__ENUM(v) _Generic((v), int: 4, long: 4, long long: 4, \\\n"
	"  short: 4, signed char: 4, char: 4, default: 5)\n"
	"static inline void\n"
	"cnb__show(struct cell *c, unsigned kind, int class, int number,\n"
	"          const void *at, __SIZE_TYPE__ size, __SIZE_TYPE__ whole)\n"
	"{\n"
	"  struct cnb__value v = { kind & 255, kind >> 16 & 1, at,\n"
	"                          kind >> 8 & 255, 1 };\n"
	"  if (kind == 0) return;\n"
	"  if (v.is_array) {\n"
	"    v.at = *(void *const *)at;\n"
	"    v.count = v.size ? whole / v.size : 0;\n"
	"  }\n"
	"  if (v.kind == 1) {\n"
	"    v.size = size;\n"
	"    v.kind = class == 1 || class == 3 ? number : class == 5 ? 9 :\n"
	"             class == 12 ? 10 : class == 13 ? 11 : 1;\n"
	"  }\n"
	"  ((const struct cnb__run *)(void *)c)->host->show(c, &v);\n"
	"}\n";

/* The C library under names of ours, so that a cell may use these. */
static const char shell_prelude[] =
	"extern int cnb__system(const char *) __asm__(\"system\");\n"
	"extern int cnb__fflush(void *) __asm__(\"fflush\");\n";

void
unit_cell_init(struct unit_cell *c, const char *name, const char *label,
	       struct slice text, struct blocks *macros)
{
	*c = (struct unit_cell){ .name = name, .label = label };
	blocks_collect(macros, text);
	blocks_split(macros, &c->split, text);
	c->lifts = mem_alloc(c->split.ndeclarators, sizeof *c->lifts);
	c->functions = mem_alloc(c->split.count, sizeof *c->functions);
}

void
unit_cell_release(struct unit_cell *c)
{
	split_release(&c->split);
	free(c->lifts);
	free(c->functions);
	strs_release(&c->headers);
}

void
unit_cell_reset(struct unit_cell *c)
{
	memset(c->lifts, 0, c->split.ndeclarators * sizeof *c->lifts);
	memset(c->functions, 0, c->split.count * sizeof *c->functions);
	strs_release(&c->headers);
	c->left_out = c->promote = c->no_promote = false;
}

bool
unit_cell_is_open(const struct unit_cell *c)
{
	for (size_t i = 0; !c->closed && i < c->split.count; i++)
		if (c->split.items[i].unclosed)
			return true;
	return false;
}

/* What an item is by now. */
static bool
is_body(const struct unit_cell *c, size_t i)
{
	const struct item *it = &c->split.items[i];

	switch (it->kind) {
	case ITEM_STATEMENT:
		return !c->functions[i];
	case ITEM_EXPRESSION:
	case ITEM_SHELL:
		return true;
	case ITEM_BLANK:
	case ITEM_DIRECTIVE:
	case ITEM_DECLARATION:
	case ITEM_FUNCTION:
		break;
	}
	return false;
}

static bool
is_lifted(const struct unit_cell *c, const struct item *it)
{
	for (size_t d = 0; d < it->ndeclarators; d++)
		if (c->lifts[it->first + d] != LIFT_NONE)
			return true;
	return false;
}

bool
unit_cell_has_body(const struct unit_cell *c)
{
	for (size_t i = 0; i < c->split.count; i++)
		if (is_body(c, i) || is_lifted(c, &c->split.items[i]))
			return true;
	return false;
}

/* writing */

/* The unit on its way. */
struct writer {
	struct buf *out;
	const struct unit_cell *cell;
	size_t number; /* of the cell, in the names of its functions */
	int runs;      /* functions of this cell so far */
	bool in_run;   /* one of them is open */
	size_t seen;   /* bytes of the text whose lines are counted: */
	int line;      /* newlines among them */
};

/* A string literal. */
static void
add_literal(struct buf *out, const char *bytes, size_t len)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < 32 || c == 127 || c == '?')
			buf_addf(out, "\\%03o", c);
		else
			buf_add_byte(out, (char)c);
	}
	buf_add_byte(out, '"');
}

/* From here on the compiler is to speak of the place of `part`, column too:
 * what stands before it in its line becomes blanks. */
static void
go_to(struct writer *w, struct slice part)
{
	struct slice text = w->cell->split.text;
	const char *start = part.at;
	size_t at = (size_t)(part.at - text.at);

	if (at < w->seen)
		w->seen = 0, w->line = 0;
	for (; w->seen < at; w->seen++)
		w->line += text.at[w->seen] == '\n';
	while (start > text.at && start[-1] != '\n')
		start--;
	buf_addf(w->out, "\n#line %d ", w->line + 1);
	add_literal(w->out, w->cell->label, strlen(w->cell->label));
	buf_add_byte(w->out, '\n');
	for (; start < part.at; start++)
		buf_add_byte(w->out, *start == '\t' ? '\t' : ' ');
}

static void
add_part(struct writer *w, struct slice part)
{
	go_to(w, part);
	buf_add_slice(w->out, part);
}

/* Lines of ours, which nobody is to see. */
static void
our_own(struct writer *w)
{
	buf_add_str(w->out, "\n#line 1 \"<cnb>\"\n");
}

static void
open_run(struct writer *w)
{
	if (w->in_run)
		return;
	our_own(w);
	buf_addf(w->out,
		 "static int cnb__%zu_%d(struct cell *cnb__c)\n"
		 "{ (void)cnb__c;",
		 w->number, ++w->runs);
	w->in_run = true;
}

/* Who comes to the end did not return. */
static void
close_run(struct writer *w)
{
	if (!w->in_run)
		return;
	our_own(w);
	buf_add_str(w->out, "; cnb__fell = 1; return 0; }\n");
	w->in_run = false;
}

/* Statements as they are, but for `return;`, which in a function with a value
 * needs one. */
static void
add_statement(struct writer *w, struct slice part)
{
	size_t from = 0, behind = 0;
	struct lexer l;
	struct token t;

	go_to(w, part);
	lexer_init(&l, part);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		if (behind && token_is(part, t, ";")) {
			buf_add(w->out, part.at + from, behind - from);
			buf_add_str(w->out, " 0");
			from = behind;
		}
		behind = token_is(part, t, "return") ? t.at + t.len : 0;
	}
	buf_add(w->out, part.at + from, part.len - from);
}

/* The value, or 0 where the type is void; both arms are valid for both. */
static void
add_value(struct writer *w, struct slice code)
{
	buf_add_str(w->out, "__builtin_choose_expr(cnb__kind == 0, ({ (void)(");
	add_part(w, code);
	buf_addf(w->out, "); 0; }), %s(", w->cell->promote ? "+" : "");
	add_part(w, code);
	buf_add_str(w->out, "))");
}

/* The result: its type decides how it is shown, and whether there is one. It is
 * evaluated once, whatever number of times it stands here. */
static void
add_result(struct writer *w, struct slice code)
{
	our_own(w);
	buf_addf(w->out, "{ typedef __typeof__(%s(",
		 w->cell->promote ? "+" : "");
	add_part(w, code);
	buf_add_str(w->out, ")) cnb__t;");
	our_own(w);
	buf_add_str(w->out, "enum { cnb__kind = "
			    "CNB__KIND((CNB__CV cnb__t *)0) };\n"
			    "#ifdef __TINYC__\n__typeof__((0, ");
	add_value(w, code);
	buf_add_str(w->out, "))\n#else\n__auto_type\n#endif\ncnb__v = ");
	add_value(w, code);
	our_own(w);
	buf_add_str(w->out,
		    ";\ncnb__show(cnb__c, cnb__kind, "
		    "__builtin_classify_type(cnb__v), CNB__ENUM(cnb__v), "
		    "&cnb__v, sizeof cnb__v, __builtin_choose_expr("
		    "cnb__kind == 0, 0, sizeof(cnb__t))); }\n");
}

static void
add_shell(struct writer *w, struct slice code)
{
	struct slice line = slice_trim(code);

	our_own(w);
	buf_add_str(w->out, "cnb__fflush(0); (void)!cnb__system(");
	/* The `!` itself is no part of the command. */
	add_literal(w->out, line.at + 1, line.len ? line.len - 1 : 0);
	buf_add_str(w->out, ");");
}

static void
add_body_item(struct writer *w, const struct item *it)
{
	open_run(w);
	if (it->kind == ITEM_STATEMENT)
		add_statement(w, it->text);
	else if (it->kind == ITEM_EXPRESSION)
		add_result(w, it->code);
	else
		add_shell(w, it->code);
}

/* One declarator of a declaration that was taken apart. A body that has a tag
 * stands only with the first. */
static void
add_declarator(struct writer *w, const struct item *it, size_t d, bool first)
{
	const struct unit_cell *c = w->cell;
	const struct declarator *dr = &c->split.declarators[it->first + d];
	enum lift lift = c->lifts[it->first + d];
	unsigned drop = first ? 0 : SPEC_BODY;

	if (lift == LIFT_LOCAL) {
		open_run(w);
		drop |= SPEC_STATIC | SPEC_EXTERN;
	} else {
		close_run(w);
	}
	if (lift == LIFT_ASSIGN)
		drop |= SPEC_STATIC | SPEC_CONST | SPEC_AUTO | SPEC_REGISTER;
	go_to(w, it->code);
	split_declare(&c->split, it, d, drop, w->out);
	if (lift != LIFT_ASSIGN && dr->init.len) {
		buf_add_str(w->out, " =");
		add_part(w, dr->init);
	}
	buf_add_byte(w->out, ';');
	if (lift != LIFT_ASSIGN || !dr->init.len)
		return;
	open_run(w);
	buf_addf(w->out, "{ __typeof__(%.*s) cnb__t =", (int)dr->name.len,
		 dr->name.at);
	add_part(w, dr->init);
	our_own(w);
	buf_addf(w->out,
		 ";\n__builtin_memcpy(&%.*s, &cnb__t, sizeof cnb__t); }",
		 (int)dr->name.len, dr->name.at);
}

static void
add_lifted(struct writer *w, const struct item *it)
{
	for (size_t d = 0; d < it->ndeclarators; d++)
		add_declarator(w, it, d, d == 0);
}

static void
add_item(struct writer *w, size_t i)
{
	const struct item *it = &w->cell->split.items[i];

	if (is_body(w->cell, i)) {
		add_body_item(w, it);
	} else if (it->kind == ITEM_BLANK) {
		return;
	} else if (is_lifted(w->cell, it)) {
		add_lifted(w, it);
	} else {
		close_run(w);
		add_part(w, it->text);
	}
}

/* What the host calls: the runs of the cell, one after the other. */
static void
add_cell_function(struct writer *w)
{
	our_own(w);
	buf_addf(w->out,
		 "static int cnb__cell_%zu(struct cell *cnb__c)\n"
		 "{ int cnb__r = 0; (void)cnb__c;\n",
		 w->number);
	for (int run = 1; run <= w->runs; run++)
		buf_addf(w->out,
			 "cnb__fell = 0; cnb__r = cnb__%zu_%d(cnb__c); "
			 "if (!cnb__fell) return cnb__r;\n",
			 w->number, run);
	buf_add_str(w->out, "return cnb__r; }\n");
}

static void
add_cell(struct buf *out, const struct unit_cell *c, size_t number)
{
	struct writer w = { .out = out, .cell = c, .number = number };

	if (c->headers.count)
		our_own(&w);
	for (size_t i = 0; i < c->headers.count; i++)
		buf_addf(out, "#include <%s>\n", c->headers.at[i]);
	for (size_t i = 0; i < c->split.count; i++)
		add_item(&w, i);
	close_run(&w);
	add_cell_function(&w);
}

/* Macros that must stand before the first header. */
static const char *const feature_macros[] = {
	"_GNU_SOURCE",	       "_DEFAULT_SOURCE",
	"_BSD_SOURCE",	       "_SVID_SOURCE",
	"_POSIX_SOURCE",       "_POSIX_C_SOURCE",
	"_XOPEN_SOURCE",       "_XOPEN_SOURCE_EXTENDED",
	"_ISOC99_SOURCE",      "_ISOC11_SOURCE",
	"_ISOC2X_SOURCE",      "_LARGEFILE_SOURCE",
	"_LARGEFILE64_SOURCE", "_FILE_OFFSET_BITS",
	"_TIME_BITS",	       "_ATFILE_SOURCE",
	"_REENTRANT",	       "__STDC_FORMAT_MACROS",
};

static bool
is_feature_macro(struct slice code)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = code.len }, name;
	struct token word = tokens_directive(code, t, &name);

	if (word.kind == TOK_END || !token_is(code, word, "define"))
		return false;
	for (size_t i = 0; i < countof(feature_macros); i++)
		if (token_is(code, name, feature_macros[i]))
			return true;
	return false;
}

static void
add_feature_macros(struct buf *out, const struct unit_cell *cells, size_t count)
{
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < cells[k].split.count; i++) {
			const struct item *it = &cells[k].split.items[i];

			if (cells[k].left_out || it->kind != ITEM_DIRECTIVE ||
			    !is_feature_macro(it->code))
				continue;
			buf_add_slice(out, it->code);
			buf_add_byte(out, '\n');
		}
}

static bool
any_of_kind(const struct unit_cell *cells, size_t count, enum item_kind kind)
{
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < cells[k].split.count; i++)
			if (cells[k].split.items[i].kind == kind)
				return true;
	return false;
}

static void
add_table(struct buf *out, const struct unit_cell *cells, size_t count)
{
	size_t rows = 0;

	buf_add_str(out, "\n#line 1 \"<cnb>\"\n"
			 "static const struct cnb__def cnb__defs[] = {\n");
	for (size_t k = 0; k < count; k++) {
		if (cells[k].left_out)
			continue;
		buf_add_str(out, "{ ");
		add_literal(out, cells[k].name, strlen(cells[k].name));
		buf_addf(out, ", cnb__cell_%zu, 0 },\n", k + 1);
		rows++;
	}
	buf_addf(out,
		 "{ 0, 0, 0 } };\n"
		 "__attribute__((visibility(\"default\"))) const void *\n"
		 "cell_table(void)\n"
		 "{ static const struct cnb__table t = { 1, sizeof t,\n"
		 "  sizeof(struct cnb__def), %zu, cnb__defs, \"cnb\",\n"
		 "  &cnb__cell }; return &t; }\n",
		 rows);
}

void
unit_write(struct buf *out, const struct unit_cell *cells, size_t count)
{
	add_feature_macros(out, cells, count);
	buf_add_str(out, prelude);
	if (any_of_kind(cells, count, ITEM_EXPRESSION))
		buf_add_str(out, show_prelude);
	if (any_of_kind(cells, count, ITEM_SHELL))
		buf_add_str(out, shell_prelude);
	for (size_t k = 0; k < count; k++)
		if (!cells[k].left_out)
			add_cell(out, &cells[k], k + 1);
	add_table(out, cells, count);
}

size_t
unit_rows(const struct unit_cell *cells, size_t count, size_t *rows)
{
	size_t n = 0;

	for (size_t k = 0; k < count; k++)
		if (!cells[k].left_out)
			rows[n++] = k;
	return n;
}
