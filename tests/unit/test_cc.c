/* test_cc.c: units are built with the compilers that are installed, kept, and
 * explained when they do not compile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/cc.h"
#include "sys/fs.h"
#include "sys/proc.h"

#define LABEL "x.ipynb:join"

static const char *const compilers[] = { "gcc", "clang", "tcc" };

/* One unit and all that building it needs. */
struct bench {
	struct cache cache;
	struct cc cc;
	struct strs cflags, ldflags, libs, sanitize;
	struct unit unit;
	struct built built;
	struct err e;
};

static char top[64];

static int
setup(void **state)
{
	(void)state;
	strcpy(top, "/tmp/cnb-cc-test-XXXXXX");
	unsetenv("CC");
	if (!mkdtemp(top) || setenv("CNB_CACHE_DIR", top, 1) < 0)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return fs_remove_tree(top);
}

/* False: this compiler is not installed. */
static bool
begin(struct bench *b, const char *cc, const char *text)
{
	char *path = path_find_program(cc);

	*b = (struct bench){ 0 };
	free(path);
	if (!path)
		return false;
	assert_int_equal(cache_open(&b->cache, &b->e), 0);
	assert_int_equal(cc_find(&b->cc, cc, &b->e), 0);
	b->unit = (struct unit){
		.label = LABEL,
		.text = slice_of(text),
		.workdir = top,
		.cflags = &b->cflags,
		.ldflags = &b->ldflags,
		.libs = &b->libs,
		.sanitize = &b->sanitize,
	};
	return true;
}

static int
build(struct bench *b)
{
	built_release(&b->built);
	return cc_build(&b->cc, &b->cache, &b->unit, &b->built, &b->e);
}

static void
must_build(struct bench *b)
{
	if (build(b) < 0)
		fail_msg("%s: %s", b->cc.version, b->e.text);
	if (!b->built.path)
		fail_msg("%s: %s", b->cc.version, b->built.messages);
}

static void
must_fail_saying(struct bench *b, const char *words)
{
	if (build(b) < 0)
		fail_msg("%s: %s", b->cc.version, b->e.text);
	assert_null(b->built.path);
	if (!strstr(b->built.messages, words))
		fail_msg("%s: '%s' is not in: %s", b->cc.version, words,
			 b->built.messages);
}

static void
end(struct bench *b)
{
	built_release(&b->built);
	cc_release(&b->cc);
	strs_release(&b->cflags);
	strs_release(&b->ldflags);
	strs_release(&b->libs);
	strs_release(&b->sanitize);
	cache_close(&b->cache);
}

/* Run what was built: its exit status, and what it wrote in *out. */
static int
run_product(struct bench *b, struct buf *out)
{
	char *argv[] = { b->built.path, NULL };
	struct proc_result r;
	int status;

	assert_int_equal(proc_run(argv, top, (struct slice){ 0 }, NULL, &r,
				  &b->e),
			 0);
	status = r.status;
	buf_clear(out);
	buf_add_slice(out, buf_slice(&r.out));
	buf_add_slice(out, buf_slice(&r.err));
	proc_result_release(&r);
	return status;
}

static void
prints(struct bench *b, const char *want)
{
	struct buf out = { 0 };
	int status = run_product(b, &out);

	assert_string_equal(buf_str(&out), want);
	assert_int_equal(status, 0);
	buf_release(&out);
}

static void
put(const char *name, const char *text)
{
	char *path = path_join(top, name);
	struct timespec t[2] = { { 0 } };
	struct err e;

	assert_int_equal(fs_write(path, slice_of(text), &e), 0);
	/* Written well before any build, as far as the cache can tell. */
	clock_gettime(CLOCK_REALTIME, &t[0]);
	t[0].tv_sec -= 100;
	t[1] = t[0];
	assert_int_equal(utimensat(-1, path, t, 0), 0);
	free(path);
}

/* Compile a helper in `top` with a shell. */
static void
shell(const char *command)
{
	char sh[] = "/bin/sh", c[] = "-c", *text = strdup(command);
	char *argv[] = { sh, c, text, NULL };
	struct proc_result r;
	struct err e;

	assert_int_equal(proc_run(argv, top, (struct slice){ 0 }, NULL, &r, &e),
			 0);
	if (r.status)
		fail_msg("%s: %s", command, buf_str(&r.err));
	proc_result_release(&r);
	free(text);
}

