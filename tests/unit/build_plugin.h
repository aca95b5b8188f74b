/* build_plugin.h: compiles a source of tests/children/plugins for a test, with
 * the plain compiler of this machine. Include it behind cmocka.h. Tests run
 * from the top of the source tree. */
#ifndef CNB_TEST_BUILD_PLUGIN_H
#define CNB_TEST_BUILD_PLUGIN_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char plugin_dir[] = "/tmp/cnb-test-XXXXXX";

static inline void
plugin_dir_make(void)
{
	if (!mkdtemp(plugin_dir))
		fail_msg("cannot make a directory in /tmp");
}

static inline void
plugin_dir_remove(void)
{
	char command[100];

	snprintf(command, sizeof command, "rm -rf '%s'", plugin_dir);
	if (system(command))
		print_message("cannot remove %s\n", plugin_dir);
}

/* Compile tests/children/plugins/NAME.c; the path is valid until the next
 * call. `flags` says what comes out of it. */
static inline const char *
build_plugin_as(const char *name, const char *flags, const char *suffix)
{
	static char path[300];
	char command[800];
	const char *cc = getenv("CC");

	snprintf(path, sizeof path, "%s/%s%s", plugin_dir, name, suffix);
	snprintf(command, sizeof command,
		 "%s -w -g %s -pthread -Irunner -o '%s' "
		 "tests/children/plugins/%s.c",
		 cc ? cc : "cc", flags, path, name);
	if (access(path, F_OK) != 0 && system(command) != 0)
		fail_msg("cannot build: %s", command);
	return path;
}

static inline const char *
build_plugin(const char *name)
{
	return build_plugin_as(name, "-shared -fPIC", ".so");
}

#endif
