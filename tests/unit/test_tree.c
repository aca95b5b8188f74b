/* The splitter against a compiler's own tree: whole files as cells of
 * declarations, the bodies of their functions as cells of statements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/text.h"
#include "build/blocks.h"
#include "build/branches.h"
#include "build/split.h"
#include "sys/fs.h"

#define FOLDER "tests/trees"

/* Where an item begins, and whether it is a declaration. */
struct place {
	size_t at;
	bool declares;
};

struct places {
	struct place *at;
	size_t count;
};

static void
add(struct places *p, size_t at, bool declares)
{
	/* `typedef struct s { int x; } a, b;` is three nodes: first comes the
	 * struct, which begins behind the others. */
	while (p->count && p->at[p->count - 1].at >= at)
		p->count--;
	*mem_push(p->at, p->count) = (struct place){ at, declares };
}

/* In the main file, where a macro's use stands for what it makes. */
static size_t
offset_of(const cJSON *loc)
{
	const cJSON *expansion = cJSON_GetObjectItem(loc, "expansionLoc");
	const cJSON *at;

	if (expansion)
		loc = expansion;
	at = cJSON_GetObjectItem(loc, "offset");
	return at && !cJSON_GetObjectItem(loc, "includedFrom")
		       ? (size_t)at->valuedouble
		       : SIZE_MAX;
}

static size_t
begin_of(const cJSON *node)
{
	return offset_of(cJSON_GetObjectItem(cJSON_GetObjectItem(node, "range"),
					     "begin"));
}

static size_t
end_of(const cJSON *node)
{
	return offset_of(
		cJSON_GetObjectItem(cJSON_GetObjectItem(node, "range"), "end"));
}

static bool
is_kind(const cJSON *node, const char *kind)
{
	const cJSON *is = cJSON_GetObjectItem(node, "kind");

	return is && !strcmp(is->valuestring, kind);
}

/* Where the compiler's nodes begin, or behind it: at the first token that is no
 * attribute and no __extension__. */
static size_t
behind_prefixes(struct slice whole, size_t at)
{
	struct slice text = { whole.at + at, whole.len - at };
	struct lexer l;
	struct token t;
	struct tokens ts;
	size_t i = 0, next;

	lexer_init(&l, text);
	t = lexer_next_code(&l);
	if (!token_is(text, t, "__extension__") &&
	    !token_is(text, t, "__attribute__"))
		return at;
	tokens_read(&ts, text);
	while ((next = words_skip_attributes(&ts, i)) > i ||
	       word_of(&ts, i) == WORD_EXTENSION)
		i = next > i ? next : i + 1;
	at += ts.at[i].at;
	tokens_release(&ts);
	return at;
}

/* Branches that do not count, by the compiler. */
static void
find_dead(struct slice whole, struct blocks *dead)
{
	char name[] = "/tmp/cnb-tree-XXXXXX", block[65536];
	struct buf question = { 0 }, command = { 0 }, answer = { 0 };
	size_t got;
	FILE *f;
	int fd;

	if (!branches_doubtful(whole))
		return;
	branches_ask(&question, whole, 0);
	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, question.data, question.len), question.len);
	close(fd);
	buf_addf(&command, "exec clang -w -E -P -x c '%s'", name);
	f = popen(buf_str(&command), "r");
	assert_non_null(f);
	while ((got = fread(block, 1, sizeof block, f)) > 0)
		buf_add(&answer, block, got);
	assert_int_equal(pclose(f), 0);
	unlink(name);
	branches_answer(buf_str(&answer), whole, 0, dead);
	assert_true(dead->ndead > 1);
	buf_release(&question);
	buf_release(&command);
	buf_release(&answer);
}

/* As the splitter cuts it; preprocessor lines are not in the tree. */
static void
read_split(struct places *p, struct slice whole, struct slice text)
{
	struct blocks macros = { 0 };
	struct split s;

	find_dead(whole, &macros);
	blocks_collect(&macros, whole);
	if (text.len < whole.len) { /* it knows what is declared outside */
		blocks_split(&macros, &s, whole);
		split_release(&s);
	}
	blocks_split(&macros, &s, text);
	for (size_t i = 0; i < s.count; i++)
		if (s.items[i].kind != ITEM_DIRECTIVE &&
		    s.items[i].kind != ITEM_BLANK)
			add(p,
			    behind_prefixes(whole, (size_t)(s.items[i].code.at -
							    whole.at)),
			    s.items[i].kind == ITEM_DECLARATION ||
				    s.items[i].kind == ITEM_FUNCTION);
	split_release(&s);
	blocks_release(&macros);
}

