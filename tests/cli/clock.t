Who sets the clock of the machine ends no session: it was idle for as long as it
was, whatever the time of day is.

  ! not asan: what is loaded before its runtime stops it
  ! not valgrind: what it looks at is not the clock
  $ cat >clock.c <<'END'
  > #define _GNU_SOURCE
  > #include <dlfcn.h>
  > #include <stdlib.h>
  > #include <time.h>
  > #include <unistd.h>
  > int clock_gettime(clockid_t id, struct timespec *t)
  > {
  > 	int (*real)(clockid_t, struct timespec *);
  > 	int rc;
  > 	*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  > 	rc = real(id, t);
  > 	if (id == CLOCK_REALTIME && access(getenv("LATER"), F_OK) == 0)
  > 		t->tv_sec += 7200;
  > 	return rc;
  > }
  > END
  > gcc -shared -fPIC clock.c -o clock.so
  > printf '=== n\nint n = 1;\n=== more\n++n\n' | nb x.ipynb
  > export LATER=$PWD/later LD_PRELOAD=$PWD/clock.so
  > cnb run -q --keep x.ipynb; touch later; date +%s >now; LD_PRELOAD= date +%s >real
  > expr $(cat now) - $(cat real) '>=' 7000
  > cnb rerun x.ipynb more | grep Out; cnb sessions | sed -n 's/.*, ends/ends/p'
  > cnb stop x.ipynb
  x.ipynb: 2 cells: 2 ok in <time>
  1
  Out[2]: 2
  ends if idle for 30 min
