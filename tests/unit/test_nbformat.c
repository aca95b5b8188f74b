/* The notebook's file: what is read, refused, repaired, kept and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "format/fold.h"
#include "format/json.h"
#include "format/nbformat.h"
#include "format/record_json.h"

#define GOLDEN "tests/golden/nbformat/"

static const struct nbformat_save plainly = { .timing = false };

static void
load(struct buf *out, const char *path)
{
	char chunk[4096];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		fail_msg("cannot open %s", path);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(out, chunk, n);
	fclose(f);
}

static void
read_ok(struct notebook *nb, struct slice text)
{
	struct err e = { 0 };

	notebook_init(nb);
	if (nbformat_read(nb, "dir/x.ipynb", text.at, text.len, &e))
		fail_msg("%s", e.text);
}

static void
read_file(struct notebook *nb, const char *path)
{
	struct buf text = { 0 };

	load(&text, path);
	read_ok(nb, buf_slice(&text));
	buf_release(&text);
}

/* A notebook of one code cell with these members beside its type. */
static void
one_cell(struct buf *out, const char *members, const char *minor)
{
	buf_clear(out);
	buf_addf(out,
		 "{\"cells\":[{\"cell_type\":\"code\",%s}],"
		 "\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":%s}",
		 members, minor);
}

#define REST "\"metadata\":{},\"outputs\":[],\"execution_count\":null"

/* --- events of a run that is always the same ------------------------------ */

static void
send(struct record *r, struct event ev)
{
	r->sink.on_event(&r->sink, &ev);
}

static void
begin(struct record *r, int cell, enum cell_kind kind, const char *source)
{
	send(r,
	     (struct event){ .kind = EV_CELL_BEGIN,
			     .cell = cell,
			     .begin = { .kind = kind,
					.name = "n",
					.source = slice_of(source),
					.started_ns = 1700000000123456789 } });
}

static void
text(struct record *r, int cell, enum stream stream, const char *s)
{
	send(r, (struct event){ .kind = EV_TEXT,
				.cell = cell,
				.text = { stream, slice_of(s), false, NULL } });
}

static void
display(struct record *r, int cell, enum event_kind kind, const char *mime,
	const char *bytes)
{
	send(r, (struct event){ .kind = kind,
				.cell = cell,
				.display = { mime, slice_of(bytes) } });
}

static void
end(struct record *r, int cell, enum cell_status status, int exit_status,
    int signal)
{
	send(r, (struct event){ .kind = EV_CELL_END,
				.cell = cell,
				.end = { .status = status,
					 .exit_status = exit_status,
					 .signal = signal,
					 .duration_ns = 2500000,
					 .cpu_ns = 1000000,
					 .max_rss_kb = 1024 } });
}

static void
run_first_cell(struct record *r)
{
	const char *traceback[] = { "cell:1 main" };

	begin(r, 1, KIND_PROGRAM, "");
	text(r, 1, STREAM_STDOUT, "one\n\xe4\xb8\xad \"two\"");
	text(r, 1, STREAM_STDERR, "bad \xff byte\n");
	display(r, 1, EV_DISPLAY, "image/png", "\x89PNG");
	display(r, 1, EV_DISPLAY, "application/json", "{\"a\": [1.10, {}]}");
	display(r, 1, EV_DISPLAY, "text/html", "<b>\n</b>");
	display(r, 1, EV_RESULT, "text/plain", "42");
	send(r,
	     (struct event){ .kind = EV_ERROR,
			     .cell = 1,
			     .error = { "SIGSEGV", "no page", traceback, 1 } });
	end(r, 1, STATUS_CRASHED, -1, SIGSEGV);
}

/* --- reading -------------------------------------------------------------- */

