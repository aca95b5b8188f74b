/* command.c: the compiler's command line: which words, and in which order. A
 * library must stand behind the source that needs it, wherever the user wrote
 * it. Floor 2. */
#include "build/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/packages.h"
#include "build/sanitizer.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* What each family gets in front of the user's words. DWARF 4: its line table
 * names a text by its #line, also in linker messages; DWARF 5 says <stdin>. */
static const char *const defaults[][5] = {
	[CC_GCC] = { "-O0", "-g", "-gdwarf-4", "-Wall" },
	[CC_CLANG] = { "-O0", "-g", "-gdwarf-4", "-Wall" },
	[CC_TCC] = { "-O0", "-g", "-Wall" },
	[CC_OTHER] = { "-O0", "-g" },
};

/* Options whose value is the next word. */
static const char *const with_value[] = {
	"-D",
	"-U",
	"-I",
	"-include",
	"-imacros",
	"-isystem",
	"-iquote",
	"-idirafter",
	"-isysroot",
	"-iprefix",
	"-x",
	"-o",
	"-MF",
	"-MT",
	"-MQ",
	"-Xclang",
	"-mllvm",
	"-Xassembler",
	"-Xpreprocessor",
	"--param",
	"-target",
	"-arch",
	"-iwithprefix",
	"-B",
	"-aux-info",
};
/* The same for the linker: they go behind the source with their value. */
static const char *const link_with_value[] = { "-l", "-L", "-Xlinker",	"-T",
					       "-u", "-z", "-framework" };

/* Flags with which nothing of ours can be linked in, and those with which
 * nothing is linked at all. */
static const char *const frontless[] = {
	"-static",	 "-static-pie",	   "-nostdlib", "-nodefaultlibs",
	"-nostartfiles", "-ffreestanding", "-m32",	"-mx32",
	"-m16",		 "-shared",	   "-r",
};
static const char *const linkless[] = { "-c", "-S",  "-E",
					"-M", "-MM", "-fsyntax-only" };

static bool
is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, list[i]))
			return true;
	return false;
}

static bool
has_suffix(const char *word, const char *suffix)
{
	size_t n = strlen(word), s = strlen(suffix);

	return n > s && !strcmp(word + n - s, suffix);
}

static bool
is_library(const char *word)
{
	if (word[0] == '-')
		return !strncmp(word, "-l", 2) || !strncmp(word, "-L", 2) ||
		       !strncmp(word, "-Wl,", 4);
	return has_suffix(word, ".a") || has_suffix(word, ".o") ||
	       has_suffix(word, ".so") || strstr(word, ".so.");
}

static void
sort_words(struct command *c, const struct strs *words)
{
	for (size_t i = 0; words && i < words->count; i++) {
		const char *word = words->at[i];
		bool link_pair = is_one_of(word, link_with_value,
					   countof(link_with_value));
		bool pair = link_pair ||
			    is_one_of(word, with_value, countof(with_value));
		struct strs *to = link_pair || (!pair && is_library(word))
					  ? &c->after
					  : &c->before;

		strs_add(to, word);
		if (pair && i + 1 < words->count)
			strs_add(to, words->at[++i]);
	}
}

static bool
is_sanitized(const struct command *c)
{
	for (size_t i = 0; i < c->before.count; i++)
		if (!strncmp(c->before.at[i], "-fsanitize=", 11))
			return true;
	return false;
}

static int
add_packages(struct command *c, struct cache *cache, struct err *e)
{
	struct strs words = { 0 };
	int rc = packages_words(&words, cache, c->unit->libs, c->unit->workdir,
				e);

	sort_words(c, &words);
	strs_release(&words);
	return rc;
}

/* ---- the command ---- */

/* Is one of the unit's words in the list? */
static bool
has_any(const struct command *c, const char *const *list, size_t count)
{
	const struct strs *words[] = { &c->before, &c->after };

	for (size_t k = 0; k < countof(words); k++)
		for (size_t i = 0; i < words[k]->count; i++)
			if (is_one_of(words[k]->at[i], list, count))
				return true;
	return false;
}

