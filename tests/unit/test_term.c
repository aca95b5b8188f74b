/* test_term.c: what a stream of events looks like on the terminal, and in a
 * file that standard output was sent to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include "cli/term.h"

#define NCELLS 8

static struct notebook nb;
static struct term term;
static int out_fd, read_fd;

static void
tell(struct event ev)
{
	term.sink.on_event(&term.sink, &ev);
}

static void
begin_as(int cell, const char *name, enum cell_kind kind, bool quiet)
{
	struct event ev = { .kind = EV_CELL_BEGIN, .cell = cell };

	ev.begin.kind = kind;
	ev.begin.name = name;
	ev.begin.source = slice_of("int main(void)\n{\n}\n");
	ev.begin.quiet = quiet;
	tell(ev);
}

static void
begin(int cell, const char *name)
{
	begin_as(cell, name, KIND_PROGRAM, false);
}

static void
text_as(int cell, const char *bytes, bool late, const char *background)
{
	struct event ev = { .kind = EV_TEXT, .cell = cell };

	ev.text.stream = STREAM_STDOUT;
	ev.text.bytes = slice_of(bytes);
	ev.text.late = late;
	ev.text.background = background;
	tell(ev);
}

static void
text(int cell, const char *bytes)
{
	text_as(cell, bytes, false, NULL);
}

static void
built(int cell, bool failed, const char *messages)
{
	struct event ev = { .kind = EV_BUILT, .cell = cell };

	ev.built.cc = "gcc 12.2.0";
	ev.built.failed = failed;
	ev.built.duration_ns = 41000000;
	ev.built.command = "cc -O0 x.c";
	ev.built.messages = slice_of(messages);
	tell(ev);
}

static void
error(int cell, const char *ename, const char *evalue, const char *line)
{
	struct event ev = { .kind = EV_ERROR, .cell = cell };

	ev.error.ename = ename;
	ev.error.evalue = evalue;
	ev.error.traceback = &line;
	ev.error.ntraceback = line != NULL;
	tell(ev);
}

static void
end_as(int cell, struct cell_end end)
{
	struct event ev = { .kind = EV_CELL_END, .cell = cell };

	end.duration_ns = 1234567;
	end.cpu_ns = 400000;
	end.max_rss_kb = 2048;
	ev.end = end;
	tell(ev);
}

static void
end(int cell, enum cell_status status)
{
	end_as(cell, (struct cell_end){ .status = status });
}

static void
tick(int cell, int64_t at_ms, bool asks)
{
	struct event ev = { .kind = EV_TICK,
			    .cell = cell,
			    .at_ns = at_ms * 1000000 };

	ev.tick.asks = asks;
	tell(ev);
}

static void
start_to(int fd, struct term_settings how)
{
	static struct nb_cell cells[NCELLS];
	static struct nb_cell *code[NCELLS];
	static struct nb_run runs[NCELLS];
	struct event ev = { .kind = EV_RUN_BEGIN };

	notebook_init(&nb);
	for (int i = 0; i < NCELLS; i++) {
		cells[i].number = i + 1;
		cells[i].id = "c";
		cells[i].source = slice_of("//| use: threads/join\n");
		cells[i].run = &runs[i];
		runs[i].duration_ns = (i + 1) * INT64_C(1000000000);
		code[i] = &cells[i];
	}
	nb.path = "x.ipynb";
	nb.cells = cells;
	nb.code = code;
	nb.ncells = nb.ncode = NCELLS;
	how.fd = out_fd = fd;
	how.path = "my x.ipynb";
	term_init(&term, &how);
	ev.run.notebook = &nb;
	tell(ev);
}

static void
start(struct term_settings how)
{
	read_fd = -1;
	start_to(memfd_create("shown", MFD_CLOEXEC), how);
}

/* On a terminal, which here is one end of a pair. */
static void
start_on_terminal(struct term_settings how)
{
	int fd;

	read_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(read_fd >= 0 && !grantpt(read_fd) && !unlockpt(read_fd));
	fd = open(ptsname(read_fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(fd >= 0);
	start_to(fd, how);
}

/* What is shown so far. A terminal hands it on in pieces and in its own time:
 * there it must end with the status of a cell. */
static const char *
shown(void)
{
	static char bytes[1 << 16];
	size_t used = 0;

	do {
		size_t room = sizeof bytes - 1 - used;
		ssize_t n = read_fd < 0 ? pread(out_fd, bytes, room, 0)
					: read(read_fd, bytes + used, room);

		assert_true(n >= 0);
		used += (size_t)n;
		bytes[used] = '\0';
	} while (read_fd >= 0 && !strstr(bytes, "ok 1.2 ms\r\n"));
	return bytes;
}

/* The run ends, and this is all that was shown from its beginning. */
static void
assert_run_shown(const char *want)
{
	struct event ev = { .kind = EV_RUN_END };

	ev.run_end.duration_ns = 123456789;
	tell(ev);
	assert_string_equal(shown(), want);
}

static int
teardown(void **state)
{
	(void)state;
	term_release(&term);
	term_init(&term, &(struct term_settings){ .fd = -1 });
	if (out_fd >= 0)
		close(out_fd);
	if (read_fd >= 0)
		close(read_fd);
	out_fd = read_fd = -1;
	return 0;
}

static void
test_a_run_shows_in_and_out(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "hello");
	text(1, "hi\n");
	end(1, STATUS_OK);
	begin_as(2, "join", KIND_TABLE, false);
	text(2, "t1:0\n");
	end(2, STATUS_OK);
	assert_run_shown("my x.ipynb\n"
			 "\n"
			 "In [1]: hello  (program)\n"
			 "    int main(void)\n"
			 "    {\n"
			 "    }\n"
			 "hi\n"
			 "ok 1.2 ms\n"
			 "\n"
			 "In [2]: join  (table threads/join)\n"
			 "    int main(void)\n"
			 "    {\n"
			 "    }\n"
			 "t1:0\n"
			 "ok 1.2 ms\n"
			 "\n"
			 "2 cells: 2 ok in 123.5 ms\n");
}

static void
test_output_is_shown_before_its_cell_ends(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "slow");
	text(1, "half");
	assert_non_null(strstr(shown(), "}\nhalf"));
	end(1, STATUS_OK);
}

