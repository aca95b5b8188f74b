/* program.h: a second program, for a cell that starts one.
 *
 * Its C stands in the cell itself, inside PROGRAM(...), so that both sides of
 * the story are read in one place. It is compiled the first time it is
 * needed and kept beside the plugin (that is, in cnb's cache), under a name
 * made from its text: another text never finds an old program. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <spawn.h>
#include <unistd.h>
#include "cells.h"

/* The C text between the parentheses, as a string, with its headers. It may
 * hold no directive: a macro's arguments cannot. */
#define PROGRAM(...) PROGRAM_HEADERS #__VA_ARGS__ "\n"
#define PROGRAM_HEADERS                                                        \
	"#include <pthread.h>\n"                                               \
	"#include <semaphore.h>\n"                                             \
	"#include <stdio.h>\n"                                                 \
	"#include <stdlib.h>\n"                                                \
	"#include <string.h>\n"                                                \
	"#include <unistd.h>\n"

/* Where the program with this text is kept: PLUGIN.HASH (FNV-1a). */
static inline void
program_path(const char *text, char path[PATH_MAX])
{
	static const char here; /* an address that lies in this plugin */
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	Dl_info plugin;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	if (!dladdr(&here, &plugin) ||
	    snprintf(path, PATH_MAX, "%s.%016" PRIx64, plugin.dli_fname,
		     hash) >= PATH_MAX)
		must(ENAMETOOLONG, "name the program");
}

/* Start argv[0], found in PATH where it has no slash, with `in` as its
 * standard input. It inherits the other streams, so that what it writes is
 * captured like the cell's own. */
static inline pid_t
program_start(char *const argv[], int in)
{
	extern char **environ;
	posix_spawn_file_actions_t files;
	char what[PATH_MAX + 16];
	pid_t child;

	snprintf(what, sizeof(what), "start '%s'", argv[0]);
	must(posix_spawn_file_actions_init(&files), what);
	must(posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO), what);
	must(posix_spawnp(&child, argv[0], &files, NULL, argv, environ), what);
	posix_spawn_file_actions_destroy(&files);
	return child;
}

/* Compile `text` to `path`: written aside and renamed, so that nobody ever
 * starts half a program. */
static inline void
program_build(const char *text, const char *path)
{
	char cc[] = "cc", x[] = "-x", c[] = "c", in[] = "-", o[] = "-o";
	char pthread[] = "-pthread", aside[PATH_MAX + 16];
	char *argv[] = { cc, pthread, x, c, in, o, aside, NULL };
	ssize_t length = (ssize_t)strlen(text); /* small: a pipe holds it */
	int ends[2];
	pid_t child;

	snprintf(aside, sizeof(aside), "%s.%d", path, (int)getpid());
	must(pipe2(ends, O_CLOEXEC) ? errno : 0, "make a pipe");
	must(write(ends[1], text, (size_t)length) != length ? EPIPE : 0,
	     "write to the compiler");
	close(ends[1]);
	child = program_start(argv, ends[0]);
	close(ends[0]);
	if (exit_status(child)) {
		unlink(aside);
		must(ENOEXEC, "compile the second program");
	}
	must(rename(aside, path) ? errno : 0, "keep the second program");
}

/* Start the program whose C is `text` with up to one argument, which may be
 * NULL. Wait for it with exit_status(). */
static inline pid_t
program_spawn(const char *text, char *argument)
{
	char path[PATH_MAX];
	char *argv[] = { path, argument, NULL };

	program_path(text, path);
	if (access(path, X_OK))
		program_build(text, path);
	return program_start(argv, STDIN_FILENO);
}

#endif
