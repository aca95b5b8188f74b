/* cmd_doctor.c: `cnb doctor` tries what cnb needs of this machine, and says of
 * what is not granted what is lost without it. Floor 6. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "build/cache.h"
#include "build/cc.h"
#include "cli/commands.h"
#include "exec/home.h"
#include "sys/fs.h"
#include "sys/probe.h"
#include "sys/proc.h"
#include "sys/terminal.h"

struct doctor_args {
	const char *cc;
};

const struct opt cmd_doctor_opts[] = {
	{ 0, "cc", "CC", "the compiler; default $CC, else cc", ARG_STRING,
	  offsetof(struct doctor_args, cc) },
	{ 0 }
};

/* What a mechanism is about, and what there is without it. */
struct finding {
	bool granted;
	bool needed; /* without it nothing runs */
	struct buf words;
};

struct report {
	struct buf out;
	bool sick;	    /* something that is needed is missing */
	struct cache cache; /* programs that are tried are built there, as */
	bool cached;	    /* cells are; false: it is not open */
	const char *lack;   /* why none may build; NULL: there is room */
};

/* What a small program takes, with all that a compiler writes meanwhile. */
#define ROOM (1 << 20)

#define NAME_COLUMN 24
#define ANSWER_COLUMN 29

static void
tell(struct report *r, const char *name, struct finding *f)
{
	buf_addf(&r->out, "%-*s%-*s", NAME_COLUMN, name,
		 ANSWER_COLUMN - NAME_COLUMN, f->granted ? "yes" : "no");
	opt_wrap(&r->out, buf_str(&f->words), ANSWER_COLUMN, ANSWER_COLUMN);
	r->sick |= f->needed && !f->granted;
	buf_release(&f->words);
}

/* --- the parts of cnb, its cache ----------------------------------------- */

static void
look_at_home(struct report *r)
{
	struct finding f = { .needed = true };
	struct home home = { 0 };
	struct err e;

	f.granted = home_find(&home, &e) == 0;
	buf_add_str(&f.words, f.granted ? home.host : e.text);
	home_release(&home);
	tell(r, "cnb's own parts", &f);
}

static int
open_unnamed(const char *dir)
{
	char *path;
	int fd;

	do
		fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	while (fd < 0 && errno == EINTR);
	/* A file system that has none without a name. */
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		path = path_join(dir, "cnb-doctor.XXXXXX");
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
		free(path);
	}
	return fd;
}

/* Can ROOM bytes be written there? Else `words` say why not, and `advice`. */
static bool
has_room(const char *dir, struct buf *words, const char *advice)
{
	int fd = open_unnamed(dir), why = fd < 0 ? errno : 0;

	if (fd >= 0) {
		why = fs_allocate(fd, ROOM);
		close(fd);
	}
	if (why)
		buf_addf(words, "cannot write 1 MiB to '%s': %s; %s", dir,
			 strerror(why), advice);
	return why == 0;
}

/* May what is built there be run? Else `words` say that it may not. */
static bool
may_run(const char *dir, struct buf *words)
{
	struct statvfs st;

	if (statvfs(dir, &st) < 0 || !(st.f_flag & ST_NOEXEC))
		return true;
	buf_addf(words,
		 "nothing that is built in '%s' may be run: its file system is "
		 "mounted noexec; set CNB_CACHE_DIR to a folder of another",
		 dir);
	return false;
}

static void
look_at_cache(struct report *r)
{
	struct finding f = { .needed = true };
	struct err e;

	r->cached = cache_open(&r->cache, &e) == 0;
	if (r->cached)
		f.granted = has_room(r->cache.dir, &f.words,
				     "set CNB_CACHE_DIR to a folder that has "
				     "room") &&
			    may_run(r->cache.dir, &f.words);
	else
		buf_add_str(&f.words, e.text);
	if (f.granted)
		buf_add_str(&f.words, r->cache.dir);
	if (f.granted && r->cache.temporary)
		buf_add_str(&f.words, ", for one run only: there is no folder "
				      "to keep it in, so each run compiles "
				      "anew");
	if (!f.granted)
		r->lack = "there is no place to build in";
	tell(r, "build cache", &f);
}

