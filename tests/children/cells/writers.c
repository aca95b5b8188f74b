/* writers.c: cells that write too much, too odd, or to what is not theirs. Each
 * is named for what it does. */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cell.h"

static int
hello(struct cell *c)
{
	printf("hello from %s\n", c->argv[0]);
	return 0;
}

static void
put(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0)
			_exit(99);
		bytes += n;
		length -= (size_t)n;
	}
}

static int
writes_nul_bytes(struct cell *c)
{
	(void)c;
	put(1, "a\0b\0\n", 5);
	return 0;
}

static int
writes_no_utf8(struct cell *c)
{
	(void)c;
	put(1, "\xff\xfe caf\xe9 \xe4\xb8", 9);
	put(2, "fine\n", 5);
	return 0;
}

/* One character, in three writes with all the time in the world between. */
static int
writes_a_character_in_pieces(struct cell *c)
{
	(void)c;
	for (const char *p = "\xe4\xb8\x96\n"; *p; p++) {
		put(1, p, 1);
		usleep(2000);
	}
	return 0;
}

static int
writes_no_newline(struct cell *c)
{
	(void)c;
	printf("no newline");
	return 0;
}

static int
writes_nothing(struct cell *c)
{
	(void)c;
	return 0;
}

static int
writes_control_characters(struct cell *c)
{
	(void)c;
	printf("\033[31mred\033[0m \a\rover\b\n");
	return 0;
}

/* argv[1] megabytes of numbered lines of 64 bytes. */
static int
writes_megabytes(struct cell *c)
{
	long lines = atol(c->argv[1]) * 16384;
	char block[65536 + 1];

	for (long i = 0; i < lines; i += 1024) {
		for (int j = 0; j < 1024; j++)
			snprintf(block + j * 64, 65, "%-63ld\n", i + j);
		put(1, block, 65536);
	}
	return 0;
}

static void *
flood_2(void *arg)
{
	for (int i = 0; i < 20000; i++)
		put(2, "to stderr: 0123456789abcdefgh\n", 30);
	return arg;
}

static int
floods_both_pipes(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, flood_2, NULL);
	for (int i = 0; i < 20000; i++)
		put(1, "to stdout: 0123456789abcdefgh\n", 30);
	pthread_join(t, NULL);
	return 0;
}

static int
writes_without_end(struct cell *c)
{
	static char block[65536];

	memset(block, '.', sizeof block);
	while (c->argc)
		put(1, block, sizeof block);
	return 0;
}

static int
closes_stdout(struct cell *c)
{
	(void)c;
	puts("before");
	fflush(stdout);
	close(1);
	puts("to nowhere");
	return 0;
}

static int
fcloses_stdout(struct cell *c)
{
	(void)c;
	puts("before");
	fclose(stdout);
	return 0;
}

static int
closes_everything(struct cell *c)
{
	(void)c;
	puts("before");
	fflush(stdout);
	close_range(0, ~0u, 0);
	return 0;
}

static int
redirects_stdout(struct cell *c)
{
	(void)c;
	puts("before");
	if (!freopen("/dev/null", "w", stdout))
		return 1;
	puts("to nowhere");
	return 0;
}

static int
opens_dev_stdout(struct cell *c)
{
	FILE *f = fopen("/dev/stdout", "we");

	(void)c;
	if (!f)
		return 1;
	fputs("by its name\n", f);
	fclose(f);
	return 0;
}

static int
buffers_fully(struct cell *c)
{
	static char room[65536];

	(void)c;
	setvbuf(stdout, room, _IOFBF, sizeof room);
	puts("kept in a buffer to the end");
	return 0;
}

static int
changes_directory(struct cell *c)
{
	(void)c;
	return chdir("/");
}

static int
names_directory(struct cell *c)
{
	char path[4096];

	(void)c;
	puts(getcwd(path, sizeof path) ? path : "?");
	return 0;
}

static int
orders_two_streams(struct cell *c)
{
	(void)c;
	for (int i = 0; i < 3; i++) {
		printf("out %d\n", i);
		fprintf(stderr, "err %d\n", i);
	}
	return 0;
}

static int
displays(struct cell *c)
{
	puts("above");
	cell_display(c, "text/markdown", "**bold**", 8);
	cell_display(c, "image/png", "\x89PNG\r\n", 6);
	cell_display(c, "application/json", "{\"a\": [1, 2]}", 13);
	puts("below");
	return cell_display(c, "no mime", "", 0) == 0;
}

static int
shows_what_it_got(struct cell *c)
{
	char line[100];

	for (int i = 1; i < c->argc; i++)
		printf("argument <%s>\n", c->argv[i]);
	printf("parameter %s\n", cell_param("who") ? cell_param("who") : "none");
	printf("environment %s\n", getenv("WHO") ? getenv("WHO") : "none");
	while (fgets(line, sizeof line, stdin))
		printf("input %s", line);
	return 0;
}

static const struct cell_def cells[] = {
	{ "hello", hello, "say hello" },
	{ "writes-nul-bytes", writes_nul_bytes, NULL },
	{ "writes-no-utf8", writes_no_utf8, NULL },
	{ "writes-a-character-in-pieces", writes_a_character_in_pieces, NULL },
	{ "writes-no-newline", writes_no_newline, NULL },
	{ "writes-nothing", writes_nothing, NULL },
	{ "writes-control-characters", writes_control_characters, NULL },
	{ "writes-megabytes", writes_megabytes, NULL },
	{ "floods-both-pipes", floods_both_pipes, NULL },
	{ "writes-without-end", writes_without_end, NULL },
	{ "closes-stdout", closes_stdout, NULL },
	{ "fcloses-stdout", fcloses_stdout, NULL },
	{ "closes-everything", closes_everything, NULL },
	{ "redirects-stdout", redirects_stdout, NULL },
	{ "opens-dev-stdout", opens_dev_stdout, NULL },
	{ "buffers-fully", buffers_fully, NULL },
	{ "changes-directory", changes_directory, NULL },
	{ "names-directory", names_directory, NULL },
	{ "orders-two-streams", orders_two_streams, NULL },
	{ "displays", displays, NULL },
	{ "shows-what-it-got", shows_what_it_got, NULL },
};
CELL_TABLE(cells);
