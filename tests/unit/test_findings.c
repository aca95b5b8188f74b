/* test_findings.c: reports as the runtimes of gcc and clang word them, and as
 * they come out of a pipe: in pieces, among a program's own lines, cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "watch/findings.h"

#define LABEL "x.ipynb:"

static struct findings f;
static struct finding found;

static int
setup(void **state)
{
	(void)state;
	f = (struct findings){ .use = FINDINGS_FAIL };
	found = (struct finding){ 0 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	findings_release(&f);
	finding_release(&found);
	return 0;
}

static void
take(const char *text)
{
	findings_take(&f, slice_of(text));
}

/* The first finding, as "tool: words|trace|trace". */
static void
says(const char *want)
{
	struct buf got = { 0 };

	findings_first(&f, LABEL, &found);
	buf_addf(&got, "%s: %s", found.tool ? found.tool : "none",
		 buf_str(&found.words));
	for (size_t i = 0; i < found.traceback.count; i++)
		buf_addf(&got, "|%s", found.traceback.at[i]);
	assert_string_equal(buf_str(&got), want);
	buf_release(&got);
}

static const char use_after_free[] =
	"=================================================================\n"
	"==1==ERROR: AddressSanitizer: heap-use-after-free on address "
	"0x602000000010 at pc 0x55f37c7741d2 bp 0x7ffe06225840 sp "
	"0x7ffe06225838\n"
	"READ of size 4 at 0x602000000010 thread T0\n"
	"    #0 0x55f37c7741d1 in main /dir with (blank)/x.ipynb:uaf:5\n"
	"    #1 0x7f6d69645249 in __libc_start_call_main "
	"../sysdeps/nptl/libc_start_call_main.h:58\n"
	"    #2 0x55f37c7740b0 in _start (/dir/uaf+0x10b0)\n"
	"\n"
	"0x602000000010 is located 0 bytes inside of 4-byte region "
	"[0x602000000010,0x602000000014)\n"
	"freed by thread T0 here:\n"
	"    #0 0x7f6d698b76a8 in __interceptor_free "
	"../../../../src/libsanitizer/asan/asan_malloc_linux.cpp:52\n"
	"    #1 0x55f37c77419a in main /dir with (blank)/x.ipynb:uaf:4\n"
	"\n"
	"previously allocated by thread T0 here:\n"
	"    #1 0x55f37c77418a in main /dir with (blank)/x.ipynb:uaf:3\n"
	"\n"
	"SUMMARY: AddressSanitizer: heap-use-after-free /dir/x.ipynb:uaf:5 in "
	"main\n"
	"Shadow bytes around the buggy address:\n"
	"  0x0c047fff7fb0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"=>0x0c047fff8000: fa fa[fd]fa fa fa fa fa fa fa fa fa fa fa fa fa\n"
	"==1==ABORTING\n";
#define UAF                                                                    \
	"AddressSanitizer: heap-use-after-free: read of size 4|"               \
	"uaf:5 in main()|0 bytes inside of 4-byte region|"                     \
	"freed by thread T0 here:|uaf:4 in main()|"                            \
	"previously allocated by thread T0 here:|uaf:3 in main()"

static void
test_report_has_a_kind_and_its_stacks(void **state)
{
	(void)state;
	take(use_after_free);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.signal, 0);
	says(UAF);
}

static void
test_pieces_of_any_size_are_the_same_report(void **state)
{
	(void)state;
	for (const char *p = use_after_free; *p; p++)
		findings_take(&f, (struct slice){ p, 1 });
	says(UAF);
}

static void
test_programs_own_lines_are_no_findings(void **state)
{
	(void)state;
	take("AddressSanitizer is fine: ERROR: none\n"
	     "ERROR: cannot open x\n"
	     "WARNING: ThreadSanitizer\n"
	     "==7==LeakSanitizer has encountered a fatal error.\n"
	     "the program said: runtime error: x\n"
	     "ThreadSanitizer: reported 2 warnings\n");
	assert_int_equal(f.count, 0);
	says("none: ");
}

static void
test_what_is_passed_over_is_not_kept(void **state)
{
	(void)state;
	f.use = FINDINGS_PASSED_OVER;
	take(use_after_free);
	assert_int_equal(f.count, 0);
	assert_int_equal(f.text.len, 0);
}

static void
test_later_reports_are_counted(void **state)
{
	(void)state;
	take(use_after_free);
	take(use_after_free);
	take("x.ipynb:a:3:5: runtime error: division by zero\n");
	assert_int_equal(f.count, 3);
	findings_first(&f, LABEL, &found);
	assert_string_equal(buf_str(&found.words),
			    "heap-use-after-free: read of size 4; and 2 more");
	assert_int_equal(found.traceback.count, 6);
}

static void
test_undefined_behaviour_is_told_with_its_place(void **state)
{
	(void)state;
	take("> x.ipynb:a:6:5: runtime error: load of misaligned address "
	     "0x7ffe8efd75c5 for type 'int', which requires 4 byte alignment\n"
	     "0x7ffe8efd75c5: note: pointer points here\n"
	     " 00 00 00 01 00 00 00  00\n"
	     "             ^ \n"
	     "    #0 0x559f832bfd94 in f /dir/x.ipynb:a:6:5\n"
	     "    #1 0x559f832bfd94 in main /dir/x.ipynb:a:9:5\n");
	says("UndefinedBehaviorSanitizer: load of misaligned address for type "
	     "'int', which requires 4 byte alignment|a:6 in f()|a:9 in main()");
}

static void
test_undefined_behaviour_without_a_stack_keeps_its_place(void **state)
{
	(void)state;
	take("/home/u/my nb/lib.c:16:2: runtime error: division by zero\n");
	says("UndefinedBehaviorSanitizer: division by zero|lib.c:16");
}

