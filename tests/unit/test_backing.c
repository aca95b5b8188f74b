/* test_backing.c: memory that was written to, as its file says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/backing.h"
#include "under_valgrind.h"

static size_t page;

/* Two pages, the first of which was written to; beside them is nothing with
 * which they would be one mapping. */
static char *
written(void)
{
	char *at = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	assert_true(at != MAP_FAILED);
	at += page;
	assert_int_equal(mprotect(at, 2 * page, PROT_READ | PROT_WRITE), 0);
	memset(at, 'a', page);
	return at;
}

static void
forget(char *at)
{
	munmap(at - page, 4 * page);
}

/* In KiB: of the mapping at `at`, what is this process's own. */
static long
own(const char *at)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[500];
	uintptr_t begin;
	long kb = -1;
	bool here = false;

	assert_non_null(f);
	while (kb < 0 && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-", &begin) == 1 && strchr(line, '-'))
			here = begin == (uintptr_t)at;
		if (here)
			sscanf(line, "Anonymous: %ld", &kb);
	}
	fclose(f);
	return kb;
}

static void
give(char *at)
{
	backing_give((uintptr_t)at, (uintptr_t)at + page, "a test");
}

static void
test_memory_is_as_it_was_and_nobodys_own(void **state)
{
	char *at = written();

	(void)state;
	if (under_valgrind())
		skip(); /* it shows maps of its own */
	assert_int_equal(own(at), page / 1024);
	give(at);
	assert_int_equal(own(at), 0);
	for (size_t i = 0; i < page; i++)
		assert_int_equal(at[i], 'a');
	assert_int_equal(at[page], 0);
	at[0] = 'b';
	assert_int_equal(own(at), page / 1024);
	forget(at);
}

static void
test_what_one_process_writes_no_other_sees(void **state)
{
	char *at = written();
	int status;
	pid_t pid;

	(void)state;
	give(at);
	pid = fork();
	if (pid == 0) {
		at[0] = 'b';
		_exit(at[1] == 'a' ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(at[0], 'a');
	forget(at);
}

/* No signal comes of it, and nothing is lost. */
static void
test_who_may_write_no_file_keeps_what_he_has(void **state)
{
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	struct rlimit before;
	char *at = written();

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	give(at);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(at[page - 1], 'a');
	forget(at);
}

static void
test_who_may_open_no_file_keeps_what_he_has(void **state)
{
	struct rlimit before, none;
	char *at = written();

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	give(at);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(at[page - 1], 'a');
	forget(at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_as_it_was_and_nobodys_own),
		cmocka_unit_test(test_what_one_process_writes_no_other_sees),
		cmocka_unit_test(test_who_may_write_no_file_keeps_what_he_has),
		cmocka_unit_test(test_who_may_open_no_file_keeps_what_he_has),
	};

	page = (size_t)sysconf(_SC_PAGESIZE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
