/* prelude.h: the lines of C that stand in front of a unit of shared cells. */
#ifndef CNB_PRELUDE_H
#define CNB_PRELUDE_H

/* In front of everything: the layouts of cell.h, under names that no cell can
 * want. */
extern const char prelude_host[];
/* Where a result is shown: what tells its type. CNB__TYPES names the types
 * cnb__t0..cnb__t4, each without one dimension of the array before it, by the
 * type cnb__t of the result. */
extern const char prelude_show[];
/* Where a line goes to the shell: the C library under names of ours, so that a
 * cell may use these. */
extern const char prelude_shell[];

#endif
