/* What is done to many bytes at once is what a byte at a time would give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/print.h"
#include "base/spool.h"
#include "base/utf8.h"
#include "format/html_text.h"
#include "format/json.h"
#include "format/json_scan.h"
#include "format/junit.h"
#include "format/markdown.h"
#include "format/nbformat.h"
#include "resident.h"

static const char one_cell[] =
	"{\"cells\": [{\"cell_type\": \"code\", \"id\": \"a\", "
	"\"metadata\": {}, \"execution_count\": null, \"outputs\": [], "
	"\"source\": []}], \"metadata\": {}, \"nbformat\": 4, "
	"\"nbformat_minor\": 5}";

static uint32_t seed = 1;

static unsigned
any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Text with all that is special in it, whole and broken. */
static void
random_text(struct buf *out, size_t len)
{
	static const char *const parts[] = {
		"a",
		"0123456789abcdefghijklmnopqrstuvwxyz",
		"\"",
		"\\",
		"\n",
		"\r",
		"\r\n",
		"\t",
		"\x01",
		"\x1c",
		"\x7f",
		"\xc3\xa9",
		"\xe2\x82\xac",
		"\xf0\x9f\x98\x80",
		"\xc2\x85",
		"\xe2\x80\xa8",
		"\xc3",
		"\xe2\x82",
		"\xff",
		"\xed\xa0\x80",
		"\xf0\x9f",
		"\x80",
		"\v",
		"\f",
	};

	buf_clear(out);
	while (out->len < len) {
		if (any(20) == 0)
			buf_add(out, "\0", 1);
		/* mostly long runs of what needs nothing */
		buf_add_str(out, any(3) ? parts[any(2)]
					: parts[any(countof(parts))]);
	}
}

/* --- one byte at a time ----------------------------------------------------
 */

static size_t
slow_valid_prefix(const char *s, size_t len)
{
	size_t i = 0, bad, n;

	while (i < len && (n = utf8_sequence(s + i, len - i, &bad)) > 0)
		i += n;
	return i;
}

static void
slow_escape(struct buf *out, unsigned char b)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *p = b ? strchr(from, b) : NULL;

	if (p)
		buf_addf(out, "\\%c", to[p - from]);
	else if (b < 0x20)
		buf_addf(out, "\\u%04x", b);
	else
		buf_add_byte(out, (char)b);
}

static void
slow_quote(struct buf *out, const char *s, size_t len)
{
	struct buf valid = { 0 };

	utf8_repair(&valid, s, len);
	buf_add_byte(out, '"');
	for (size_t i = 0; i < valid.len; i++)
		slow_escape(out, (unsigned char)valid.data[i]);
	buf_add_byte(out, '"');
	buf_release(&valid);
}

/* Behind the line's end, or 0. */
static size_t
line_end(const char *s, size_t left)
{
	static const char *const ends[] = {
		"\r\n",	    "\n",	    "\r",	   "\v",
		"\f",	    "\x1c",	    "\x1d",	   "\x1e",
		"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"
	};

	for (size_t i = 0; i < countof(ends); i++)
		if (slice_starts((struct slice){ s, left }, ends[i]))
			return strlen(ends[i]);
	return 0;
}

static void
slow_lines(struct buf *out, const char *s, size_t len)
{
	struct buf valid = { 0 };
	size_t from = 0;

	utf8_repair(&valid, s, len);
	buf_add_byte(out, '[');
	for (size_t i = 0; i < valid.len;) {
		size_t end = line_end(valid.data + i, valid.len - i);

		i += end ? end : 1;
		if (!end && i < valid.len)
			continue;
		if (from)
			buf_add_str(out, ", ");
		slow_quote(out, valid.data + from, i - from);
		from = i;
	}
	buf_add_byte(out, ']');
	buf_release(&valid);
}

static void
same(const struct buf *got, const struct buf *want)
{
	assert_int_equal(got->len, want->len);
	assert_memory_equal(buf_str(got), buf_str(want), want->len);
}