static void
test_refusal_names_path_line_and_column(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\n\"cells\": [,]}", "line 2, column 11: expected a value" },
		{ "[]", "line 1, column 1: the file is an array" },
		{ "\xff\xfe{", "it is UTF-16; save it as UTF-8" },
		{ "\xfe\xff", "it is UTF-16; save it as UTF-8" },
		{ "{}", "line 1, column 1: there is no 'nbformat'" },
		{ "{\"nbformat\":3,\"worksheets\":[]}",
		  "line 1, column 13: this is nbformat 3; convert it with: "
		  "jupyter nbconvert --to notebook" },
		{ "{\"nbformat\":5}",
		  "this is nbformat 5, which is not known" },
		{ "{\"nbformat\":4.0}", "'nbformat' is a number, not a whole" },
		{ "{\"nbformat\":\"4\"}", "'nbformat' is a string, not a" },
		{ "{\"nbformat\":4,\"nbformat_minor\":-1}",
		  "'nbformat_minor'" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{}}",
		  "there are no 'cells'" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":[],"
		  "\"cells\":[]}",
		  "'metadata' is an array, not an object" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		  "\"cells\":{}}",
		  "'cells' is an object, not a list" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		  "\"cells\":[1]}",
		  "a cell is a number, not an object" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		  "\"cells\":[{}]}",
		  "the cell has no 'cell_type'" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,"
		  "\"metadata\":{\"kernelspec\":\"c\"},\"cells\":[]}",
		  "metadata.kernelspec is a string, not an object" },
		{ "{\"nbformat\":4,\"nbformat_minor\":5,"
		  "\"metadata\":{\"cnb\":{\"params\":[]}},\"cells\":[]}",
		  "metadata.cnb.params is an array, not an object" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct notebook nb;
		struct err e = { 0 };

		notebook_init(&nb);
		assert_int_equal(nbformat_read(&nb, "dir/x.ipynb",
					       cases[i].text,
					       strlen(cases[i].text), &e),
				 -1);
		assert_int_equal(e.class, ERR_INPUT);
		assert_non_null(strstr(e.text, "cannot read 'dir/x.ipynb': "));
		if (!strstr(e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, e.text);
		notebook_release(&nb);
	}
}

static void
test_a_large_execution_count_is_one(void **state)
{
	struct buf file = { 0 };
	struct notebook nb;
	struct err e;

	(void)state;
	one_cell(&file, "\"source\":\"\",\"execution_count\":2147483647", "5");
	notebook_init(&nb);
	assert_int_equal(nbformat_read(&nb, "x.ipynb", file.data, file.len, &e),
			 0);
	assert_int_equal(nb.cells[0].execution_count, INT32_MAX);
	notebook_release(&nb);
	buf_release(&file);
}

static void
test_wrong_types_in_a_cell_are_refused(void **state)
{
	static const struct {
		const char *members, *says;
	} cases[] = {
		{ REST, "the cell has no 'source'" },
		{ "\"source\":1," REST, "'source' is a number" },
		{ "\"source\":[\"a\",1]," REST, "a line of 'source' is a nu" },
		{ "\"source\":\"a\\u0000\"," REST, "a NUL character in the" },
		{ "\"source\":\"\\ud800\"," REST, "half a surrogate pair" },
		{ "\"source\":\"\",\"outputs\":{}", "'outputs' is an object" },
		{ "\"source\":\"\",\"outputs\":[1]", "an output is a number" },
		{ "\"source\":\"\",\"execution_count\":1.5",
		  "'execution_count' is a number, not null or a whole number "
		  "from 0 to 2147483647" },
		{ "\"source\":\"\",\"execution_count\":-1", "is a number" },
		{ "\"source\":\"\",\"execution_count\":2147483648",
		  "is a number, not null or a whole number from 0 to" },
		{ "\"source\":\"\",\"metadata\":{\"name\":1}",
		  "metadata.name is a number, not a string" },
		{ "\"source\":\"\",\"metadata\":{\"tags\":\"a\"}",
		  "metadata.tags is a string, not a list of strings" },
		{ "\"source\":\"\",\"metadata\":{\"cnb\":[]}",
		  "metadata.cnb is an array, not an object" },
		{ "\"source\":\"\",\"metadata\":{\"cnb\":{\"cc\":\"\\u0000\"}}",
		  "the option 'cc' holds an escape that stands for no" },
	};
	struct buf file = { 0 };

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct notebook nb;
		struct err e = { 0 };

		one_cell(&file, cases[i].members, "5");
		notebook_init(&nb);
		assert_int_equal(nbformat_read(&nb, "x.ipynb", file.data,
					       file.len, &e),
				 -1);
		if (!strstr(e.text, cases[i].says) ||
		    !strstr(e.text, "line 1, column "))
			fail_msg("%s: %s", cases[i].members, e.text);
		notebook_release(&nb);
	}
	buf_release(&file);
}

