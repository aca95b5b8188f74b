/* rounds.c: outputs of a watched notebook, saved round after round. Floor 6. It
 * does not know what runs, nor how that is shown. */
#include "cli/rounds.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/load.h"
#include "cli/product.h"
#include "model/carry.h"
#include "model/replay.h"
#include "sys/fs.h"

/* Each save would be one to be watched. */
static int
refuse_itself(const char *output, const char *path, struct err *e)
{
	char *a = path_real(output), *b = path_real(path);
	bool same = a && b && !strcmp(a, b);

	free(a);
	free(b);
	return same ? err_input(e,
				"'%s' is the notebook that is watched: -i "
				"saves into it",
				output)
		    : 0;
}

int
rounds_init(struct rounds *r, const struct run_args *args, const char *path,
	    struct err *e)
{
	*r = (struct rounds){ .args = args, .path = path };
	if (args->format >= 0 && !args->output)
		return err_input(e, "--to is the format of a copy: say with -o "
				    "where it is to be");
	if (!args->output)
		return 0;
	if (!strcmp(args->output, "-"))
		return err_input(e, "-o takes a file here: standard output "
				    "shows the cells");
	if (refuse_itself(args->output, path, e) < 0)
		return -1;
	return document_check(args->output, args->format, &r->format, e);
}

static bool
keeps(const struct rounds *r)
{
	return r->args->inplace || r->args->output;
}

static void
drop_record(struct record *record)
{
	if (record)
		record_release(record);
	free(record);
}

static void
drop_notebook(struct notebook *nb)
{
	if (nb)
		notebook_release(nb);
	free(nb);
}

static struct nbformat_save
how_saved(const struct rounds *r)
{
	return (struct nbformat_save){ .timing = r->args->timing,
				       .show_code = r->args->show_code };
}

static struct record *
new_record(const struct run_args *a, const struct notebook *nb)
{
	struct record *r = mem_alloc(1, sizeof *r);

	record_init(r, nb);
	r->output_limit = a->output_limit;
	r->limits = (struct record_limits){ .timeout_ms = a->timeout_ms,
					    .deadline_ms = a->deadline_ms,
					    .memory = a->limits.memory,
					    .processes = a->limits.tasks,
					    .files = a->limits.files };
	for (size_t i = 0; i < r->ncells; i++)
		record_skip(r, (int)i + 1);
	r->leaves_alone = true;
	return r;
}

static void
lay_down_saver(struct rounds *r)
{
	if (r->saving)
		saver_release(&r->saver);
	r->saving = false;
}

static int
take_up_saver(struct rounds *r, const struct record *record,
	      struct nbformat_save how, struct err *e)
{
	lay_down_saver(r);
	if (saver_init(&r->saver, record, how, NULL, e) < 0)
		return -1;
	r->saving = true;
	return 0;
}

/* Are there outputs that are nowhere but with us? */
static bool
is_owing(const struct rounds *r)
{
	return r->record && (r->unsaved || (r->args->output && !r->copied));
}

static void
end_journal(struct rounds *r, bool saved)
{
	if (r->journaled)
		journal_end(&r->journal, saved);
	r->journaled = false;
}

/* Of a round. Where those before it wait to be saved, it holds them. */
static void
begin_journal(struct rounds *r, const struct record *record)
{
	end_journal(r, true);
	journal_begin(&r->journal, record);
	r->journaled = true;
}

void
rounds_begin(struct rounds *r, const struct notebook *nb,
	     const struct params *params)
{
	struct nbformat_save how = how_saved(r);
	struct err e;

	r->again = false;
	if (!keeps(r))
		return;
	r->now = new_record(r->args, nb);
	/* A cell that was injected before shows what holds now. */
	if (params->instead)
		how.injected = load_injected(params);
	/* Else it may be free at the end of the round. */
	if (r->args->inplace)
		take_up_saver(r, r->now, how, &e);
	if (!is_owing(r))
		begin_journal(r, r->now);
}

