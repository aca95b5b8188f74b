/* main.c: cnb-host, the process in which table and shared cells run. It loads
 * plugins, runs a cell when told, and says what happened. Floor 2, a program of
 * its own; of cnb it shares only wire.h, cell.h and base/.
 *
 * The code it calls may do anything to this process: what must survive lies
 * apart from the heap, and each step after a cell assumes the worst. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cell.h"
#include "host/backing.h"
#include "host/control.h"
#include "host/crash.h"
#include "host/descriptors.h"
#include "host/environ.h"
#include "host/exits.h"
#include "host/grant.h"
#include "host/hot.h"
#include "host/object.h"
#include "host/leaks.h"
#include "host/measure.h"
#include "host/namespaces.h"
#include "host/parent.h"
#include "host/plugin.h"
#include "host/show.h"
#include "host/room.h"
#include "host/snapshot.h"
#include "host/streams.h"
#include "host/systemv.h"
#include "host/threads.h"
#include "host/wire.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct {
	pid_t pid; /* ours: in a forked child, getpid() is another */
	struct wire_in in;
	struct room plugins; /* struct plugin[nplugins] */
	uint32_t nplugins;
	struct room reply;
	/* the cell that runs; its strings lie in `in` */
	/* argv, NULL, then key, value, ...: in the first, or if they are too
	 * many, in the second. */
	char **words, *few[16];
	struct room many; /* char *[] */
	char **params;
	uint32_t nparams;
	volatile bool running;
	uint32_t turn; /* of the last RUN or FOLLOW */
} host HOT;

/* The cell that runs, or ran last: a thread may hold on to it. All plugins are
 * told of it once, when they are loaded: to tell them at each run would write
 * to a page of each, and no two snapshots would share these. */
static struct cell cell HOT;

static char crash_stack[CRASH_STACK] __attribute__((aligned(16)));

static _Noreturn void
give_up(int status)
{
	_exit(status);
}

static int
socket_to_cnb(void)
{
	int fd = control_fd();

	if (fd < 0)
		give_up(WIRE_EXIT_LOST);
	return fd;
}

static void
tell(enum wire_type type, const void *payload, size_t len)
{
	if (wire_send(socket_to_cnb(), type, payload, len, NULL, 0))
		give_up(WIRE_EXIT_LOST);
}

/* services of cells */

static const char *
service_param(const struct cell *c, const char *key)
{
	uint32_t i;

	(void)c; /* may be gone, if a thread of an earlier cell asks */
	if (!host.running || !key)
		return NULL;
	for (i = 0; i < host.nparams; i++)
		if (strcmp(host.params[2 * i], key) == 0)
			return host.params[2 * i + 1];
	return NULL;
}

/* TYPE/SUBTYPE, each a restricted name of RFC 6838. */
static bool
is_mime_type(const char *text)
{
	static const char marks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789!#$&-^_.+";
	size_t type = strspn(text, marks), subtype;

	if (!type || type > 127 || text[type] != '/')
		return false;
	subtype = strspn(text + type + 1, marks);
	return subtype && subtype <= 127 && !text[type + 1 + subtype];
}

static int
send_bundle(enum wire_type what, const char *mime, const void *bytes,
	    size_t length)
{
	union {
		const void *in;
		void *out;
	} type = { .in = mime }, data = { .in = bytes };
	uint32_t n;
	struct iovec parts[3] = { { &n, sizeof n },
				  { type.out, 0 },
				  { data.out, length } };
	int fd = control_fd();

	if (fd < 0 || !mime || (!bytes && length) || !is_mime_type(mime))
		return -1;
	n = (uint32_t)strlen(mime);
	parts[1].iov_len = n + 1;
	return wire_sendv(fd, what, parts, 3, NULL, 0);
}

/* Any thread, and forked children. */
static int
service_display(const struct cell *c, const char *mime, const void *bytes,
		size_t length)
{
	(void)c;
	return send_bundle(WIRE_DISPLAY, mime, bytes, length);
}

