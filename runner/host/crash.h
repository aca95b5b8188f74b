/* crash.h: a process that crashes says where, before it dies of the signal.
 *
 * The handler sends WIRE_CRASH and WIRE_MAPS (wire.h) over a socket and then
 * lets the signal do its work, so that the wait status stays true. It is in
 * force in forked children too: the report names the pid. Handlers that the
 * program installs itself, before or after, win. */
#ifndef CNB_CRASH_H
#define CNB_CRASH_H

#include <stddef.h>

/* Where reports go. Remembers which socket it is: if the program closes it and
 * gets the number again for a file of its own, nothing is written there. */
void crash_report_to(int fd);
/* Install the handler for each signal whose action is still the default. Call
 * it while the process has one thread: it loads the unwinder. */
void crash_catch(void);
/* What a sanitizer prints, to where reports go as well: its own way may lead
 * elsewhere, or be closed. Not while it is quiet. */
void crash_tell_report(const char *text);
void crash_be_quiet(int quiet);
/* The process is called `name` from now on, where processes are listed; so are
 * threads that it begins, unless they are given a name. */
void crash_name(const char *name);

/* How many files may be open, if so many are; else 0. */
unsigned crash_files_full(void);
/* Before a program exits: tell if that is so. */
void crash_tell_full(void);

/* So much is needed to run the handler on. */
#define CRASH_STACK 65536
/* Give the calling thread `at` as its alternate stack, unless it has one.
 * 1: it is used; 0: not. */
int crash_stack_use(void *at, size_t size);
/* Take it back. 1: it is no longer used, its memory is free; 0: it is. */
int crash_stack_leave(const void *at);

#endif
