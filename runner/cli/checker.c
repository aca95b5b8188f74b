/* checker.c: runs one notebook and compares. Floor 6. The new outputs are first
 * written as a notebook and read again, so that both sides went the same way
 * (bytes that are no text, carriage returns); what differs may replace the
 * recorded outputs. Signals are taken while cells run and the notebook is
 * written: all else may be much work, that a Ctrl-C ends at once. */
#include "cli/checker.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "exec/order.h"
#include "exec/params.h"
#include "exec/session.h"
#include "format/nbformat.h"
#include "sys/fs.h"
#include "sys/keeper.h"
#include "sys/lock.h"
#include "sys/proc.h"

#define OUTPUT_LIMIT (INT64_C(64) << 20)

/* Everything of one check but what is reported. */
struct check {
	const struct checker_options *how;
	struct checked *c;
	struct cell_list cells;
	struct params params;
	struct selection chosen;
	struct strs cflags;
	char *workdir, *cc;
	struct record was;  /* what is recorded */
	struct notebook nb; /* as it would be saved now, */
	struct record is;   /* and what it would record */
	size_t count[CHECK_COUNT];
};

void
checker_options_release(struct checker_options *how)
{
	strs_release(&how->cells);
	strs_release(&how->skip);
	strs_release(&how->skip_tags);
	strs_release(&how->ignore_tags);
	strs_release(&how->params);
}

void
checked_release(struct checked *c)
{
	for (size_t i = 0; c->diffs && i < c->now.ncells; i++)
		buf_release(&c->diffs[i]);
	free(c->diffs);
	free(c->cases);
	record_release(&c->now);
	notebook_release(&c->nb);
	buf_release(&c->text);
}

/* --- the run -------------------------------------------------------------- */

static bool
has_any_tag(const struct cell_info *info, const struct strs *tags)
{
	for (size_t i = 0; i < tags->count; i++)
		if (cell_info_has_tag(info, tags->at[i]))
			return true;
	return false;
}

/* nbval's tag counts as it does there. */
static void
skip_tagged(struct check *k)
{
	for (size_t i = 0; i < k->chosen.count; i++) {
		const struct cell_info *info = &k->cells.at[i];

		if (k->chosen.part[i] == PART_RUN &&
		    (cell_info_has_tag(info, "nbval-skip") ||
		     has_any_tag(info, &k->how->skip_tags)))
			k->chosen.part[i] = PART_SKIP;
	}
}

static int
prepare(struct check *k, const char *path, struct err *e)
{
	const struct checker_options *how = k->how;
	struct select_options select = { .cells = &how->cells,
					 .skip = &how->skip };
	struct notebook *nb = &k->c->nb;

	if (load_cells(&k->cells, nb, e) < 0 ||
	    params_settle(&k->params, nb, &k->cells, &how->params, e) < 0 ||
	    sharedcells_check(&k->cells, e) < 0 ||
	    order_check(CAPTURE_ORDERED, &k->cells, e) < 0 ||
	    (how->cflags && text_words(&k->cflags, how->cflags, e) < 0) ||
	    load_sanitizers(&k->cells, how->sanitize, &k->cflags, e) < 0 ||
	    select_cells(&k->chosen, &k->cells, &select, e) < 0)
		return -1;
	skip_tagged(k);
	k->cc = load_cc(how->cc);
	k->workdir = load_workdir(how->workdir, path, e);
	return k->workdir ? 0 : -1;
}

static int
run(struct check *k, struct err *e)
{
	const struct checker_options *how = k->how;
	struct run_settings settings = { .home = how->home,
					 .workdir = k->workdir,
					 .timeout_ms = how->timeout_ms,
					 .deadline_ms = how->deadline_ms,
					 .keep_going = true,
					 .capture = CAPTURE_ORDERED,
					 .params = &how->params,
					 .injected = &k->params,
					 .input_fd = -1,
					 .cc = k->cc,
					 .cflags = &k->cflags };
	struct sink *sinks[] = { &k->c->now.sink, NULL };

	record_init(&k->c->now, &k->c->nb);
	k->c->now.output_limit = OUTPUT_LIMIT;
	for (size_t i = 0; i < k->chosen.count; i++)
		if (k->chosen.part[i] == PART_SKIP)
			record_skip(&k->c->now, (int)i + 1);
	if (session_check_params(&k->cells, &k->chosen, &settings, e) < 0)
		return -1;
	return session_run(&k->cells, &k->chosen, &settings, sinks, e);
}