static int
service_show(const struct cell *c, const struct cell_value *value)
{
	char text[SHOW_TEXT];
	size_t length;

	(void)c;
	if (!value || value->kind == CELL_VALUE_VOID)
		return -1;
	/* What the cell printed stands before what it is worth. */
	fflush(stdout);
	length = show_value(value, text);
	return send_bundle(WIRE_RESULT, "text/plain", text, length);
}

static const struct cell_host services = {
	.size = sizeof services,
	.param = service_param,
	.display = service_display,
	.show = service_show,
};

/* LOAD */

static struct plugin *
plugin_at(uint32_t number)
{
	return (struct plugin *)(void *)host.plugins.at + number;
}

static bool
is_cell_code(uintptr_t code)
{
	uint32_t i;

	for (i = host.nplugins; i-- > 0;)
		if (plugin_holds(plugin_at(i), code))
			return true;
	return false;
}

static size_t
size_of(const char *text)
{
	return sizeof(uint32_t) + (text ? strlen(text) : 0) + 1;
}

static int
tell_loaded(uint32_t number, struct err *e)
{
	const struct plugin *p = plugin_at(number);
	const struct cell_table *t = p->table;
	size_t need = 2 * sizeof(uint32_t) + size_of(t->built_with);
	char few[1024]; /* on a page that is written to anyway */
	struct wire_put put = { .data = few, .cap = sizeof few };
	uint32_t i;

	for (i = 0; i < t->ndefs; i++)
		need += size_of(plugin_cell(p, i)->name) +
			size_of(plugin_cell(p, i)->doc);
	if (need > WIRE_MESSAGE ||
	    (need > sizeof few && room_reserve(&host.reply, need)))
		return err_system(e,
				  "the names in the plugin's table take "
				  "%zu bytes: too many",
				  need);
	if (need > sizeof few) {
		put.data = host.reply.at;
		put.cap = host.reply.cap;
	}
	wire_put_u32(&put, number);
	wire_put_u32(&put, t->ndefs);
	for (i = 0; i < t->ndefs; i++) {
		wire_put_str(&put, plugin_cell(p, i)->name);
		wire_put_str(&put, plugin_cell(p, i)->doc);
	}
	wire_put_str(&put, t->built_with);
	tell(WIRE_LOADED, put.data, put.len);
	return 0;
}

/* In a session each shared cell is a plugin, of each of which every copy of us
 * would have to be told. */
static void
share_data(const struct plugin *p)
{
	const struct cell_def *first = plugin_cell(p, 0);

	if (p->shared && p->data_end && !threads_alive())
		backing_give(p->data_begin, p->data_end,
			     first ? first->name : "");
}

static int
load(const char *path, bool shared, bool *lacks_name, struct err *e)
{
	uint32_t number = host.nplugins;

	if (room_reserve(&host.plugins, (number + 1) * sizeof(struct plugin)))
		return err_system(e, "cannot load '%s': %s", path,
				  strerror(errno));
	if (shared ? plugin_load_shared(plugin_at(number), path, e)
		   : plugin_load(plugin_at(number), path, e)) {
		*lacks_name = plugin_at(number)->lacks_name;
		return -1;
	}
	if (plugin_at(number)->table->current)
		*plugin_at(number)->table->current = &cell;
	share_data(plugin_at(number));
	systemv_loaded(plugin_at(number)->handle);
	namespaces_loaded(plugin_at(number)->handle);
	host.nplugins++;
	return tell_loaded(number, e);
}

/* A cell may have used up all descriptors. */
static int
load_in_room(const char *path, bool shared, bool *lacks_name, struct err *e)
{
	int rc;

	control_make_room();
	rc = load(path, shared, lacks_name, e);
	control_reserve();
	return rc;
}

/* A cell may have made another user of us, given us another root, or left us no
 * descriptor. */
static enum wire_fault
fault_of(const char *path, bool lacks_name, const struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno != ENFILE && errno != ENOMEM && errno != EIO)
		return WIRE_FAULT_REACH;
	if (fd >= 0)
		close(fd);
	if (e->class == ERR_SYSTEM)
		return WIRE_FAULT_SYSTEM;
	return lacks_name ? WIRE_FAULT_NAME : WIRE_FAULT_FILE;
}