int
command_init(struct command *c, const struct cc *cc, struct cache *cache,
	     const struct unit *u, struct err *e)
{
	const char *const *word = defaults[cc->family];
	bool links;

	*c = (struct command){ .cc = cc, .unit = u };
	for (; *word; word++)
		strs_add(&c->before, *word);
	if (sanitizer_words(&c->before, cc, u->sanitize, e) < 0)
		goto fail;
	sort_words(c, u->cflags);
	if (u->ldflags)
		strs_add_all(&c->after, u->ldflags);
	if (add_packages(c, cache, e) < 0)
		goto fail;
	links = !has_any(c, linkless, countof(linkless));
	c->front = links && u->front && u->product == PRODUCT_PROGRAM &&
		   !has_any(c, frontless, countof(frontless));
	c->runtime = c->front && u->runtime && is_sanitized(c);
	c->trace_link =
		links && (cc->family == CC_GCC || cc->family == CC_CLANG);
	return 0;
fail:
	command_release(c);
	return -1;
}

void
command_release(struct command *c)
{
	strs_release(&c->before);
	strs_release(&c->after);
	*c = (struct command){ 0 };
}

/* A cell's names must be seen by other cells, and another cell's code be
 * called: what the user's words say against it does not hold. */
static void
add_cell_words(const struct command *c, bool compile_only, struct strs *argv)
{
	if (c->cc->family == CC_GCC || c->cc->family == CC_CLANG) {
		strs_add(argv, "-fvisibility=default");
		/* clang puts no guard around a variable that another object
		 * might replace. */
		if (!(c->cc->family == CC_CLANG && is_sanitized(c)))
			strs_add(argv, "-fsemantic-interposition");
		strs_add(argv, "-fno-lto");
		/* What a cell below is to define is found when it is called. */
		if (!compile_only)
			strs_add(argv, "-Wl,-z,lazy");
	}
}

static void
add_plugin_words(const struct command *c, bool compile_only, struct strs *argv)
{
	bool cell = c->unit->product == PRODUCT_CELL;

	strs_add(argv, "-fPIC");
	if (cell)
		add_cell_words(c, compile_only, argv);
	if (compile_only)
		return;
	strs_add(argv, "-shared");
	/* A cell's own `index` must not lose to libc's. */
	if (!cell)
		strs_add(argv, "-Wl,-Bsymbolic");
	/* tcc has no such option; clang leaves the sanitizer's functions to be
	 * found in the program that loads the plugin. */
	if (c->cc->family != CC_TCC &&
	    !(c->cc->family == CC_CLANG && is_sanitized(c)))
		strs_add(argv, "-Wl,-z,defs");
	/* The host is copied before each cell of a session, or where a run
	 * keeps going, and what that takes grows with the number of mappings,
	 * two for a plugin, not five, and with that of page tables: tcc lays
	 * its two 2 MiB apart, a table for each. */
	if (c->cc->family == CC_TCC) {
		strs_addf(argv, "-Wl,-section-alignment=0x%lx",
			  sysconf(_SC_PAGESIZE));
	} else {
		strs_add(argv, "-Wl,-z,noseparate-code");
		strs_add(argv, "-Wl,-z,norelro");
	}
}

static void
add_places(const struct command *c, struct strs *argv)
{
	const struct unit *u = c->unit;

	/* tcc looks in the working directory, where it is started, first. */
	if (!u->file && c->cc->family != CC_TCC) {
		strs_add(argv, "-iquote");
		strs_add(argv, u->workdir ? u->workdir : ".");
	}
	if (u->include_dir) {
		strs_add(argv, "-I");
		strs_add(argv, u->include_dir);
	}
}

/* Words that make the messages what diag.h reads, and name what was read. */
static void
add_reports(const struct command *c, const struct outputs *to,
	    struct strs *argv)
{
	enum cc_family family = c->cc->family;

	if (to->deps && (family == CC_GCC || family == CC_CLANG))
		strs_add(argv, "-fdiagnostics-color=never");
	if (to->deps && family == CC_GCC &&
	    atoi(c->cc->version + strcspn(c->cc->version, " ")) >= 11)
		strs_add(argv, "-fdiagnostics-column-unit=byte");
	if (to->deps && !to->linking) {
		strs_add(argv, "-MD");
		strs_add(argv, "-MF");
		strs_add(argv, to->deps);
	}
	if (to->link_deps && c->trace_link && (!to->object || to->linking)) {
		/* Not -Wl: a comma in the path would end the word. */
		strs_add(argv, "-Xlinker");
		strs_addf(argv, "--dependency-file=%s", to->link_deps);
	}
}

static bool
has_files(const struct strs *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->at[i][0] != '-')
			return true;
	return false;
}

/* The object in front of a program, and its way to the program's threads. A
 * sanitizer gives them a stack for its handler itself, and wants to see who
 * begins them. */
