/* cc.c: the user's compiler, called, and its products kept. Floor 2. It
 * knows a unit as one text or one file; what the text is made of, and what its
 * messages mean for a cell, is not its business. */
#include "build/cc.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/hash.h"
#include "base/mem.h"
#include "build/command.h"
#include "build/deps.h"
#include "build/diag.h"
#include "build/lacks.h"
#include "build/sanitizer.h"
#include "build/shortage.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* Changes when what is done with the same words changes. */
#define KEY_VERSION "cnb build 2"
/* Of a longer file no message shows its line. */
#define SOURCE_MOST (INT64_C(64) << 20)

/* Variables from which compilers and linkers take paths. */
static const char *const path_variables[] = {
	"CPATH",	 "C_INCLUDE_PATH",	 "LIBRARY_PATH",
	"COMPILER_PATH", "GCC_EXEC_PREFIX",	 "LD_RUN_PATH",
	"SYSROOT",	 "CCC_OVERRIDE_OPTIONS", "SOURCE_DATE_EPOCH",
};

/* ---- one build ---- */

void
built_release(struct built *b)
{
	free(b->path);
	free(b->messages);
	free(b->command);
	diags_release(&b->diags);
	*b = (struct built){ 0 };
}

/* A build under way. */
struct build {
	const struct cc *cc;
	struct cache *cache;
	const struct unit *unit; /* &own: paths made absolute */
	struct unit own;
	char *file, *workdir; /* of `own` */
	struct command command;
	struct slice input;   /* what the compiler reads from `-` */
	struct buf own_input; /* it, where it is not the unit's text */
	struct buf file_text; /* for excerpts of a unit that is a file */
	struct diag_source source;
	struct strs env;
	char key[HASH_HEX], digest[HASH_HEX];
	char *product, *deps, *link_deps, *object; /* scratch files */
	int64_t since_ns; /* cache_now_ns() at the start */
	struct proc_result result;
};

static const char *
suffix_of(const struct unit *u)
{
	return u->product == PRODUCT_PROGRAM ? "" : ".so";
}

/* `#line 1 "LABEL"` */
static void
add_line_directive(struct buf *out, const char *label)
{
	buf_add_str(out, "#line 1 \"");
	for (; *label; label++) {
		if (*label == '"' || *label == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, *label == '\n' ? ' ' : *label);
	}
	buf_add_str(out, "\"\n");
}

static bool
ends_line(struct slice text)
{
	return text.len && text.at[text.len - 1] == '\n';
}

/* That of many cells is large: it is not copied. */
static void
make_input(struct build *b)
{
	const struct unit *u = b->unit;

	if (u->file)
		return;
	if (u->sources && ends_line(u->text)) {
		b->input = u->text;
		return;
	}
	if (!u->sources)
		add_line_directive(&b->own_input, u->label);
	buf_add_slice(&b->own_input, u->text);
	if (b->own_input.len && !ends_line(buf_slice(&b->own_input)))
		buf_add_byte(&b->own_input, '\n');
	b->input = buf_slice(&b->own_input);
}

static void
hash_number(struct hash *h, int64_t number)
{
	char digits[32];

	snprintf(digits, sizeof digits, "%" PRId64, number);
	hash_add_str(h, digits);
}

/* A text that asks for the time has another key each time. */
static void
hash_clock(struct hash *h, struct slice text)
{
	int64_t now = clock_real_ns();

	if (!text.len)
		return;
	if (memmem(text.at, text.len, "__TIME__", 8))
		hash_number(h, now);
	else if (memmem(text.at, text.len, "__DATE__", 8))
		hash_number(h, now / NS_PER_S / 86400);
}

/* What the compiler reads from us, by a name that can be kept. */
static void
make_digest(struct build *b)
{
	struct hash h;

	if (b->unit->digest) {
		memcpy(b->digest, b->unit->digest, sizeof b->digest);
		return;
	}
	hash_init(&h);
	hash_add(&h, b->input.at, b->input.len);
	hash_hex(&h, b->digest);
}

static int
hash_object(struct hash *h, const char *path, struct err *e)
{
	struct buf object = { 0 };
	int rc;

	if (!path)
		return 0;
	rc = fs_read(path, &object, e);
	if (rc < 0) /* no cell's fault: it is a part of cnb */
		e->class = ERR_SYSTEM;
	hash_number(h, (int64_t)object.len);
	hash_add(h, buf_str(&object), object.len);
	buf_release(&object);
	return rc;
}