static void
test_compilers_are_found_and_named(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		size_t n = strlen(compilers[i]);

		if (!begin(&b, compilers[i], ""))
			continue;
		assert_int_equal(b.cc.path[0], '/');
		assert_memory_equal(b.cc.version, compilers[i], n);
		assert_int_equal(b.cc.version[n], ' ');
		assert_true(strchr("0123456789", b.cc.version[n + 1]) != NULL);
		assert_int_equal(b.cc.family, (enum cc_family)i);
		end(&b);
	}
}

static void
test_a_missing_compiler_is_named(void **state)
{
	struct cc cc;
	struct err e;

	(void)state;
	assert_int_equal(cc_find(&cc, "no-such-cc", &e), -1);
	assert_int_equal(e.class, ERR_SYSTEM);
	assert_string_equal(e.text, "cannot compile: no compiler 'no-such-cc' "
				    "in PATH");
	assert_int_equal(cc_find(&cc, "./no-such-cc", &e), -1);
	assert_non_null(strstr(e.text, "'./no-such-cc' is no program"));
	setenv("CC", "ccache gcc", 1);
	assert_int_equal(cc_find(&cc, NULL, &e), -1);
	assert_non_null(strstr(e.text, "name one program"));
	unsetenv("CC");
}

static void
test_version_is_asked_once_and_kept(void **state)
{
	struct bench b;
	struct cc cc;
	struct strs notes = { 0 };
	char *dir = path_join(top, "notes");

	(void)state;
	if (!begin(&b, "gcc", ""))
		skip();
	assert_int_equal(cc_find_cached(&cc, &b.cache, "gcc", &b.e), 0);
	assert_string_equal(cc.version, b.cc.version);
	cc_release(&cc);
	assert_int_equal(fs_list(dir, "", &notes), 0);
	assert_int_equal(notes.count, 1);
	assert_int_equal(cc_find_cached(&cc, &b.cache, "gcc", &b.e), 0);
	assert_string_equal(cc.version, b.cc.version);
	assert_int_equal(cc.family, CC_GCC);
	cc_release(&cc);
	strs_release(&notes);
	free(dir);
	end(&b);
}

static void
test_a_program_is_built_and_kept_with_its_warnings(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		char *first, *said;

		if (!begin(&b, compilers[i],
			   "#include <stdio.h>\n#include <math.h>\n"
			   "int main(int c, char **v)\n{\n\tint unused;\n"
			   "\tprintf(\"%g \" __FILE__ \":%d\\n\", "
			   "sqrt(c + 3.0), __LINE__);\n}"))
			continue;
		/* a library in front of the source, as many write it */
		strs_add(&b.cflags, "-lm");
		must_build(&b);
		assert_false(b.built.cached);
		prints(&b, "2 " LABEL ":6\n");
		if (b.cc.family != CC_TCC)
			assert_non_null(strstr(b.built.messages,
					       LABEL ":5:6: warning: unused "
						     "variable 'unused'"));
		first = strdup(b.built.path);
		said = strdup(b.built.messages);
		must_build(&b);
		assert_true(b.built.cached);
		assert_string_equal(b.built.path, first);
		assert_string_equal(b.built.messages, said);
		assert_non_null(strstr(b.built.command, b.built.path));
		free(first);
		free(said);
		end(&b);
	}
}

static void
test_an_error_is_shown_with_line_and_excerpt(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i],
			   "int main(void)\n{\n\treturn nope;\n}\n"))
			continue;
		must_fail_saying(&b, "    3 | \treturn nope;\n");
		assert_non_null(strstr(b.built.messages, LABEL ":3:"));
		if (b.cc.family != CC_TCC)
			assert_non_null(strstr(b.built.messages,
					       "      | \t       ^\n"));
		assert_true(diags_errors(&b.built.diags) > 0);
		end(&b);
	}
}

