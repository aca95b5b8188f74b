/* shortage.c: what compilers, assemblers and linkers say where the machine
 * lacks something. Floor 2. They say it in libc's words, or in their own. */
#include "build/shortage.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum shortage { NOTHING, DISK, PART, WANT };

/* In this order: what cannot be executed for want of processes is there. */
static const struct {
	const char *words;
	enum shortage means;
	const char *whose; /* NULL: anybody's */
} phrases[] = {
	{ "No space left on device", DISK },
	{ "Disk quota exceeded", DISK },
	{ "Resource temporarily unavailable", WANT },
	{ "Cannot allocate memory", WANT },
	{ "memory exhausted", WANT },
	{ "out of memory", WANT },
	{ "Too many open files", WANT },
	{ "Too many open files in system", WANT },
	{ "Input/output error", WANT },
	{ "Read-only file system", WANT },
	{ "Killed signal terminated program", WANT },
	{ "unable to execute command: Killed", WANT },
	{ "cannot execute '", PART },
	{ "error trying to exec '", PART },
	{ "unable to execute command: Executable", PART },
	{ "cannot find 'ld'", PART, "collect2: " },
};

/* What a message is about that names no line is the compiler itself. Of those
 * that name one only a fatal error counts that ends so: a text's own #error, or
 * the name of a header, may hold anything. */
static bool
says(const struct diag *m, const char *words)
{
	size_t len = strlen(m->text), n = strlen(words);

	if (m->line)
		return m->severity == DIAG_FATAL && len >= n &&
		       !strcmp(m->text + len - n, words);
	return (m->severity == DIAG_PLAIN || m->severity >= DIAG_ERROR) &&
	       !strchr(" \t", m->text[0]) && strstr(m->text, words);
}

static enum shortage
find(const struct diags *d, const struct diag **said)
{
	for (size_t k = 0; k < countof(phrases); k++) {
		const char *whose = phrases[k].whose;

		for (size_t i = 0; i < d->count; i++) {
			const struct diag *m = &d->at[i];

			if (whose &&
			    strncmp(m->text, whose, strlen(whose)) != 0)
				continue;
			if (!says(m, phrases[k].words))
				continue;
			*said = m;
			return phrases[k].means;
		}
	}
	return NOTHING;
}

/* Without the name of the program, which the user need not know. */
static const char *
without_front(const char *text)
{
	static const char mark[] = "error: ";
	const char *at = strstr(text, mark);

	return at ? at + strlen(mark) : text;
}

/* The compiler has removed what it had begun to write when it failed: a disk
 * that has less room than that is the one that was full. */
#define LITTLE (16 << 20)

static bool
has_little(const char *dir)
{
	struct statvfs v;

	return statvfs(dir, &v) == 0 && v.f_bavail < LITTLE / v.f_bsize;
}

static int
refuse_for_disk(const char *label, const char *cache, struct err *e)
{
	const char *own = getenv("TMPDIR"), *tmp = own && *own ? own : "/tmp";
	bool first = has_little(cache), second = has_little(tmp);

	if (first != second)
		return err_system(e,
				  "cannot build '%s': no space left on the "
				  "disk of '%s'",
				  label, first ? cache : tmp);
	return err_system(e,
			  "cannot build '%s': no space left on the disk of "
			  "'%s' or '%s'",
			  label, cache, tmp);
}

int
shortage_refuse(const struct diags *d, int status, const struct cc *cc,
		const struct cache *cache, const char *label, struct err *e)
{
	const struct diag *said = NULL;

	switch (find(d, &said)) {
	case DISK:
		return refuse_for_disk(label, cache->dir, e);
	case PART:
		return err_system(e,
				  "cannot build '%s': %s is not whole: %s; is "
				  "binutils installed?",
				  label, cc->version,
				  without_front(said->text));
	case WANT:
		return err_system(e, "cannot build '%s': %s", label,
				  without_front(said->text));
	case NOTHING:
		break;
	}
	if (status == 128 + SIGKILL)
		return err_system(e,
				  "cannot build '%s': the compiler was killed; "
				  "is there too little memory?",
				  label);
	return 0;
}