static void
on_load(void)
{
	struct wire_get g = wire_get(&host.in);
	const char *path = wire_get_str(&g);
	bool shared = host.in.type == WIRE_LOAD_CELL, lacks_name = false;
	static struct err e;
	struct wire_put put = { 0 };

	if (g.bad)
		give_up(WIRE_EXIT_BROKEN);
	descriptors_trust(false);
	/* What constructors print belongs to no cell. */
	if (!threads_alive())
		streams_let_go();
	if (snapshot_is_ahead() && !object_is_inert(path))
		err_input(&e, "its code would run");
	else if (load_in_room(path, shared, &lacks_name, &e) == 0)
		return;
	if (room_reserve(&host.reply, size_of(e.text) + sizeof(uint32_t)))
		give_up(WIRE_EXIT_BROKEN);
	put.data = host.reply.at;
	put.cap = host.reply.cap;
	wire_put_str(&put, e.text);
	wire_put_u32(&put, fault_of(path, lacks_name, &e));
	tell(WIRE_REFUSED, put.data, put.len);
}

/* FREEZE */

static void
say_hello(void)
{
	uint32_t hello[2] = { WIRE_VERSION };

	host.pid = getpid();
	hello[1] = (uint32_t)host.pid;
	tell(WIRE_HELLO, hello, sizeof hello);
}

static void
tell_frozen(const struct snapshot *s)
{
	char room[256];
	struct wire_put p = { .data = room, .cap = sizeof room };

	wire_put_u32(&p, (uint32_t)s->pid);
	wire_put_u32(&p, s->files);
	wire_put_u32(&p, s->watched);
	wire_put_str(&p, s->why);
	if (wire_send(socket_to_cnb(), WIRE_FROZEN, room, p.len, &s->fd,
		      s->pid != 0))
		give_up(WIRE_EXIT_LOST);
	if (!s->pid)
		return;
	close(s->fd);
	grant_know_copy(s->pid);
}

/* True: we are a copy that has been thawed, and wait for what is to be done. */
static bool
freeze(bool watched)
{
	struct snapshot s;

	if (snapshot_take(&host.in, watched, &s)) {
		descriptors_trust(false);
		grant_begin();
		measure_copied();
		parent_tie(snapshot_orphaned());
		own_open();
		say_hello();
		return true;
	}
	tell_frozen(&s);
	control_reserve();
	return false;
}

static void
on_freeze(void)
{
	struct wire_get g = wire_get(&host.in);

	freeze(wire_get_u32(&g));
}

/* RUN */

static void
reserve_words(size_t count)
{
	bool fit = host.words == host.few;

	if (fit && count <= COUNT(host.few))
		return;
	if (room_reserve(&host.many, count * sizeof *host.words))
		give_up(WIRE_EXIT_BROKEN);
	host.words = (char **)(void *)host.many.at;
	if (fit)
		memcpy(host.words, host.few, sizeof host.few);
}

/* Strings of the message as pointers at host.words[*n]. */
static void
take_words(struct wire_get *g, uint32_t count, size_t *n)
{
	/* A count that the message cannot hold is found at its end; room for
	 * its pointers must not be asked for before. */
	while (count-- > 0 && !g->bad) {
		union {
			const char *in;
			char *out;
		} text = { .in = wire_get_str(g) };

		reserve_words(*n + 2);
		host.words[(*n)++] = text.out;
		host.words[*n] = NULL;
	}
}

/* What is to be run. */
struct order {
	const struct plugin *plugin;
	const struct cell_def *def;
	uint32_t argc;
	bool leaks;    /* look for those of this cell */
	uint32_t cell; /* its number, if threads are to say that they begin */
	enum wire_keep keep;
	uint32_t pair;
	struct grant grant;
};

static void
read_keep(struct wire_get *g, struct order *o)
{
	o->keep = (enum wire_keep)wire_get_u32(g);
	if (o->keep != WIRE_KEEP_GOING)
		return;
	o->pair = wire_get_u32(g);
	o->grant.asked = true;
	o->grant.file = wire_get_str(g);
	if (!*o->grant.file)
		return;
	o->grant.dev = wire_get_u64(g);
	o->grant.ino = wire_get_u64(g);
	o->grant.size = wire_get_u64(g);
	o->grant.sec = wire_get_u64(g);
	o->grant.nsec = wire_get_u64(g);
}