static void
test_no_line_is_left_half(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "a");
	text(1, "no newline");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "no newline\nok 1.2 ms\n"));
}

static void
test_quiet_shows_what_failed_and_no_more(void **state)
{
	(void)state;
	start((struct term_settings){ .quiet = true });
	begin(1, "good");
	text(1, "fine\n");
	end(1, STATUS_OK);
	begin(2, "bad");
	text(2, "before it");
	error(2, "ExitStatus", "exit status 3", NULL);
	end(2, STATUS_FAILED);
	assert_run_shown("In [2]: bad  (program)\n"
			 "before it\n"
			 "failed 1.2 ms: exit status 3\n"
			 "\n"
			 "my x.ipynb: 2 cells: 1 ok, 1 failed (bad) in "
			 "123.5 ms\n"
			 "to run it again: cnb run 'my x.ipynb' --cell bad\n");
}

static void
test_a_cell_run_for_another_ones_sake_is_not_shown(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin_as(1, "setup", KIND_SHARED, true);
	text(1, "loading\n");
	end(1, STATUS_OK);
	assert_run_shown("my x.ipynb\n\n0 cells in 123.5 ms\n");
}

static void
test_but_if_it_fails_it_is(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin_as(1, "setup", KIND_SHARED, true);
	text(1, "loading\n");
	error(1, "SIGABRT", "", NULL);
	end(1, STATUS_CRASHED);
	assert_run_shown("my x.ipynb\n"
			 "\n"
			 "In [1]: setup  (shared)\n"
			 "loading\n"
			 "crashed 1.2 ms: SIGABRT\n"
			 "\n"
			 "1 cell: 1 crashed (setup) in 123.5 ms\n"
			 "to run it again: cnb run 'my x.ipynb' --cell "
			 "setup\n");
}

static void
test_a_crash_names_cause_and_places(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "a");
	error(1, "SIGSEGV", "write to address 0x0", "a:7 in main()");
	end(1, STATUS_CRASHED);
	assert_non_null(strstr(shown(),
			       "crashed 1.2 ms: SIGSEGV: write to address 0x0\n"
			       "    a:7 in main()\n"));
}

static void
test_compiler_messages_are_shown_once(void **state)
{
	const char *at;

	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "a");
	built(1, true, "a:1:1: error: 'x' undeclared\n");
	error(1, "BuildError", "'x' undeclared",
	      "a:1:1: error: 'x' undeclared");
	end(1, STATUS_BUILD_ERROR);
	at = strstr(shown(), "a:1:1: error");
	assert_non_null(at);
	assert_null(strstr(at + 1, "a:1:1: error"));
	assert_non_null(strstr(at, "build-error 1.2 ms: 'x' undeclared\n"));
}

