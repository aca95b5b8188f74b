/* commands.h: the table of commands. A new command is one file cmd_NAME.c and
 * one row in commands.c; help follows from the row. */
#ifndef CNB_COMMANDS_H
#define CNB_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "cli/opt.h"

#define CNB_VERSION "0.1.0"

/* Exit statuses, SPEC 5; err_class names the same numbers. */
enum { EXIT_OK = 0, EXIT_CELL = 1, EXIT_INPUT = 2, EXIT_SYSTEM = 3 };

struct command {
	const char *name;
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(const struct command *cmd, int argc, char **argv);
	const char *synopsis; /* the operands, as help shows them */
	const char *summary;  /* one line */
	const struct opt *opts;
	size_t min_operands;
	size_t max_operands; /* 0: as many as there are; or */
#define NO_OPERANDS SIZE_MAX
};

/* Ended by a row without a name. */
extern const struct command commands[];
const struct command *command_find(const char *name);
/* Say that there is no such command, with the nearest one; EXIT_INPUT. */
int command_unknown(const char *name);

/* Read a command's options into *target and the rest into *operands (see
 * opt_parse). -1: go on; else that is the exit status: help was shown, or
 * what is wrong was said. */
int command_args(const struct command *cmd, void *target, int argc, char **argv,
		 struct strs *operands);

/* `cnb: SENTENCE` to standard error; returns the exit status. */
int command_fail(const struct err *e);
/* Write a result to `path`, replacing it whole; "-" is standard output.
 * Returns the exit status; says what failed, but is silent where the reader of
 * standard output is gone. */
int command_output(const char *path, struct slice bytes);
/* The same; `raw`: as it is, also to a terminal (see product.h). */
int command_output_as(const char *path, struct slice bytes, bool raw);
/* A line to standard error, with what a reader would not see made visible. */
void command_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writing to standard output failed with that errno. As command_output(). */
int command_stdout_failed(int why);

/* Append the help of one command; of all of them. */
void command_help(struct buf *out, const struct command *cmd);
void command_list(struct buf *out);

int cmd_run(const struct command *cmd, int argc, char **argv);
int cmd_rerun(const struct command *cmd, int argc, char **argv);
int cmd_watch(const struct command *cmd, int argc, char **argv);
int cmd_sessions(const struct command *cmd, int argc, char **argv);
int cmd_stop(const struct command *cmd, int argc, char **argv);
int cmd_export(const struct command *cmd, int argc, char **argv);
int cmd_check(const struct command *cmd, int argc, char **argv);
int cmd_convert(const struct command *cmd, int argc, char **argv);
int cmd_list(const struct command *cmd, int argc, char **argv);
int cmd_build(const struct command *cmd, int argc, char **argv);
int cmd_clear(const struct command *cmd, int argc, char **argv);
int cmd_doctor(const struct command *cmd, int argc, char **argv);
int cmd_new(const struct command *cmd, int argc, char **argv);
int cmd_help(const struct command *cmd, int argc, char **argv);

extern const struct opt cmd_run_opts[];
extern const struct opt cmd_rerun_opts[];
extern const struct opt cmd_watch_opts[];
extern const struct opt cmd_sessions_opts[];
extern const struct opt cmd_stop_opts[];
extern const struct opt cmd_export_opts[];
extern const struct opt cmd_check_opts[];
extern const struct opt cmd_convert_opts[];
extern const struct opt cmd_list_opts[];
extern const struct opt cmd_build_opts[];
extern const struct opt cmd_clear_opts[];
extern const struct opt cmd_doctor_opts[];
extern const struct opt cmd_new_opts[];
extern const struct opt cmd_help_opts[];

#endif
