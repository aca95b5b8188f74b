/* cell.h: all that the author of a table cell includes.
 *
 * A plugin is a shared object that exports one function, cell_table(), which
 * returns a table of named cells. A cell is a C function and a row of an
 * array:
 *
 *	#include "cell.h"
 *
 *	static int hello(struct cell *c)
 *	{
 *		printf("hello from %s\n", c->argv[0]);
 *		return 0;
 *	}
 *
 *	static const struct cell_def cells[] = {
 *		{ "hello", hello, .doc = "say hello" },
 *	};
 *	CELL_TABLE(cells);
 *
 * Build it with: cc -shared -fPIC -I DIR_OF_CELL_H hello.c -o hello.so
 * There is nothing to link: the services of the host reach a cell as a table
 * of pointers. This header depends on the C library alone and works with any
 * C11 compiler that knows GNU attributes (gcc, clang, tcc).
 *
 * A cell returns 0 when it is well; any other value is its exit status
 * (0..255 is kept, as for a process) and makes it "failed". What it writes to
 * file descriptors 1 and 2, from any thread or child, is captured.
 */
#ifndef CELL_H
#define CELL_H

#include <stddef.h>
#include <stdint.h>

/* The version of everything below. A host accepts CELL_ABI_MIN..CELL_ABI.
 *
 * 1  first version
 */
#define CELL_ABI 1
#define CELL_ABI_MIN 1

struct cell;

/* What a value is, for cell_host.show. */
enum cell_value_kind {
	CELL_VALUE_VOID, /* nothing to show */
	CELL_VALUE_OTHER,
	CELL_VALUE_BOOL,
	CELL_VALUE_CHAR,
	CELL_VALUE_SIGNED, /* integers by their size, to 16 bytes */
	CELL_VALUE_UNSIGNED,
	CELL_VALUE_FLOAT, /* by its size: float, double, long double */
	CELL_VALUE_COMPLEX,
	CELL_VALUE_STRING, /* a pointer to char */
	CELL_VALUE_POINTER,
	CELL_VALUE_STRUCT,
	CELL_VALUE_UNION,
};

/* A value in memory. */
struct cell_value {
	uint32_t kind;	     /* enum cell_value_kind, of an array's elements */
	uint32_t dimensions; /* of an array, 0: it is none */
	const void *at;
	size_t size;  /* of one element, in bytes */
	size_t count; /* of an array, all its elements */
	/* [dimensions], outermost first; not read where there is only one */
	const size_t *counts;
};

/* What the host does for a cell. Grows at the end only: `size` says how much
 * of it this host has. Pointers stay valid for the whole session. */
struct cell_host {
	uint32_t size; /* sizeof(struct cell_host) in the host, in bytes */
	/* The value of parameter `key` as text, or NULL if the notebook and the
	 * command line give none. It lives until the cell ends. Any thread. */
	const char *(*param)(const struct cell *c, const char *key);
	/* Show `length` bytes of MIME type `mime` (image/png, text/html, ...)
	 * as an output of the cell. The bytes are copied before it returns.
	 * 0, or -1 if the host is gone or the type is no MIME type. Any
	 * thread of the process that runs the cell. */
	int (*display)(const struct cell *c, const char *mime,
		       const void *bytes, size_t length);
	/* Show a value as the cell's result. Made for the code that cnb writes
	 * around shared cells; any cell may use it. 0 or -1 as display. */
	int (*show)(const struct cell *c, const struct cell_value *value);
};

/* One run of one cell. Made by the host, valid until the cell function
 * returns; threads that outlive it must not use it. */
struct cell {
	uint32_t size; /* sizeof(struct cell) in the host, in bytes */
	int argc;
	char **argv; /* argv[0] is the cell's name, argv[argc] is NULL */
	const struct cell_host *host;
};

/* A row of the table. Unset members are zero. */
struct cell_def {
	const char *name; /* [A-Za-z_][A-Za-z0-9_.-]*, unique in the table */
	int (*run)(struct cell *c);
	const char *doc; /* one line for `cnb list`, or NULL */
};