static void
test_a_missing_header_is_an_error_with_its_place(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i], "\n#include \"nope.h\"\n"))
			continue;
		must_fail_saying(&b, "    2 | #include \"nope.h\"\n");
		end(&b);
	}
}

static void
test_an_undefined_function_is_named_with_its_line(void **state)
{
	static const char *const linkers[] = { "bfd", "gold", "lld" };
	struct bench b;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < countof(linkers); k++) {
			char *ld, name[16];

			snprintf(name, sizeof name, "ld.%s", linkers[k]);
			ld = path_find_program(name);
			free(ld);
			if (!ld || !begin(&b, compilers[i],
					  "int f(void);\n"
					  "int main(void) { return f(); }\n"))
				continue;
			strs_addf(&b.cflags, "-fuse-ld=%s", linkers[k]);
			must_fail_saying(&b, LABEL ":2");
			assert_null(strstr(b.built.messages, "/tmp/cc"));
			assert_null(strstr(b.built.messages, top));
			end(&b);
		}
}

static void
test_labels_may_hold_anything(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i], "int main(void) { return n; }"))
			continue;
		b.unit.label = "a \"b\" \xe4\xb8\x96\\x.ipynb:7";
		must_fail_saying(&b, "a \"b\" \xe4\xb8\x96\\x.ipynb:7:1:");
		assert_non_null(strstr(b.built.messages, "    1 | int main"));
		end(&b);
	}
}

static void
test_a_changed_header_builds_again(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i],
			   "#include <stdio.h>\n#include \"x.h\"\n"
			   "int main(void) { puts(X); return 0; }\n"))
			continue;
		put("x.h", "#define X \"one\"\n");
		must_build(&b);
		prints(&b, "one\n");
		put("x.h", "#define X \"two\"\n");
		must_build(&b);
		assert_false(b.built.cached);
		prints(&b, "two\n");
		put("x.h", "#define X \"one\"\n");
		must_build(&b);
		assert_true(b.built.cached);
		prints(&b, "one\n");
		end(&b);
	}
}

static void
test_a_changed_archive_builds_again(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!begin(&b, compilers[i],
			   "#include <stdio.h>\nint f(void);\n"
			   "int main(void) { printf(\"%d\\n\", f()); }\n"))
			continue;
		strs_add(&b.cflags, "-lf");
		strs_add(&b.cflags, "-L");
		strs_add(&b.cflags, ".");
		shell("rm -f libf.a; echo 'int f(void) { return 1; }' >f.c; "
		      "gcc -c f.c; ar rc libf.a f.o; touch -d -1min libf.a");
		must_build(&b);
		prints(&b, "1\n");
		must_build(&b);
		assert_true(b.built.cached);
		shell("rm -f libf.a; echo 'int f(void) { return 2; }' >f.c; "
		      "gcc -c f.c; ar rc libf.a f.o; touch -d -30sec libf.a");
		must_build(&b);
		assert_false(b.built.cached);
		prints(&b, "2\n");
		end(&b);
	}
}

static void
test_a_linker_that_tells_nothing_is_no_hindrance(void **state)
{
	struct bench b;

	(void)state;
	if (!begin(&b, "gcc",
		   "int f(void);\n"
		   "int main(void) { return f(); }\n"))
		skip();
	put("ld", "#!/bin/sh\nfor a; do case $a in --dependency-file*)\n"
		  "echo \"ld: unrecognized option '$a'\" >&2; exit 1;; esac\n"
		  "done\nPATH=/usr/local/bin:/usr/bin:/bin exec ld \"$@\"\n");
	shell("chmod +x ld; echo 'int f(void) { return 0; }' >f.c; gcc -c f.c; "
	      "rm -f libf.a; ar rc libf.a f.o; touch -d -1min libf.a");
	strs_addf(&b.cflags, "-B%s/", top);
	strs_add(&b.ldflags, "-L.");
	strs_add(&b.ldflags, "-lf");
	must_build(&b);
	assert_string_equal(b.built.messages, "");
	prints(&b, "");
	must_build(&b);
	assert_true(b.built.cached);
	shell("touch -d -30sec libf.a; echo 'int f(void) { return 0; } int x;' "
	      ">f.c; gcc -c f.c; ar rc libf.a f.o; touch -d -30sec libf.a");
	must_build(&b);
	assert_false(b.built.cached);
	end(&b);
}