static void
test_reader_understands_the_parts(void **state)
{
	struct notebook nb;
	const struct nb_cell *c;

	(void)state;
	read_file(&nb, GOLDEN "compact.ipynb");
	assert_string_equal(nb.name, "x.ipynb");
	assert_string_equal(nb.path, "dir/x.ipynb");
	assert_string_equal(nb.language, "c");
	assert_int_equal(nb.ncode, 2);
	assert_int_equal(nb.warnings.count, 0);
	assert_int_equal(nb.noptions, 3);
	assert_string_equal(nb.options[1].key, "cflags");
	assert_string_equal(nb.options[1].value, "-g");
	assert_int_equal(nb.options[2].place, PLACE_NOTEBOOK);
	assert_int_equal(nb.nparams, 2);
	assert_string_equal(nb.params[0].value, "3");
	assert_string_equal(nb.params[1].value, "a b");
	assert_int_equal(nb.nplugins, 1);
	assert_string_equal(nb.plugins[0], "../cells");
	c = notebook_code_cell(&nb, 1);
	assert_string_equal(c->id, "k1");
	assert_string_equal(c->tags[0], "fast");
	assert_int_equal(c->noptions, 1);
	assert_string_equal(c->options[0].value, "a b");
	assert_string_equal(c->run->status, "ok");
	assert_int_equal(c->run->exit_status, 0);
	assert_null(c->run->signal);
	assert_int_equal(c->nlines, 2);
	assert_null(notebook_code_cell(&nb, 3));
	assert_null(notebook_code_cell(&nb, 0));
	notebook_release(&nb);
}

