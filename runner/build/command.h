/* command.h: the compiler's command line for a unit. */
#ifndef CNB_COMMAND_H
#define CNB_COMMAND_H

#include "build/cc.h"

/* A unit's words, put where the compiler wants them. */
struct command {
	const struct cc *cc;
	const struct unit *unit;
	struct strs before; /* in front of the source */
	struct strs after;  /* libraries and objects, behind it */
	bool front;	    /* link the unit's front object */
	bool runtime;	    /* and what we ask of the sanitizers */
	bool trace_link;    /* have the linker say what it read */
};

/* Where the products go; NULL: not wanted. */
struct outputs {
	const char *product;
	const char *deps;      /* files that the compiler read */
	const char *link_deps; /* files that the linker read */
	/* NULL: all in one call. Else in two, by way of this object file: the
	 * first compiles it, the second, with `linking` set, reads it. */
	const char *object;
	bool linking;
};

/* Sorts the unit's words and those of its libs (packages.h; `cache` may be
 * NULL). -1: pkg-config refuses, or the compiler cannot do what the unit asks
 * for. */
int command_init(struct command *c, const struct cc *cc, struct cache *cache,
		 const struct unit *u, struct err *e);
void command_release(struct command *c);

/* Append the words, the compiler first. */
void command_argv(const struct command *c, const struct outputs *to,
		  struct strs *argv);
/* Append the words for a tool that reads the source and makes nothing of it:
 * those that say how it is to be read. */
void command_argv_reading(const struct command *c, struct strs *argv);
/* The same as typed in a shell; to be free()d. */
char *command_text(const struct command *c, const char *product);
/* The files among the words, and libraries found as the linker finds them in
 * -L folders: for where it does not say what it read. Absolute paths. */
void command_files(const struct command *c, struct strs *paths);

#endif
