/* signal_names.h: signals by the names that C programs use. */
#ifndef CNB_SIGNAL_NAMES_H
#define CNB_SIGNAL_NAMES_H

/* "SIGSEGV"; "SIGRTMIN+3" for a real-time one; NULL for what is no signal. A
 * static string. */
const char *signal_name(int number);
/* The number of "SIGSEGV"; -1: no such name. */
int signal_from_name(const char *name);

#endif
