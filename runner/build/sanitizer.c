/* sanitizer.c: sanitizers, as compilers spell them. Floor 2. */
#include "build/sanitizer.h"

#include <stdlib.h>
#include <string.h>

int
sanitizer_words(struct strs *words, const struct cc *cc,
		const struct strs *list, struct err *e)
{
	struct buf word = { 0 };

	if (!list || !list->count)
		return 0;
	/* tcc takes the words and does nothing. */
	if (cc->family == CC_TCC)
		return err_input(e, "%s has no sanitizers; use gcc or clang",
				 cc->version);
	buf_add_str(&word, "-fsanitize=");
	for (size_t i = 0; i < list->count; i++)
		buf_addf(&word, "%s%s", i ? "," : "", list->at[i]);
	strs_add(words, buf_str(&word));
	strs_add(words, "-fno-omit-frame-pointer");
	buf_release(&word);
	return 0;
}

/* The linker's complaint about a file of the runtime: what it is called. */
static const char *const files[] = {
	"libclang_rt.", "-lasan",  "libasan", "-ltsan",	  "libtsan",
	"-llsan",	"liblsan", "-lubsan", "libubsan",
};

static bool
names_runtime(const char *line, size_t n)
{
	for (size_t i = 0; i < countof(files); i++)
		if (memmem(line, n, files[i], strlen(files[i])))
			return true;
	return false;
}

/* Debian's package: clang has kept it apart since 14. */
static void
add_package(struct buf *out, const struct cc *cc)
{
	int major = atoi(cc->version + strcspn(cc->version, " "));

	if (cc->family == CC_CLANG && major >= 14)
		buf_addf(out, "libclang-rt-%d-dev", major);
	else if (cc->family == CC_CLANG)
		buf_addf(out, "libclang-common-%d-dev", major);
	else
		buf_addf(out,
			 "libgcc-%d-dev, or libasan, libtsan, liblsan and "
			 "libubsan",
			 major);
}

int
sanitizer_missing(const struct cc *cc, const char *label, const char *messages,
		  struct err *e)
{
	struct buf package = { 0 };
	const char *at;
	bool missing = false;

	for (at = messages; (at = strstr(at, "cannot find ")) && !missing;
	     at += strcspn(at, "\n"))
		missing = names_runtime(at, strcspn(at, "\n"));
	/* lld's words */
	for (at = messages; (at = strstr(at, "cannot open ")) && !missing;
	     at += strcspn(at, "\n"))
		missing = names_runtime(at, strcspn(at, "\n"));
	if (!missing)
		return 0;
	add_package(&package, cc);
	err_system(e,
		   "cannot build '%s': the runtime of %s's sanitizers is not "
		   "installed here (%s)",
		   label, cc->version, buf_str(&package));
	buf_release(&package);
	return -1;
}
