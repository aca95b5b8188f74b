/* event.h: what happens in a run, as one stream of events. The supervisor
 * makes them, sinks take them, and neither knows the other. A stream of
 * events, in order, is enough to make the record again. */
#ifndef CNB_EVENT_H
#define CNB_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/slice.h"
#include "model/notebook.h"
#include "model/author.h"

/* What became of a cell: SPEC 4. The order is that of the record's counts. */
enum cell_status {
	STATUS_OK,
	STATUS_FAILED,
	STATUS_CRASHED,
	STATUS_TIMEOUT,
	STATUS_LIMIT,
	STATUS_BUILD_ERROR,
	STATUS_INTERRUPTED,
	STATUS_SKIPPED,
	STATUS_NOT_RUN,
	STATUS_COUNT
};
const char *cell_status_name(enum cell_status status);
bool cell_status_from_name(const char *name, enum cell_status *status);
/* Does it stop a run and make its status "failed"? */
bool cell_status_is_bad(enum cell_status status);

enum stream { STREAM_STDOUT, STREAM_STDERR, STREAM_COUNT };
const char *stream_name(enum stream stream);

/* A display of a cell that ran many times, for programs: JSON. The one before
 * it says the same as text. */
#define EVENT_REPEAT_MIME "application/vnd.cnb.repeat+json"

enum event_kind {
	EV_RUN_BEGIN,  /* run */
	EV_CELL_BEGIN, /* begin: the cell is about to be built or run */
	EV_RESTORED,   /* restored: the state above it had to be brought back */
	EV_BUILT,      /* built: its compiler messages, also when it failed */
	EV_TEXT,       /* text: bytes from a stream */
	EV_DISPLAY,    /* display: a MIME bundle through cell_display() */
	EV_RESULT,     /* display: the value of its last expression */
	EV_ERROR,      /* error: an nbformat error output */
	EV_CELL_END,   /* end */
	EV_CELL_BACKGROUND, /* the cell goes on while others run; its end
			     * comes later */
	EV_RUN_END,	    /* run_end */
	EV_LEFT,	 /* left: alive when the cell ended; before its end */
	EV_CHILD_CRASH,	 /* error: of a process below the cell */
	EV_TICK,	 /* tick: a second or so has passed in a cell */
	EV_CELL_NOT_RUN, /* it was to run, though nobody named it; what went
			  * before stands against it */
};

/* What a cell was when it ended. Numbers are -1 where not known. */
struct cell_end {
	enum cell_status status;
	int exit_status;
	int signal;	     /* 0: none */
	int64_t duration_ns; /* wall clock, building excluded */
	int64_t cpu_ns;	     /* of the cell and the children it waited for */
	int64_t max_rss_kb;
	int threads_left;	/* alive in the host beside its main thread */
	int children_left;	/* descendants alive at the cell's end */
	bool expected;		/* an `expect` option was met */
	bool excused;		/* bad, but tagged raises-exception */
	bool background;	/* it went on while other cells ran, */
	bool stopped;		/* until we ended it with the session */
	bool timeline;		/* its writes were told one by one */
	int64_t output_dropped; /* bytes past the output limit, 0: none */
	const int *runs;	/* exit statuses of `run:` lines */
	size_t nruns;
};

struct event {
	enum event_kind kind;
	int cell;      /* number of the code cell; 0: the run itself */
	int64_t at_ns; /* since the run began */
	union {
		struct {
			int64_t started_ns; /* CLOCK_REALTIME */
			const struct notebook *notebook;
		} run;
		struct {
			enum cell_kind kind;
			const char *name;    /* the cell's name, never NULL */
			struct slice source; /* as shown: a table cell's
					      * function */
			bool quiet;	     /* only to bring a state about */
			int64_t started_ns;  /* CLOCK_REALTIME */
		} begin;
		struct {
			const char *cc; /* "gcc 12.2.0" */
			bool failed;
			bool cached;
			int64_t duration_ns;
			const char *command;   /* as typed in a shell */
			struct slice messages; /* rendered; may be empty */
		} built;
		struct {
			int cells; /* that ran again for it; 0: it came from a
				    * snapshot */
			const char *why;     /* it did not, NULL: not known */
			const char *differs; /* names, separated by ", ", of
					      * those that wrote something else
					      * this time; NULL: none */
		} restored;
		struct {
			enum stream stream;
			struct slice bytes;
			bool late; /* written after the cell's end, by a
				    * process that it left behind */
			/* Names of cells whose threads were alive and may have
			 * written it, separated by ", "; NULL: none */
			const char *background;
			/* Its place beside what came from the other stream
			 * is not known. */
			bool unordered;
			/* With a timeline, each write is an event of its own
			 * (a long one may be several): who made it. NULL:
			 * there is no timeline. */
			const struct author *author;
		} text;
		struct {
			const char *mime;
			struct slice bytes;
		} display;
		struct {
			const char *ename;
			const char *evalue;
			const char *const *traceback; /* lines */
			size_t ntraceback;
		} error;
		struct {
			bool thread;	  /* else a process */
			int id;		  /* pid or tid */
			const char *name; /* of the program, of the thread */
		} left;
		struct cell_end end;
		struct {
			int64_t duration_ns;
			int signal; /* that stopped the run, 0: none */
		} run_end;
		struct {
			bool asks; /* the cell waits for the terminal's user */
		} tick;
	};
};

/* A face of the program. `on_event` borrows the event for the call. */
struct sink {
	void (*on_event)(struct sink *sink, const struct event *ev);
};

#endif