static void
assert_same(const char *path, struct slice whole, const struct places *ours,
	    const struct places *theirs)
{
	for (size_t i = 0; i < ours->count || i < theirs->count; i++) {
		struct place none = { whole.len, false };
		struct place a = i < ours->count ? ours->at[i] : none;
		struct place b = i < theirs->count ? theirs->at[i] : none;

		if (a.at != b.at || a.declares != b.declares)
			fail_msg("%s: item %zu: ours %s at '%.40s', the "
				 "compiler's %s at '%.40s'",
				 path, i, a.declares ? "declares" : "does",
				 whole.at + a.at,
				 b.declares ? "declares" : "does",
				 whole.at + b.at);
	}
}

static size_t
compare_body(const char *path, struct slice whole, const cJSON *body)
{
	size_t from = begin_of(body) + 1, to = end_of(body), n;
	struct places ours = { 0 }, theirs = { 0 };
	const cJSON *node;

	cJSON_ArrayForEach(node, cJSON_GetObjectItem(body, "inner"))
		add(&theirs, behind_prefixes(whole, begin_of(node)),
		    is_kind(node, "DeclStmt"));
	read_split(&ours, whole, (struct slice){ whole.at + from, to - from });
	assert_same(path, whole, &ours, &theirs);
	n = ours.count;
	free(ours.at);
	free(theirs.at);
	return n;
}

/* The items compared. */
static size_t
compare_file(const char *path, struct slice whole, const cJSON *tree)
{
	struct places ours = { 0 }, theirs = { 0 };
	const cJSON *node, *part;
	size_t n = 0;

	cJSON_ArrayForEach(node, cJSON_GetObjectItem(tree, "inner"))
	{
		size_t at = begin_of(node);

		if (cJSON_GetObjectItem(node, "isImplicit") || at == SIZE_MAX)
			continue;
		add(&theirs, behind_prefixes(whole, at), true);
		cJSON_ArrayForEach(
			part,
			cJSON_GetObjectItem(
				node,
				"inner")) if (is_kind(node, "FunctionDecl") &&
					      is_kind(part, "CompoundStmt"))
			n += compare_body(path, whole, part);
	}
	read_split(&ours, whole, whole);
	assert_same(path, whole, &ours, &theirs);
	n += ours.count;
	free(ours.at);
	free(theirs.at);
	return n;
}

static cJSON *
tree_of(const char *path)
{
	struct buf command = { 0 }, text = { 0 };
	char block[65536];
	size_t got;
	FILE *f;
	cJSON *tree;

	buf_addf(&command,
		 "exec clang -w -fsyntax-only -Xclang -ast-dump=json '%s'",
		 path);
	f = popen(buf_str(&command), "r");
	assert_non_null(f);
	while ((got = fread(block, 1, sizeof block, f)) > 0)
		buf_add(&text, block, got);
	assert_int_equal(pclose(f), 0);
	tree = cJSON_ParseWithLength(text.data, text.len);
	assert_non_null(tree);
	buf_release(&command);
	buf_release(&text);
	return tree;
}

static void
test_files_are_split_as_the_compiler_reads_them(void **state)
{
	char *clang = path_find_program("clang"), *folder;
	const char *src = getenv("SRC");
	struct strs names = { 0 };
	size_t items = 0;
	struct err e;

	(void)state;
	if (!clang) {
		print_message("no clang here: nothing to compare with\n");
		skip();
	}
	folder = path_join(src ? src : ".", FOLDER);
	assert_int_equal(fs_list(folder, ".c", &names), 0);
	for (size_t i = 0; i < names.count; i++) {
		char *path = path_join(folder, names.at[i]);
		struct buf text = { 0 };
		cJSON *tree = tree_of(path);

		assert_int_equal(fs_read(path, &text, &e), 0);
		items += compare_file(path, buf_slice(&text), tree);
		cJSON_Delete(tree);
		buf_release(&text);
		free(path);
	}
	assert_true(items > 50);
	strs_release(&names);
	free(folder);
	free(clang);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_files_are_split_as_the_compiler_reads_them),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
