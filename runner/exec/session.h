/* session.h: a notebook, its host, and the order in which cells run. */
#ifndef CNB_SESSION_H
#define CNB_SESSION_H

#include "base/err.h"
#include "exec/cellinfo.h"
#include "exec/home.h"
#include "exec/order.h"
#include "exec/select.h"
#include "model/event.h"
#include "watch/limits.h"

struct params;

struct run_settings {
	const struct home *home;
	const char *workdir; /* absolute */
	int64_t timeout_ms;  /* for each cell; 0: none */
	int64_t deadline_ms; /* for the whole run; 0: none */
	struct limits limits;
	int64_t grace_ms; /* from SIGTERM to SIGKILL */
	bool keep_going;
	int64_t repeat; /* of each cell; 0: as its options say; */
	int64_t lanes;	/* so many at once, 0: as there are processors */
	bool apart;	/* shared cells become a plugin each, as in a session */
	enum capture_order capture;
	const struct strs *params;     /* K=V */
	const struct params *injected; /* of these, assigned; or NULL */
	/* building: write the cells as files, into this folder or, if it is
	 * NULL, one of the build cache's */
	bool compile_commands;
	const char *cells_dir;
	int input_fd;		   /* of --input; -1: none */
	const char *cc;		   /* of --cc, or NULL */
	const struct strs *cflags; /* of --cflags */
};

/* Do the flags of the shared cells agree, which are compiled together? */
int sharedcells_check(const struct cell_list *cells, struct err *e);

/* Do the values of parameters compile, if their cell is among the selected?
 * To be asked before anything runs or is saved. */
int session_check_params(const struct cell_list *cells,
			 const struct selection *chosen,
			 const struct run_settings *how, struct err *e);

/* Run the selected cells and tell the sinks. 0: the run came to its end, how it
 * went is in the events; -1: the system failed us, e says how (what was
 * captured until then has been told). */
int session_run(const struct cell_list *cells, const struct selection *chosen,
		const struct run_settings *how, struct sink **sinks,
		struct err *e);

/* Each file that the cells write by `file:` or `%%file`. */
void files_each(const struct cell_list *cells, const char *workdir,
		void (*each)(void *self, const char *path), void *self);

/* Build a plugin (or take a .so as it is), load it in a host and list its
 * table: names and docs in turn into *rows. */
int session_list_plugin(const struct run_settings *how, const char *path,
			struct strs *rows, char **built_with, struct err *e);

/* Compile the selected cells, run nothing. Each product's path is told in the
 * form "NAME\tPATH" to *products, that of compile_commands.json as one of that
 * name; *failed counts those that do not compile. */
int session_build(const struct cell_list *cells, const struct selection *chosen,
		  const struct run_settings *how, struct sink **sinks,
		  struct strs *products, int *failed, struct err *e);

#endif
