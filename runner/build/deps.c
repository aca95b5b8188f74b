/* deps.c: reads what -MD wrote. Floor 2. */
#include "build/deps.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "sys/fs.h"

/* The first rule of a makefile: `target: file file \`. Blanks in names are
 * escaped with a backslash, `$` is doubled. */
static void
parse_rule(struct strs *files, const char *text)
{
	struct buf word = { 0 };
	const char *p = strstr(text, ": ");

	for (p = p ? p + 1 : ""; *p && *p != '\n'; p++) {
		if (*p == '\\' && p[1] == '\n') {
			p++;
		} else if (*p == '\\' && p[1] && strchr(" #\\:", p[1])) {
			buf_add_byte(&word, *++p);
			continue;
		} else if (*p == '$' && p[1] == '$') {
			buf_add_byte(&word, *++p);
			continue;
		} else if (!isspace((unsigned char)*p)) {
			buf_add_byte(&word, *p);
			continue;
		}
		if (word.len)
			strs_addn(files, word.data, word.len);
		buf_clear(&word);
	}
	if (word.len)
		strs_addn(files, word.data, word.len);
	buf_release(&word);
}

int
deps_read(const char *path, const char *workdir, struct strs *deps)
{
	struct strs files = { 0 };
	struct buf text = { 0 };
	int rc = fs_read(path, &text, NULL);

	parse_rule(&files, buf_str(&text));
	for (size_t i = 0; i < files.count; i++) {
		char *file = path_join(workdir ? workdir : ".", files.at[i]);
		char *whole = path_absolute(file);

		/* The text itself came over a pipe. */
		if (strcmp(files.at[i], "-") != 0 &&
		    strcmp(files.at[i], "<stdin>") != 0 &&
		    !strs_has(deps, whole))
			strs_add(deps, whole);
		free(file);
		free(whole);
	}
	strs_release(&files);
	buf_release(&text);
	return rc;
}
