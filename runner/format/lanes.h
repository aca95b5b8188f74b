/* lanes.h: who wrote what in a cell with a timeline: a lane for each thread of
 * each process, and the writes in their order. */
#ifndef CNB_LANES_H
#define CNB_LANES_H

#include "model/record.h"

struct lane {
	int pid, tid;	  /* 0: not known */
	const char *comm; /* the thread's newest name; "": not known */
	size_t writes;
};

struct lane_write {
	size_t lane;
	int64_t at_ns; /* since the cell began to run; -1: not known */
	enum stream stream;
	struct slice text; /* of the record's outputs */
};

struct lanes {
	struct lane *at; /* those of one process together */
	size_t count;
	struct lane_write *writes;
	size_t nwrites;
	size_t nprocesses; /* that are known */
};

/* Borrows the cell. Empty where it has no timeline. */
void lanes_init(struct lanes *l, const struct record_cell *c);
void lanes_release(struct lanes *l);

#endif
