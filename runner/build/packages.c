/* packages.c: asks pkg-config, or remembers what it said. Floor 2. Its answer
 * depends on the .pc files of the folders that it searches: which of them it
 * read for a library, and which it would have preferred, it does not tell, so
 * all of them count. */
#include "build/packages.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* A folder with more of them is not looked through each time. */
#define FILES_MAX 20000

/* The last line that says something: pkg-config ends with the reason. */
static void
last_line(struct buf *out, struct slice text)
{
	struct slice all = slice_trim(text);
	const char *nl = all.len ? memrchr(all.at, '\n', all.len) : NULL;

	if (nl) {
		all.len -= (size_t)(nl + 1 - all.at);
		all.at = nl + 1;
	}
	buf_add_slice(out, all);
}

static int
refuse_libs(const struct strs *libs, const struct proc_result *r, struct err *e)
{
	struct buf names = { 0 }, why = { 0 };

	for (size_t i = 0; i < libs->count; i++)
		buf_addf(&names, "%s%s", i ? " " : "", libs->at[i]);
	last_line(&why, buf_slice(&r->err));
	if (!why.len)
		buf_addf(&why, "exit status %d", r->status);
	err_input(e, "pkg-config does not know libs '%s': %s", buf_str(&names),
		  buf_str(&why));
	buf_release(&names);
	buf_release(&why);
	return -1;
}

/* Run it; *out gets what it printed. -1: it could not be run. */
static int
ask(const char *program, const char *const *words, const struct strs *libs,
    const char *workdir, struct proc_result *r, struct err *e)
{
	struct strs argv = { 0 };
	int rc;

	strs_add(&argv, program);
	for (; *words; words++)
		strs_add(&argv, *words);
	if (libs)
		strs_add_all(&argv, libs);
	rc = proc_run(argv.at, workdir, (struct slice){ 0 }, NULL, r, e);
	strs_release(&argv);
	return rc;
}

/* ---- what an answer depends on ---- */

extern char **environ;

/* What must be the same for an answer to hold. */
struct state {
	struct hash hash;
	int64_t newest_ns; /* when the last file of them changed */
};

static void
add_file(struct state *s, const char *path)
{
	struct stat st;
	int64_t is[2] = { -1, -1 };

	if (stat(path, &st) == 0) {
		is[0] = st.st_size;
		is[1] = fs_mtime_ns(&st);
	}
	if (is[1] > s->newest_ns)
		s->newest_ns = is[1];
	hash_add_str(&s->hash, path);
	hash_add(&s->hash, is, sizeof is);
}

/* The program, and what its environment says to it. */
static void
begin_state(struct state *s, const char *what, const char *program)
{
	static const char *const system_folders[] = { "CPATH", "C_INCLUDE_PATH",
						      "LIBRARY_PATH" };
	char *real = path_real(program);

	*s = (struct state){ .newest_ns = 0 };
	hash_init(&s->hash);
	hash_add_str(&s->hash, what);
	hash_add_str(&s->hash, program);
	if (real)
		add_file(s, real);
	for (char **v = environ; *v; v++)
		if (!strncmp(*v, "PKG_CONFIG", 10))
			hash_add_str(&s->hash, *v);
	/* What stands there anyway it leaves out. */
	for (size_t i = 0; i < countof(system_folders); i++)
		hash_add_str(&s->hash, getenv(system_folders[i]));
	free(real);
}

/* Is it the program itself? What a script asks, and under which name another
 * set of folders is meant, only it knows. */
static bool
is_the_program(const char *program)
{
	static const char elf[] = { 0x7f, 'E', 'L', 'F' };
	const char *name = path_base(program);
	char head[sizeof elf];
	bool same = false;
	int fd;

	if (strcmp(name, "pkg-config") != 0 && strcmp(name, "pkgconf") != 0)
		return false;
	fd = open(program, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		same = read(fd, head, sizeof head) == (ssize_t)sizeof head &&
		       !memcmp(head, elf, sizeof elf);
		close(fd);
	}
	return same;
}