static void
test_language_is_told_not_refused(void **state)
{
	static const struct {
		const char *metadata, *language;
	} cases[] = {
		{ "{}", "c" },
		{ "{\"kernelspec\":{\"language\":\"C\"}}", "c" },
		{ "{\"language_info\":{\"name\":\"text/x-csrc\"}}", "c" },
		{ "{\"kernelspec\":{\"language\":\"python\"},"
		  "\"language_info\":{\"name\":\"c\"}}",
		  "python" },
		{ "{\"kernelspec\":{},\"language_info\":{\"name\":\"R\"}}",
		  "R" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct notebook nb;
		struct buf file = { 0 };

		buf_addf(&file,
			 "{\"nbformat\":4,\"nbformat_minor\":5,"
			 "\"cells\":[],\"metadata\":%s}",
			 cases[i].metadata);
		read_ok(&nb, buf_slice(&file));
		assert_string_equal(nb.language, cases[i].language);
		notebook_release(&nb);
		buf_release(&file);
	}
}

static void
test_lines_of_the_source_are_found_in_the_file(void **state)
{
	static const char file[] =
		"{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {},\n"
		"\"cells\": [{\"cell_type\": \"code\", \"id\": \"a\",\n" REST
		",\n"
		"\"source\": [\n"
		"\"one\\n\",\n"
		"\"two\",\n"
		"\" still two\\nthree\\nfour\\n\",\n"
		"\"\",\n"
		"\"five\"\n"
		"]}]}";
	static const int lines[] = { 5, 6, 7, 7, 9 };
	struct notebook nb;

	(void)state;
	read_ok(&nb, slice_of(file));
	assert_int_equal(nb.code[0]->nlines, countof(lines));
	for (size_t i = 0; i < countof(lines); i++)
		assert_int_equal(nb.code[0]->line_in_file[i], lines[i]);
	notebook_release(&nb);
	read_file(&nb, GOLDEN "old.ipynb");
	assert_int_equal(nb.code[1]->nlines, 4);
	assert_int_equal(nb.code[1]->line_in_file[3], 35);
	notebook_release(&nb);
}

static void
test_missing_and_repeated_ids_are_repaired_alike_each_time(void **state)
{
	static const char file[] =
		"{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		"\"cells\":["
		"{\"cell_type\":\"raw\",\"id\":\"a\",\"metadata\":{},"
		"\"source\":\"\"},"
		"{\"cell_type\":\"raw\",\"id\":\"a\",\"metadata\":{},"
		"\"source\":\"\"},"
		"{\"cell_type\":\"raw\",\"id\":\"no good\",\"metadata\":{},"
		"\"source\":\"\"},"
		"{\"cell_type\":\"raw\",\"metadata\":{},\"source\":\"\"}]}";
	struct notebook one, two;

	(void)state;
	read_ok(&one, slice_of(file));
	read_ok(&two, slice_of(file));
	assert_int_equal(one.warnings.count, 3);
	assert_string_equal(one.cells[0].id, "a");
	for (size_t i = 1; i < 4; i++) {
		assert_true(one.cells[i].id_repaired);
		assert_int_equal(strlen(one.cells[i].id), 8);
		assert_true(one.cells[i].id[0] >= 'a');
		assert_string_equal(one.cells[i].id, two.cells[i].id);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(one.cells[i].id,
						one.cells[k].id);
	}
	notebook_release(&one);
	notebook_release(&two);
}

static void
test_many_cells_without_ids_get_different_ones(void **state)
{
	struct buf file = { 0 };
	struct notebook nb;

	(void)state;
	buf_add_str(&file, "{\"nbformat\":4,\"nbformat_minor\":0,"
			   "\"metadata\":{},\"cells\":[");
	for (int i = 0; i < 5000; i++)
		buf_addf(&file,
			 "%s{\"cell_type\":\"code\",\"source\":\"1\"," REST "}",
			 i ? "," : "");
	buf_add_str(&file, "]}");
	read_ok(&nb, buf_slice(&file));
	assert_int_equal(nb.warnings.count, 0);
	for (size_t i = 1; i < nb.ncells; i++)
		assert_string_not_equal(nb.cells[i].id, nb.cells[i - 1].id);
	notebook_release(&nb);
	buf_release(&file);
}

/* --- writing -------------------------------------------------------------- */

static void
test_what_needs_no_change_stays_the_bytes_it_was(void **state)
{
	static const char *const files[] = {
		GOLDEN "compact.ipynb",
		GOLDEN "tabs-crlf-bom.ipynb",
		GOLDEN "old.saved.ipynb",
	};

	(void)state;
	for (size_t i = 0; i < countof(files); i++) {
		struct buf in = { 0 }, out = { 0 };
		struct notebook nb;
		size_t bom;

		load(&in, files[i]);
		bom = slice_starts(buf_slice(&in), "\xef\xbb\xbf") ? 3 : 0;
		read_ok(&nb, buf_slice(&in));
		nbformat_write(&out, &nb, NULL, plainly);
		assert_string_equal(out.data, in.data + bom);
		assert_int_equal(out.len, in.len - bom);
		notebook_release(&nb);
		buf_release(&in);
		buf_release(&out);
	}
}

/* The same run saved into each fixture, then saved into what came out. */
static void
test_saved_notebooks_are_as_recorded_and_stable(void **state)
{
	static const char *const names[] = { "old", "compact", "tabs-crlf-bom",
					     "bare" };

	(void)state;
	for (size_t i = 0; i < countof(names); i++) {
		struct buf in = { 0 }, out = { 0 }, want = { 0 }, path = { 0 };
		struct notebook nb;

		buf_addf(&path, GOLDEN "%s.ipynb", names[i]);
		load(&in, path.data);
		buf_clear(&path);
		buf_addf(&path, GOLDEN "%s.saved.ipynb", names[i]);
		for (int turn = 0; turn < 2; turn++) {
			struct record r;

			read_ok(&nb, turn ? buf_slice(&want) : buf_slice(&in));
			record_init(&r, &nb);
			run_first_cell(&r);
			buf_clear(&out);
			nbformat_write(&out, &nb, &r, plainly);
			if (getenv("CNB_UPDATE_GOLDEN")) {
				FILE *f = fopen(path.data, "wb");

				assert_non_null(f);
				fwrite(out.data, 1, out.len, f);
				fclose(f);
			}
			buf_clear(&want);
			load(&want, path.data);
			assert_string_equal(out.data, want.data);
			record_release(&r);
			notebook_release(&nb);
		}
		buf_release(&in);
		buf_release(&out);
		buf_release(&want);
		buf_release(&path);
	}
}

static void
test_clearing_a_saved_notebook_gives_back_the_cleared_one(void **state)
{
	struct buf cleared = { 0 }, saved = { 0 }, again = { 0 };
	struct notebook nb;
	struct record r;

	(void)state;
	read_file(&nb, GOLDEN "old.ipynb");
	nbformat_clear(&cleared, &nb);
	record_init(&r, &nb);
	run_first_cell(&r);
	nbformat_write(&saved, &nb, &r, plainly);
	record_release(&r);
	notebook_release(&nb);
	read_ok(&nb, buf_slice(&saved));
	nbformat_clear(&again, &nb);
	assert_string_equal(again.data, cleared.data);
	assert_null(strstr(cleared.data, "run"));
	assert_null(strstr(cleared.data, "old\\n"));
	notebook_release(&nb);
	buf_release(&cleared);
	buf_release(&saved);
	buf_release(&again);
}

/* The last one counts: without it the one before would, and that may be what
 * no notebook can hold. */
static void
test_clearing_removes_a_key_that_stands_twice(void **state)
{
	static const struct {
		const char *metadata, *left;
	} cases[] = {
		{ "{\"cnb\":1,\"cnb\":{\"run\":{}}}", "{}" },
		{ "{\"a\":1,\"cnb\":1,\"cnb\":{\"run\":{}}}", "{\"a\":1}" },
		{ "{\"cnb\":1,\"a\":1,\"cnb\":{\"run\":{}}}", "{\"a\":1}" },
		{ "{\"cnb\":1,\"a\":1,\"c\\u006eb\":{\"run\":{}},\"b\":2}",
		  "{\"a\":1,\"b\":2}" },
		{ "{\"cnb\":1,\"cnb\":{\"run\":{}},\"a\":1,\"b\":2}",
		  "{\"a\":1,\"b\":2}" },
		{ "{\"cnb\":{\"run\":1,\"run\":{}}}", "{}" },
		{ "{\"cnb\":{\"run\":1,\"name\":\"x\",\"run\":{}}}",
		  "{\"cnb\":{\"name\":\"x\"}}" },
	};
	struct buf members = { 0 }, text = { 0 }, want = { 0 }, out = { 0 };

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const char *metadata[] = { cases[i].metadata, cases[i].left };
		struct buf *texts[] = { &text, &want };
		struct notebook nb;

		for (size_t n = 0; n < 2; n++) {
			buf_clear(&members);
			buf_addf(&members,
				 "\"execution_count\":null,\"id\":\"a\","
				 "\"metadata\":%s,\"outputs\":[],"
				 "\"source\":\"\"",
				 metadata[n]);
			one_cell(texts[n], buf_str(&members), "5");
		}
		read_ok(&nb, buf_slice(&text));
		buf_clear(&out);
		nbformat_clear(&out, &nb);
		assert_string_equal(buf_str(&out), buf_str(&want));
		notebook_release(&nb);
	}
	buf_release(&members);
	buf_release(&text);
	buf_release(&want);
	buf_release(&out);
}