static void
look_at_temporary_files(struct report *r)
{
	const char *own = getenv("TMPDIR"), *dir = own && *own ? own : "/tmp";
	struct finding f = { 0 };

	f.granted = has_room(dir, &f.words,
			     "compilers and large outputs need some: set "
			     "TMPDIR to a folder that has room");
	if (f.granted)
		buf_add_str(&f.words, dir);
	if (!f.granted && !r->lack)
		r->lack = "there is no room for temporary files";
	tell(r, "temporary files", &f);
}

/* --- compilers ------------------------------------------------------------ */

static bool
succeeds(struct strs *argv, const char *dir, const char *input)
{
	struct proc_result result;
	struct err e;
	bool ok = proc_run(argv->at, dir, slice_of(input), NULL, &result, &e) ==
			  0 &&
		  result.status == 0;

	proc_result_release(&result);
	strs_release(argv);
	return ok;
}

/* Does it make, with this word more, a program that runs? */
static bool
builds(struct report *r, const char *cc, const char *word)
{
	struct err e;
	char *program = r->cached ? cache_scratch(&r->cache, "", &e) : NULL;
	struct strs argv = { 0 };
	bool ok = false;

	if (!program)
		return false;
	strs_add(&argv, cc);
	strs_add(&argv, word);
	strs_add(&argv, "-xc");
	strs_add(&argv, "-");
	strs_add(&argv, "-o");
	strs_add(&argv, program);
	if (succeeds(&argv, r->cache.dir, "int main(void) { return 0; }\n")) {
		strs_add(&argv, program);
		ok = succeeds(&argv, r->cache.dir, "");
	}
	unlink(program);
	free(program);
	return ok;
}

static void
look_at_compiler(struct report *r, const char *name)
{
	struct finding f = { .needed = true };
	struct cc cc;
	struct err e;

	if (cc_find(&cc, name, &e) < 0) {
		buf_addf(&f.words,
			 "%s; without one, only outputs that were "
			 "saved can be looked at",
			 e.text);
		tell(r, "a compiler", &f);
		return;
	}
	f.granted = builds(r, cc.path, "-g");
	buf_addf(&f.words, "%s, %s%s%s", cc.version, cc.path,
		 f.granted ? "" : ": its programs do not link or run; ",
		 f.granted ? ""
		 : r->lack ? r->lack
			   : "are libc's headers installed (libc6-dev)?");
	cc_release(&cc);
	tell(r, "a compiler", &f);
}

static void
look_at_sanitizers(struct report *r, const char *name)
{
	static const char *const all[] = { "address", "undefined", "thread",
					   "leak" };
	struct finding f = { .granted = true };
	struct buf lacking = { 0 }, row = { 0 };
	struct cc cc;
	struct err e;

	if (cc_find(&cc, name, &e) < 0)
		return;
	buf_addf(&row, "%s's sanitizers", name);
	for (size_t i = 0; i < countof(all) && cc.family != CC_TCC; i++) {
		struct buf word = { 0 };
		bool ok;

		buf_addf(&word, "-fsanitize=%s", all[i]);
		ok = builds(r, cc.path, buf_str(&word));
		buf_addf(ok ? &f.words : &lacking, "%s%s",
			 (ok ? f.words.len : lacking.len) ? ", " : "", all[i]);
		buf_release(&word);
	}
	f.granted = !lacking.len && f.words.len;
	if (cc.family == CC_TCC)
		buf_add_str(&f.words, "tcc has none: cells that ask for them "
				      "want another compiler");
	else if (lacking.len && r->lack)
		buf_addf(&f.words, "%snot tried: %s", f.words.len ? "; " : "",
			 r->lack);
	else if (lacking.len)
		buf_addf(&f.words,
			 "%smissing: %s; cells that ask for them do "
			 "not build%s",
			 f.words.len ? "; " : "", lacking.data,
			 cc.family == CC_CLANG ? " (Debian: libclang-rt-dev)"
					       : "");
	tell(r, row.data, &f);
	buf_release(&lacking);
	buf_release(&row);
	cc_release(&cc);
}

