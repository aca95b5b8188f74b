/* cmd_new.c: `cnb new NOTEBOOK` writes a first notebook to start from. Floor 4.
 * Nothing that exists is written over. */
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "format/json.h"
#include "sys/fs.h"

const struct opt cmd_new_opts[] = { { 0 } };

/* The cells; without a name it is Markdown. */
static const struct {
	const char *id, *name, *source;
} cells[] = {
	{ "title", NULL,
	  "# A first notebook\n"
	  "\n"
	  "Run it with `cnb run NAME.ipynb`; `-i` saves the outputs into it." },
	{ "square", "square",
	  "int square(int n)\n"
	  "{\n"
	  "    return n * n;\n"
	  "}" },
	{ "value", "value",
	  "int x = square(6);  /* seen by all cells below */\n"
	  "x + 6" },
	{ "loop", "loop",
	  "for (int i = 1; i <= 3; i++)\n"
	  "    printf(\"%d squared is %d\\n\", i, square(i));" },
	{ "about-programs", NULL,
	  "A cell that defines `main` is a program of its own, with its own "
	  "arguments,\n"
	  "standard input and exit status." },
	{ "program", "program",
	  "//| args: world\n"
	  "#include <stdio.h>\n"
	  "\n"
	  "int main(int argc, char **argv)\n"
	  "{\n"
	  "    printf(\"hello, %s\\n\", argc > 1 ? argv[1] : \"nobody\");\n"
	  "}" },
};

static void
put_cell(struct json_out *j, size_t i)
{
	const char *name = cells[i].name;

	json_open(j, '{');
	json_key(j, "cell_type");
	json_str(j, name ? "code" : "markdown");
	if (name) {
		json_key(j, "execution_count");
		json_null(j);
	}
	json_key(j, "id");
	json_str(j, cells[i].id);
	json_key(j, "metadata");
	json_open(j, '{');
	if (name) {
		json_key(j, "name");
		json_str(j, name);
	}
	json_close(j, '}');
	if (name) {
		json_key(j, "outputs");
		json_open(j, '[');
		json_close(j, ']');
	}
	json_key(j, "source");
	json_lines(j, cells[i].source, strlen(cells[i].source));
	json_close(j, '}');
}

static void
put_language(struct json_out *j)
{
	json_open(j, '{');
	json_key(j, "kernelspec");
	json_open(j, '{');
	json_key(j, "display_name");
	json_str(j, "C");
	json_key(j, "language");
	json_str(j, "c");
	json_key(j, "name");
	json_str(j, "c");
	json_close(j, '}');
	json_key(j, "language_info");
	json_open(j, '{');
	json_key(j, "file_extension");
	json_str(j, ".c");
	json_key(j, "mimetype");
	json_str(j, "text/x-csrc");
	json_key(j, "name");
	json_str(j, "c");
	json_close(j, '}');
	json_close(j, '}');
}

static void
put_notebook(struct buf *out)
{
	struct json_out j;

	json_begin(&j, out, 1, 0);
	json_open(&j, '{');
	json_key(&j, "cells");
	json_open(&j, '[');
	for (size_t i = 0; i < countof(cells); i++)
		put_cell(&j, i);
	json_close(&j, ']');
	json_key(&j, "metadata");
	put_language(&j);
	json_key(&j, "nbformat");
	json_int(&j, 4);
	json_key(&j, "nbformat_minor");
	json_int(&j, 5);
	json_close(&j, '}');
	buf_add_byte(out, '\n');
}

/* What to type next. */
static void
say_how(const char *path)
{
	struct buf quoted = { 0 };

	text_quote(&quoted, path);
	fprintf(stderr, "cnb: wrote '%s'; run it: cnb run %s\n", path,
		quoted.data);
	buf_release(&quoted);
}

int
cmd_new(const struct command *cmd, int argc, char **argv)
{
	struct buf path = { 0 }, out = { 0 };
	struct strs paths = { 0 };
	struct err e;
	int status = command_args(cmd, NULL, argc, argv, &paths);

	if (status >= 0)
		goto out;
	buf_add_str(&path, paths.at[0]);
	if (strcmp(path.data, "-") != 0 && !strchr(path_base(path.data), '.'))
		buf_add_str(&path, ".ipynb");
	if (strcmp(path.data, "-") != 0 && fs_exists(path.data)) {
		err_input(&e, "cannot write '%s': it exists", path.data);
		status = command_fail(&e);
		goto out;
	}
	put_notebook(&out);
	status = command_output(path.data, buf_slice(&out));
	if (status == EXIT_OK && strcmp(path.data, "-") != 0)
		say_how(path.data);
out:
	buf_release(&path);
	buf_release(&out);
	strs_release(&paths);
	return status;
}