static void
test_verbose_shows_commands_and_costs(void **state)
{
	(void)state;
	start((struct term_settings){ .verbose = true });
	begin(1, "a");
	built(1, false, "");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "$ cc -O0 x.c\n41.0 ms, gcc 12.2.0\n"
					"ok 1.2 ms, cpu 0.4 ms, 2048 KiB\n"));
}

static void
test_late_lines_stand_behind_their_cells_name(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "server");
	end(1, STATUS_OK);
	begin(2, "client");
	text(2, "asking");
	text_as(1, "one\ntw", true, NULL);
	text_as(1, "o", true, NULL);
	text(2, "done\n");
	text_as(1, "tick\n", true, "clock");
	end(2, STATUS_OK);
	assert_non_null(strstr(shown(), "asking\n"
					"[server, late] one\n"
					"[server, late] two\n"
					"done\n"
					"[clock, background] tick\n"
					"ok 1.2 ms\n"));
}

static void
test_the_status_says_what_is_left_behind(void **state)
{
	static const int runs[] = { 0, 2 };

	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "a");
	text_as(1, "x\n", false, "clock");
	end_as(1, (struct cell_end){ .threads_left = 1,
				     .children_left = 2,
				     .output_dropped = 99,
				     .runs = runs,
				     .nruns = 2 });
	assert_non_null(strstr(shown(),
			       "ok 1.2 ms, run: 0 2, 1 thread left behind, 2 "
			       "processes left behind, 99 bytes of output left "
			       "out, background: clock\n"));
}

static void
test_a_file_gets_the_bytes_as_they_are(void **state)
{
	(void)state;
	start((struct term_settings){ 0 });
	begin(1, "a");
	text(1, "\033[2J\xff\x01\n");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "}\n\033[2J\xff\x01\nok"));
}

static void
test_a_terminal_gets_colours_but_no_commands(void **state)
{
	(void)state;
	start_on_terminal((struct term_settings){ .color = COLOR_NEVER });
	begin(1, "a");
	text(1, "\033[31mred\033[2J\x07\033]0;title\n");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "\033[31mred\\x1b[2J\\x07\\x1b]0;title"
					"\r\n\033[0mok 1.2 ms\r\n"));
}

static void
test_what_comes_in_pieces_is_put_together(void **state)
{
	(void)state;
	start_on_terminal((struct term_settings){ .color = COLOR_NEVER });
	begin(1, "a");
	text(1, "\xe4\xbd");
	text(1, "\xa0\033[3");
	text(1, "1mred\033[0m \xe4\xbd");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "}\r\n\xe4\xbd\xa0\033[31mred\033[0m "
					"\xef\xbf\xbd"));
}

static void
test_colour_is_as_asked_for(void **state)
{
	(void)state;
	start((struct term_settings){ .color = COLOR_ALWAYS });
	begin(1, "a");
	end(1, STATUS_OK);
	assert_non_null(strstr(shown(), "\033[32mok 1.2 ms\033[0m"));
}

static void
test_a_failed_write_is_remembered(void **state)
{
	(void)state;
	read_fd = -1;
	start_to(open("/dev/full", O_WRONLY | O_CLOEXEC),
		 (struct term_settings){ 0 });
	begin(1, "a");
	assert_int_equal(term.failure, ENOSPC);
	end(1, STATUS_OK);
}

static void
test_a_long_wait_keeps_the_end_of_the_output(void **state)
{
	static char lines[65536];

	(void)state;
	memset(lines, 'x', sizeof lines - 1);
	lines[sizeof lines - 2] = '\n';
	start((struct term_settings){ .quiet = true });
	begin(1, "noisy");
	for (int i = 0; i < 100; i++)
		text(1, lines);
	text(1, "the last line\n");
	assert_true(term.out.len < 4 << 20);
	end(1, STATUS_FAILED);
	assert_non_null(strstr(shown(), "bytes above left out]\n"));
}

/* What is left of a cell's output of so many such pieces begins with `first`.
 */