static int
make_key(struct build *b, struct err *e)
{
	struct outputs none = { .product = "", .deps = "", .link_deps = "" };
	struct strs argv = { 0 };
	struct hash h;
	int rc;

	hash_init(&h);
	hash_add_str(&h, KEY_VERSION);
	cc_hash(&h, b->cc);
	hash_add_str(&h, b->cc->version);
	hash_add_str(&h, b->unit->label);
	hash_add_str(&h, b->unit->workdir);
	for (size_t i = 0; i < countof(path_variables); i++)
		hash_add_str(&h, getenv(path_variables[i]));
	command_argv(&b->command, &none, &argv);
	for (size_t i = 0; i < argv.count; i++)
		hash_add_str(&h, argv.at[i]);
	make_digest(b);
	hash_add_str(&h, b->digest);
	hash_clock(&h, b->unit->text);
	for (size_t i = 0; b->unit->renames && i < b->unit->renames->count; i++)
		hash_add_str(&h, b->unit->renames->at[i]);
	rc = hash_object(&h, b->command.front ? b->unit->front : NULL, e);
	if (rc == 0)
		rc = hash_object(&h,
				 b->command.runtime ? b->unit->runtime : NULL,
				 e);
	hash_hex(&h, b->key);
	strs_release(&argv);
	return rc;
}

/* ---- files that were read ---- */

/* -1: it is not known what the compiler read. */
static int
collect_deps(const struct build *b, struct strs *deps)
{
	if (deps_read(b->deps, b->unit->workdir, deps) < 0)
		return -1;
	if (!b->command.trace_link ||
	    deps_read(b->link_deps, b->unit->workdir, deps) < 0)
		command_files(&b->command, deps);
	if (b->unit->file && !strs_has(deps, b->unit->file))
		strs_add(deps, b->unit->file);
	return 0;
}

/* ---- calling it ---- */

static int
make_scratch(struct build *b, struct err *e)
{
	struct buf name = { 0 };

	b->product = cache_scratch(b->cache, suffix_of(b->unit), e);
	if (!b->product)
		return -1;
	buf_addf(&name, "%s.d", b->product);
	b->deps = buf_take(&name);
	buf_addf(&name, "%s.l", b->product);
	b->link_deps = buf_take(&name);
	buf_addf(&name, "%s.o", b->product);
	b->object = buf_take(&name);
	return 0;
}

static void
remove_scratch(const struct build *b)
{
	const char *const paths[] = { b->product, b->deps, b->link_deps,
				      b->object };

	for (size_t i = 0; i < countof(paths); i++)
		if (paths[i])
			unlink(paths[i]);
}

/* One call; what earlier ones said stands before what it says. */
static int
call(struct build *b, const struct strs *argv, struct slice input,
     struct err *e)
{
	struct buf before = b->result.err;
	int rc;

	b->result.err = (struct buf){ 0 };
	proc_result_release(&b->result);
	rc = proc_compile(argv->at, b->unit->workdir, input, &b->env,
			  &b->result, e);
	buf_add_slice(&before, buf_slice(&b->result.err));
	buf_release(&b->result.err);
	b->result.err = before;
	return rc;
}

static int
call_compiler(struct build *b, const struct outputs *to, struct err *e)
{
	struct strs argv = { 0 };
	struct slice input = b->input;
	int rc;

	if (to->linking)
		input.len = 0;
	command_argv(&b->command, to, &argv);
	rc = call(b, &argv, input, e);
	strs_release(&argv);
	return rc;
}

static int
rename_symbols(struct build *b, struct err *e)
{
	const struct strs *renames = b->unit->renames;
	char *program = path_find_program("objcopy");
	struct strs argv = { 0 };
	int rc;

	if (!program)
		return err_system(e,
				  "cannot build '%s': no program 'objcopy' in "
				  "PATH; install binutils",
				  b->unit->label);
	strs_add(&argv, program);
	for (size_t i = 0; i < renames->count; i++)
		strs_addf(&argv, "--redefine-sym=%s", renames->at[i]);
	strs_add(&argv, b->object);
	rc = call(b, &argv, (struct slice){ 0 }, e);
	strs_release(&argv);
	free(program);
	return rc;
}