/* The table. `abi` comes first and never moves; the rest grows at the end. */
struct cell_table {
	uint32_t abi;  /* CELL_ABI of the header the plugin was built with */
	uint32_t size; /* sizeof(struct cell_table), in bytes */
	uint32_t def_size; /* sizeof(struct cell_def), in bytes */
	uint32_t ndefs;	   /* rows */
	const struct cell_def *defs;
	const char *built_with; /* compiler and version, for messages */
	struct cell **current;	/* the host keeps the running cell here */
};

#ifdef __cplusplus
#error "cell.h is for C: compile the plugin as C11"
#endif

#if defined(__clang__)
#define CNB__CC "clang " __clang_version__
#elif defined(__TINYC__)
#define CNB__CC "tcc"
#elif defined(__VERSION__)
#define CNB__CC "gcc " __VERSION__
#else
#define CNB__CC "an unnamed compiler"
#endif

/* The running cell, or NULL: one per plugin, however many files it has. */
__attribute__((weak, visibility("hidden"))) struct cell *cnb__cell;

/* Exports `rows`, an array of struct cell_def, as this plugin's table. */
#define CELL_TABLE(rows)                                                       \
	__attribute__((visibility("default"))) const struct cell_table *       \
	cell_table(void);                                                      \
	const struct cell_table *cell_table(void)                              \
	{                                                                      \
		static const struct cell_table table = {                       \
			.abi = CELL_ABI,                                       \
			.size = sizeof(struct cell_table),                     \
			.def_size = sizeof(struct cell_def),                   \
			.ndefs = sizeof(rows) / sizeof((rows)[0]),             \
			.defs = (rows),                                        \
			.built_with = CNB__CC,                                 \
			.current = &cnb__cell,                                 \
		};                                                             \
		return &table;                                                 \
	}                                                                      \
	struct cell /* lets a semicolon follow */

/* The text of parameter `key` (-p KEY=VALUE, or metadata.cnb.params of the
 * notebook), or NULL. Valid until the cell ends. */
static inline const char *
cell_param(const char *key)
{
	return cnb__cell ? cnb__cell->host->param(cnb__cell, key) : NULL;
}

/* The parameter `key` as a whole number, written as in C without a suffix
 * (-12, 0x1f, 017), or `otherwise` where it is not given or is none that a
 * long can hold. */
static inline long
cell_param_long(const char *key, long otherwise)
{
	const char *text = cell_param(key);
	unsigned long value = 0, most;
	unsigned int base = 10, digit;
	int negative;

	if (!text)
		return otherwise;
	negative = *text == '-';
	text += negative || *text == '+';
	if (*text == '0' && text[1])
		base = (text[1] | 32) == 'x' ? 16 : 8;
	text += base == 16 ? 2 : 0;
	most = (~0UL >> 1) + (unsigned long)negative;
	if (!*text)
		return otherwise;
	for (; *text; text++) {
		digit = base;
		if (*text >= '0' && *text <= '9')
			digit = (unsigned int)(*text - '0');
		else if ((*text | 32) >= 'a' && (*text | 32) <= 'f')
			digit = (unsigned int)((*text | 32) - 'a') + 10;
		if (digit >= base || value > (most - digit) / base)
			return otherwise;
		value = value * base + digit;
	}
	return negative ? (long)(0UL - value) : (long)value;
}

/* Show bytes of a MIME type as an output of cell `c`; see cell_host. */
static inline int
cell_display(const struct cell *c, const char *mime, const void *bytes,
	     size_t length)
{
	return c->host->display(c, mime, bytes, length);
}

/* The same for the cell that runs: shared cells have no `c`. -1 where none
 * runs. */
static inline int
cell_show(const char *mime, const void *bytes, size_t length)
{
	return cnb__cell ? cell_display(cnb__cell, mime, bytes, length) : -1;
}

#endif