static void
test_every_word_and_variable_counts(void **state)
{
	struct bench b;

	(void)state;
	if (!begin(&b, "gcc", "int main(void) { return 0; }\n"))
		skip();
	must_build(&b);
	must_build(&b);
	assert_true(b.built.cached);
	strs_add(&b.cflags, "-DX");
	must_build(&b);
	assert_false(b.built.cached);
	strs_add(&b.ldflags, "-lm");
	must_build(&b);
	assert_false(b.built.cached);
	b.unit.label = "other";
	must_build(&b);
	assert_false(b.built.cached);
	setenv("CPATH", top, 1);
	must_build(&b);
	assert_false(b.built.cached);
	unsetenv("CPATH");
	must_build(&b);
	assert_true(b.built.cached);
	b.unit.text = slice_of("int main(void) { return 1; }\n");
	must_build(&b);
	assert_false(b.built.cached);
	b.unit.text = slice_of("char t[] = __TIME__; int main(void) {}\n");
	must_build(&b);
	must_build(&b);
	assert_false(b.built.cached);
	end(&b);
}

static void
test_what_the_user_asks_for_is_honoured(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!begin(&b, compilers[i],
			   "int main(void) { int unused; return 0; }\n"))
			continue;
		strs_add(&b.cflags, "-Werror");
		must_fail_saying(&b, "error: unused variable 'unused'");
		strs_add(&b.cflags, "-Wno-unused-variable");
		must_build(&b);
		strs_add(&b.cflags, "-fsyntax-only");
		must_fail_saying(&b, "-fsyntax-only");
		end(&b);
	}
}

static void
test_a_plugin_keeps_its_own_names(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		int (*get)(void), (**symbol)(void) = &get;
		void *handle;

		if (!begin(&b, compilers[i],
			   "#include \"cell.h\"\nint optind = 7;\n"
			   "int get(void) { return optind; }\n"))
			continue;
		b.unit.product = PRODUCT_PLUGIN;
		put("cell.h", "#define CELL_H\n");
		b.unit.include_dir = top;
		must_build(&b);
		handle = dlopen(b.built.path, RTLD_NOW | RTLD_GLOBAL);
		if (!handle)
			fail_msg("%s: %s", compilers[i], dlerror());
		*(void **)symbol = dlsym(handle, "get");
		assert_non_null(get);
		assert_int_equal(get(), 7);
		dlclose(handle);
		end(&b);
	}
}

static void
test_a_plugin_may_leave_nothing_undefined(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!begin(&b, compilers[i],
			   "int f(void);\nint g(void) { return f(); }\n"))
			continue;
		b.unit.product = PRODUCT_PLUGIN;
		must_fail_saying(&b, LABEL ":2");
		end(&b);
	}
}

static void
test_a_file_is_compiled_where_it_stands(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		char *path = path_join(top, "sub/a.c");

		if (!begin(&b, compilers[i], "")) {
			free(path);
			continue;
		}
		shell("mkdir -p sub");
		put("sub/near.h", "#define X 0\n");
		put("sub/a.c", "#include \"near.h\"\n"
			       "int main(void) { return X; }\n");
		b.unit.file = path;
		b.unit.label = "sub/a.c";
		must_build(&b);
		prints(&b, "");
		must_build(&b);
		assert_true(b.built.cached);
		put("sub/a.c", "#include \"near.h\"\n"
			       "int main(void) { return Y; }\n");
		must_fail_saying(&b, "sub/a.c:2:");
		assert_memory_equal(strstr(b.built.messages, "sub/a.c:2:"),
				    "sub/a.c:2:", 10);
		if (strstr(b.built.messages, top))
			fail_msg("%s", b.built.messages);
		assert_non_null(strstr(b.built.messages, "    2 | int main"));
		free(path);
		end(&b);
	}
}