static struct order
read_order(struct wire_get *g)
{
	uint32_t plugin = wire_get_u32(g), row = wire_get_u32(g);
	struct order o = { .argc = wire_get_u32(g) };
	size_t n = 0;

	host.words = host.few;
	take_words(g, o.argc, &n);
	host.nparams = wire_get_u32(g);
	if (g->bad || !o.argc || host.nparams > UINT32_MAX / 2)
		give_up(WIRE_EXIT_BROKEN);
	n++; /* argv[argc] is NULL */
	take_words(g, 2 * host.nparams, &n);
	environ_begin(g);
	o.leaks = wire_get_u32(g);
	o.cell = wire_get_u32(g);
	read_keep(g, &o);
	if (g->bad || plugin >= host.nplugins)
		give_up(WIRE_EXIT_BROKEN);
	host.params = host.words + o.argc + 1;
	o.plugin = plugin_at(plugin);
	o.def = plugin_cell(o.plugin, row);
	if (!o.def)
		give_up(WIRE_EXIT_BROKEN);
	return o;
}

/* In a thread that begins, of us or of a forked child. */
static void
tell_begun(uint32_t number)
{
	if (getpid() == host.pid)
		tell(WIRE_BEGUN, &number, sizeof number);
}

/* In lists of processes, and in what assert(), err() and their like print. */
static void
call_it(const char *name)
{
	/* A thread may outlive the message. */
	static char copy[128] HOT;

	snprintf(copy, sizeof copy, "%s", name);
	/* What is so already stays on a page that copies share. */
	if (program_invocation_name != copy)
		program_invocation_name = copy;
	if (program_invocation_short_name != copy)
		program_invocation_short_name = copy;
	crash_name(copy);
}

/* More of them may come, with descriptors, which find no room in a table that
 * the last cell has filled. */
static void
drop(void)
{
	size_t i;

	for (i = 0; i < host.in.nfds; i++)
		close(host.in.fds[i]);
	host.in.nfds = 0;
	control_make_room();
}

static void
on_run(void)
{
	struct wire_get g = wire_get(&host.in);
	struct wire_done done = { 0 };
	struct order o;
	unsigned sockets;
	bool copy = wire_get_u32(&g);
	uint32_t turn = wire_get_u32(&g);
	int status;

	/* The one before it was read by a cell: what it was to do is not done,
	 * and must not be left out. */
	if (host.in.type == WIRE_FOLLOW && turn != host.turn + 1)
		give_up(WIRE_EXIT_ROBBED);
	host.turn = turn;
	if (copy && freeze(false)) /* another ran it */
		return;
	o = read_order(&g);
	if (streams_begin(host.in.fds, host.in.nfds, o.pair))
		give_up(WIRE_EXIT_LOST);
	host.in.nfds = 0;
	control_reserve();
	cell = (struct cell){ .size = sizeof cell,
			      .argc = (int)o.argc,
			      .argv = host.words,
			      .host = &services };
	host.running = true;
	threads_belong(o.cell, tell_begun);
	leaks_before_cell(o.leaks);
	call_it(cell.argv[0]);
	control_lower_limit();
	measure_begin();
	descriptors_trust(false);
	done.how = exits_call(o.def->run, &cell, host.pid, &status);
	if (getpid() != host.pid) { /* a forked child fell off the end */
		fflush(NULL);
		_exit(status & 0xff);
	}
	measure_stop();
	streams_flush();
	environ_end();
	host.running = false;
	leaks_after_cell(o.leaks);
	done.status = status & 0xff;
	done.turn = turn;
	measure_end(&done);
	control_raise_limit();
	/* It has killed what we would die with before long, maybe in the midst
	 * of another cell. */
	if (parent_is_ending())
		kill(host.pid, SIGKILL);
	sockets = control_check();
	done.kept = o.keep && !done.threads_left && !measure_children() &&
		    streams_are_whole(sockets);
	descriptors_trust(done.kept);
	done.goes_on = grant_decide(&done, &o.grant, host.pid);
	/* First let go of the pipes, so that cnb need not wait for their end
	 * when it reads the message. */
	if (done.kept || done.threads_left)
		streams_end();
	else
		streams_let_go();
	tell(WIRE_DONE, &done, sizeof done);
	if (o.grant.asked && !done.goes_on)
		drop();
}