/* --- claims ----------------------------------------------------------------
 */

static void
test_a_run_ends_at_each_byte_that_is_not_plain_wherever_it_stands(void **state)
{
	char text[80], copy[80 + 16];

	(void)state;
	for (size_t at = 0; at < 64; at++)
		for (unsigned b = 0; b < 256; b++)
			for (size_t from = 0; from <= at && from < 17; from++) {
				char *to = copy;
				const char *stop;

				memset(text, 'x', sizeof text);
				text[at] = (char)b;
				stop = scan_is_plain((char)b)
					       ? text + sizeof text
					       : text + at;
				assert_ptr_equal(scan_plain(text + from,
							    text + sizeof text),
						 stop);
				assert_ptr_equal(
					scan_copy_plain(&to, text + from,
							text + sizeof text),
					stop);
				assert_int_equal(to - copy,
						 stop - (text + from));
				assert_memory_equal(copy, text + from,
						    (size_t)(to - copy));
			}
}

static void
test_a_string_ends_at_its_quote_wherever_it_stands(void **state)
{
	char text[80];

	(void)state;
	for (size_t at = 0; at < 70; at++) {
		memset(text, 'x', sizeof text);
		text[at] = '"';
		assert_ptr_equal(scan_string_end(text, text + sizeof text),
				 text + at + 1);
		/* not at one behind a backslash */
		if (at == 0)
			continue;
		text[at - 1] = '\\';
		assert_ptr_equal(scan_string_end(text, text + sizeof text),
				 text + sizeof text);
	}
}

static void
test_valid_text_is_told_from_invalid(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		random_text(&text, any(300));
		for (size_t from = 0; from < text.len; from += 1 + any(40))
			assert_int_equal(utf8_valid_prefix(text.data + from,
							   text.len - from),
					 slow_valid_prefix(text.data + from,
							   text.len - from));
	}
	buf_release(&text);
}

static void
test_text_is_escaped_and_cut_into_lines(void **state)
{
	struct buf text = { 0 }, got = { 0 }, want = { 0 };
	struct json_out j;

	(void)state;
	for (int i = 0; i < 600; i++) {
		random_text(&text, i % 10 ? any(200) : 4000 + any(9000));
		buf_clear(&got);
		buf_clear(&want);
		json_quote(&got, buf_str(&text), text.len);
		slow_quote(&want, buf_str(&text), text.len);
		same(&got, &want);
		buf_clear(&got);
		buf_clear(&want);
		json_begin(&j, &got, -1, 0);
		json_lines(&j, buf_str(&text), text.len);
		slow_lines(&want, buf_str(&text), text.len);
		same(&got, &want);
	}
	buf_release(&text);
	buf_release(&got);
	buf_release(&want);
}

/* A buffer's flow into another. */
struct collector {
	struct buf_flow flow;
	struct buf all;
	size_t calls;
};

static void
on_bytes(struct buf_flow *flow, struct slice bytes)
{
	struct collector *c = (struct collector *)flow;

	c->calls++;
	buf_add_slice(&c->all, bytes);
}

static void
test_what_flows_through_a_buffer_is_all_that_was_added(void **state)
{
	struct collector c = { .flow.take = on_bytes };
	struct buf text = { 0 }, flowing = { .flow = &c.flow }, whole = { 0 };
	size_t most = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		random_text(&text, i % 50 == 7 ? 700000 : any(20000));
		json_quote(&whole, text.data, text.len);
		json_quote(&flowing, text.data, text.len);
		buf_add(&whole, text.data, text.len);
		buf_add(&flowing, text.data, text.len);
		/* how the text ended can be seen */
		assert_true(flowing.len >= BUF_KEPT ||
			    flowing.len == whole.len);
		assert_memory_equal(flowing.data + flowing.len - BUF_KEPT,
				    whole.data + whole.len - BUF_KEPT,
				    whole.len < BUF_KEPT ? 0 : BUF_KEPT);
		most = flowing.cap > most ? flowing.cap : most;
	}
	assert_true(most <= 1 << 20);
	assert_true(c.calls > 10);
	/* who keeps a place in the text */
	buf_hold(&flowing, 1);
	c.calls = 0;
	for (int i = 0; i < 100; i++) {
		buf_add(&flowing, text.data, text.len);
		buf_add(&whole, text.data, text.len);
	}
	assert_int_equal(c.calls, 0);
	buf_hold(&flowing, -1);
	buf_flush(&flowing);
	same(&c.all, &whole);
	buf_release(&text);
	buf_release(&flowing);
	buf_release(&whole);
	buf_release(&c.all);
}