static void
test_the_front_object_is_linked_where_it_can_be(void **state)
{
	struct bench b;
	char *front = path_join(top, "front.o");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!begin(&b, compilers[i],
			   "#include <stdio.h>\n"
			   "int main(void) { puts(\"main\"); return 0; }\n"))
			continue;
		put("front.c", "#include <unistd.h>\n"
			       "__attribute__((constructor))\n"
			       "static void f(void)\n"
			       "{ if (write(1, \"front\\n\", 6)) return; }\n");
		shell("gcc -fPIC -c front.c");
		b.unit.front = front;
		must_build(&b);
		prints(&b, "front\nmain\n");
		strs_add(&b.cflags, "-static");
		must_build(&b);
		prints(&b, "main\n");
		strs_release(&b.cflags);
		/* in the way: both define f2 */
		shell("echo 'int f2;' >>front.c; gcc -fPIC -c front.c");
		b.unit.text = slice_of("#include <stdio.h>\nint f2;\n"
				       "int main(void) { puts(\"own\"); }\n");
		strs_add(&b.cflags, "-fno-common");
		must_build(&b);
		prints(&b, "own\n");
		assert_string_equal(b.built.messages, "");
		assert_null(strstr(b.built.command, "front.o"));
		end(&b);
	}
	free(front);
}

static void
test_objects_behind_the_text_are_no_c(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i],
			   "int f(void);\nint main(void) { return f(); }\n"))
			continue;
		shell("echo 'int f(void) { return 0; }' >f.c; gcc -c f.c");
		strs_add(&b.cflags, "f.o");
		must_build(&b);
		prints(&b, "");
		end(&b);
	}
}

static void
test_sanitizers_find_what_they_are_for(void **state)
{
	struct bench b;
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!begin(&b, compilers[i],
			   "#include <stdlib.h>\n"
			   "int main(int c, char **v)\n{\n"
			   "\tchar *p = malloc(4);\n\treturn p[c + 3];\n}\n"))
			continue;
		strs_add(&b.sanitize, "address");
		strs_add(&b.sanitize, "undefined");
		must_build(&b);
		assert_true(run_product(&b, &out) != 0);
		assert_non_null(strstr(buf_str(&out), "heap-buffer-overflow"));
		assert_non_null(strstr(buf_str(&out), LABEL ":5"));
		end(&b);
	}
	buf_release(&out);
	if (begin(&b, "tcc", "int main(void) { return 0; }")) {
		strs_add(&b.sanitize, "address");
		assert_int_equal(build(&b), -1);
		assert_int_equal(b.e.class, ERR_INPUT);
		assert_non_null(strstr(b.e.text, "has no sanitizers"));
		end(&b);
	}
}

static void
test_libs_come_from_pkg_config(void **state)
{
	struct bench b;

	(void)state;
	if (!begin(&b, "gcc",
		   "#if X != 5\n#error\n#endif\n"
		   "#include <math.h>\n"
		   "double g(double x) { return cos(x); }\n"
		   "int main(void) { return 0; }\n"))
		skip();
	setenv("PKG_CONFIG_PATH", top, 1);
	put("own.pc", "Name: own\nDescription: x\nVersion: 1\n"
		      "Cflags: -DX=5\nLibs: -lm\n");
	strs_add(&b.libs, "own");
	must_build(&b);
	must_build(&b);
	assert_true(b.built.cached);
	/* the words count, not the name */
	put("own.pc", "Name: own\nDescription: x\nVersion: 1\n"
		      "Cflags: -DX=5 -DY\nLibs: -lm\n");
	must_build(&b);
	assert_false(b.built.cached);
	strs_add(&b.libs, "no-such-lib");
	assert_int_equal(build(&b), -1);
	assert_int_equal(b.e.class, ERR_INPUT);
	assert_non_null(strstr(b.e.text, "libs 'own no-such-lib'"));
	setenv("PKG_CONFIG", "no-such-program", 1);
	assert_int_equal(build(&b), -1);
	assert_int_equal(b.e.class, ERR_SYSTEM);
	assert_non_null(strstr(b.e.text, "'no-such-program'"));
	unsetenv("PKG_CONFIG");
	unsetenv("PKG_CONFIG_PATH");
	end(&b);
}