/* QUIT */

/* The thread sanitizer counts at the end what it has told long ago. */
extern void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

static void
nothing_more_to_report(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		__sanitizer_set_report_fd((void *)(intptr_t)fd);
}

static void
on_sent(void)
{
	struct wire_get g = wire_get(&host.in);

	if (wire_get_u32(&g) != host.turn)
		give_up(WIRE_EXIT_ROBBED);
}

static _Noreturn void
on_quit(void)
{
	size_t i;

	for (i = 0; i < host.in.nfds && i < 2; i++)
		dup2(host.in.fds[i], (int)i + STDOUT_FILENO);
	wire_in_release(&host.in);
	exit(0); /* for real: atexit handlers run, threads end */
}

/* LEAVE */

/* To free a large memory takes long, and nobody is to wait for it; but what
 * others may want, the ports, the locks, the ends of pipes, must be free. Most
 * cells that run next are over before we go: none of that is in their way. */
#define LINGER_NS 10000000

static _Noreturn void
on_leave(void)
{
	const struct timespec linger = { .tv_nsec = LINGER_NS };
	int fd = socket_to_cnb();
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	unshare(CLONE_SYSVSEM); /* semaphores are given back */
	if (fd > 0)
		close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	close(fd);
	nanosleep(&linger, NULL);
	_exit(0);
}

static void
serve(void)
{
	int got, why;

	got = wire_recv(socket_to_cnb(), &host.in);
	why = errno;
	if (got < 0 && descriptors_are_sure() &&
	    (why == EBADF || why == ENOTSOCK)) {
		/* A handler of a cell's has run, all the same. */
		descriptors_trust(false);
		return;
	}
	if (got < 0)
		give_up(why ? WIRE_EXIT_BROKEN : WIRE_EXIT_LOST);
	if (got && host.in.type == WIRE_FOLLOW && !grant_holds()) {
		drop();
		return;
	}
	control_reserve();
	if (!got)
		return;
	if (host.in.type == WIRE_FOLLOW) {
		on_run();
		return;
	}
	if (host.in.type == WIRE_SENT) {
		on_sent();
		return;
	}
	grant_begin();
	if (host.in.type == WIRE_LOAD || host.in.type == WIRE_LOAD_CELL)
		on_load();
	else if (host.in.type == WIRE_ROOM)
		control_make_room();
	else if (host.in.type == WIRE_LET_GO)
		streams_let_go();
	else if (host.in.type == WIRE_RUN)
		on_run();
	else if (host.in.type == WIRE_FREEZE)
		on_freeze();
	else if (host.in.type == WIRE_LEAVE)
		on_leave();
	else if (host.in.type == WIRE_BECOME)
		snapshot_begin();
	else if (host.in.type == WIRE_QUIT)
		on_quit();
	else
		give_up(WIRE_EXIT_BROKEN);
}

int
main(int argc, char **argv)
{
	char *end = NULL;
	long fd = argc == 2 ? strtol(argv[1], &end, 10) : -1;

	parent_tie(SIGKILL);
	if (!end || *end || fd < 0 || fd > INT32_MAX || control_init((int)fd)) {
		fputs("cnb-host: it is started by cnb, not by hand\n", stderr);
		return WIRE_EXIT_USAGE;
	}
	own_open();
	streams_init();
	measure_init();
	namespaces_begin();
	wire_in_init(&host.in);
	exits_init(is_cell_code);
	leaks_init();
	if (__sanitizer_set_report_fd) /* last of all atexit handlers */
		atexit(nothing_more_to_report);
	crash_stack_use(crash_stack, sizeof crash_stack);
	crash_catch();
	say_hello();
	for (;;)
		serve();
}
