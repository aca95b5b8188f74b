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
		unit_add_literal(out, cells[k].name, strlen(cells[k].name));
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
unit_write_front(struct buf *out, const struct unit_cell *cells, size_t count)
{
	add_feature_macros(out, cells, count);
	buf_add_str(out, prelude_host);
	if (any_of_kind(cells, count, ITEM_EXPRESSION))
		buf_add_str(out, prelude_show);
	if (any_of_kind(cells, count, ITEM_SHELL))
		buf_add_str(out, prelude_shell);
}

void
unit_write(struct buf *out, const struct unit_cell *cells, size_t count)
{
	unit_write_front(out, cells, count);
	for (size_t k = 0; k < count; k++)
		if (!cells[k].left_out)
			unit_write_cell(out, &cells[k], k + 1, false);
	add_table(out, cells, count);
}

/* What the cell defines is not outside, though a cell above may have declared
 * it, too. */
static void
leave_own_out(struct strs *outside, const struct unit_cell *c)
{
	struct strs all = *outside;
	struct names own = { 0 };

	*outside = (struct strs){ 0 };
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];

		for (size_t d = 0; d < it->ndeclarators; d++)
			if (outline_kind(c, it, d) != OUTLINE_NONE)
				names_add(&own,
					  outline_symbol(
						  &c->split.declarators
							   [it->first + d]));
	}
	for (size_t i = 0; i < all.count; i++)
		if (names_find(&own, slice_of(all.at[i])) == NAME_NONE)
			strs_add(outside, all.at[i]);
	strs_release(&all);
	names_release(&own);
}

/* What is weak may be missing when the plugin is linked; to tcc's linker,
 * anything may. */
static void
add_weak(struct buf *out, const struct strs *names)
{
	buf_add_str(out, "\n#line 1 \"<cnb>\"\n#ifndef __TINYC__\n");
	for (size_t i = 0; i < names->count; i++)
		buf_addf(out, "__asm__(\".weak %s\");\n", names->at[i]);
	buf_add_str(out, "#endif\n");
}

void
unit_write_apart(struct buf *out, const struct unit_cell *cells, size_t count,
		 size_t i, struct above *above, bool whole,
		 struct strs *outside)
{
	add_feature_macros(out, cells, count);
	buf_add_str(out, prelude_host);
	if (any_of_kind(&cells[i], 1, ITEM_EXPRESSION))
		buf_add_str(out, prelude_show);
	if (any_of_kind(&cells[i], 1, ITEM_SHELL))
		buf_add_str(out, prelude_shell);
	above_write(above, &cells[i], whole, out, outside);
	leave_own_out(outside, &cells[i]);
	unit_write_cell(out, &cells[i], 1, true);
	add_table(out, &cells[i], 1);
	add_weak(out, outside);
}
