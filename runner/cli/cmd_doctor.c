/* cmd_doctor.c: `cnb doctor` tries what cnb builds on, and says what is lost
 * where it is not there. Floor 4. Each thing is tried, not looked up. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/cc.h"
#include "cli/commands.h"
#include "cli/journal.h"
#include "cli/paint.h"
#include "exec/home.h"
#include "exec/session.h"
#include "sys/fs.h"
#include "sys/notify.h"
#include "sys/proc.h"
#include "sys/terminal.h"
#include "sys/tree.h"
#include "sys/workers.h"

struct doctor {
	const char *cc_name; /* of --cc, or NULL */
	struct cache cache;
	bool has_cache;
	struct home home;
};

struct doctor_args {
	const char *cc;
};

const struct opt cmd_doctor_opts[] = {
	{ 0, "cc", "CC", "the compiler; default $CC, else cc", ARG_STRING,
	  offsetof(struct doctor_args, cc) },
	{ 0 }
};

/* --- what is tried; each says what it found ------------------------------- */

static bool
by_err(struct buf *says, int rc, const struct err *e)
{
	if (rc < 0)
		buf_add_str(says, e->text);
	return rc == 0;
}

static bool
build_cache(struct doctor *d, struct buf *says, const char *arg)
{
	struct err e;

	(void)arg;
	d->has_cache = cache_open(&d->cache, &e) == 0;
	if (!by_err(says, d->has_cache ? 0 : -1, &e))
		return false;
	buf_add_str(says, d->cache.dir);
	return !d->cache.temporary;
}

static bool
parts(struct doctor *d, struct buf *says, const char *arg)
{
	struct err e;

	(void)arg;
	if (!by_err(says, home_find(&d->home, &e), &e))
		return false;
	buf_add_str(says, d->home.host);
	return true;
}

/* A program, compiled with these sanitizers (NULL: none) and run. */
static bool
compile_and_run(struct doctor *d, const struct cc *cc, const char *sanitizer,
		struct buf *says)
{
	static const char text[] =
		"#include <stdio.h>\n"
		"int main(void) { return puts(\"well\") < 0; }\n";
	struct strs none = { 0 }, sanitize = { 0 };
	struct unit u = { .product = PRODUCT_PROGRAM,
			  .label = "doctor.c",
			  .text = slice_of(text),
			  .workdir = d->cache.dir,
			  .cflags = &none,
			  .ldflags = &none,
			  .libs = &none,
			  .sanitize = &sanitize,
			  .front = d->home.front };
	struct proc_result r = { 0 };
	struct built b = { 0 };
	struct err e;
	bool well = false;

	if (sanitizer)
		strs_add(&sanitize, sanitizer);
	if (!by_err(says, cc_build(cc, &d->cache, &u, &b, &e), &e))
		goto out;
	if (!b.path) {
		buf_add_str(says, b.messages);
		goto out;
	}
	if (!by_err(says,
		    proc_run((char *[]){ b.path, NULL }, NULL,
			     (struct slice){ "", 0 }, NULL, &r, &e),
		    &e))
		goto out;
	well = r.status == 0;
	if (!well)
		buf_addf(says,
			 "a program that it made ended with status %d: %s",
			 r.status, buf_str(r.err.len ? &r.err : &r.out));
out:
	proc_result_release(&r);
	built_release(&b);
	strs_release(&sanitize);
	return well;
}

static bool
compiler(struct doctor *d, struct buf *says, const char *name)
{
	struct cc cc;
	struct err e;
	bool well;

	if (!d->has_cache)
		return false;
	if (!by_err(says,
		    cc_find_cached(&cc, &d->cache, name ? name : d->cc_name,
				   &e),
		    &e))
		return false;
	well = compile_and_run(d, &cc, NULL, says);
	if (well)
		buf_addf(says, "%s, %s", cc.version, cc.path);
	cc_release(&cc);
	return well;
}

static bool
sanitizers(struct doctor *d, struct buf *says, const char *name)
{
	static const char *const all[] = { "address", "undefined", "thread",
					   "leak" };
	struct buf missing = { 0 };
	struct cc cc;
	struct err e;

	if (!d->has_cache || cc_find_cached(&cc, &d->cache, name, &e) < 0) {
		buf_addf(says, "there is no %s", name);
		return false;
	}
	for (size_t i = 0; i < countof(all); i++) {
		struct buf why = { 0 };

		if (compile_and_run(d, &cc, all[i], &why))
			buf_addf(says, "%s%s", says->len ? ", " : "", all[i]);
		else if (!missing.len)
			buf_addf(&missing, "%s: %s", all[i], buf_str(&why));
		buf_release(&why);
	}
	if (missing.len)
		buf_addf(says, "%s%s", says->len ? "; " : "", missing.data);
	cc_release(&cc);
	return !missing.len;
}

static bool
program(struct doctor *d, struct buf *says, const char *name)
{
	char *path = path_find_program(name);

	(void)d;
	buf_addf(says, "%s", path ? path : "not in PATH");
	free(path);
	return path != NULL;
}

/* In a process of its own: a filter is for good. */
static int
install_filter(void *self, size_t i, int report)
{
	int listener;

	(void)self;
	(void)i;
	(void)report;
	listener = notify_install(NOTIFY_STDERR);
	return listener >= 0 ? 0 : errno;
}

static void
take_status(void *self, size_t i, const struct worker_result *r)
{
	(void)i;
	*(int *)self = r->status;
}