static struct json
cell_of(struct slice file, int number)
{
	struct json root, cells, v = { 0 };
	struct json_walk w;

	assert_int_equal(json_check(file, &root, NULL, NULL), 0);
	assert_true(json_find(root, "cells", &cells));
	w = json_enter(cells);
	while (number-- > 0)
		assert_true(json_next(&w, NULL, &v));
	return v;
}

static void
assert_part(struct json object, const char *key, const char *is)
{
	struct json v;

	if (!json_find(object, key, &v))
		fail_msg("no %s", key);
	if (!slice_is(v.text, is))
		fail_msg("%s is %.*s, not %s", key, (int)v.text.len, v.text.at,
			 is);
}

/* Two cells with outputs; the first is run, the second is what `how` makes. */
enum second { SKIPPED, NOT_RUN, QUIET };

static void
save_second(struct buf *out, enum second how, bool partial)
{
	static const char file[] =
		"{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},"
		"\"cells\":["
		"{\"cell_type\":\"code\",\"id\":\"a\",\"source\":\"1\"," REST
		"},{\"cell_type\":\"code\",\"id\":\"b\",\"source\":\"2\","
		"\"execution_count\":8,\"metadata\":{},\"outputs\":"
		"[{\"output_type\":\"stream\",\"name\":\"stdout\","
		"\"text\":\"kept\"}]}]}";
	struct nbformat_save save = { .partial = partial };
	struct notebook nb;
	struct record r;

	buf_clear(out);
	read_ok(&nb, slice_of(file));
	record_init(&r, &nb);
	begin(&r, 1, KIND_SHARED, "1");
	end(&r, 1, STATUS_OK, 0, 0);
	if (how == SKIPPED)
		record_skip(&r, 2);
	if (how == QUIET) {
		begin(&r, 2, KIND_SHARED, "2");
		r.cells[1].quiet = true;
		end(&r, 2, STATUS_OK, 0, 0);
	}
	nbformat_write(out, &nb, &r, save);
	record_release(&r);
	notebook_release(&nb);
}

static void
test_skipped_and_quiet_cells_keep_what_not_run_ones_lose(void **state)
{
	struct buf out = { 0 };

	(void)state;
	for (int how = SKIPPED; how <= QUIET; how++) {
		save_second(&out, (enum second)how, false);
		assert_part(cell_of(buf_slice(&out), 1), "execution_count",
			    "1");
		assert_part(cell_of(buf_slice(&out), 2), "execution_count",
			    how == NOT_RUN ? "null" : "8");
		assert_int_equal(strstr(out.data, "kept") == NULL,
				 how == NOT_RUN);
	}
	save_second(&out, NOT_RUN, false);
	assert_part(cell_of(buf_slice(&out), 2), "metadata",
		    "{\"cnb\":{\"run\":{\"exit_status\":null,\"kind\":null,"
		    "\"signal\":null,\"status\":\"not-run\"}}}");
	save_second(&out, NOT_RUN, true);
	assert_part(cell_of(buf_slice(&out), 2), "execution_count", "8");
	assert_non_null(strstr(out.data, "kept"));
	buf_release(&out);
}