static void
keeps(const char *piece, int n, const char *first)
{
	const char *at;

	start((struct term_settings){ .quiet = true });
	begin(1, "noisy");
	for (int i = 0; i < n; i++)
		text(1, piece);
	end(1, STATUS_FAILED);
	at = strstr(shown(), "bytes above left out]\n");
	assert_non_null(at);
	at = strchr(at, '\n') + 1;
	assert_memory_equal(at, first, strlen(first));
	teardown(NULL);
}

static void
test_what_is_kept_begins_with_a_line_or_a_character(void **state)
{
	static char signs[3 * 1000 + 1];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(signs + 3 * i, "\xe2\x82\xac", 4);
	keeps(signs, 1000, "\xe2\x82\xac");
	keeps("0123456\n", 300000, "0123456\n");
	keeps("012345\n", 300001, "012345\n");
}

/* Of a terminal of 60 columns. */
static void
narrow(void)
{
	struct winsize size = { .ws_col = 60, .ws_row = 24 };

	assert_int_equal(ioctl(out_fd, TIOCSWINSZ, &size), 0);
}

static void
test_a_line_tells_how_far_the_run_is(void **state)
{
	static const bool selected[NCELLS] = { true, true, false, true };
	const char *bytes;

	(void)state;
	setenv("TERM", "xterm", 1);
	start_on_terminal((struct term_settings){ .color = COLOR_NEVER,
						  .selected = selected });
	begin(1, "quick");
	tick(1, 999, false); /* over before one has read it */
	end(1, STATUS_OK);
	shown();
	begin(2, "slow");
	tick(2, 1500, false);
	text(2, "written\n");
	tick(2, 2500, true); /* the user types now */
	text(2, "half a line");
	tick(2, 3500, false); /* nothing is shown behind it */
	end(2, STATUS_OK);
	bytes = shown();
	assert_non_null(strstr(
		bytes,
		"}\r\n\rcell 2 of 3, slow, 1 s (last time 2 s), about 4 s "
		"to go\033[K\r\r\033[Kwritten\r\nhalf a line\r\nok"));
}

static void
test_a_long_name_gives_way_to_the_figures(void **state)
{
	(void)state;
	setenv("TERM", "xterm", 1);
	start_on_terminal(
		(struct term_settings){ .color = COLOR_NEVER, .quiet = true });
	narrow();
	begin(1, "a-name-that-is-longer-than-any-terminal-is-wide");
	tick(1, 61500, false);
	end(1, STATUS_OK);
	term.how.quiet = false;
	begin(2, "b");
	end(2, STATUS_OK);
	assert_non_null(strstr(shown(),
			       "\ra-name-that-is-longer-than-any\xe2\x80\xa6, "
			       "1 min 01 s (last time 1 s)\033[K\r"));
}

static void
test_a_log_gets_a_line_where_it_is_quiet_for_long(void **state)
{
	(void)state;
	setenv("CI", "true", 1);
	start((struct term_settings){ 0 });
	unsetenv("CI");
	begin(1, "long");
	tick(1, 59000, false);
	assert_null(strstr(shown(), "still"));
	tick(1, 61000, false);
	assert_non_null(strstr(shown(),
			       "}\n[still running: long, 1 min 01 s (last time "
			       "1 s)]\n"));
	end(1, STATUS_OK);
}

#define T(name) cmocka_unit_test_teardown(name, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_run_shows_in_and_out),
		T(test_output_is_shown_before_its_cell_ends),
		T(test_no_line_is_left_half),
		T(test_quiet_shows_what_failed_and_no_more),
		T(test_a_cell_run_for_another_ones_sake_is_not_shown),
		T(test_but_if_it_fails_it_is),
		T(test_a_crash_names_cause_and_places),
		T(test_compiler_messages_are_shown_once),
		T(test_verbose_shows_commands_and_costs),
		T(test_late_lines_stand_behind_their_cells_name),
		T(test_the_status_says_what_is_left_behind),
		T(test_a_file_gets_the_bytes_as_they_are),
		T(test_a_terminal_gets_colours_but_no_commands),
		T(test_what_comes_in_pieces_is_put_together),
		T(test_colour_is_as_asked_for),
		T(test_a_failed_write_is_remembered),
		T(test_a_long_wait_keeps_the_end_of_the_output),
		T(test_what_is_kept_begins_with_a_line_or_a_character),
		T(test_a_line_tells_how_far_the_run_is),
		T(test_a_long_name_gives_way_to_the_figures),
		T(test_a_log_gets_a_line_where_it_is_quiet_for_long),
	};

	unsetenv("NO_COLOR");
	unsetenv("CI");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
