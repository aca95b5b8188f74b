/* cc_find.c: which compiler is meant, and what it calls itself. Floor 2. */
#include "build/cc.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* A smaller compiler is a script that starts another. */
#define SCRIPT_MAX 16384

/* Messages in English, but characters as they are: gcc writes others as
 * \U000000e9 in the C locale. An empty LC_ALL is an unset one. */
static const char *const environment[] = {
	"LC_ALL=",
	"LC_MESSAGES=C",
	"LANGUAGE=",
	"LC_CTYPE=C.UTF-8",
};

static const char *const family_names[] = {
	[CC_GCC] = "gcc",
	[CC_CLANG] = "clang",
	[CC_TCC] = "tcc",
	[CC_OTHER] = "",
};

void
cc_environment(struct strs *env)
{
	for (size_t i = 0; i < countof(environment); i++)
		strs_add(env, environment[i]);
}

static void
hash_number(struct hash *h, int64_t number)
{
	char digits[32];

	snprintf(digits, sizeof digits, "%" PRId64, number);
	hash_add_str(h, digits);
}

void
cc_release(struct cc *cc)
{
	free(cc->path);
	free(cc->version);
	*cc = (struct cc){ 0 };
}

/* The first "N.N" of a text, or "". */
static struct slice
version_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t n = i;

		while (n < text.len && (isdigit((unsigned char)text.at[n]) ||
					text.at[n] == '.'))
			n++;
		if (n > i + 2 && isdigit((unsigned char)text.at[i]) &&
		    memchr(text.at + i, '.', n - i) &&
		    (!i || isspace((unsigned char)text.at[i - 1])))
			return (struct slice){ text.at + i, n - i };
	}
	return (struct slice){ "", 0 };
}

/* What `--version` says -> "gcc 12.2.0". gcc's first line begins with the name
 * it was called by; who made it stands below. */
static char *
parse_version(const char *text, const char *path)
{
	size_t n = strcspn(text, "\n");
	struct slice line = { text, n };
	enum cc_family family = CC_OTHER;
	char *close = memchr(text, ')', n);
	struct buf b = { 0 };

	if (memmem(text, n, "clang", 5))
		family = CC_CLANG;
	else if (memmem(text, n, "tcc version", 11))
		family = CC_TCC;
	else if (strstr(text, "Free Software Foundation"))
		family = CC_GCC;
	if (family == CC_GCC && close)
		line = (struct slice){ close, n - (size_t)(close - text) };
	line = family == CC_OTHER ? slice_trim(line) : version_number(line);
	buf_add_str(&b, family_names[family]);
	if (family != CC_OTHER)
		buf_add_byte(&b, ' ');
	text_visible(&b, line.at, line.len);
	if (!b.len)
		buf_add_str(&b, path_base(path));
	return buf_take(&b);
}

static enum cc_family
family_of(const char *version)
{
	for (int f = 0; f < CC_OTHER; f++) {
		size_t n = strlen(family_names[f]);

		if (!strncmp(version, family_names[f], n) && version[n] == ' ')
			return (enum cc_family)f;
	}
	return CC_OTHER;
}

static char *
ask_version(const char *path, struct err *e)
{
	char version[] = "--version", *program = mem_strdup(path), *answer;
	char *argv[] = { program, version, NULL };
	struct proc_result r;
	struct strs env = { 0 };
	int rc;

	cc_environment(&env);
	rc = proc_run(argv, NULL, (struct slice){ 0 }, &env, &r, e);
	answer = rc < 0 ? NULL : parse_version(buf_str(&r.out), path);
	proc_result_release(&r);
	strs_release(&env);
	free(program);
	return answer;
}

void
cc_hash(struct hash *h, const struct cc *cc)
{
	char *real = path_real(cc->path);

	hash_add_str(h, cc->path);
	hash_add_str(h, real);
	hash_number(h, cc->size);
	hash_number(h, cc->mtime_ns);
	free(real);
}

/* Another compiler may stand behind the file: what it answers may change while
 * the file does not. */
static bool
is_wrapper(const struct cc *cc)
{
	char *real = path_real(cc->path);
	bool wrapper = cc->size < SCRIPT_MAX ||
		       (real && (strstr(path_base(real), "ccache") ||
				 strstr(path_base(real), "distcc")));

	free(real);
	return wrapper;
}

static int
learn_version(struct cc *cc, struct cache *cache, struct err *e)
{
	bool keep = cache && !is_wrapper(cc);
	char key[HASH_HEX];
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, "version 1");
	cc_hash(&h, cc);
	hash_hex(&h, key);
	if (keep)
		cc->version = cache_recall(cache, key);
	if (!cc->version) {
		cc->version = ask_version(cc->path, e);
		if (!cc->version)
			return -1;
		if (keep)
			cache_remember(cache, key, cc->version);
	}
	cc->family = family_of(cc->version);
	return 0;
}

/* Which name is meant by none. */
static const char *
default_name(void)
{
	static const char *const names[] = { "cc", "gcc", "clang" };
	const char *own = getenv("CC");

	if (own && *own)
		return own;
	for (size_t i = 0; i < countof(names); i++) {
		char *path = path_find_program(names[i]);

		free(path);
		if (path)
			return names[i];
	}
	return names[0];
}

int
cc_find_cached(struct cc *cc, struct cache *cache, const char *name,
	       struct err *e)
{
	struct stat st;

	*cc = (struct cc){ 0 };
	if (!name)
		name = default_name();
	cc->path = path_find_program(name);
	if (!cc->path && strchr(name, '/'))
		return err_system(e,
				  "cannot compile: '%s' is no program that "
				  "can be run",
				  name);
	if (!cc->path && strchr(name, ' '))
		return err_system(e,
				  "cannot compile: no compiler '%s'; name "
				  "one program, its words go into cflags",
				  name);
	if (!cc->path)
		return err_system(e, "cannot compile: no compiler '%s' in PATH",
				  name);
	if (stat(cc->path, &st) == 0) {
		cc->size = st.st_size;
		cc->mtime_ns = fs_mtime_ns(&st);
	}
	if (learn_version(cc, cache, e) < 0) {
		cc_release(cc);
		return -1;
	}
	return 0;
}

int
cc_find(struct cc *cc, const char *name, struct err *e)
{
	return cc_find_cached(cc, NULL, name, e);
}