static void
test_times_are_saved_only_when_asked_for(void **state)
{
	struct nbformat_save save = { .timing = true };
	struct buf out = { 0 };
	struct notebook nb;
	struct record r;

	(void)state;
	read_file(&nb, GOLDEN "tabs-crlf-bom.ipynb");
	record_init(&r, &nb);
	run_first_cell(&r);
	nbformat_write(&out, &nb, &r, plainly);
	assert_null(strstr(out.data, "2023-"));
	buf_clear(&out);
	nbformat_write(&out, &nb, &r, save);
	assert_non_null(strstr(out.data, "\"duration_ms\": 2.500"));
	assert_non_null(strstr(out.data, "\"iopub.status.idle\": "
					 "\"2023-11-14T22:13:20.125956Z\""));
	record_release(&r);
	notebook_release(&nb);
	buf_release(&out);
}

static void
test_shown_code_stands_under_its_option(void **state)
{
	static const char *const sources[] = {
		"[\"//| use: t/join\\n\",\"old\"]",
		"[\"//| use: t/join\"]",
		"[\"//| use: t/join\\n\",\"/* f */\\n\",\"int f;\"]",
	};
	struct nbformat_save save = { .show_code = true };
	struct buf file = { 0 }, out = { 0 };

	(void)state;
	for (size_t i = 0; i < countof(sources); i++) {
		struct notebook nb;
		struct record r;

		buf_clear(&file);
		buf_clear(&out);
		buf_addf(&file,
			 "{\"nbformat\":4,\"nbformat_minor\":5,"
			 "\"metadata\":{},\"cells\":[{\"cell_type\":"
			 "\"code\",\"id\":\"a\",\"source\":%s," REST "}]}",
			 sources[i]);
		read_ok(&nb, buf_slice(&file));
		record_init(&r, &nb);
		begin(&r, 1, KIND_TABLE, "/* f */\nint f;\n");
		end(&r, 1, STATUS_OK, 0, 0);
		nbformat_write(&out, &nb, &r, save);
		assert_part(
			cell_of(buf_slice(&out), 1), "source",
			"[\"//| use: t/join\\n\",\"/* f */\\n\",\"int f;\"]");
		record_release(&r);
		notebook_release(&nb);
	}
	buf_release(&file);
	buf_release(&out);
}

static void
test_stream_text_is_folded_as_a_terminal_would(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "plain\n", "plain\n" },
		{ "a\r\nb\r\n", "a\nb\n" },
		{ "50%\r100%\n", "100%\n" },
		{ "hello\rHE", "HEllo" },
		{ "abc\r", "abc" },
		{ "ab\b\bxy\b", "xy" },
		{ "\b\bx", "x" },
		{ "long line\r\x1b[Kok\n", "ok\n" },
		{ "long\x1b[2K\rok\n", "ok\n" },
		{ "\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n" },
		{ "..\r\x1b[32mok\x1b[0m\n", "\x1b[32mok\x1b[0m\n" },
		{ "\xe4\xb8\xad\xe6\x96\x87\rx", "x\xe6\x96\x87" },
		{ "e\xcc\x81x\rab", "ab" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct buf out = { 0 }, twice = { 0 };

		fold_terminal(&out, cases[i].text, strlen(cases[i].text));
		assert_string_equal(buf_str(&out), cases[i].shown);
		fold_terminal(&twice, buf_str(&out), out.len);
		assert_string_equal(buf_str(&twice), cases[i].shown);
		buf_release(&out);
		buf_release(&twice);
	}
}

static void
test_json_data_that_is_none_is_written_as_text(void **state)
{
	static const char *const texts[] = { "{\"a\":1,\"a\":2}", "{bad",
					     "\"\\ud800\"" };
	struct buf out = { 0 };
	struct notebook nb;
	struct record r;
	struct json root;

	(void)state;
	read_file(&nb, GOLDEN "bare.ipynb");
	record_init(&r, &nb);
	begin(&r, 1, KIND_PROGRAM, "");
	for (size_t i = 0; i < countof(texts); i++)
		display(&r, 1, EV_DISPLAY, "application/json", texts[i]);
	end(&r, 1, STATUS_OK, 0, 0);
	nbformat_write(&out, &nb, &r, plainly);
	assert_int_equal(json_check(buf_slice(&out), &root, NULL, NULL), 0);
	assert_non_null(strstr(out.data, "\"application/json\": \"{bad\""));
	assert_non_null(strstr(out.data, "\"{\\\"a\\\":1,\\\"a\\\":2}\""));
	record_release(&r);
	notebook_release(&nb);
	buf_release(&out);
}

