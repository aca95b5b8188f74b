/* What the texts of /proc say, whoever has a hand in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/procfs.h"
#include "sys/tree.h"

#define REST " 1 1 0 -1 4194304 88 0 0 0 0 0 0 0 20 0 3 0 7 3 0\n"

static void
test_a_name_is_no_state(void **state)
{
	struct procfs_stat s;

	(void)state;
	assert_true(procfs_stat(slice_of("7 (a) R 1 (b) S 42" REST), &s));
	assert_int_equal(s.state, 'S');
	assert_int_equal(s.parent, 42);
	assert_int_equal(s.threads, 3);
	/* It ends within the name. */
	assert_false(procfs_stat(slice_of("7 (a) R 1 ("), &s));
	assert_false(procfs_stat(slice_of("7 (a) R 1 1 1"), &s));
	assert_false(procfs_stat(slice_of("7 (a"), &s));
	assert_false(procfs_stat(slice_of(""), &s));
}

static void
test_half_a_number_is_none(void **state)
{
	struct slice text = slice_of("12 345 67");
	pid_t pid;

	(void)state;
	assert_true(procfs_next_child(&text, &pid));
	assert_int_equal(pid, 12);
	assert_true(procfs_next_child(&text, &pid));
	assert_int_equal(pid, 345);
	assert_false(procfs_next_child(&text, &pid));
	/* It would be -1: everybody. */
	text = slice_of("9223372036854775807 4294967295 ");
	assert_false(procfs_next_child(&text, &pid));
	assert_int_equal(procfs_number(slice_of("Name:\tx\nTgid:\t12"),
				       "Tgid:"),
			 -1);
	assert_int_equal(procfs_number(slice_of("Name:\tx\nTgid:\t12\n"),
				       "Tgid:"),
			 12);
	assert_int_equal(procfs_state(slice_of("Name:\tx\nState:\t")), 0);
}

static char *
group(const char *mounts, const char *groups)
{
	return procfs_cgroup(slice_of(mounts), slice_of(groups));
}

static void
assert_group(const char *mounts, const char *groups, const char *expected)
{
	char *folder = group(mounts, groups);

	assert_non_null(folder);
	assert_string_equal(folder, expected);
	free(folder);
}

static void
test_the_own_group_is_found(void **state)
{
	static const char whole[] =
		"20 1 0:2 / /tmp rw - tmpfs x\\040-\\040cgroup2\\040x rw\n"
		"21 1 0:3 / /sys/fs/it's\\040here rw,nosuid shared:4 - cgroup2 "
		"cgroup2 rw\n";
	static const char part[] = "21 1 0:3 /a /c rw - cgroup2 cgroup2 rw\n";

	(void)state;
	assert_group(whole, "5:pids:/0::/x\n0::/b\n", "/sys/fs/it's here/b");
	assert_group(part, "0::/a/b\n", "/c/b");
	assert_group(part, "0::/a\n", "/c");
	assert_null(group(part, "0::/ab\n")); /* beside it */
	assert_null(group(part, "0::/\n"));
	assert_null(group(whole, "0::/../b\n"));
	assert_null(group(whole, "5:pids:/0::/x\n"));
	assert_null(group("", "0::/b\n"));
}

static void
test_who_waits_for_a_lock_does_not_hold_it(void **state)
{
	static const char locks[] =
		"1: FLOCK  ADVISORY  READ  5 08:01:77 0 EOF\n"
		"2: POSIX  ADVISORY  WRITE 6 08:01:77 0 EOF\n"
		"3: -> FLOCK  ADVISORY  WRITE 7 08:01:77 0 EOF\n"
		"4: FLOCK  ADVISORY  WRITE 8 08:01:77 0 EOF\n";

	(void)state;
	assert_int_equal(procfs_lock_holder(slice_of(locks), makedev(8, 1), 77),
			 8);
	assert_int_equal(procfs_lock_holder(slice_of(locks), makedev(8, 1), 78),
			 0);
}

/* One that is called as if it were another's child, and runs. */
static void
test_a_process_cannot_hide_behind_its_name(void **state)
{
	struct pids found = { 0 };
	char name[16], byte;
	int ready[2];
	int64_t ran_ns;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_NAME, ") R 1 (\nTgid:1");
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	tree_descendants(getpid(), NULL, &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.at[0], pid);
	assert_int_equal(tree_nthreads(pid), 1);
	assert_int_equal(tree_process_of(pid), pid);
	tree_comm(pid, name);
	assert_string_equal(name, ") R 1 (");
	while (tree_thread_state(pid, &ran_ns) != 'S')
		usleep(1000);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ready[0]);
	close(ready[1]);
	pids_release(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_is_no_state),
		cmocka_unit_test(test_half_a_number_is_none),
		cmocka_unit_test(test_the_own_group_is_found),
		cmocka_unit_test(test_who_waits_for_a_lock_does_not_hold_it),
		cmocka_unit_test(test_a_process_cannot_hide_behind_its_name),
	};

	return cmocka_run_group_tests_name("procfs", tests, NULL, NULL);
}
