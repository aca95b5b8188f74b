/* The kernel's floor: files, paths, helper programs, the keeper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/text.h"
#include "descriptors.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/keeper.h"
#include "sys/keeper_wire.h"
#include "sys/loop.h"
#include "sys/proc.h"
#include "sys/changes.h"
#include "sys/replace.h"
#include "sys/tree.h"

static char dir[] = "/tmp/cnb-test-sys-XXXXXX";

static int
make_dir(void **state)
{
	(void)state;
	proc_take_signals();
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int
replace(const char *path, struct slice bytes, struct err *e)
{
	struct replacement r;

	if (replace_begin(&r, path, REPLACE_SAFE, e) < 0)
		return -1;
	buf_add_slice(&r.out, bytes);
	return replace_end(&r, NULL, e);
}

static int
remove_dir(void **state)
{
	(void)state;
	return chdir("/") | fs_remove_tree(dir);
}

static void
assert_file(const char *path, const char *want)
{
	struct buf b = { 0 };

	assert_int_equal(fs_read(path, &b, NULL), 0);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Hidden names too. */
static int
count_in(const char *folder)
{
	DIR *d = opendir(folder);
	int count = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

static void
test_what_is_written_after_a_tick_is_later(void **state)
{
	struct stat before, after;

	(void)state;
	for (int i = 0; i < 20; i++) {
		put("before", "a");
		clock_await_tick();
		put("after", "b");
		assert_int_equal(stat("before", &before), 0);
		assert_int_equal(stat("after", &after), 0);
		assert_true(fs_mtime_ns(&after) > fs_mtime_ns(&before));
	}
}

static void
test_replace_keeps_mode_and_link(void **state)
{
	struct stat st;
	struct err e;

	(void)state;
	assert_int_equal(fs_write("real", slice_of("old"), &e), 0);
	assert_int_equal(chmod("real", 0640), 0);
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(replace("link", slice_of("new"), &e), 0);
	assert_file("real", "new");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat("real", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
test_new_file_gets_the_umask(void **state)
{
	mode_t old = umask(027);
	struct stat st;

	(void)state;
	assert_int_equal(replace("fresh", slice_of("x"), NULL), 0);
	umask(old);
	assert_int_equal(stat("fresh", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
test_failed_replace_leaves_nothing_behind(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(mkdir("taken", 0777), 0);
	assert_int_equal(mkdir("taken/x", 0777), 0);
	assert_int_equal(fs_write("taken/x", slice_of("y"), &e), -1);
	assert_int_equal(e.class, ERR_SYSTEM);
	assert_int_equal(count_in("taken"), 1);
}

/* Killed at any time before its end it leaves nothing. */
static void
test_replacement_has_no_name_while_it_is_written(void **state)
{
	int unnamed = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct replacement r;
	struct err e;

	(void)state;
	if (unnamed < 0)
		skip();
	close(unnamed);
	assert_int_equal(mkdir("unnamed", 0777), 0);
	assert_int_equal(replace_begin(&r, "unnamed/x", REPLACE_SAFE, &e), 0);
	buf_add_str(&r.out, "new");
	buf_flush(&r.out);
	assert_int_equal(count_in("unnamed"), 0);
	assert_int_equal(replace_end(&r, NULL, &e), 0);
	assert_int_equal(count_in("unnamed"), 1);
	assert_file("unnamed/x", "new");
}

static void
test_replace_removes_what_a_killed_one_has_left(void **state)
{
	struct err e;

	(void)state;
	put(".k.cnb-new", "a par");
	assert_int_equal(replace("k", slice_of("whole"), &e), 0);
	assert_file("k", "whole");
	assert_false(fs_exists(".k.cnb-new"));
}

static void
test_replace_spares_what_another_is_writing(void **state)
{
	struct err e;
	int other;

	(void)state;
	put(".w.cnb-new", "a par");
	other = open(".w.cnb-new", O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_int_equal(replace("w", slice_of("whole"), &e), 0);
	assert_file("w", "whole");
	assert_file(".w.cnb-new", "a par");
	close(other);
}

static void
test_replace_takes_the_longest_name(void **state)
{
	char name[256] = { 0 };
	struct err e;

	(void)state;
	memset(name, 'n', sizeof name - 1);
	assert_int_equal(replace(name, slice_of("long"), &e), 0);
	assert_file(name, "long");
}

static void
test_reading_says_what_failed(void **state)
{
	struct buf b = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(fs_read("nowhere", &b, &e), -1);
	assert_string_equal(e.text,
			    "cannot read 'nowhere': No such file or directory");
	assert_int_equal(fs_read("/", &b, &e), -1);
	assert_string_equal(e.text, "cannot read '/': Is a directory");
	buf_release(&b);
}

static void
test_removing_a_tree_spares_what_links_name(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(fs_mkdirs("a/b/c", 0777, &e), 0);
	assert_int_equal(fs_write("keep", slice_of("k"), &e), 0);
	assert_int_equal(symlink("../../keep", "a/b/link"), 0);
	assert_int_equal(fs_remove_tree("a"), 0);
	assert_false(fs_exists("a"));
	assert_file("keep", "k");
}

static void
assert_path(char *path, const char *want)
{
	assert_string_equal(path, want);
	free(path);
}

static void
test_paths_are_cut_and_joined(void **state)
{
	(void)state;
	assert_path(path_join("a", "b"), "a/b");
	assert_path(path_join("a/", "b"), "a/b");
	assert_path(path_join(".", "b"), "b");
	assert_path(path_join("a", "/b"), "/b");
	assert_path(path_dir("a/b/c"), "a/b");
	assert_path(path_dir("c"), ".");
	assert_path(path_dir("/c"), "/");
	assert_path(path_absolute("/a/./b//../c"), "/a/c");
	assert_path(path_absolute("/../.."), "/");
	assert_string_equal(path_base("a/b"), "b");
}

static void
test_helper_program_is_fed_and_read(void **state)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
			 (char[]){ "cat; echo \"$X\" >&2; exit 3" }, NULL };
	struct strs env = { 0 };
	struct proc_result r;
	struct err e;

	(void)state;
	strs_add(&env, "X=one");
	assert_int_equal(proc_run(argv, "/", slice_of("text"), &env, &r, &e),
			 0);
	assert_int_equal(r.status, 3);
	assert_string_equal(buf_str(&r.out), "text");
	assert_string_equal(buf_str(&r.err), "one\n");
	proc_result_release(&r);
	strs_release(&env);
}

static void
test_helper_may_leave_its_input_unread(void **state)
{
	char *argv[] = { (char[]){ "true" }, NULL };
	struct buf big = { 0 };
	struct proc_result r;
	struct err e;

	(void)state;
	buf_reserve(&big, 1 << 20);
	memset(big.data, 'x', 1 << 20);
	big.len = 1 << 20;
	assert_int_equal(proc_run(argv, NULL, buf_slice(&big), NULL, &r, &e),
			 0);
	assert_int_equal(r.status, 0);
	proc_result_release(&r);
	buf_release(&big);
}

static void
test_missing_helper_is_named(void **state)
{
	char *argv[] = { (char[]){ "no-such-program" }, NULL };
	struct proc_result r;
	struct err e;

	(void)state;
	assert_int_equal(proc_run(argv, NULL, slice_of(""), NULL, &r, &e), -1);
	assert_string_equal(
		e.text, "cannot start 'no-such-program': not found in PATH");
}

static void
test_helper_that_reads_files_of_cells_is_bounded(void **state)
{
	struct strs argv = { 0 };
	long seconds = 0, kb = 0;
	struct proc_result r;
	struct err e;

	(void)state;
	text_words(&argv, "sh -c 'ulimit -t; ulimit -v'", &e);
	assert_int_equal(proc_run_bounded(argv.at, &r, &e), 0);
	assert_int_equal(sscanf(buf_str(&r.out), "%ld %ld", &seconds, &kb), 2);
	assert_in_range(seconds, 1, 10);
	assert_in_range(kb, 1, 4 << 20);
	proc_result_release(&r);
	strs_release(&argv);
}

static void
test_compiler_may_have_half_of_the_memory(void **state)
{
	struct strs argv = { 0 };
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	long half = pages / 2 * (page / 1024), soft = 0, hard = 0;
	struct proc_result r;
	struct err e;

	(void)state;
	text_words(&argv, "sh -c 'ulimit -S -v; ulimit -H -v'", &e);
	assert_int_equal(proc_compile(argv.at, NULL, slice_of(""), NULL, &r,
				      &e),
			 0);
	assert_int_equal(sscanf(buf_str(&r.out), "%ld %ld", &soft, &hard), 2);
	/* Of a small machine more than that. */
	assert_in_range(hard, 1, half > 4 << 20 ? half : 4 << 20);
	assert_in_range(soft, 1, hard);
	proc_result_release(&r);
	strs_release(&argv);
}

static void
test_bound_of_a_helper_raises_no_limit(void **state)
{
	struct strs argv = { 0 };
	struct rlimit before, less;
	long soft = 0, hard = 0;
	struct proc_result r;
	struct err e;
	int rc;

	(void)state;
	text_words(&argv, "sh -c 'ulimit -S -t; ulimit -H -t'", &e);
	getrlimit(RLIMIT_CPU, &before);
	less = (struct rlimit){ 9, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_CPU, &less), 0);
	rc = proc_run_bounded(argv.at, &r, &e);
	setrlimit(RLIMIT_CPU, &before);
	assert_int_equal(rc, 0);
	assert_int_equal(sscanf(buf_str(&r.out), "%ld %ld", &soft, &hard), 2);
	assert_int_equal(soft, 9);
	assert_in_range(hard, 9, 10);
	proc_result_release(&r);
	strs_release(&argv);
}

static int
lowest_free(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void
test_descriptors_without_room_are_not_taken(void **state)
{
	char *packet = calloc(1, KEEPER_PACKET);
	int pair[2], fds[KEEPER_FDS + 1], fd, free_before;
	size_t nfds;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	free_before = lowest_free();
	fds[KEEPER_FDS] = -7;
	assert_int_equal(send_with_descriptors(pair[0], "x", 1, KEEPER_FDS + 1),
			 1);
	assert_int_equal(keeper_receive_request(pair[1], packet, fds, &nfds, 0),
			 1);
	assert_int_equal(nfds, KEEPER_FDS);
	assert_int_equal(fds[KEEPER_FDS], -7);
	for (size_t i = 0; i < nfds; i++)
		close(fds[i]);
	assert_int_equal(send_with_descriptors(pair[0], "x", 1, 2), 1);
	assert_int_equal(keeper_receive_fd(pair[1], packet, 1, &fd, 0), 1);
	close(fd);
	assert_int_equal(lowest_free(), free_before);
	close(pair[0]);
	close(pair[1]);
	free(packet);
}

/* Through the keeper: a shell that does `script`; its outputs go to `out`. */
static pid_t
spawn(struct keeper *k, const char *script, int out)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, strdup(script),
			 NULL };
	struct keeper_spawn what = { .path = "/bin/sh",
				     .argv = argv,
				     .fds = { -1, out, -1 },
				     .extra_fd = -1 };
	struct err e;
	pid_t pid = keeper_spawn(k, &what, &e);

	free(argv[2]);
	return pid;
}

/* Wait for the death of one process, however many others die. */
static struct keeper_death
await(struct keeper *k, pid_t pid)
{
	struct keeper_death d = { 0 };

	for (;;) {
		int rc = keeper_next(k, &d);

		assert_int_not_equal(rc, -1);
		if (rc == 1 && d.pid == pid)
			return d;
		if (rc == 0)
			usleep(1000);
	}
}

static void
test_keeper_tells_how_a_process_died(void **state)
{
	struct keeper k;
	struct keeper_death d;
	struct err e;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	d = await(&k, spawn(&k, "exit 7", -1));
	assert_true(WIFEXITED(d.status));
	assert_int_equal(WEXITSTATUS(d.status), 7);
	assert_true(d.max_rss_kb > 0);
	d = await(&k, spawn(&k, "kill -SEGV $$", -1));
	assert_true(WIFSIGNALED(d.status));
	assert_int_equal(WTERMSIG(d.status), SIGSEGV);
	keeper_stop(&k);
}

static void
test_keeper_starts_with_fixed_addresses_where_asked(void **state)
{
	static const char script[] =
		"[ $((0x$(cat /proc/self/personality) & 0x40000)) != 0 ]";
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, strdup(script),
			 NULL };
	struct keeper_spawn what = { .path = "/bin/sh",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1 };
	struct keeper k;
	struct err e;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	for (int i = 0; i < 2; i++) {
		struct keeper_death d;

		what.fixed_addresses = i;
		d = await(&k, keeper_spawn(&k, &what, &e));
		assert_int_equal(WEXITSTATUS(d.status), !i);
	}
	keeper_stop(&k);
	free(argv[2]);
}

static void
test_keeper_says_why_it_cannot_start(void **state)
{
	char *argv[] = { (char[]){ "x" }, NULL };
	struct keeper_spawn what = { .path = "/nowhere/x",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1 };
	struct keeper k;
	struct err e;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	assert_int_equal(keeper_spawn(&k, &what, &e), -1);
	assert_string_equal(
		e.text, "cannot start '/nowhere/x': No such file or directory");
	keeper_stop(&k);
}

/* A line on the pipe means that the tree is complete. */
static pid_t
spawn_tree(struct keeper *k, const char *script)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = spawn(k, script, ends[1]);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return pid;
}

static const char stubborn[] =
	"trap '' TERM HUP INT\n"
	"(setsid sh -c 'trap \"\" TERM; (sleep 1000; :) & sleep 1000; :' &)\n"
	"sleep 1000 & kill -STOP $!\n"
	"echo; sleep 1000; :";

static void
test_sweep_leaves_nobody(void **state)
{
	struct pids left = { 0 };
	struct keeper k;
	struct err e;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	spawn_tree(&k, stubborn);
	tree_descendants(k.pid, NULL, &left);
	assert_true(left.count >= 3);
	assert_int_equal(keeper_sweep(&k, NULL), 0);
	tree_descendants(k.pid, NULL, &left);
	assert_int_equal(left.count, 0);
	pids_release(&left);
	keeper_stop(&k);
}

static void
test_sweep_spares_whom_it_is_told(void **state)
{
	struct pids spare = { 0 }, left = { 0 };
	struct keeper k;
	struct err e;
	pid_t kept;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	kept = spawn_tree(&k, "echo; exec sleep 1000");
	spawn_tree(&k, stubborn);
	pids_add(&spare, kept);
	assert_int_equal(keeper_sweep(&k, &spare), 0);
	tree_descendants(k.pid, NULL, &left);
	assert_int_equal(left.count, 1);
	assert_int_equal(left.at[0], kept);
	pids_release(&left);
	pids_release(&spare);
	keeper_stop(&k);
}

static bool
is_running(pid_t pid)
{
	char path[64], text[512] = "";
	const char *state;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	state = strrchr(text, ')');
	return state && state[2] != 'Z' && state[2] != 'X';
}

/* A process that has a keeper with descendants, and is killed. */
static void
test_nobody_survives_our_own_sudden_death(void **state)
{
	struct pids left = { 0 };
	int ends[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		struct keeper k;
		struct err e;

		if (keeper_start(&k, &e) == 0) {
			spawn_tree(&k, stubborn);
			if (write(ends[1], "x", 1) == 1)
				pause();
		}
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	tree_descendants(pid, NULL, &left);
	assert_true(left.count >= 4);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* The keeper's end of our pipe closes when it has swept and gone. */
	for (size_t i = 0; i < left.count; i++)
		while (is_running(left.at[i]))
			usleep(1000);
	close(ends[0]);
	pids_release(&left);
}

static void
on_ready(void *self, int fd)
{
	char byte;

	if (read(fd, &byte, 1) == 1)
		++*(int *)self;
}

static void
test_loop_calls_what_is_ready_and_keeps_time(void **state)
{
	int64_t before = clock_mono_ns();
	struct loop l;
	struct err e;
	int ends[2], calls = 0;

	(void)state;
	assert_int_equal(loop_init(&l, &e), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	loop_add(&l, ends[0], on_ready, &calls);
	assert_false(loop_wait(&l, before + 2 * NS_PER_MS));
	assert_true(clock_mono_ns() >= before + 2 * NS_PER_MS);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_true(loop_wait(&l, LOOP_NEVER));
	assert_int_equal(calls, 1);
	loop_remove(&l, ends[0]);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_false(loop_wait(&l, 0));
	assert_int_equal(calls, 1);
	close(ends[0]);
	close(ends[1]);
	loop_release(&l);
}

/* More than is read at once, of one that never stops. */
#define MANY 12000

static void
test_who_writes_all_the_time_keeps_no_reader_of_changes(void **state)
{
	static const char *const names[] = { "busy/a", "busy/b" };
	struct strs paths = { 0 };
	struct changes c;
	size_t once;

	(void)state;
	assert_int_equal(mkdir("busy", 0700), 0);
	assert_int_equal(changes_open(&c, NULL), 0);
	assert_int_equal(changes_add(&c, "busy", NULL), 0);
	for (int i = 0; i < MANY; i++)
		close(fs_create(names[i % 2], O_WRONLY, 0600));
	assert_true(changes_read(&c, &paths));
	once = paths.count;
	assert_in_range(once, 1, MANY - 1);
	assert_true(changes_read(&c, &paths));
	assert_int_equal(paths.count, MANY);
	strs_release(&paths);
	changes_close(&c);
}

/* Where only what others asked for is forgotten; 0, or the line. */
static int
ask_and_forget(void)
{
	proc_request_stop();
	if (proc_interrupted() != SIGINT || proc_interruptions() != 1)
		return __LINE__;
	kill(getpid(), SIGTERM);
	proc_interrupted();
	proc_request_stop();
	if (proc_interrupted() != SIGTERM || proc_endings() != 3)
		return __LINE__;
	proc_forget_requests();
	if (proc_interrupted() != SIGTERM || proc_interruptions() != 1)
		return __LINE__;
	return 0;
}

static void
test_a_signal_outlives_the_requests_around_it(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0)
		_exit(ask_and_forget() & 0xff);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replace_keeps_mode_and_link),
		cmocka_unit_test(test_new_file_gets_the_umask),
		cmocka_unit_test(test_failed_replace_leaves_nothing_behind),
		cmocka_unit_test(
			test_replacement_has_no_name_while_it_is_written),
		cmocka_unit_test(
			test_replace_removes_what_a_killed_one_has_left),
		cmocka_unit_test(test_replace_spares_what_another_is_writing),
		cmocka_unit_test(test_replace_takes_the_longest_name),
		cmocka_unit_test(
			test_who_writes_all_the_time_keeps_no_reader_of_changes),
		cmocka_unit_test(test_reading_says_what_failed),
		cmocka_unit_test(test_removing_a_tree_spares_what_links_name),
		cmocka_unit_test(test_paths_are_cut_and_joined),
		cmocka_unit_test(test_helper_program_is_fed_and_read),
		cmocka_unit_test(test_helper_may_leave_its_input_unread),
		cmocka_unit_test(test_missing_helper_is_named),
		cmocka_unit_test(
			test_helper_that_reads_files_of_cells_is_bounded),
		cmocka_unit_test(test_compiler_may_have_half_of_the_memory),
		cmocka_unit_test(test_bound_of_a_helper_raises_no_limit),
		cmocka_unit_test(test_descriptors_without_room_are_not_taken),
		cmocka_unit_test(test_keeper_tells_how_a_process_died),
		cmocka_unit_test(
			test_keeper_starts_with_fixed_addresses_where_asked),
		cmocka_unit_test(test_keeper_says_why_it_cannot_start),
		cmocka_unit_test(test_sweep_leaves_nobody),
		cmocka_unit_test(test_sweep_spares_whom_it_is_told),
		cmocka_unit_test(test_nobody_survives_our_own_sudden_death),
		cmocka_unit_test(test_what_is_written_after_a_tick_is_later),
		cmocka_unit_test(test_loop_calls_what_is_ready_and_keeps_time),
		cmocka_unit_test(test_a_signal_outlives_the_requests_around_it),
	};

	return cmocka_run_group_tests_name("sys", tests, make_dir, remove_dir);
}