/* The outputs of this run, as a notebook would hold them. */
static int
read_back(struct check *k, struct err *e)
{
	struct buf text = { 0 };

	buf_spool(&text);
	nbformat_write(&text, &k->c->nb, &k->c->now,
		       (struct nbformat_save){ 0 });
	if (nbformat_read_file(&k->nb, k->c->nb.path, &text, e) < 0)
		return -1;
	record_init(&k->is, &k->nb);
	nbformat_recorded(&k->is, &k->nb);
	return 0;
}

/* --- the comparison ------------------------------------------------------- */

static int
make_rules(const struct check *k, const struct cell_info *info,
	   struct check_rules *rules, struct err *e)
{
	const struct cell_options *o = info->options;

	*rules = (struct check_rules){ .usual = k->how->usual,
				       .more = k->how->masks,
				       .unordered = k->how->unordered,
				       .accepted = &o->accept };
	if (k->how->tolerance) {
		struct buf word = { 0 };
		int rc;

		buf_addf(&word, "tolerance=%s", k->how->tolerance);
		rc = check_rule(rules, buf_str(&word), e);
		buf_release(&word);
		if (rc < 0)
			return -1;
	}
	for (size_t i = 0; i < o->check.count; i++)
		if (check_rule(rules, o->check.at[i], e) < 0)
			return -1;
	for (size_t i = 0; i < o->mask.count; i++)
		if (masks_add(&rules->masks, o->mask.at[i], e) < 0)
			return -1;
	rules->ignore |= cell_info_has_tag(info, "nbval-ignore-output") ||
			 has_any_tag(info, &k->how->ignore_tags);
	return 0;
}

static enum check_verdict
verdict_of(struct check *k, size_t i, const struct check_rules *rules)
{
	const struct record_cell *now = &k->c->now.cells[i], *was, *is;
	struct record_cell looks[2];
	enum check_verdict verdict;

	if (!now->reached || now->quiet)
		return CHECK_SKIPPED;
	k->is.cells[i].end.excused = now->end.excused;
	was = record_look(&k->was, i, &looks[0]);
	is = record_look(&k->is, i, &looks[1]);
	verdict = check_cell(rules, was, is, &k->c->diffs[i]);
	/* what is as it was need not be saved */
	if (verdict == CHECK_SAME || (verdict == CHECK_FREE && was->noutputs))
		k->c->now.cells[i].quiet = true;
	record_look_end(&looks[0]);
	record_look_end(&looks[1]);
	return verdict;
}

static struct junit_case
case_of(enum check_verdict verdict, const struct buf *diff)
{
	static const struct junit_case cases[CHECK_COUNT] = {
		[CHECK_SAME] = { JUNIT_PASSED },
		[CHECK_FREE] = { JUNIT_PASSED },
		[CHECK_DIFFERS] = { JUNIT_FAILURE,
				    "not what the notebook has recorded",
				    "Difference" },
		[CHECK_SKIPPED] = { JUNIT_SKIPPED, "it did not run" },
	};
	struct junit_case c = cases[verdict];

	if (verdict == CHECK_DIFFERS)
		c.text = buf_slice(diff);
	return c;
}

/* A name is another's, too, and stays in its line. */
static void
put_name(struct check *k, const char *name)
{
	if (k->how->raw)
		buf_add_str(&k->c->text, name);
	else
		text_visible_line(&k->c->text, slice_of(name));
}

static void
put_diff(struct check *k, const struct cell_info *info, const struct buf *diff)
{
	static const char *const heads[2][2] = { { "---", "(recorded)" },
						 { "+++", "(now)" } };
	struct buf *out = &k->c->text;

	for (size_t i = 0; i < countof(heads); i++) {
		buf_addf(out, "%s ", heads[i][0]);
		put_name(k, k->c->nb.path);
		buf_add_byte(out, ':');
		put_name(k, info->name);
		buf_addf(out, " %s\n", heads[i][1]);
	}
	/* a terminal must not be at a cell's mercy */
	if (k->how->raw)
		buf_add_slice(out, buf_slice(diff));
	else
		text_visible(out, buf_str(diff), diff->len);
}

static int
compare(struct check *k, struct err *e)
{
	struct checked *c = k->c;
	size_t n = c->now.ncells;

	c->cases = mem_alloc(n + 1, sizeof *c->cases);
	c->diffs = mem_alloc(n + 1, sizeof *c->diffs);
	for (size_t i = 0; i < n; i++) {
		const struct cell_info *info = &k->cells.at[i];
		enum check_verdict verdict = CHECK_SKIPPED;
		struct check_rules rules;
		int rc = make_rules(k, info, &rules, e);

		if (rc == 0)
			verdict = verdict_of(k, i, &rules);
		masks_release(&rules.masks);
		if (rc < 0)
			return -1;
		k->count[verdict]++;
		c->cases[i] = case_of(verdict, &c->diffs[i]);
		if (verdict == CHECK_DIFFERS)
			put_diff(k, info, &c->diffs[i]);
	}
	return 0;
}

