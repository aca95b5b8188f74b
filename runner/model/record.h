/* record.h: what a run captured: for every code cell its In, its Out and what
 * became of it (SPEC 6). It is a sink of events. */
#ifndef CNB_RECORD_H
#define CNB_RECORD_H

#include "base/buf.h"
#include "model/event.h"
#include "model/notebook.h"
#include "model/author.h"

enum output_kind { OUT_TEXT, OUT_DISPLAY, OUT_RESULT, OUT_ERROR };

/* One form of a display. Pictures are raw bytes, not base64. */
struct mime_data {
	char *mime;
	struct buf bytes;
};

/* One output, in the order they came; neighbouring text of one stream is one
 * output. Text written late stands after the others. */
struct output {
	enum output_kind kind;
	enum stream stream; /* OUT_TEXT */
	struct buf bytes;   /* text, or the display's data, raw */
	union {
		/* OUT_TEXT of a cell with a timeline: its writes */
		struct marks marks;
		struct { /* OUT_DISPLAY, OUT_RESULT */
			char *mime;
			/* more forms of the same: only in what a notebook had
			 * recorded */
			struct mime_data *others;
			size_t nothers;
		};
		struct { /* OUT_ERROR */
			char *ename, *evalue;
			struct strs traceback;
		};
	};
};
void output_release(struct output *o);
/* The display's or result's data of that MIME type; NULL: not in it, or it is
 * neither. */
const struct buf *output_data(const struct output *o, const char *mime);

/* What lived on when a cell ended. */
struct left {
	bool thread; /* else a process */
	int id;
	char *name;
};

struct record_cell {
	const struct nb_cell *cell;
	bool reached; /* EV_CELL_BEGIN came; else it is skipped or not-run */
	bool ended;   /* EV_CELL_END came */
	bool quiet;
	bool known; /* false in a record made by export: numbers are null */
	bool kind_known;   /* reached, described, or recorded in the notebook */
	bool status_known; /* false in a record made by export of a notebook
			    * that does not say */
	enum cell_kind kind;
	const char *name; /* the notebook's, or the record's own; so is */
	const char *source;
	size_t source_len;
	int64_t started_ns;
	struct cell_end end;  /* .runs is owned by the record */
	int64_t output_bytes; /* all of it, what was left out too */
	char *diagnostics;    /* NULL: none */
	char *background;     /* as in event.text; NULL: none */
	bool unordered;	      /* as in event.text, of any */
	bool timeline;	      /* writes are marked in the outputs */
	int64_t writes;	      /* seen, but those past the limit */
	int64_t writes_omitted;
	bool restored; /* as in event.restored: */
	int replayed;
	char *replay_why, *replay_differs;
	struct output *outputs;
	size_t noutputs;
	struct left *left;
	size_t nleft;
	struct output *crashes; /* of processes below it: OUT_ERROR */
	size_t ncrashes;
	/* The JSON of the outputs as the notebook has it; only in a record made
	 * by export. Borrowed from the notebook. What is read of it is in
	 * `outputs` only during a look: see record_look(). */
	struct slice recorded;
	/* past half of the limit: the newest output, until the cell ends */
	struct tail *tail;
	int64_t held; /* bytes in `outputs` since the tail was last empty */
	size_t nheld; /* and how many outputs */
};

/* What each cell, or the run, might take; 0: no limit. */
struct record_limits {
	int64_t timeout_ms, deadline_ms, memory, processes, files;
};

struct record {
	struct sink sink; /* first: a record is a sink */
	const struct notebook *nb;
	struct record_cell *cells; /* one for each code cell, in order */
	size_t ncells;
	int64_t started_ns, duration_ns;
	bool exported;	    /* made from a file, not from a run */
	bool leaves_alone;  /* what does not run stays as it was, whatever was
			     * to */
	char *cc;	    /* "gcc 12.2.0", several with ", "; NULL: none */
	bool built, cached; /* anything / everything came from the cache */
	int64_t build_ns;
	struct strs cflags;
	int signal; /* that stopped the run */
	struct record_limits limits;
	int64_t output_limit; /* bytes for each cell; 0: none. The first half
			       * of it and the newest half are kept. */
	/* Reads a cell's `recorded` into its outputs; NULL: they are there. */
	void (*read_recorded)(struct record_cell *c);
};

/* All cells `not-run` until events say otherwise. The notebook is borrowed. */
void record_init(struct record *r, const struct notebook *nb);
void record_release(struct record *r);
/* A cell that the run leaves alone: its recorded outputs stay. */
void record_skip(struct record *r, int number);
/* What is known of a cell before, or without, its being reached: its kind, its
 * name, its source as shown. */
void record_describe(struct record *r, int number, enum cell_kind kind,
		     const char *name, struct slice source);
/* What is known of two cells changes places; each stays a cell of its own
 * notebook. */
void record_swap(struct record_cell *a, struct record_cell *b);
/* The number of its run that readers see: In [3]; -1: none. */
int record_execution_count(const struct record *r, const struct record_cell *c);
int record_count(const struct record *r, enum cell_status status);
/* "ok" or "failed": no cell is bad, quiet ones included, excused ones not. */
bool record_is_ok(const struct record *r);
/* The cell's text on one stream, all of it: the record's own, or in *own, which
 * the caller is to release. */
struct slice record_text(const struct record_cell *c, enum stream stream,
			 struct buf *own);
/* The i-th cell (from 0) with its outputs: the record's own or, where they are
 * still a notebook's JSON, *look, into which they are read. It lasts until
 * record_look_end(). So no more than one cell's outputs are held at a time. */
const struct record_cell *record_look(const struct record *r, size_t i,
				      struct record_cell *look);
void record_look_end(struct record_cell *look);
/* A new, empty output at the end of the cell's. */
struct output *record_output(struct record_cell *c, enum output_kind kind);

#endif