static void
look_at_program(struct report *r, const char *name, const char *lost)
{
	struct finding f = { 0 };
	char *path = path_find_program(name);

	f.granted = path != NULL;
	buf_add_str(&f.words, path ? path : lost);
	free(path);
	tell(r, name, &f);
}

/* --- the kernel ------------------------------------------------------------
 */

static const struct {
	const char *name;
	int (*probe)(void);
	const char *use, *lost;
} probes[] = {
	{ "seccomp notification", probe_notify,
	  "stdout and stderr keep one thread's order; --timeline; --processes "
	  "counts exactly",
	  "the order between stdout and stderr is approximate, --timeline "
	  "has nothing to tell" },
	{ "reading a cell's memory", probe_memory,
	  "--timeline reads each write where it is",
	  "--timeline has nothing to tell" },
	{ "/proc/.../children", probe_children, "descendants are found quickly",
	  "descendants are found by looking at every process" },
	{ "/proc/.../syscall", probe_syscall,
	  "a cell that waits for the terminal is told from one that works",
	  "the line that tells of progress may stand where a cell asks" },
	{ "fixed addresses", probe_addresses,
	  "ThreadSanitizer runs where the kernel spreads them widely",
	  "ThreadSanitizer may refuse to run" },
};

static void
look_at_kernel(struct report *r)
{
	struct finding f = { 0 };
	int64_t fork_ns;

	for (size_t i = 0; i < countof(probes); i++) {
		int why = probes[i].probe();

		f = (struct finding){ .granted = why == 0 };
		if (why)
			buf_addf(&f.words, "%s: %s", strerror(why),
				 probes[i].lost);
		else
			buf_add_str(&f.words, probes[i].use);
		tell(r, probes[i].name, &f);
	}
	fork_ns = probe_fork_ns();
	f = (struct finding){ .granted = fork_ns >= 0, .needed = true };
	if (f.granted) {
		buf_add_str(&f.words, "a fork of this process takes ");
		text_add_duration(&f.words, fork_ns);
	} else {
		buf_add_str(&f.words, "no process can be made");
	}
	tell(r, "fork, for snapshots", &f);
}

static void
look_at_terminal(struct report *r)
{
	struct finding f = { .granted = terminal_is_ours() };

	buf_add_str(&f.words,
		    f.granted ? "cells may read from it"
			      : "standard input is none, or not ours: cells "
				"read what `stdin` or --input gives, else end "
				"of file");
	tell(r, "a terminal", &f);
}

int
cmd_doctor(const struct command *cmd, int argc, char **argv)
{
	struct doctor_args args = { 0 };
	struct strs operands = { 0 };
	struct report r = { 0 };
	int status = command_args(cmd, &args, argc, argv, &operands);

	strs_release(&operands);
	if (status >= 0)
		return status;
	proc_take_signals();
	buf_addf(&r.out, "%-*s%-*s%s\n", NAME_COLUMN, "mechanism",
		 ANSWER_COLUMN - NAME_COLUMN, "",
		 "what it is, or what is lost without it");
	look_at_home(&r);
	look_at_cache(&r);
	look_at_temporary_files(&r);
	look_at_compiler(&r, args.cc);
	look_at_sanitizers(&r, "gcc");
	look_at_sanitizers(&r, "clang");
	look_at_program(&r, "addr2line",
			"crashes are told without lines (binutils)");
	look_at_program(&r, "objcopy",
			"shared cells that use names of libc do not build in "
			"sessions (binutils)");
	look_at_program(&r, "pkg-config",
			"the option `libs` knows no library (pkg-config)");
	look_at_kernel(&r);
	look_at_terminal(&r);
	if (r.cached)
		cache_close(&r.cache);
	status = command_output("-", buf_slice(&r.out));
	if (status == EXIT_OK && r.sick)
		status = EXIT_SYSTEM;
	buf_release(&r.out);
	return proc_interrupted() ? 128 + proc_interrupted() : status;
}