static int
run_compiler(struct build *b, struct err *e)
{
	const struct strs *renames = b->unit->renames;
	struct outputs to = { b->product, b->deps, b->link_deps, NULL, false };
	int rc;

	remove_scratch(b);
	proc_result_release(&b->result);
	b->since_ns = cache_now_ns();
	if (!renames || !renames->count)
		return call_compiler(b, &to, e);
	to.object = b->object;
	rc = call_compiler(b, &to, e);
	if (rc == 0 && b->result.status == 0)
		rc = rename_symbols(b, e);
	to.linking = true;
	if (rc == 0 && b->result.status == 0)
		rc = call_compiler(b, &to, e);
	/* The linker says that it has read it. Like the compiler's own it is
	 * gone before anybody looks whether that is still what it was. */
	unlink(b->object);
	return rc;
}

static bool
said(const struct build *b, const char *words)
{
	return strstr(buf_str(&b->result.err), words) != NULL;
}

static bool
link_failed(const struct build *b)
{
	return said(b, "ld returned ") || said(b, "linker command failed") ||
	       (b->cc->family == CC_TCC &&
		(said(b, "tcc: error: ") || said(b, "defined twice")));
}

/* Which linker it is that cannot say what it read, for cache_recall(). */
static void
trace_key(const struct build *b, char key[HASH_HEX])
{
	const struct strs *lists[] = { &b->command.before, &b->command.after };
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, "trace 1");
	cc_hash(&h, b->cc);
	for (size_t k = 0; k < countof(lists); k++)
		for (size_t i = 0; i < lists[k]->count; i++)
			if (!strncmp(lists[k]->at[i], "-fuse-ld", 8) ||
			    !strncmp(lists[k]->at[i], "--ld-path", 9))
				hash_add_str(&h, lists[k]->at[i]);
	hash_hex(&h, key);
}

/* Leave out what the last call stumbled over and was ours; false: nothing. */
static bool
can_do_without(struct build *b)
{
	char key[HASH_HEX];

	if (b->command.trace_link && said(b, "dependency-file")) {
		trace_key(b, key);
		cache_remember(b->cache, key, "no");
		b->command.trace_link = false;
		return true;
	}
	/* A program may ask the runtime for something itself. */
	if (b->command.runtime && link_failed(b) &&
	    said(b, "san_default_options")) {
		b->command.runtime = false;
		return true;
	}
	if (b->command.front && link_failed(b)) {
		b->command.front = b->command.runtime = false;
		return true;
	}
	return false;
}

/* Compile, and once more where something of ours was in the way. */
static int
compile(struct build *b, struct err *e)
{
	char key[HASH_HEX], *known;

	trace_key(b, key);
	known = cache_recall(b->cache, key);
	if (known)
		b->command.trace_link = false;
	free(known);
	do {
		if (run_compiler(b, e) < 0)
			return -1;
	} while (b->result.status && can_do_without(b));
	return 0;
}

/* ---- what it said ---- */

static void
parse_output(struct build *b, struct diags *diags)
{
	const struct unit *u = b->unit;
	char *real = u->workdir ? path_real(u->workdir) : NULL;
	struct diag_context c = { .sources = &b->source,
				  .nsources = 1,
				  .workdir = real };

	b->source = (struct diag_source){ u->file ? u->file : u->label,
					  u->label, u->text };
	if (u->sources) {
		c.sources = u->sources;
		c.nsources = u->nsources;
	} else if (u->file && b->result.err.len) {
		fs_read_file(u->file, SOURCE_MOST, &b->file_text);
		b->source.text = buf_slice(&b->file_text);
	}
	diags_parse(diags, &c, buf_slice(&b->result.err));
	free(real);
}

static void
add_plain(struct diags *d, const char *text)
{
	*mem_push(d->at, d->count) = (struct diag){ .text = mem_strdup(text) };
}

/* Words for a failure that left none, or hides in the status. */
static void
explain_status(const struct build *b, struct diags *d)
{
	char words[96];

	if (b->result.flooded) {
		snprintf(words, sizeof words,
			 "error: the compiler was ended: it had written more "
			 "than %zu MiB of messages",
			 PROC_ERR_MOST >> 20);
		add_plain(d, words);
	} else if (b->result.status >= 128) {
		snprintf(words, sizeof words,
			 "error: the compiler was killed by signal %d",
			 b->result.status - 128);
		add_plain(d, words);
	} else if (b->result.status && !d->count) {
		snprintf(words, sizeof words,
			 "error: the compiler failed with exit status %d",
			 b->result.status);
		add_plain(d, words);
	} else if (!b->result.status && !fs_exists(b->product)) {
		add_plain(d, "error: the compiler wrote no program (do its "
			     "flags say -fsyntax-only, or -M?)");
	}
}