static bool
listener(struct doctor *d, struct buf *says, const char *arg)
{
	int status = -1;
	struct workers w = { .count = 1,
			     .at_once = 1,
			     .work = install_filter,
			     .done = take_status,
			     .self = &status };
	struct err e;

	(void)d;
	(void)arg;
	if (!by_err(says, workers_run(&w, &e), &e))
		return false;
	buf_addf(says, "%s", status ? strerror(status) : "granted");
	return status == 0;
}

/* May we look into the processes that we start? */
static bool
children(struct doctor *d, struct buf *says, const char *arg)
{
	struct pids found = { 0 };
	char name[16];

	(void)d;
	(void)arg;
	tree_comm(getpid(), name);
	tree_descendants(getppid(), &found);
	pids_release(&found);
	if (!strcmp(name, "?") || access("/proc/self/maps", R_OK) < 0) {
		buf_add_str(says, "/proc is not mounted");
		return false;
	}
	buf_add_str(says, "/proc");
	return true;
}

static bool
journals(struct doctor *d, struct buf *says, const char *arg)
{
	char *dir = journal_dir();
	struct err e;
	bool well;

	(void)d;
	(void)arg;
	if (!dir) {
		buf_add_str(says, "neither XDG_STATE_HOME nor HOME is set");
		return false;
	}
	well = by_err(says, fs_mkdirs(dir, 0700, &e), &e);
	if (well) {
		well = access(dir, W_OK) == 0;
		buf_addf(says, "%s%s", dir, well ? "" : ": not writable");
	}
	free(dir);
	return well;
}

/* --- the table --------------------------------------------------------------
 */

static const struct {
	const char *what;
	bool (*try)(struct doctor *d, struct buf *says, const char *arg);
	const char *arg;
	bool needed;
	const char *lost; /* without it */
} checks[] = {
	{ "build cache", build_cache, NULL, false,
	  "everything is compiled again at each run" },
	{ "parts of cnb", parts, NULL, true,
	  "nothing runs: install cnb again" },
	{ "compiler", compiler, NULL, true,
	  "no cell compiles: install gcc, or name another with --cc" },
	{ "gcc", compiler, "gcc", false, "cells and options that ask for it" },
	{ "clang", compiler, "clang", false,
	  "cells and options that ask for it" },
	{ "tcc", compiler, "tcc", false, "cells and options that ask for it" },
	{ "gcc's sanitizers", sanitizers, "gcc", false,
	  "`sanitize` with gcc, of those that are missing" },
	{ "clang's sanitizers", sanitizers, "clang", false,
	  "`sanitize` with clang, of those that are missing" },
	{ "addr2line", program, "addr2line", false,
	  "the lines of a crash; install binutils" },
	{ "objcopy", program, "objcopy", false,
	  "cells of a live session that define a name of libc; install "
	  "binutils" },
	{ "pkg-config", program, "pkg-config", false, "the option `libs`" },
	{ "bash", program, "bash", false, "cells that begin with %%bash" },
	{ "/proc", children, NULL, true,
	  "what cells leave behind cannot be found or ended" },
	{ "seccomp listener", listener, NULL, false,
	  "the order between stdout and stderr, --timeline, and an exact "
	  "--processes" },
	{ "journals", journals, NULL, false,
	  "what was captured when cnb itself is killed" },
};

static void
add_words(struct buf *out, const struct buf *says, size_t width)
{
	struct buf visible = { 0 };
	size_t line = says->len ? strcspn(says->data, "\n") : 0;

	text_visible(&visible, buf_str(says), line);
	paint_cut(out, buf_str(&visible), width);
	buf_release(&visible);
}

int
cmd_doctor(const struct command *cmd, int argc, char **argv)
{
	struct doctor_args args = { 0 };
	struct doctor d = { 0 };
	struct buf out = { 0 };
	struct strs names = { 0 };
	int status = command_args(cmd, &args, argc, argv, &names);
	size_t width = terminal_width(STDOUT_FILENO), lost = 0, broken = 0;

	if (status < 0 && names.count) {
		struct err e;

		err_input(&e,
			  "doctor looks at the machine and takes no name: '%s'",
			  names.at[0]);
		status = command_fail(&e);
	}
	if (status >= 0)
		goto out;
	proc_take_signals();
	d.cc_name = args.cc;
	for (size_t i = 0; i < countof(checks) && !proc_interrupted(); i++) {
		struct buf says = { 0 };
		bool well = checks[i].try(&d, &says, checks[i].arg);

		buf_addf(&out, "%-19s %-8s ", checks[i].what,
			 well		    ? "yes"
			 : checks[i].needed ? "MISSING"
					    : "no");
		add_words(&out, &says, width > 60 ? width - 29 : 4096);
		buf_add_byte(&out, '\n');
		if (!well)
			buf_addf(&out, "%-28s lost: %s\n", "", checks[i].lost);
		lost += !well;
		broken += !well && checks[i].needed;
		buf_release(&says);
	}
	buf_addf(&out, "\n%s\n",
		 broken ? "cnb cannot run C here"
		 : lost ? "cnb runs C here, with what is said above left out"
			: "cnb runs C here, with everything it has");
	status = command_output("-", buf_slice(&out));
	if (broken && status == EXIT_OK)
		status = EXIT_SYSTEM;
	if (proc_interrupted())
		status = 128 + proc_interrupted();
out:
	home_release(&d.home);
	if (d.has_cache)
		cache_close(&d.cache);
	buf_release(&out);
	strs_release(&names);
	return status;
}
