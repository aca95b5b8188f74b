A session's process was begun without a limit: one that a later call sets holds
all the same.

  $ nb x.ipynb <<'END'
  > === begin
  > int n = 1;
  > === threads
  > #include <pthread.h>
  > #include <unistd.h>
  > static void *stay(void *arg) { for (;;) pause(); return arg; }
  > for (int i = 0; i < 9; i++) { pthread_t t; pthread_create(&t, 0, stay, 0); }
  > for (;;) pause();
  > END
  $ cnb run -q --keep --cell begin x.ipynb 2>/dev/null
  x.ipynb: 1 cell: 1 ok in <time>
  $ cnb run --cell threads --processes 5 --timeout $((60 * SLACK))s x.ipynb | grep '^limit'
  limit <time>: has more than 5 processes and threads
  $ cnb stop x.ipynb >/dev/null 2>&1
