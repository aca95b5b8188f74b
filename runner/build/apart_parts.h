/* apart_parts.h: how the plugin of one shared cell, or of some that belong
 * together, comes about. For apart*.c alone. */
#ifndef CNB_APART_PARTS_H
#define CNB_APART_PARTS_H

#include "build/apart.h"
#include "build/names.h"
#include "build/outline.h"

/* In front of a name of ours that stands for one that libc has. */
#define OWN "cnb__own_"
/* What is said of a name that others are to see, but cannot. */
#define HIDES "no other cell of a session can see "

/* One cell on its way, or some that belong together. */
struct work {
	struct apart *a;
	size_t i, last;
	struct unit_cell **cells; /* those of i to last that are in it */
	size_t count;
	const struct shared_how *how;
	bool whole; /* it needs more of the cells above than it names */
	struct strs outside, renames;
	struct strs found; /* no declaration tells that a plugin above has it */
	struct buf text;
	struct diag_source *sources; /* [count + 1] */
};

/* Each declarator of some cells, until one says stop. */
struct place {
	struct unit_cell *const *cells; /* from this one on, */
	size_t count;			/* so many */
	struct unit_cell *cell;
	const struct item *item;
	size_t which;
};

/* apart.c */

/* It has no product any more. */
void apart_forget_cell(struct apart_cell *c);

/* apart_work.c */

/* Cell `i` alone; what it holds is given back by work_release(). */
void work_init(struct work *w, struct apart *a, size_t i,
	       const struct shared_how *how);
/* So that it reaches down to a cell. */
void work_extend(struct work *w, size_t last);
void work_release(struct work *w);
/* The first of its cells; and all their declarators, for place_next(). */
struct unit_cell *work_cell(const struct work *w);
struct place work_places(const struct work *w);
bool place_next(struct place *p);
const struct declarator *place_declarator(const struct place *p);
enum outline_kind place_kind(const struct place *p);
/* For lexer_each_name(): into a struct names. */
void apart_read_name(void *names, struct slice name);
/* The linker's name for what the cell defines: asm() may stand in another
 * declaration of it, here or above. */
struct slice work_symbol(const struct work *w, const struct declarator *d);
/* The text of its unit, and which symbols of it get other names. */
void work_write(struct work *w);

/* apart_learn.c */

/* An assembler's label, what a macro named: the linker asks for it. */
bool work_find_above(struct work *w, const struct diags *d);
/* Decided so far, and messages: as one text, and back. */
char *work_write_down(const struct work *w);
/* Forget all that. */
void work_undecide(struct work *w);
/* Begin with what was decided the last time, else with what the cell has
 * already where that is to be kept. True: it is known. */
bool work_decide(struct work *w, bool keep, char key[HASH_HEX]);
/* 1: nothing is defined twice, as C has it where all cells are one unit. */
int work_settle_names(struct work *w, struct err *e);

/* apart_compile.c */

/* Does a cell below the i-th name it? */
bool apart_names_below(const struct shared *s, size_t i, struct slice name);
/* 1: it compiles; 0: it does not; -1: the system failed us. */
int work_compile(struct work *w, bool *cached, struct err *e);
/* Build the cell of `w`. `keep`: what it has decided already may be right. 1, 0
 * (it is left out), -1. */
int work_build(struct work *w, bool keep, bool tell, struct err *e);

/* apart_reach.c */

/* tcc has the processor read a floating-point operand at its address itself,
 * and the linker takes what is so addressed for a function: another object's
 * variable is read where a jump stands. The first cell that has one of these;
 * `i`: there is none. */
size_t apart_first_misread(const struct apart *a, size_t i,
			   const struct shared_how *how);
/* A header of the user's, not of the system's. */
bool apart_includes_own_header(const struct unit_cell *c);
/* A static variable of a header is one variable for all cells. The first cell
 * that has one of those that cell `i` has; `i`: there is none. *last moves to
 * the last one below that names one. */
size_t apart_first_with_state(const struct apart *a, size_t i, size_t *last);
/* The last cell that names what cell `i` declares. */
size_t apart_last_that_names(const struct apart *a, size_t i);

#endif