static void
test_race_names_both_sides(void **state)
{
	(void)state;
	take("==================\n"
	     "WARNING: ThreadSanitizer: data race (pid=19281)\n"
	     "  Read of size 4 at 0x562311b67054 by main thread (mutexes: "
	     "write M0):\n"
	     "    #0 cnb__3_1 /tmp/x.ipynb:race:7 (7e07d1.so+0x1241)\n"
	     "    #1 cnb__cell_3 /tmp/<cnb>:3 (7e07d1.so+0x1b9f)\n"
	     "    #2 exits_call <null> (b1bd65+0x540a) (BuildId: 12)\n"
	     "\n"
	     "  Previous write of size 4 at 0x562311b67054 by thread T1:\n"
	     "    #0 f /tmp/x.ipynb:race:3:21 (7e07d1.so+0x11e8)\n"
	     "\n"
	     "  Location is global 'n' of size 4 at 0x562311b67054 "
	     "(race+0x4054)\n"
	     "\n"
	     "  Thread T1 'reader' (tid=19285, running) created by main thread "
	     "at:\n"
	     "    #0 pthread_create <null> (race+0x513ad)\n"
	     "    #1 main /tmp/x.ipynb:race:6:3 (race+0x1232)\n"
	     "\n"
	     "SUMMARY: ThreadSanitizer: data race /tmp/x.ipynb:race:7 in "
	     "main\n");
	says("ThreadSanitizer: data race: read of size 4 by main thread, "
	     "previous write of size 4 by thread T1"
	     "|Read of size 4 by main thread (mutexes: write M0):|race:7"
	     "|Previous write of size 4 by thread T1:|race:3 in f()"
	     "|Location is global 'n' of size 4"
	     "|Thread T1 'reader' created by main thread at:|race:6 in main()");
}

static void
test_signal_that_the_tool_took_is_known(void **state)
{
	(void)state;
	take("AddressSanitizer:DEADLYSIGNAL\n"
	     "==9==ERROR: AddressSanitizer: SEGV on unknown address "
	     "0x000000000010 (pc 0x55ad19b0b21c bp 0x7ffcd45aa2d0 sp "
	     "0x7ffcd45aa280 T0)\n"
	     "==9==The signal is caused by a WRITE memory access.\n"
	     "==9==Hint: address points to the zero page.\n"
	     "    #0 0x55ad19b0b21c in main /tmp/x.ipynb:null:3\n");
	assert_int_equal(f.signal, SIGSEGV);
	says("AddressSanitizer: SEGV: write to address 0x10|null:3 in main()");
}

static void
test_recursion_is_told_once(void **state)
{
	(void)state;
	take("==9==ERROR: AddressSanitizer: stack-overflow on address "
	     "0x7ffcc621af7c (pc 0x55de40f1c17b bp 0x7ffc sp 0x7ff T0)\n");
	for (int i = 0; i < 200; i++)
		take("    #1 0x55de40f1c23a in f /tmp/x.ipynb:deep:1:56\n");
	take("    #200 0x55de40f1c23a in main /tmp/x.ipynb:deep:3\n");
	says("AddressSanitizer: stack-overflow|deep:1 in f()|"
	     "... 199 more times|deep:3 in main()");
}

static void
test_report_may_be_cut_off_anywhere(void **state)
{
	size_t n = strlen(use_after_free);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		findings_take(&f, (struct slice){ use_after_free, i });
		findings_first(&f, LABEL, &found);
		assert_true(f.count <= 1);
		finding_release(&found);
		findings_release(&f);
		f.use = FINDINGS_FAIL;
	}
}

static void
test_odd_lines_do_no_harm(void **state)
{
	char *line = malloc(100001);

	(void)state;
	memset(line, 'a', 100000);
	line[100000] = '\0';
	take(use_after_free);
	take(line);
	take("\n#\n#1\n#1 \n#1 0x\n#1 0x1 in\n#1 0x1 in f\n[ <== \n[' <== '\n"
	     "SUMMARY:  leaked in \n (\n [0x\n0x\n is located \n\033[\n\033");
	take("\n==\n==1==ERROR: \nWARNING: \n: runtime error: \n1:1: runtime "
	     "error: \n");
	findings_take(&f, (struct slice){ "\0\n", 2 });
	assert_int_equal(f.count, 1);
	says(UAF);
	free(line);
}

static void
test_colours_are_passed_over(void **state)
{
	(void)state;
	take("\033[1m\033[31m==1==ERROR: AddressSanitizer: "
	     "stack-buffer-overflow on address 0x1 at pc 0x2\n\033[1m\033[0m"
	     "\033[1m\033[34mWRITE of size 1 at 0x1 thread T3 (worker)"
	     "\033[1m\033[0m\n");
	says("AddressSanitizer: stack-buffer-overflow: write of size 1 in "
	     "thread T3 (worker)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_report_has_a_kind_and_its_stacks),
		TEST(test_pieces_of_any_size_are_the_same_report),
		TEST(test_programs_own_lines_are_no_findings),
		TEST(test_what_is_passed_over_is_not_kept),
		TEST(test_later_reports_are_counted),
		TEST(test_undefined_behaviour_is_told_with_its_place),
		TEST(test_undefined_behaviour_without_a_stack_keeps_its_place),
		TEST(test_race_names_both_sides),
		TEST(test_signal_that_the_tool_took_is_known),
		TEST(test_recursion_is_told_once),
		TEST(test_report_may_be_cut_off_anywhere),
		TEST(test_odd_lines_do_no_harm),
		TEST(test_colours_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