/* Its own folders, which it is asked for once. NULL: it does not say. */
static char *
own_folders(const char *program, struct cache *cache)
{
	static const char *const words[] = { "--variable=pc_path", "pkg-config",
					     NULL };
	char key[HASH_HEX], *folders;
	struct proc_result r = { 0 };
	struct state s;

	begin_state(&s, "pc_path 1", program);
	hash_hex(&s.hash, key);
	folders = cache_recall(cache, key);
	if (folders)
		return folders;
	if (ask(program, words, NULL, NULL, &r, NULL) == 0 && !r.status &&
	    r.out.len) {
		folders = mem_strdup(buf_str(&r.out));
		cache_remember(cache, key, folders);
	}
	proc_result_release(&r);
	return folders;
}

/* -1: there is too much in it. */
static int
add_folder(struct state *s, const char *dir)
{
	struct strs names = { 0 };
	int rc = 0;

	hash_add_str(&s->hash, dir);
	if (fs_list(dir, ".pc", &names) == 0 && names.count > FILES_MAX)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < names.count; i++) {
		char *path = path_join(dir, names.at[i]);

		add_file(s, path);
		free(path);
	}
	strs_release(&names);
	return rc;
}

static int
add_folders(struct state *s, const char *list, const char *workdir)
{
	int rc = 0;

	while (rc == 0 && list && *list) {
		size_t len = strcspn(list, ":\n");
		char *name = mem_strndup(list, len);
		char *dir = path_join(workdir ? workdir : ".", name);

		if (len)
			rc = add_folder(s, dir);
		free(name);
		free(dir);
		list += len + (list[len] != '\0');
	}
	return rc;
}

/* -1: it cannot be said what the answer depends on. */
static int
read_state(struct state *s, const char *program, struct cache *cache,
	   const struct strs *libs, const char *workdir)
{
	const char *libdir = getenv("PKG_CONFIG_LIBDIR");
	char *own = NULL;
	int rc;

	if (!cache || !is_the_program(program))
		return -1;
	if (!libdir && !(own = own_folders(program, cache)))
		return -1;
	begin_state(s, "packages 1", program);
	hash_add_str(&s->hash, workdir);
	for (size_t i = 0; i < libs->count; i++) {
		char *path = path_join(workdir ? workdir : ".", libs->at[i]);

		hash_add_str(&s->hash, libs->at[i]);
		add_file(s, path); /* it may be one */
		free(path);
	}
	rc = add_folders(s, getenv("PKG_CONFIG_PATH"), workdir);
	if (rc == 0)
		rc = add_folders(s, libdir ? libdir : own, workdir);
	free(own);
	return rc;
}

/* ---- the answer ---- */

/* What it prints; NULL and *e where it refuses. */
static char *
answer(const char *program, const struct strs *libs, const char *workdir,
       struct err *e)
{
	static const char *const words[] = { "--cflags", "--libs", NULL };
	struct proc_result r = { 0 };
	char *text = NULL;

	if (ask(program, words, libs, workdir, &r, e) == 0) {
		if (r.status)
			refuse_libs(libs, &r, e);
		else
			text = buf_take(&r.out);
	}
	proc_result_release(&r);
	return text;
}

int
packages_words(struct strs *words, struct cache *cache, const struct strs *libs,
	       const char *workdir, struct err *e)
{
	const char *own = getenv("PKG_CONFIG");
	const char *name = own && *own ? own : "pkg-config";
	char key[HASH_HEX], *program, *text = NULL;
	int64_t since_ns = cache_now_ns();
	struct state s;
	bool keep;
	int rc = -1;

	if (!libs || !libs->count)
		return 0;
	program = path_find_program(name);
	if (!program)
		return err_system(e,
				  "cannot look up libs: no program '%s' in "
				  "PATH; install pkg-config, or give cflags "
				  "and ldflags",
				  name);
	keep = read_state(&s, program, cache, libs, workdir) == 0;
	if (keep) {
		hash_hex(&s.hash, key);
		text = cache_recall(cache, key);
	}
	if (!text) {
		text = answer(program, libs, workdir, e);
		/* A file of this very moment may yet change unseen. */
		if (text && keep && s.newest_ns < since_ns)
			cache_remember(cache, key, text);
	}
	if (text)
		rc = text_words(words, text, e);
	free(text);
	free(program);
	return rc;
}