static void
test_a_fingerprint_does_not_depend_on_how_the_bytes_come(void **state)
{
	struct buf text = { 0 };
	struct print whole, parts, other;

	(void)state;
	for (int i = 0; i < 500; i++) {
		size_t at = 0, where;

		random_text(&text, 1 + any(400));
		print_init(&whole);
		print_add(&whole, buf_slice(&text));
		print_init(&parts);
		while (at < text.len) {
			size_t n = any(20);

			n = n < text.len - at ? n : text.len - at;
			print_add(&parts, (struct slice){ text.data + at, n });
			at += n;
		}
		assert_true(print_same(&whole, &parts));
		/* a bit is another, or the two highest of neighbours are */
		where = any((unsigned)text.len);
		text.data[where] ^= (char)(1 << any(8));
		print_init(&other);
		print_add(&other, buf_slice(&text));
		assert_false(print_same(&whole, &other));
	}
	buf_release(&text);
}

/* A large buffer in a file is the buffer that it would be in memory. */
static void
test_large_buffers_keep_their_bytes(void **state)
{
	struct buf all[3] = { 0 }, want[3] = { 0 }, text = { 0 };
	struct err e;

	(void)state;
	buf_spool(&all[0]);
	buf_spool(&all[1]); /* and one in memory, for comparison */
	for (int i = 0; i < 900; i++) {
		unsigned k = any(3);

		random_text(&text, any(70000));
		buf_add(&all[k], text.data, text.len);
		buf_add(&want[k], text.data, text.len);
		if (any(20) == 0)
			spool_rest();
	}
	for (int k = 0; k < 3; k++) {
		char *taken;

		same(&all[k], &want[k]);
		assert_true(all[k].len > SPOOL_FROM);
		assert_int_equal(all[k].data[all[k].len], '\0');
		if (k == 0) { /* into memory, for who frees it himself */
			taken = buf_take(&all[k]);
			assert_memory_equal(taken, want[k].data, want[k].len);
			free(taken);
		}
		buf_release(&all[k]);
		buf_release(&want[k]);
	}
	assert_false(spool_failure(&e));
	buf_release(&text);
}

static void
test_large_buffers_need_no_memory_while_nobody_looks(void **state)
{
	struct buf b = { 0 };
	char block[65536];
	long before;

	(void)state;
	memset(block, 'x', sizeof block);
	buf_spool(&b);
	before = resident_kb();
	for (int i = 0; i < 1024; i++) {
		buf_add(&b, block, sizeof block);
		if (i % 64 == 0)
			spool_rest();
	}
	spool_rest();
	assert_true(resident_kb() - before < 16 * 1024);
	assert_int_equal(b.data[b.len - 1], 'x');
	buf_release(&b);
}

/* A copy of the process writes nothing into its parent's buffers' file. */
static void
test_a_copy_of_the_process_has_a_file_of_its_own(void **state)
{
	struct buf b = { 0 }, other = { 0 };
	char block[65536];
	int status = -1;
	pid_t pid;

	(void)state;
	memset(block, 'p', sizeof block);
	buf_spool(&b);
	for (int i = 0; i < 40; i++)
		buf_add(&b, block, sizeof block);
	pid = fork();
	if (pid == 0) {
		memset(block, 'c', sizeof block);
		buf_spool(&other);
		for (int i = 0; i < 200; i++) {
			buf_add(&other, block, sizeof block);
			buf_add(&b, block, sizeof block);
		}
		_exit(b.data[0] == 'p' && b.data[b.len - 1] == 'c' &&
				      other.data[other.len - 1] == 'c'
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (int i = 0; i < 40; i++)
		buf_add(&b, block, sizeof block);
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] != 'p')
			fail();
	buf_release(&b);
}