/* --- the report ----------------------------------------------------------- */

/* Something else stands there than what was checked, or cannot be read. */
static int
is_another(const char *path, const struct look *was, struct err *e)
{
	struct look now;

	look_at(&now, path);
	if (now.how == LOOK_HIDDEN)
		return err_system(e, "cannot update '%s': it cannot be read",
				  path);
	if (!look_same(&now, was))
		return err_input(e,
				 "cannot update '%s': it was %s while it ran",
				 path,
				 now.how == LOOK_ABSENT ? "removed" : "edited");
	return 0;
}

static int
update(struct check *k, struct err *e)
{
	struct look was = look_of(k->c->nb.text);
	struct lock lock = { .fd = -1 };
	struct buf text = { 0 };
	const char *path = k->c->nb.path;
	int rc;

	if (!strcmp(path, "-"))
		return err_input(e,
				 "--update needs a file, not standard input");
	nbformat_write(&text, &k->c->nb, &k->c->now,
		       (struct nbformat_save){ 0 });
	rc = lock_take_file(&lock, path, e);
	if (rc == 0)
		rc = lock_replace(&lock, buf_slice(&text), &was, false, e);
	if (rc > 0 && (rc = is_another(path, &was, e)) == 0)
		rc = lock_replace(&lock, buf_slice(&text), &was, false, e);
	if (rc > 0)
		rc = err_input(e, "cannot update '%s': it is being written to",
			       path);
	if (rc == 0) {
		put_name(k, path);
		buf_add_str(&k->c->text, ": updated\n");
	}
	lock_release(&lock);
	buf_release(&text);
	return rc;
}

static void
put_summary(struct check *k)
{
	static const char *const words[CHECK_COUNT] = {
		[CHECK_SAME] = "as recorded",
		[CHECK_DIFFERS] = "differ",
		[CHECK_FREE] = "not compared",
		[CHECK_SKIPPED] = "skipped",
	};
	struct buf *out = &k->c->text;
	size_t n = k->c->now.ncells;
	const char *between = ":";

	if (k->how->quiet && !k->count[CHECK_DIFFERS])
		return;
	put_name(k, k->c->nb.path);
	buf_addf(out, ": %zu cell%s", n, n == 1 ? "" : "s");
	for (int i = 0; i < CHECK_COUNT; i++) {
		if (!k->count[i])
			continue;
		buf_addf(out, "%s %zu %s%s", between, k->count[i], words[i],
			 i == CHECK_DIFFERS && k->count[i] == 1 ? "s" : "");
		between = ",";
	}
	buf_add_byte(out, '\n');
}

static int
check_notebook(struct check *k, const char *path, struct err *e)
{
	int signal, rc;

	record_init(&k->was, &k->c->nb);
	nbformat_recorded(&k->was, &k->c->nb);
	if (prepare(k, path, e) < 0)
		return command_fail(e);
	proc_take_signals();
	rc = run(k, e);
	if (rc < 0)
		return command_fail(e);
	signal = proc_interrupted();
	if (signal)
		return 128 + signal;
	proc_leave_signals();
	if (read_back(k, e) < 0 || compare(k, e) < 0)
		return command_fail(e);
	put_summary(k);
	if (!k->how->update)
		return k->count[CHECK_DIFFERS] ? EXIT_CELL : EXIT_OK;
	proc_take_signals();
	if ((k->count[CHECK_DIFFERS] || k->count[CHECK_FREE]) &&
	    update(k, e) < 0)
		return command_fail(e);
	return EXIT_OK;
}

int
checker_run(struct checked *c, const char *path,
	    const struct checker_options *how, bool found)
{
	struct check k = { .how = how, .c = c };
	struct err e;
	int status;

	*c = (struct checked){ 0 };
	keeper_prepare();
	proc_leave_signals();
	notebook_init(&k.nb);
	if (load_notebook(&c->nb, path, &e) < 0) {
		status = command_fail(&e);
	} else if (found && strcmp(c->nb.language, "c") != 0) {
		put_name(&k, path);
		buf_add_str(&c->text, ": passed over: it is written in ");
		put_name(&k, c->nb.language);
		buf_add_byte(&c->text, '\n');
		status = EXIT_OK;
	} else if (load_check_language(&c->nb, "check", &e) < 0) {
		status = command_fail(&e);
	} else {
		status = check_notebook(&k, path, &e);
	}
	record_release(&k.was);
	record_release(&k.is);
	notebook_release(&k.nb);
	selection_release(&k.chosen);
	params_release(&k.params);
	cell_list_release(&k.cells);
	strs_release(&k.cflags);
	free(k.workdir);
	free(k.cc);
	keeper_put_away();
	return status;
}
