Leaks are found by tracing. Where nothing may be traced, that is said, once.

  $ nb leak.ipynb 'sanitize="leak"' <<'E'
  > === one
  > void *volatile p = NULL;
  > p = malloc(5);
  > p = NULL;
  > === two
  > p = malloc(6);
  > p = NULL;
  > E
  ! not asan: its own leak check needs ptrace
  $ $BUILD/tests/children/without_ptrace cnb run leak.ipynb | grep '^cnb\|^ok\|^failed'
  cnb: leaks are not looked for here: no process may trace another
  ok <time>
  ok <time>