/* The sources of messages must outlive the build: a file's text does not. */
static void
drop_own_sources(const struct build *b, struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->at[i].source == &b->source)
			d->at[i].source = NULL;
}

static int
finish(struct build *b, struct built *out, struct err *e)
{
	bool made = b->result.status == 0 && fs_exists(b->product);
	struct buf messages = { 0 };
	struct strs deps = { 0 };
	int rc = 0;

	parse_output(b, &out->diags);
	explain_status(b, &out->diags);
	diags_render(&messages, &out->diags);
	lacks_add(&messages, b->unit->label, &out->diags, NULL);
	out->messages = buf_take(&messages);
	if (made) {
		bool known = collect_deps(b, &deps) == 0;

		out->path =
			cache_store(b->cache, b->key, b->product,
				    suffix_of(b->unit), known ? &deps : NULL,
				    b->since_ns, out->messages, e);
		rc = out->path ? 0 : -1;
	} else {
		rc = shortage_refuse(&out->diags, b->result.status, b->cc,
				     b->cache, b->unit->label, e);
		if (rc == 0)
			rc = sanitizer_missing(b->cc, b->unit->label,
					       out->messages, e);
	}
	drop_own_sources(b, &out->diags);
	strs_release(&deps);
	return rc;
}

/* ---- all of it ---- */

static void
begin(struct build *b, const struct unit *u)
{
	b->own = *u;
	if (u->file)
		b->own.file = b->file = path_absolute(u->file);
	b->own.workdir = b->workdir =
		path_absolute(u->workdir ? u->workdir : ".");
	b->unit = &b->own;
	cc_environment(&b->env);
	make_input(b);
}

static void
end(struct build *b)
{
	remove_scratch(b);
	command_release(&b->command);
	proc_result_release(&b->result);
	buf_release(&b->own_input);
	buf_release(&b->file_text);
	strs_release(&b->env);
	free(b->product);
	free(b->deps);
	free(b->link_deps);
	free(b->object);
	free(b->file);
	free(b->workdir);
}

/* Begin, with what is there already. */
static int
look(struct build *b, const struct unit *u, struct built *out, struct err *e)
{
	*out = (struct built){ 0 };
	begin(b, u);
	if (command_init(&b->command, b->cc, b->cache, b->unit, e) < 0 ||
	    make_key(b, e) < 0)
		return -1;
	memcpy(out->digest, b->digest, sizeof out->digest);
	out->cached = cache_find(b->cache, b->key, &out->path, &out->messages);
	return 0;
}

/* What was said when it was built, for whoever hands it out to sources. */
static void
read_messages(const struct unit *u, struct built *out)
{
	const struct diag_context c = { .sources = u->sources,
					.nsources = u->nsources };

	if (u->sources)
		diags_parse(&out->diags, &c, slice_of(out->messages));
}

static void
tell_command(const struct build *b, struct built *out)
{
	out->command =
		command_text(&b->command, out->path ? out->path : "a.out");
}

int
cc_build(const struct cc *cc, struct cache *cache, const struct unit *u,
	 struct built *out, struct err *e)
{
	struct build b = { .cc = cc, .cache = cache };
	int64_t start = clock_mono_ns();
	int rc = look(&b, u, out, e);

	if (rc == 0 && !out->cached) {
		rc = make_scratch(&b, e);
		if (rc == 0)
			rc = compile(&b, e);
		if (rc == 0)
			rc = finish(&b, out, e);
	} else if (rc == 0) {
		read_messages(u, out);
	}
	if (rc == 0)
		tell_command(&b, out);
	out->duration_ns = clock_mono_ns() - start;
	end(&b);
	if (rc < 0)
		built_release(out);
	return rc;
}

bool
cc_look(const struct cc *cc, struct cache *cache, const struct unit *u,
	struct built *out)
{
	struct build b = { .cc = cc, .cache = cache };
	int64_t start = clock_mono_ns();
	struct err e;
	bool found = look(&b, u, out, &e) == 0 && out->cached;

	if (found)
		tell_command(&b, out);
	else
		built_release(out);
	out->duration_ns = clock_mono_ns() - start;
	end(&b);
	return found;
}
