/* run_opts.h: options that several of the commands that run cells have, each a
 * row of a table of opt.h over struct run_args; and the reasons for which one
 * of them refuses what another takes. */
#ifndef CNB_RUN_OPTS_H
#define CNB_RUN_OPTS_H

#include <stddef.h>
#include "cli/run_args.h"
#include "cli/term.h"
#include "format/formats.h"

/* clang-format off */
#define ROW(letter, name, arg, help, type, member)                             \
	{ letter, name, arg, help, type, offsetof(struct run_args, member) }
#define ROW_CHOICE(letter, name, arg, help, member, choices)                   \
	{ letter, name, arg, help, ARG_CHOICE,                                 \
	  offsetof(struct run_args, member), choices }
#define ROW_REFUSED(letter, name, arg, why)                                    \
	{ letter, name, arg, why, ARG_REFUSED }

#define ROW_INPLACE                                                            \
	ROW('i', "inplace", NULL,                                              \
	    "save the outputs into the notebook, as they come and at the end", \
	    ARG_FLAG, inplace)
#define ROW_TIMING                                                             \
	ROW(0, "timing", NULL, "save times too", ARG_FLAG, timing)
#define ROW_SHOW_CODE                                                          \
	ROW(0, "show-code", NULL,                                              \
	    "save a table cell's function below its option line", ARG_FLAG,    \
	    show_code)
#define ROW_OUTPUT                                                             \
	ROW('o', "output", "FILE",                                             \
	    "save a copy; - is standard output, which then holds it alone",    \
	    ARG_STRING, output)
#define ROW_TO                                                                 \
	ROW_CHOICE('t', "to", "FORMAT",                                        \
	    "of the copy: ipynb, json (the record), jsonl (events as they "    \
	    "happen), html, md, junit, trace (for Perfetto), c; without it "   \
	    "the suffix of FILE decides; without -o it goes to standard "      \
	    "output",                                                          \
	    format, format_names)
#define ROW_PARAM                                                              \
	ROW('p', "param", "K=V",                                               \
	    "a value, as C, for a variable or macro of the cell tagged "       \
	    "`parameters`; any cell reads it with cell_param(\"K\")",          \
	    ARG_STRINGS, params)
#define ROW_KEEP_GOING                                                         \
	ROW('k', "keep-going", NULL, "go on after a cell that failed",         \
	    ARG_FLAG, keep_going)
#define ROW_TIMEOUT                                                            \
	ROW(0, "timeout", "D",                                                 \
	    "limit for each cell, as 500ms, 10s, 2m; default 5m, 0 is none",   \
	    ARG_DURATION, timeout_ms)
#define ROW_DEADLINE(help)                                                     \
	ROW(0, "deadline", "D", help, ARG_DURATION, deadline_ms)
#define ROW_MEMORY                                                             \
	ROW(0, "memory", "SIZE",                                               \
	    "end a cell whose processes hold more memory, as 500M, 2G; "       \
	    "default no limit",                                                \
	    ARG_SIZE, limits.memory)
#define ROW_PROCESSES                                                          \
	ROW(0, "processes", "N",                                               \
	    "end a cell that has more processes and threads at once; default " \
	    "no limit",                                                        \
	    ARG_COUNT, limits.tasks)
#define ROW_FILES \
	{ 0, "files", "N", \
	  "let a process of a cell have no more files open, 16 or more; " \
	  "default as for us", \
	  ARG_COUNT, offsetof(struct run_args, limits.files), \
	  .least = LIMITS_FILES_LEAST }
#define ROW_GRACE                                                              \
	ROW(0, "grace", "D",                                                   \
	    "time for a cell to tidy up, from SIGTERM to SIGKILL; default "    \
	    "500ms",                                                           \
	    ARG_DURATION, grace_ms)
#define ROW_OUTPUT_LIMIT                                                       \
	ROW(0, "output-limit", "SIZE",                                         \
	    "of what a cell writes, keep so much, head and tail; default 64M", \
	    ARG_SIZE, output_limit)
#define ROW_WORKDIR                                                            \
	ROW(0, "workdir", "DIR",                                               \
	    "where cells start; default is the notebook's folder", ARG_STRING, \
	    workdir)
#define ROW_CC                                                                 \
	ROW(0, "cc", "CC", "the compiler; default $CC, else cc", ARG_STRING, cc)
#define ROW_CFLAGS                                                             \
	ROW(0, "cflags", "WORDS", "more words for the compiler", ARG_STRING,   \
	    cflags)
#define ROW_SANITIZE                                                           \
	ROW(0, "sanitize", "LIST",                                             \
	    "address, undefined, thread, leak: for the cells that name none",  \
	    ARG_STRING, sanitize)
#define ROW_REPEAT                                                             \
	ROW(0, "repeat", "N",                                                  \
	    "run each cell N times from the same state, and show what came "   \
	    "of it",                                                           \
	    ARG_COUNT, repeat)
#define ROW_LANES                                                              \
	ROW('j', "jobs", "N",                                                  \
	    "so many of them at once; default, as 0, is as many as there are " \
	    "processors",                                                      \
	    ARG_STRING, jobs)
#define ROW_SNAPSHOTS(where)                                                   \
	ROW(0, "snapshots", "N",                                               \
	    where "states between cells that are kept; default 400",           \
	    ARG_COUNT, snapshots)
#define ROW_SNAPSHOT_MEMORY(where)                                             \
	ROW(0, "snapshot-memory", "SIZE",                                      \
	    where "memory for them; default, as 0, is a quarter of the "       \
		  "machine's",                                                 \
	    ARG_SIZE, snapshot_bytes)
/* How it is shown. */
#define ROWS_SHOW                                                              \
	ROW('q', "quiet", NULL, "show only what failed", ARG_FLAG, quiet),     \
	ROW('v', "verbose", NULL, "show commands and times too", ARG_FLAG,     \
	    verbose),                                                          \
	ROW(0, "raw", NULL,                                                    \
	    "to a terminal, write control characters as they are", ARG_FLAG,   \
	    raw),                                                              \
	ROW_CHOICE(0, "color", "WHEN", "auto, always or never", color,         \
		   term_color_names)

/* What a session cannot take. */
#define ROWS_REFUSED_CAPTURE                                                   \
	ROW_REFUSED(0, "input", "FILE",                                        \
		    "a cell that runs again would find the input at its end; " \
		    "its own option stdin is read each time"),                 \
	ROW_REFUSED(0, "timeline", NULL,                                       \
		    "how a session's output is captured is settled when its "  \
		    "host starts; a cell's own option timeline counts"),       \
	ROW_REFUSED(0, "capture", "HOW",                                       \
		    "how a session's output is captured is settled when its "  \
		    "host starts; a cell's own option capture counts")
/* clang-format on */

#endif