static void
test_sources_of_one_text_are_told_apart(void **state)
{
	static const char text[] = "#line 1 \"nb:a\"\nint a;\n"
				   "#line 1 \"nb:b\"\n\nint b = c;\n";
	const struct diag_source sources[] = {
		{ "nb:a", NULL, slice_of("int a;\n") },
		{ "nb:b", NULL, slice_of("\nint b = c;\n") },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i], text))
			continue;
		b.unit.sources = sources;
		b.unit.nsources = countof(sources);
		must_fail_saying(&b, "    2 | int b = c;\n");
		assert_ptr_equal(b.built.diags.at[0].source, &sources[1]);
		assert_int_equal(b.built.diags.at[0].line, 2);
		end(&b);
	}
}

/* Builds with an `ld` that says this and fails. */
static void
must_be_refused(const char *line, const char *because)
{
	struct bench b;
	struct buf ld = { 0 };

	if (!begin(&b, "gcc", "int main(void) { return 0; }\n"))
		skip();
	buf_addf(&ld, "#!/bin/sh\necho \"%s\" >&2\nexit 1\n", line);
	put("ld", buf_str(&ld));
	shell("chmod +x ld");
	strs_addf(&b.cflags, "-B%s/", top);
	assert_int_equal(build(&b), -1);
	assert_int_equal(b.e.class, ERR_SYSTEM);
	assert_non_null(strstr(b.e.text, because));
	shell("rm ld");
	buf_release(&ld);
	end(&b);
}

static void
test_a_full_disk_is_the_systems_fault(void **state)
{
	(void)state;
	must_be_refused("ld: final link failed: No space left on device",
			"no space left on the disk");
	must_be_refused("ld: final link failed: No space left on device", top);
}

static void
test_want_of_memory_is_the_systems_fault(void **state)
{
	(void)state;
	must_be_refused("collect2: fatal error: vfork: Resource temporarily "
			"unavailable",
			": vfork: Resource temporarily unavailable");
	must_be_refused("ld: memory exhausted", "ld: memory exhausted");
	must_be_refused("cc1: out of memory allocating 4064 bytes after a "
			"total of 12 bytes",
			"out of memory allocating 4064 bytes");
	must_be_refused("gcc: fatal error: Killed signal terminated program "
			"cc1",
			": Killed signal terminated program cc1");
}

static void
test_a_compiler_without_its_parts_is_the_systems_fault(void **state)
{
	const char *path = getenv("PATH");
	char *kept = mem_strdup(path ? path : "");
	struct bench b;

	(void)state;
	must_be_refused("clang: error: unable to execute command: Executable "
			"'ld' doesn't exist!",
			"is not whole: unable to execute command: Executable ");
	must_be_refused("collect2: fatal error: cannot find 'ld'",
			"is not whole: cannot find 'ld'");
	assert_true(begin(&b, "gcc", "int main(void) { return 0; }\n"));
	setenv("PATH", top, 1); /* by which it finds them */
	assert_int_equal(build(&b), -1);
	setenv("PATH", kept, 1);
	assert_int_equal(b.e.class, ERR_SYSTEM);
	assert_non_null(strstr(b.e.text, "is not whole: "));
	/* That was not the last word on this text. */
	must_build(&b);
	free(kept);
	end(&b);
}

/* What it says is its own affair, also in words of the system. */
static void
test_an_error_of_the_text_is_no_shortage(void **state)
{
	struct bench b;

	(void)state;
	for (size_t i = 0; i < countof(compilers); i++) {
		if (!begin(&b, compilers[i],
			   "#error No space left on device\n"))
			continue;
		must_fail_saying(&b, "No space left on device");
		end(&b);
		if (!begin(&b, compilers[i],
			   "#include \"Cannot allocate memory\"\n"))
			continue;
		must_fail_saying(&b, "Cannot allocate memory");
		end(&b);
	}
}

