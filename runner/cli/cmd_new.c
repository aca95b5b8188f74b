/* cmd_new.c: `cnb new` writes a first notebook to start from. Floor 6. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "sys/fs.h"

const struct opt cmd_new_opts[] = { { 0 } };

static const char first[] =
	"{\n"
	" \"cells\": [\n"
	"  {\n"
	"   \"cell_type\": \"markdown\",\n"
	"   \"id\": \"text-1\",\n"
	"   \"metadata\": {},\n"
	"   \"source\": [\n"
	"    \"# A first notebook\\n\",\n"
	"    \"\\n\",\n"
	"    \"Cells are C. `cnb run NAME.ipynb` runs them and shows what t"
	"hey write;\\n\",\n"
	"    \"`-i` saves that into the notebook.\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"code\",\n"
	"   \"execution_count\": null,\n"
	"   \"id\": \"square\",\n"
	"   \"metadata\": {\n"
	"    \"name\": \"square\"\n"
	"   },\n"
	"   \"outputs\": [],\n"
	"   \"source\": [\n"
	"    \"int square(int n)\\n\",\n"
	"    \"{\\n\",\n"
	"    \"    return n * n;\\n\",\n"
	"    \"}\\n\",\n"
	"    \"printf(\\\"ready\\\\n\\\");\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"markdown\",\n"
	"   \"id\": \"text-3\",\n"
	"   \"metadata\": {},\n"
	"   \"source\": [\n"
	"    \"What a cell declares is there for all cells below it. A last"
	" expression\\n\",\n"
	"    \"without a semicolon is the cell's result.\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"code\",\n"
	"   \"execution_count\": null,\n"
	"   \"id\": \"answer\",\n"
	"   \"metadata\": {\n"
	"    \"name\": \"answer\"\n"
	"   },\n"
	"   \"outputs\": [],\n"
	"   \"source\": [\n"
	"    \"square(6) + 6\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"markdown\",\n"
	"   \"id\": \"text-5\",\n"
	"   \"metadata\": {},\n"
	"   \"source\": [\n"
	"    \"A cell that defines `main` is a program of its own, with its"
	" own flags,\\n\",\n"
	"    \"arguments and input.\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"code\",\n"
	"   \"execution_count\": null,\n"
	"   \"id\": \"greet\",\n"
	"   \"metadata\": {\n"
	"    \"name\": \"greet\"\n"
	"   },\n"
	"   \"outputs\": [],\n"
	"   \"source\": [\n"
	"    \"//| args: world\\n\",\n"
	"    \"//| stdin: \\\"one\\\\ntwo\\\\n\\\"\\n\",\n"
	"    \"#include <stdio.h>\\n\",\n"
	"    \"\\n\",\n"
	"    \"int main(int argc, char **argv)\\n\",\n"
	"    \"{\\n\",\n"
	"    \"    char line[100];\\n\",\n"
	"    \"    int n = 0;\\n\",\n"
	"    \"\\n\",\n"
	"    \"    while (fgets(line, sizeof line, stdin))\\n\",\n"
	"    \"        n++;\\n\",\n"
	"    \"    printf(\\\"hello, %s: %d lines\\\\n\\\", argc > 1 ? argv"
	"[1] : \\\"you\\\", n);\\n\",\n"
	"    \"}\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"markdown\",\n"
	"   \"id\": \"text-7\",\n"
	"   \"metadata\": {},\n"
	"   \"source\": [\n"
	"    \"A line that starts with `!` is given to the shell.\"\n"
	"   ]\n"
	"  },\n"
	"  {\n"
	"   \"cell_type\": \"code\",\n"
	"   \"execution_count\": null,\n"
	"   \"id\": \"shell\",\n"
	"   \"metadata\": {\n"
	"    \"name\": \"shell\"\n"
	"   },\n"
	"   \"outputs\": [],\n"
	"   \"source\": [\n"
	"    \"!echo made by $(cc --version | head -n 1 | cut -d' ' -f1)"
	"\"\n"
	"   ]\n"
	"  }\n"
	" ],\n"
	" \"metadata\": {\n"
	"  \"kernelspec\": {\n"
	"   \"display_name\": \"C (cnb)\",\n"
	"   \"language\": \"c\",\n"
	"   \"name\": \"cnb\"\n"
	"  },\n"
	"  \"language_info\": {\n"
	"   \"file_extension\": \".c\",\n"
	"   \"mimetype\": \"text/x-csrc\",\n"
	"   \"name\": \"c\"\n"
	"  }\n"
	" },\n"
	" \"nbformat\": 4,\n"
	" \"nbformat_minor\": 5\n"
	"}\n";

/* Never in the place of something else. */
static int
write_new(const char *path, struct err *e)
{
	int fd = fs_create(path, O_WRONLY | O_EXCL, 0666);
	int why;

	if (fd < 0 && errno == EEXIST)
		return err_input(e, "cannot make '%s': it is there already",
				 path);
	if (fd < 0)
		return (errno == EACCES ? err_system(e, "cannot make '%s': %s",
						     path, strerror(errno))
					: fs_err(e, errno, "make", path));
	why = fs_write_fd(fd, first, sizeof first - 1) < 0 ? errno : 0;
	if (fs_close(fd) < 0 && !why)
		why = errno;
	if (!why)
		return 0;
	unlink(path);
	return err_system(e, "cannot write '%s': %s", path, strerror(why));
}

static void
say_made(const char *path)
{
	struct buf quoted = { 0 };

	text_quote_path(&quoted, path);
	command_say("'%s' is there; run it with: cnb run %s", path,
		    quoted.data);
	buf_release(&quoted);
}

int
cmd_new(const struct command *cmd, int argc, char **argv)
{
	struct strs paths = { 0 };
	struct err e;
	int status = command_args(cmd, NULL, argc, argv, &paths);

	if (status < 0 && !strcmp(paths.at[0], "-")) {
		status = command_output("-", slice_of(first));
	} else if (status < 0) {
		status = EXIT_OK;
		if (write_new(paths.at[0], &e) < 0)
			status = command_fail(&e);
		else
			say_made(paths.at[0]);
	}
	strs_release(&paths);
	return status;
}