/* --- what a notebook itself holds ----------------------------------------- */

static void
test_recorded_outputs_are_understood(void **state)
{
	const struct record_cell *c;
	struct record_cell look;
	struct notebook nb;
	struct record r;
	const struct output *o;

	(void)state;
	read_file(&nb, GOLDEN "compact.ipynb");
	record_init(&r, &nb);
	nbformat_recorded(&r, &nb);
	assert_int_equal(r.cells[0].noutputs, 0);
	c = record_look(&r, 0, &look);
	assert_int_equal(c->noutputs, 1);
	o = &c->outputs[0];
	assert_int_equal(o->kind, OUT_RESULT);
	assert_string_equal(o->mime, "image/png");
	assert_int_equal(o->bytes.len, 4);
	assert_memory_equal(o->bytes.data, "\x89PNG", 3);
	assert_string_equal(output_data(o, "text/plain")->data, "1");
	record_look_end(&look);
	assert_int_equal(r.cells[0].kind, KIND_SHARED);
	assert_true(r.cells[0].status_known);
	assert_false(r.cells[1].status_known);
	record_release(&r);
	notebook_release(&nb);
}

static void
test_exported_record_has_null_for_what_is_not_known(void **state)
{
	struct buf out = { 0 };
	struct json root, cell;
	struct notebook nb;
	struct record r;

	(void)state;
	read_file(&nb, GOLDEN "compact.ipynb");
	record_init(&r, &nb);
	nbformat_recorded(&r, &nb);
	record_json_write(&out, &r);
	assert_int_equal(json_check(buf_slice(&out), &root, NULL, NULL), 0);
	assert_part(root, "started", "null");
	assert_part(root, "duration_ms", "null");
	assert_part(root, "build", "null");
	assert_part(root, "status", "\"ok\"");
	cell = cell_of(buf_slice(&out), 1);
	assert_part(cell, "status", "\"ok\"");
	assert_part(cell, "exit_status", "0");
	assert_part(cell, "duration_ms", "null");
	assert_part(cell, "output_bytes", "null");
	assert_part(cell, "result", "\"1\"");
	cell = cell_of(buf_slice(&out), 2);
	assert_part(cell, "status", "null");
	assert_part(cell, "kind", "null");
	record_release(&r);
	notebook_release(&nb);
	buf_release(&out);
}

static void
test_export_of_a_notebook_keeps_its_outputs(void **state)
{
	struct buf in = { 0 }, out = { 0 };
	struct notebook nb;
	struct record r;

	(void)state;
	load(&in, GOLDEN "compact.ipynb");
	read_ok(&nb, buf_slice(&in));
	record_init(&r, &nb);
	nbformat_recorded(&r, &nb);
	nbformat_write(&out, &nb, &r, plainly);
	assert_string_equal(out.data, in.data);
	record_release(&r);
	notebook_release(&nb);
	buf_release(&in);
	buf_release(&out);
}

/* Cut anywhere, a notebook is refused, and nothing is read beyond its end. */
static void
test_truncated_notebooks_are_refused(void **state)
{
	struct buf in = { 0 };

	(void)state;
	load(&in, GOLDEN "compact.ipynb");
	for (size_t n = 0; n < in.len; n++) {
		char *part = malloc(n + 1);
		struct notebook nb;
		struct err e = { 0 };

		assert_non_null(part);
		memcpy(part, in.data, n);
		notebook_init(&nb);
		assert_int_equal(nbformat_read(&nb, "x", part, n, &e), -1);
		notebook_release(&nb);
		free(part);
	}
	buf_release(&in);
}

/* Two code cells: the first prints, the second says what it is. */
static void
two_cells(struct buf *out, const char *outputs, const char *second)
{
	buf_clear(out);
	buf_addf(out,
		 "{\"cells\":[\n{\"cell_type\":\"code\",\"id\":\"a\","
		 "\"source\":\"puts(x);\",\"metadata\":{},"
		 "\"outputs\":[%s],\"execution_count\":1},\n"
		 "{\"cell_type\":\"code\",\"outputs\":[],%s,"
		 "\"execution_count\":null}],"
		 "\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}",
		 outputs, second);
}

