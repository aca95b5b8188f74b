/* unit.c: the unit of shared cells: what stands in front of the cells and
 * behind them. Floor 2. The text of a cell is unit_text.c's. */
#include "build/unit.h"

#include <string.h>
#include "base/lexer.h"
#include "build/above.h"
#include "build/names.h"
#include "build/prelude.h"

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
has_kind(const struct unit_cell *c, enum item_kind kind)
{
	for (size_t i = 0; i < c->split.count; i++)
		if (c->split.items[i].kind == kind)
			return true;
	return false;
}

static void
begin_table(struct buf *out)
{
	buf_add_str(out, "\n#line 1 \"<cnb>\"\n"
			 "static const struct cnb__def cnb__defs[] = {\n");
}

static void
add_row(struct buf *out, const struct unit_cell *c, size_t number)
{
	buf_add_str(out, "{ ");
	unit_add_literal(out, c->name, strlen(c->name));
	buf_addf(out, ", cnb__cell_%zu, 0 },\n", number);
}

static void
end_table(struct buf *out, size_t rows)
{
	buf_addf(out,
		 "{ 0, 0, 0 } };\n"
		 "__attribute__((visibility(\"default\"))) const void *\n"
		 "cell_table(void)\n"
		 "{ static const struct cnb__table t = { 1, sizeof t,\n"
		 "  sizeof(struct cnb__def), %zu, cnb__defs, \"cnb\",\n"
		 "  &cnb__cell }; return &t; }\n",
		 rows);
}

static void
add_prelude(struct buf *out, bool shows, bool calls_shell)
{
	buf_add_str(out, prelude_host);
	if (shows)
		buf_add_str(out, prelude_show);
	if (calls_shell)
		buf_add_str(out, prelude_shell);
}

void
unit_write_front(struct buf *out, const struct unit_cell *cells, size_t count)
{
	bool shows = false, calls_shell = false;

	for (size_t k = 0; k < count; k++) {
		shows |= has_kind(&cells[k], ITEM_EXPRESSION);
		calls_shell |= has_kind(&cells[k], ITEM_SHELL);
	}
	add_feature_macros(out, cells, count);
	add_prelude(out, shows, calls_shell);
}

void
unit_write(struct buf *out, const struct unit_cell *cells, size_t count)
{
	size_t rows = 0;

	unit_write_front(out, cells, count);
	for (size_t k = 0; k < count; k++)
		if (!cells[k].left_out)
			unit_write_cell(out, &cells[k], k + 1, false);
	begin_table(out);
	for (size_t k = 0; k < count; k++)
		if (!cells[k].left_out) {
			add_row(out, &cells[k], k + 1);
			rows++;
		}
	end_table(out, rows);
}

static void
add_symbols(struct names *own, const struct unit_cell *c)
{
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];

		for (size_t d = 0; d < it->ndeclarators; d++)
			if (outline_kind(c, it, d) != OUTLINE_NONE)
				names_add(own,
					  outline_symbol(
						  &c->split.declarators
							   [it->first + d]));
	}
}

/* What they define is not outside, though a cell above may have declared it,
 * too. */
static void
leave_own_out(struct strs *outside, struct unit_cell *const *cells,
	      size_t count)
{
	struct strs all = *outside;
	struct names own = { 0 };

	*outside = (struct strs){ 0 };
	for (size_t i = 0; i < count; i++)
		add_symbols(&own, cells[i]);
	for (size_t i = 0; i < all.count; i++)
		if (names_find(&own, slice_of(all.at[i])) == NAME_NONE)
			strs_add(outside, all.at[i]);
	strs_release(&all);
	names_release(&own);
}

/* What is weak may be missing when the plugin is linked; to tcc's linker,
 * anything may. */
static void
add_weak(struct buf *out, const struct strs *names, const struct above *above)
{
	buf_add_str(out, "\n#line 1 \"<cnb>\"\n#ifndef __TINYC__\n");
	for (size_t i = 0; i < names->count; i++)
		buf_addf(out, "%s(\".weak %s\");\n",
			 above_is_known(above, slice_of(names->at[i]))
				 ? "CNB__ASM_UNLESS_KNOWN"
				 : "__asm__",
			 names->at[i]);
	buf_add_str(out, "#endif\n");
}

void
unit_write_apart(struct buf *out, const struct unit_cell *cells, size_t count,
		 struct unit_cell *const *some, size_t nsome,
		 struct above *above, bool whole, struct strs *outside)
{
	bool shows = false, calls_shell = false;

	for (size_t i = 0; i < nsome; i++) {
		shows |= has_kind(some[i], ITEM_EXPRESSION);
		calls_shell |= has_kind(some[i], ITEM_SHELL);
	}
	add_feature_macros(out, cells, count);
	add_prelude(out, shows, calls_shell);
	above_write(above, some, nsome, whole, out, outside);
	leave_own_out(outside, some, nsome);
	for (size_t i = 0; i < nsome; i++)
		unit_write_cell(out, some[i], i + 1, true);
	begin_table(out);
	for (size_t i = 0; i < nsome; i++)
		add_row(out, some[i], i + 1);
	end_table(out, nsome);
	add_weak(out, outside, above);
}