static void
test_a_compiler_that_crashes_is_reported(void **state)
{
	struct bench b;
	char *path = path_join(top, "badcc");

	(void)state;
	put("badcc", "#!/bin/sh\n[ \"$1\" = --version ] && echo badcc 1.0 && "
		     "exit\nkill -SEGV $$\n");
	shell("chmod +x badcc");
	assert_true(begin(&b, path, "int main(void) { return 0; }\n"));
	assert_int_equal(b.cc.family, CC_OTHER);
	assert_string_equal(b.cc.version, "badcc 1.0");
	must_fail_saying(&b, "killed by signal 11");
	end(&b);
	put("badcc", "#!/bin/sh\n[ \"$1\" = --version ] && echo badcc 1.0 && "
		     "exit\nkill -KILL $$\n");
	assert_true(begin(&b, path, "int main(void) { return 0; }\n"));
	assert_int_equal(build(&b), -1);
	assert_int_equal(b.e.class, ERR_SYSTEM);
	assert_non_null(strstr(b.e.text, "the compiler was killed"));
	free(path);
	end(&b);
}

static void
test_nothing_is_left_in_scratch(void **state)
{
	struct bench b;
	struct strs names = { 0 };
	char *dir = path_join(top, "scratch");

	(void)state;
	if (!begin(&b, "gcc", "int main(void) { return 0; }\n"))
		skip();
	must_build(&b);
	b.unit.text = slice_of("int main(void) { return n; }\n");
	must_fail_saying(&b, "'n' undeclared");
	assert_int_equal(fs_list(dir, "", &names), 0);
	assert_int_equal(names.count, 0);
	strs_release(&names);
	free(dir);
	end(&b);
}

static void *
build_and_run(void *arg)
{
	struct bench b, *shared = arg;

	b = *shared;
	b.built = (struct built){ 0 };
	for (int i = 0; i < 3; i++) {
		if (build(&b) < 0 || !b.built.path ||
		    access(b.built.path, X_OK) < 0)
			return shared;
		built_release(&b.built);
	}
	return NULL;
}

static void
test_two_builders_of_one_text_do_not_meet(void **state)
{
	struct bench b;
	pthread_t threads[3];
	void *bad = NULL, *one;

	(void)state;
	if (!begin(&b, "gcc", "int main(void) { return 0; }\n"))
		skip();
	for (size_t i = 0; i < countof(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						build_and_run, &b),
				 0);
	for (size_t i = 0; i < countof(threads); i++) {
		pthread_join(threads[i], &one);
		bad = one ? one : bad;
	}
	assert_null(bad);
	must_build(&b);
	assert_true(b.built.cached);
	prints(&b, "");
	end(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_compilers_are_found_and_named),
		TEST(test_a_missing_compiler_is_named),
		TEST(test_version_is_asked_once_and_kept),
		TEST(test_a_program_is_built_and_kept_with_its_warnings),
		TEST(test_an_error_is_shown_with_line_and_excerpt),
		TEST(test_a_missing_header_is_an_error_with_its_place),
		TEST(test_an_undefined_function_is_named_with_its_line),
		TEST(test_labels_may_hold_anything),
		TEST(test_a_changed_header_builds_again),
		TEST(test_a_changed_archive_builds_again),
		TEST(test_a_linker_that_tells_nothing_is_no_hindrance),
		TEST(test_every_word_and_variable_counts),
		TEST(test_what_the_user_asks_for_is_honoured),
		TEST(test_a_plugin_keeps_its_own_names),
		TEST(test_a_plugin_may_leave_nothing_undefined),
		TEST(test_a_file_is_compiled_where_it_stands),
		TEST(test_the_front_object_is_linked_where_it_can_be),
		TEST(test_objects_behind_the_text_are_no_c),
		TEST(test_sanitizers_find_what_they_are_for),
		TEST(test_libs_come_from_pkg_config),
		TEST(test_sources_of_one_text_are_told_apart),
		TEST(test_a_full_disk_is_the_systems_fault),
		TEST(test_want_of_memory_is_the_systems_fault),
		TEST(test_a_compiler_without_its_parts_is_the_systems_fault),
		TEST(test_an_error_of_the_text_is_no_shortage),
		TEST(test_a_compiler_that_crashes_is_reported),
		TEST(test_nothing_is_left_in_scratch),
		TEST(test_two_builders_of_one_text_do_not_meet),
	};

	/* As cnb has it: a compiler need not read its input to the end. */
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
