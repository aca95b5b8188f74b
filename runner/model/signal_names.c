/* signal_names.c: signals by name. Floor 1. Knows names only; it neither sends
 * nor handles a signal. */
#include "model/signal_names.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include "base/slice.h"

#define ROW(name) [name] = #name

static const char *const names[] = {
	ROW(SIGHUP),	ROW(SIGINT),  ROW(SIGQUIT),  ROW(SIGILL),
	ROW(SIGTRAP),	ROW(SIGABRT), ROW(SIGBUS),   ROW(SIGFPE),
	ROW(SIGKILL),	ROW(SIGUSR1), ROW(SIGSEGV),  ROW(SIGUSR2),
	ROW(SIGPIPE),	ROW(SIGALRM), ROW(SIGTERM),  ROW(SIGCHLD),
	ROW(SIGCONT),	ROW(SIGSTOP), ROW(SIGTSTP),  ROW(SIGTTIN),
	ROW(SIGTTOU),	ROW(SIGURG),  ROW(SIGXCPU),  ROW(SIGXFSZ),
	ROW(SIGVTALRM), ROW(SIGPROF), ROW(SIGWINCH), ROW(SIGIO),
	ROW(SIGSYS),
#ifdef SIGSTKFLT
	ROW(SIGSTKFLT),
#endif
#ifdef SIGPWR
	ROW(SIGPWR),
#endif
};

/* From SIGRTMIN, whose number the C library chooses when it starts. */
static const char *const realtime[] = {
	"SIGRTMIN",    "SIGRTMIN+1",  "SIGRTMIN+2",  "SIGRTMIN+3",
	"SIGRTMIN+4",  "SIGRTMIN+5",  "SIGRTMIN+6",  "SIGRTMIN+7",
	"SIGRTMIN+8",  "SIGRTMIN+9",  "SIGRTMIN+10", "SIGRTMIN+11",
	"SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15",
	"SIGRTMIN+16", "SIGRTMIN+17", "SIGRTMIN+18", "SIGRTMIN+19",
	"SIGRTMIN+20", "SIGRTMIN+21", "SIGRTMIN+22", "SIGRTMIN+23",
	"SIGRTMIN+24", "SIGRTMIN+25", "SIGRTMIN+26", "SIGRTMIN+27",
	"SIGRTMIN+28", "SIGRTMIN+29", "SIGRTMIN+30",
};

const char *
signal_name(int number)
{
	if (number > 0 && number < (int)countof(names))
		return names[number];
	if (number >= SIGRTMIN && number - SIGRTMIN < (int)countof(realtime))
		return realtime[number - SIGRTMIN];
	return NULL;
}

int
signal_from_name(const char *name)
{
	for (int i = 0; i < (int)countof(names); i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	for (int i = 0; i < (int)countof(realtime); i++)
		if (!strcmp(realtime[i], name))
			return SIGRTMIN + i;
	return -1;
}
