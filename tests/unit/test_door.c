/* test_door.c: where sessions are found, and what else may stand there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/slice.h"
#include "live/client.h"
#include "live/door.h"
#include "sys/fs.h"
#include "sys/proc.h"

static char top[64], folder[80];
static const char name[] = "0123456789abcdef";

static int
setup(void **state)
{
	(void)state;
	strcpy(top, "/tmp/cnb-door-test-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(folder, sizeof folder, "%s/cnb", top);
	return setenv("XDG_RUNTIME_DIR", top, 1);
}

static int
teardown(void **state)
{
	(void)state;
	unsetenv("XDG_RUNTIME_DIR");
	return fs_remove_tree(top);
}

static int
listens(struct err *e)
{
	return door_listen(name, e);
}

static void
test_one_is_found_and_only_one(void **state)
{
	struct err e;
	int fd = listens(&e), client;
	struct strs names = { 0 };

	(void)state;
	assert_true(fd >= 0);
	client = door_connect(name);
	assert_true(client >= 0);
	assert_true(door_is_ours(client));
	assert_int_equal(listens(&e), -1);
	assert_non_null(strstr(e.text, "session already"));
	assert_int_equal(door_list(&names, &e), 0);
	assert_int_equal(names.count, 1);
	strs_release(&names);
	assert_false(door_is_gone(name));
	door_remove(name);
	assert_true(door_is_gone(name));
	assert_int_equal(door_connect(name), -1);
	close(client);
	close(fd);
}

static void
test_a_stale_socket_is_no_obstacle(void **state)
{
	struct err e;
	int fd = listens(&e);

	(void)state;
	close(fd); /* as a crash does: its name stays */
	assert_int_equal(door_connect(name), -1);
	fd = listens(&e);
	assert_true(fd >= 0);
	close(fd);
}

static void
test_a_folder_of_others_is_refused(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(listens(&e), -1);
	assert_non_null(strstr(e.text, "others can enter it"));
	assert_int_equal(door_connect(name), -1);
	assert_int_equal(chmod(folder, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(folder, 65534, 65534), 0);
		assert_int_equal(listens(&e), -1);
		assert_non_null(strstr(e.text, "belongs to another user"));
		assert_int_equal(door_connect(name), -1);
	}
}

/* Root could enter it all the same: it is somebody else for that. */
static void
test_a_folder_that_we_cannot_enter_is_named(void **state)
{
	bool root = geteuid() == 0;
	struct err e;
	int fd;

	(void)state;
	assert_int_equal(mkdir(folder, 0), 0);
	assert_int_equal(chmod(top, 0755), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	fd = client_connect("x.ipynb");
	assert_int_equal(client_missing("x.ipynb", &e), -1);
	if (root)
		assert_int_equal(seteuid(0), 0);
	/* Or nobody but root could remove it. */
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(fd, -1);
	assert_non_null(strstr(e.text, folder));
	assert_non_null(strstr(e.text, "Permission denied"));
}

static void
test_a_link_to_a_folder_is_refused(void **state)
{
	char other[96];
	struct err e;

	(void)state;
	snprintf(other, sizeof other, "%s/other", top);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(symlink(other, folder), 0);
	assert_int_equal(listens(&e), -1);
	assert_int_equal(door_connect(name), -1);
	assert_int_equal(unlink(folder), 0);
	/* Nor does what is no folder do. */
	assert_int_equal(fs_write(folder, slice_of("x"), &e), 0);
	assert_int_equal(listens(&e), -1);
}

/* An address of a Unix socket has 108 bytes. */
static void
test_a_long_path_is_found_too(void **state)
{
	char deep[300];
	struct err e;
	int fd, client;

	(void)state;
	snprintf(deep, sizeof deep, "%s/%0150d", top, 1);
	assert_int_equal(mkdir(deep, 0700), 0);
	setenv("XDG_RUNTIME_DIR", deep, 1);
	fd = listens(&e);
	assert_true(fd >= 0);
	client = door_connect(name);
	assert_true(client >= 0);
	close(client);
	close(fd);
}

static void
test_want_of_descriptors_is_not_taken_for_a_removal(void **state)
{
	struct rlimit before, few;
	struct err e;
	int fd = listens(&e), next = dup(fd);

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)next + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_false(door_is_gone(name));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	close(next);
	close(fd);
}

/* One that is stopped takes nobody in: all that gave it up stand there. */
static void
test_a_crowd_before_a_door_makes_nobody_wait_for_ever(void **state)
{
	struct err e;
	int fd = listens(&e), shut[2], one, n = 0;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(listen(fd, 1), 0);
	while (n < (int)countof(shut) && (shut[n] = door_connect(name)) >= 0)
		n++;
	assert_int_equal(n, countof(shut));
	one = door_connect_briefly(name, 150);
	assert_int_equal(one, -1);
	assert_int_equal(errno, EAGAIN);
	/* A signal is heard meanwhile. */
	proc_request_stop();
	assert_int_equal(door_connect(name), -1);
	proc_forget_requests();
	while (n)
		close(shut[--n]);
	close(fd);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_is_found_and_only_one),
		TEST(test_a_stale_socket_is_no_obstacle),
		TEST(test_a_folder_of_others_is_refused),
		TEST(test_a_folder_that_we_cannot_enter_is_named),
		TEST(test_a_link_to_a_folder_is_refused),
		TEST(test_a_long_path_is_found_too),
		TEST(test_a_crowd_before_a_door_makes_nobody_wait_for_ever),
		TEST(test_want_of_descriptors_is_not_taken_for_a_removal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
