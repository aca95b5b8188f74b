/* runtime.c: what we ask of a sanitizer's runtime, where one is linked in: in
 * cnb-host and, as an object of its own, in program cells. The runtime calls
 * these functions when it starts; what ASAN_OPTIONS and its like say comes
 * after, and wins.
 *
 * A use after return, which newer runtimes look for by themselves, is looked
 * for with all of them. Where symbolize.c is not asked, addr2line may be.
 *
 * The host is asked for leaks cell by cell, not when it ends; it may load the
 * same variable from several plugins; and a variable of which one cell raced is
 * told again when another does. */

#ifdef CNB_RUNTIME_OF_PROGRAM
/* One object: it is linked by itself. */
#include "host/symbolize.c"

#include "host/c11.c"

#define OF_HOST_ASAN
#define OF_HOST_LSAN
#define OF_HOST_TSAN
#define crash_tell_report cnb__crash_tell_report
/* Of front.c, where that is linked in. */
extern void crash_tell_report(const char *text) __attribute__((weak));
#else
#include "host/crash.h"

#ifdef __SANITIZE_ADDRESS__
/* Built with it for our own sake: of cells, which are not, crash.c tells. */
#define OWN_ASAN                                                               \
	":handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"       \
	":use_sigaltstack=0:quarantine_size_mb=1"
#else
#define OWN_ASAN
#endif
#define OF_HOST_ASAN ":leak_check_at_exit=0:detect_odr_violation=0" OWN_ASAN
#define OF_HOST_LSAN ":leak_check_at_exit=0:report_objects=1"
#define OF_HOST_TSAN                                                           \
	":report_thread_leaks=0:suppress_equal_addresses=0"                    \
	":atexit_sleep_ms=0"
#endif

#define LOOKED_UP __attribute__((visibility("default")))

LOOKED_UP const char *__asan_default_options(void);
LOOKED_UP const char *__lsan_default_options(void);
LOOKED_UP const char *__tsan_default_options(void);
LOOKED_UP const char *__ubsan_default_options(void);
LOOKED_UP void __sanitizer_on_print(const char *text);

const char *
__asan_default_options(void)
{
	return "allow_addr2line=1:detect_stack_use_after_return=1" OF_HOST_ASAN;
}

const char *
__lsan_default_options(void)
{
	return "allow_addr2line=1" OF_HOST_LSAN;
}

const char *
__tsan_default_options(void)
{
	return "allow_addr2line=1" OF_HOST_TSAN;
}

const char *
__ubsan_default_options(void)
{
	return "allow_addr2line=1:print_stacktrace=1";
}

/* Whatever it prints, and wherever: a cell may have closed its stderr, or have
 * set log_path. */
void
__sanitizer_on_print(const char *text)
{
#ifdef CNB_RUNTIME_OF_PROGRAM
	if (!crash_tell_report)
		return;
#endif
	crash_tell_report(text);
}