#define SECOND "\"id\":\"b\",\"metadata\":{},\"source\":[\n\"1;\\n\",\n\"2;\"]"
#define PRINTED                                                                \
	"{\"output_type\":\"stream\",\"name\":\"stdout\",\n"                   \
	"\"text\":[\n\"x\\n\"]}"

static struct print
sense_of(struct notebook *nb, const char *outputs, const char *second)
{
	struct buf text = { 0 };
	struct print p;

	two_cells(&text, outputs, second);
	read_ok(nb, buf_slice(&text));
	notebook_sense(nb, &p);
	buf_release(&text);
	return p;
}

static void
test_what_runs_leave_does_not_change_what_is_run(void **state)
{
	static const char *const others[] = {
		"\"id\":\"b\",\"metadata\":{},\"source\":[\n\"1;\\n\",\n\"3;"
		"\"]",
		"\"id\":\"c\",\"metadata\":{},\"source\":[\n\"1;\\n\",\n\"2;"
		"\"]",
		"\"id\":\"b\",\"metadata\":{\"tags\":[\"t\"]},"
		"\"source\":[\n\"1;\\n\",\n\"2;\"]",
		"\"id\":\"b\",\"metadata\":{\"cnb\":{\"timeout\":\"1s\"}},"
		"\"source\":[\n\"1;\\n\",\n\"2;\"]",
		"\"id\":\"b\",\"metadata\":{\"name\":\"n\"},"
		"\"source\":[\n\"1;\\n\",\n\"2;\"]",
		/* the same text, laid out in another way */
		"\"id\":\"b\",\"metadata\":{},\"source\":\"1;\\n2;\"",
	};
	struct notebook before, after, other;
	struct print p, q;
	struct buf begins = { 0 };

	(void)state;
	p = sense_of(&before, "", SECOND);
	q = sense_of(&after, PRINTED,
		     "\"id\":\"b\",\"metadata\":{\"cnb\":{\"run\":{"
		     "\"status\":\"ok\"}}},\"source\":[\n\"1;\\n\",\n\"2;\"]");
	assert_true(print_same(&p, &q));
	assert_int_equal(before.code[1]->line_in_file[0], 4);
	assert_int_equal(after.code[1]->line_in_file[0], 6);
	notebook_begins(&after, &begins);
	notebook_move(&before, buf_slice(&begins));
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < before.code[i]->nlines; k++)
			assert_int_equal(before.code[i]->line_in_file[k],
					 after.code[i]->line_in_file[k]);
	/* Whatever it is told. */
	notebook_move(&before, (struct slice){ "abc", 3 });
	assert_int_equal(before.code[1]->line_in_file[1], 7);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		q = sense_of(&other, "", others[i]);
		if (print_same(&p, &q))
			fail_msg("no difference: %s", others[i]);
		notebook_release(&other);
	}
	notebook_release(&before);
	notebook_release(&after);
	buf_release(&begins);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusal_names_path_line_and_column),
		cmocka_unit_test(test_a_large_execution_count_is_one),
		cmocka_unit_test(test_wrong_types_in_a_cell_are_refused),
		cmocka_unit_test(test_reader_understands_the_parts),
		cmocka_unit_test(test_language_is_told_not_refused),
		cmocka_unit_test(
			test_lines_of_the_source_are_found_in_the_file),
		cmocka_unit_test(
			test_missing_and_repeated_ids_are_repaired_alike_each_time),
		cmocka_unit_test(
			test_many_cells_without_ids_get_different_ones),
		cmocka_unit_test(
			test_saved_notebooks_are_as_recorded_and_stable),
		cmocka_unit_test(
			test_what_needs_no_change_stays_the_bytes_it_was),
		cmocka_unit_test(
			test_clearing_a_saved_notebook_gives_back_the_cleared_one),
		cmocka_unit_test(test_clearing_removes_a_key_that_stands_twice),
		cmocka_unit_test(
			test_skipped_and_quiet_cells_keep_what_not_run_ones_lose),
		cmocka_unit_test(test_times_are_saved_only_when_asked_for),
		cmocka_unit_test(test_shown_code_stands_under_its_option),
		cmocka_unit_test(
			test_stream_text_is_folded_as_a_terminal_would),
		cmocka_unit_test(
			test_json_data_that_is_none_is_written_as_text),
		cmocka_unit_test(test_recorded_outputs_are_understood),
		cmocka_unit_test(
			test_exported_record_has_null_for_what_is_not_known),
		cmocka_unit_test(test_export_of_a_notebook_keeps_its_outputs),
		cmocka_unit_test(test_truncated_notebooks_are_refused),
		cmocka_unit_test(
			test_what_runs_leave_does_not_change_what_is_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