static void
test_where_there_is_no_file_it_goes_on_in_memory(void **state)
{
	struct buf b = { 0 }, text = { 0 };
	struct rlimit old, least = { 6 << 20, RLIM_INFINITY };
	struct err e;

	(void)state;
	random_text(&text, 65536);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	least.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &least);
	buf_spool(&b);
	for (int i = 0; i < 200; i++)
		buf_add(&b, text.data, text.len);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(b.len, 200 * text.len);
	for (size_t i = 0; i < b.len; i += text.len)
		assert_memory_equal(b.data + i, text.data, text.len);
	assert_true(spool_failure(&e));
	assert_non_null(strstr(e.text, "cannot keep output in '"));
	assert_false(spool_failure(&e)); /* said once */
	buf_release(&b);
	buf_release(&text);
}

/* Large text is looked at in steps: they change nothing. */
static void
test_a_character_may_stand_across_a_step(void **state)
{
	static const char euro[] = "\xe2\x82\xac", half[] = "\xe2\x82\xff";

	(void)state;
	for (size_t k = 0; k <= 4; k++) {
		struct buf text = { 0 }, want = { 0 }, own = { 0 };
		struct slice valid;

		buf_reserve(&text, SPOOL_STEP + 16);
		memset(text.data, 'a', SPOOL_STEP - k);
		text.len = SPOOL_STEP - k;
		buf_add_str(&text, euro);
		valid = utf8_valid(buf_slice(&text), &own);
		assert_ptr_equal(valid.at, text.data);
		text.len -= strlen(euro);
		buf_add_slice(&want, buf_slice(&text));
		buf_add_str(&text, half);
		buf_add_str(&text, euro);
		buf_add_str(&want, "\xef\xbf\xbd\xef\xbf\xbd\xe2\x82\xac");
		valid = utf8_valid(buf_slice(&text), &own);
		assert_int_equal(valid.len, want.len);
		assert_memory_equal(valid.at, want.data, want.len);
		buf_release(&text);
		buf_release(&want);
		buf_release(&own);
	}
}

/* --- every character there is ----------------------------------------------
 */

static bool
is_noncharacter(uint32_t p)
{
	return (p & 0xfffe) == 0xfffe;
}

/* What stands in a page for one character. */
static void
slow_html(struct buf *out, uint32_t p)
{
	if (p == '&')
		buf_add_str(out, "&amp;");
	else if (p == '<')
		buf_add_str(out, "&lt;");
	else if (p == '>')
		buf_add_str(out, "&gt;");
	else if (p == '"')
		buf_add_str(out, "&quot;");
	else if (p == '\'')
		buf_add_str(out, "&#39;");
	else if (p < 0x20 && p != '\n' && p != '\t')
		utf8_encode(out, 0x2400 + p);
	else if (p == 0x7f)
		utf8_encode(out, 0x2421);
	else if ((p >= 0x202a && p <= 0x202e) || (p >= 0x2066 && p <= 0x2069))
		buf_addf(out, "\u27e8U+%04X\u27e9", (unsigned)p);
	else if ((p >= 0x80 && p < 0xa0) || (p >= 0xfdd0 && p <= 0xfdef) ||
		 is_noncharacter(p))
		utf8_encode(out, 0xfffd);
	else
		utf8_encode(out, p);
}

/* In XML, as text. */
static void
slow_xml(struct buf *out, uint32_t p)
{
	if (p == '&')
		buf_add_str(out, "&amp;");
	else if (p == '<')
		buf_add_str(out, "&lt;");
	else if (p == '>')
		buf_add_str(out, "&gt;");
	else if (p < 0x20 && p != '\n' && p != '\t')
		utf8_encode(out, 0x2400 + p);
	else if (p == 0x7f)
		utf8_encode(out, 0x2421);
	else if ((p >= 0x80 && p < 0xa0) || is_noncharacter(p))
		utf8_encode(out, 0xfffd);
	else
		utf8_encode(out, p);
}