struct sink *
rounds_record(struct rounds *r)
{
	return keeps(r) ? &r->now->sink : NULL;
}

struct sink *
rounds_journal(struct rounds *r)
{
	return r->journaled && !is_owing(r) ? &r->journal.sink : NULL;
}

struct sink *
rounds_saver(struct rounds *r)
{
	return r->saving ? &r->saver.sink : NULL;
}

static void
save_in_place(struct rounds *r)
{
	struct err e;
	int rc = 0;

	if (!r->saving)
		rc = take_up_saver(r, r->record, how_saved(r), &e);
	r->saver.patient = true;
	if (rc == 0)
		rc = saver_finish(&r->saver, &e);
	r->unsaved = rc < 0;
	r->again = r->saving && r->saver.edited;
	r->is_as_left = rc == 0 && saver_left(&r->saver, &r->left);
	r->saved = r->saver.written;
	if (rc < 0)
		command_say("cnb: warning: %s; outputs are kept until they can "
			    "be saved",
			    e.text);
}

/* What is wrong is said. */
static void
save_copy(struct rounds *r, const struct params *params)
{
	const struct record *record = r->record;
	struct nbformat_save how = how_saved(r);
	struct product p;
	struct err e;

	how.injected = load_injected(params);
	r->copied = false;
	if (product_begin(&p, r->args->output, false) != EXIT_OK)
		return;
	if (document_write(p.out, r->format, &record, 1, how, &e) == 0) {
		r->copied = product_end(&p) == EXIT_OK;
		return;
	}
	product_drop(&p);
	command_fail(&e);
}

static bool
has_run(const struct record *r)
{
	for (size_t i = 0; i < r->ncells; i++)
		if (r->cells[i].reached)
			return true;
	return false;
}

void
rounds_end(struct rounds *r, struct notebook *nb, const struct params *params)
{
	bool ran;

	if (!keeps(r)) {
		drop_notebook(nb);
		return;
	}
	ran = has_run(r->now);
	if (r->record)
		record_carry(r->now, r->record);
	drop_record(r->record);
	drop_notebook(r->nb);
	r->record = r->now;
	r->nb = nb;
	r->now = NULL;
	/* Who has saved the notebook, and changed nothing that runs, may have
	 * meant to clear it; or be one like us, who would answer in turn. */
	if (r->args->inplace && (ran || r->unsaved))
		save_in_place(r);
	if (r->args->output && (ran || !r->copied))
		save_copy(r, params);
	lay_down_saver(r);
	end_journal(r, true);
	if (is_owing(r)) {
		begin_journal(r, r->record);
		record_replay(r->record, &r->journal.sink);
	}
}

bool
rounds_is_ours(const struct rounds *r)
{
	const struct stat *was = &r->left;
	struct stat now;
	struct look look;

	if (!r->is_as_left || stat(r->path, &now) < 0 ||
	    now.st_dev != was->st_dev || now.st_ino != was->st_ino ||
	    now.st_size != was->st_size ||
	    fs_mtime_ns(&now) != fs_mtime_ns(was))
		return false;
	/* The clock that stamps files has ticks: two writes may bear one. */
	look_at(&look, r->path);
	return look_same(&look, &r->saved);
}

int
rounds_finish(struct rounds *r)
{
	struct err e;
	int status = EXIT_OK;

	if (r->unsaved) {
		if (take_up_saver(r, r->record, how_saved(r), &e) < 0 ||
		    saver_finish(&r->saver, &e) < 0)
			status = command_fail(&e);
		r->unsaved = status != EXIT_OK;
	}
	end_journal(r, !is_owing(r));
	return status;
}

void
rounds_release(struct rounds *r)
{
	lay_down_saver(r);
	end_journal(r, true);
	drop_record(r->now);
	drop_record(r->record);
	drop_notebook(r->nb);
	*r = (struct rounds){ 0 };
}