static void
add_front(const struct command *c, struct strs *argv)
{
	strs_add(argv, c->unit->front);
	if (c->cc->family == CC_TCC || c->runtime)
		return;
	strs_add(argv, "-Wl,--wrap=pthread_create");
	strs_add(argv, "-Wl,--wrap=thrd_create");
}

/* The source, or the object that was made of it. */
static void
add_input(const struct command *c, const struct outputs *to, struct strs *argv)
{
	const struct unit *u = c->unit;

	if (to->linking) {
		strs_add(argv, to->object);
	} else if (u->file) {
		strs_add(argv, u->file);
	} else {
		strs_add(argv, "-x");
		strs_add(argv, "c");
		strs_add(argv, "-");
		if (has_files(&c->after)) {
			strs_add(argv, "-x");
			strs_add(argv, "none");
		}
	}
}

void
command_argv(const struct command *c, const struct outputs *to,
	     struct strs *argv)
{
	const struct unit *u = c->unit;
	bool compile_only = to->object && !to->linking;

	strs_add(argv, c->cc->path);
	strs_add_all(argv, &c->before);
	if (u->product != PRODUCT_PROGRAM)
		add_plugin_words(c, compile_only, argv);
	add_places(c, argv);
	add_reports(c, to, argv);
	if (compile_only)
		strs_add(argv, "-c");
	strs_add(argv, "-o");
	strs_add(argv, compile_only ? to->object : to->product);
	if (c->front)
		add_front(c, argv);
	if (c->runtime && !compile_only)
		strs_add(argv, u->runtime);
	add_input(c, to, argv);
	if (!compile_only)
		strs_add_all(argv, &c->after);
}

void
command_argv_reading(const struct command *c, struct strs *argv)
{
	strs_add(argv, c->cc->path);
	strs_add_all(argv, &c->before);
	/* "x.h" is beside the notebook, wherever the source was put. */
	strs_add(argv, "-iquote");
	strs_add(argv, c->unit->workdir);
	if (c->unit->include_dir) {
		strs_add(argv, "-I");
		strs_add(argv, c->unit->include_dir);
	}
}

char *
command_text(const struct command *c, const char *product)
{
	struct outputs to = { .product = product };
	struct strs argv = { 0 };
	struct buf text = { 0 };

	command_argv(c, &to, &argv);
	for (size_t i = 0; i < argv.count; i++) {
		if (i)
			buf_add_byte(&text, ' ');
		text_quote(&text, argv.at[i]);
	}
	strs_release(&argv);
	return buf_take(&text);
}

/* ---- what it reads ---- */

static void
add_file(struct strs *paths, const char *workdir, const char *name)
{
	char *path = path_join(workdir ? workdir : "", name);
	char *whole = path_absolute(path);

	if (fs_exists(whole) && !strs_has(paths, whole))
		strs_add(paths, whole);
	free(path);
	free(whole);
}

/* -lNAME in one folder. */
static void
add_library(struct strs *paths, const char *workdir, const char *dir,
	    const char *name)
{
	static const char *const suffixes[] = { ".so", ".a" };

	for (size_t i = 0; i < countof(suffixes); i++) {
		struct buf b = { 0 };

		buf_addf(&b, "%s/lib%s%s", dir, name, suffixes[i]);
		add_file(paths, workdir, buf_str(&b));
		buf_release(&b);
	}
}

/* The value of option -K at words[*i], in the same word or the next. */
static const char *
value_of(const struct strs *words, size_t *i, const char *option)
{
	const char *word = words->at[*i];

	if (!word || strncmp(word, option, 2) != 0)
		return NULL;
	if (word[2])
		return word + 2;
	return *i + 1 < words->count ? words->at[++*i] : NULL;
}

static void
add_libraries(const struct command *c, struct strs *paths, const char *name)
{
	for (size_t i = 0; i < c->after.count; i++) {
		const char *dir = value_of(&c->after, &i, "-L");

		if (dir)
			add_library(paths, c->unit->workdir, dir, name);
	}
}

void
command_files(const struct command *c, struct strs *paths)
{
	for (size_t i = 0; i < c->before.count; i++)
		if (has_suffix(c->before.at[i], ".c"))
			add_file(paths, c->unit->workdir, c->before.at[i]);
	for (size_t i = 0; i < c->after.count; i++) {
		const char *word = c->after.at[i];
		const char *name = value_of(&c->after, &i, "-l");

		if (name)
			add_libraries(c, paths, name);
		else if (word[0] != '-')
			add_file(paths, c->unit->workdir, word);
	}
}
