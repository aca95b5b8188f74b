/* unit.h: the shared cells of a notebook as one translation unit.
 *
 * Each cell is cut into items (split.h). What C takes at file scope stands
 * there, in the notebook's order; runs of statements become functions at their
 * place; a last expression is shown by its type; at the end stands a plugin
 * table with a row for each cell. All that cannot be known from the text is a
 * decision kept in unit_cell, and changed when the compiler says so: see
 * shared.h. Names made here start with cnb__. */
#ifndef CNB_UNIT_H
#define CNB_UNIT_H

#include "base/buf.h"
#include "base/text.h"
#include "build/blocks.h"
#include "build/split.h"

/* What becomes of one declarator. */
enum lift {
	LIFT_NONE,   /* stays as it is written */
	LIFT_ASSIGN, /* declared at file scope, initialised when the cell runs
		      */
	LIFT_SIZED,  /* the same of an array whose length is the number of
		      * elements that are written down */
	LIFT_ZERO,   /* as LIFT_ASSIGN, of a type that takes no braces, */
	LIFT_BARE,   /* and of one that takes no 0: clang's atomics */
	LIFT_LOCAL,  /* moved into the statements at its place */
};

struct unit_cell {
	const char *name;  /* of the cell, its row's name */
	const char *label; /* "x.ipynb:cell", for #line */
	struct split split;
	/* C that runs behind it, with #line directives of its own; NULL: none.
	 * Its variables in `assigned` (NULL: none) are assigned to, there or in
	 * another cell: they are not const, and arrays without a length have
	 * room for the literal of that number. All borrowed. */
	const char *after;
	const struct strs *assigned, *literals;
	struct strs taken; /* names it declares that the C library has as well
			    */
	/* decisions */
	bool left_out;	      /* it does not compile */
	unsigned char *lifts; /* enum lift, [split.ndeclarators] */
	bool *functions;      /* [split.count]: a maybe_macro_function is one; a
			       * macro's declaration stands among the statements
			       */
	struct strs headers;  /* <...> to be included in front of it */
	struct strs hidden;   /* names of theirs that are the notebook's own */
	bool one_run;	      /* a goto leads over its declarations */
	bool promote;	      /* its result may be a bit-field: made an int */
	bool no_promote;      /* that was wrong */
	bool closed;	      /* what looks open is not: it did compile */
};

/* `text` is borrowed and must outlive the cell: option lines blanked. *macros
 * are those of the cells above; the cell's own are added. */
void unit_cell_init(struct unit_cell *c, const char *name, const char *label,
		    struct slice text, struct blocks *macros);
void unit_cell_release(struct unit_cell *c);
/* As it was at first: nothing decided. */
void unit_cell_reset(struct unit_cell *c);

/* Is anything left open in it, so that it would swallow what follows? */
bool unit_cell_is_open(const struct unit_cell *c);
/* Does its last declaration or statement lack the semicolon? */
bool unit_cell_is_unended(const struct unit_cell *c);
/* Is it that one, and does it? */
bool unit_item_is_unended(const struct unit_cell *c, const struct item *it);
/* The elements that an initialiser writes down: `{ f(), 2 }`; 0: it may have
 * more or less than one can see. */
size_t unit_count_elements(struct slice init);
/* Is it declared at file scope, and gets its value when the cell runs? */
bool unit_waits(enum lift lift);
/* Is it assigned to from outside, so that it cannot be const? */
bool unit_assigned(const struct unit_cell *c, const struct declarator *d);
/* Append the length of an array that is decided here; nothing: by its text. */
void unit_length(const struct unit_cell *c, const struct declarator *d,
		 struct buf *out);

/* Append `#include <header>`, with these names of it made others. */
void unit_include(struct buf *out, const char *header,
		  const struct strs *hidden);
/* Where an item of a cell stands. */
enum unit_part {
	PART_FILE_SCOPE,
	PART_LIFTED, /* declared there, and computed in the statements; or among
		      * them alone */
	PART_STATEMENTS,
};
enum unit_part unit_part(const struct unit_cell *c, size_t item);
/* Append what of declarator `d` of an item stands at file scope, or, if it is
 * local, among the statements: no initialiser, no semicolon. */
void unit_declare(struct buf *out, const struct unit_cell *c,
		  const struct item *it, size_t d, bool first);
/* Append a string literal. */
void unit_add_literal(struct buf *out, const char *bytes, size_t len);
/* Append what stands in front of all cells; and one cell, the number'th from 1,
 * with what runs behind it. `apart`: what it declares at file scope is to be
 * seen by others. */
void unit_write_front(struct buf *out, const struct unit_cell *cells,
		      size_t count);
void unit_write_cell(struct buf *out, const struct unit_cell *c, size_t number,
		     bool apart);

/* Append the unit of `count` cells; those left out get no row. */
void unit_write(struct buf *out, const struct unit_cell *cells, size_t count);

/* Append a unit of some of `count` cells, one mostly: those above them are
 * declarations (above.h), and what they declare at file scope is to be seen by
 * others. *outside comes with functions that they declare and a cell below
 * defines, and gets what the cells above define: to the linker it is no mistake
 * that they are not here. Its table has a row for each. */
struct above;
void unit_write_apart(struct buf *out, const struct unit_cell *cells,
		      size_t count, struct unit_cell *const *some, size_t nsome,
		      struct above *above, bool whole, struct strs *outside);

#endif