/* In Markdown, in a block of text. */
static void
slow_md(struct buf *out, uint32_t p)
{
	utf8_encode(out, p < 0x20 && p != '\n' && p != '\t' ? 0x2400 + p : p);
}

/* All but what moves a terminal's cursor or begins a sequence. */
static void
every_character(struct buf *text, struct buf *want,
		void (*slow)(struct buf *, uint32_t))
{
	for (uint32_t p = 0; p <= 0x10ffff; p++) {
		if (p == '\r' || p == '\b' || p == 0x1b ||
		    (p >= 0xd800 && p < 0xe000))
			continue;
		utf8_encode(text, p);
		slow(want, p);
		for (unsigned n = any(3); n; n--) {
			utf8_encode(text, 'a' + p % 20);
			slow(want, 'a' + p % 20);
		}
	}
}

/* Of a record with that output, what stands between two words. */
static void
assert_written(void (*slow)(struct buf *, uint32_t),
	       void (*write)(struct buf *, const struct record *),
	       const char *before, const char *behind)
{
	struct buf text = { 0 }, want = { 0 }, out = { 0 };
	struct notebook nb;
	struct record r;
	const char *at, *end;

	notebook_init(&nb);
	assert_int_equal(nbformat_read(&nb, "x.ipynb", one_cell,
				       strlen(one_cell), NULL),
			 0);
	record_init(&r, &nb);
	every_character(&text, &want, slow);
	buf_add(&record_output(&r.cells[0], OUT_TEXT)->bytes, text.data,
		text.len);
	write(&out, &r);
	at = memmem(out.data, out.len, before, strlen(before));
	assert_non_null(at);
	at += strlen(before);
	end = memmem(at, out.len - (size_t)(at - out.data), behind,
		     strlen(behind));
	assert_non_null(end);
	assert_int_equal(end - at, want.len);
	assert_memory_equal(at, want.data, want.len);
	record_release(&r);
	notebook_release(&nb);
	buf_release(&text);
	buf_release(&want);
	buf_release(&out);
}

static void
write_junit(struct buf *out, const struct record *r)
{
	junit_write(out, &r, 1);
}

static void
test_every_character_is_written_as_its_format_wants_it(void **state)
{
	struct buf text = { 0 }, want = { 0 }, out = { 0 };

	(void)state;
	every_character(&text, &want, slow_html);
	html_text(&out, buf_slice(&text));
	same(&out, &want);
	assert_written(slow_xml, write_junit, "<system-out>", "</system-out>");
	assert_written(slow_md, markdown_write, "```\n", "\n```\n");
	buf_release(&text);
	buf_release(&want);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_run_ends_at_each_byte_that_is_not_plain_wherever_it_stands),
		cmocka_unit_test(
			test_a_string_ends_at_its_quote_wherever_it_stands),
		cmocka_unit_test(test_valid_text_is_told_from_invalid),
		cmocka_unit_test(test_text_is_escaped_and_cut_into_lines),
		cmocka_unit_test(
			test_what_flows_through_a_buffer_is_all_that_was_added),
		cmocka_unit_test(test_large_buffers_keep_their_bytes),
		cmocka_unit_test(
			test_large_buffers_need_no_memory_while_nobody_looks),
		cmocka_unit_test(
			test_a_copy_of_the_process_has_a_file_of_its_own),
		cmocka_unit_test(
			test_where_there_is_no_file_it_goes_on_in_memory),
		cmocka_unit_test(
			test_a_fingerprint_does_not_depend_on_how_the_bytes_come),
		cmocka_unit_test(test_a_character_may_stand_across_a_step),
		cmocka_unit_test(
			test_every_character_is_written_as_its_format_wants_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
