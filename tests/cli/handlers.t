exit() in a signal handler that interrupted printf(), and malloc(), here twenty
times each (`make soak`: a thousand): that ends the process, for a jump out of
there would leave a lock held. No later cell suffers: what stood above is there
again, and the cell after it prints and allocates.

  $ python3 - ${SOAK:+1000} <<'END' >cells
  > import sys
  > print("""=== head
  > #define _GNU_SOURCE
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/time.h>
  > static int state = 41;
  > static void leave(int sig) { exit(sig - SIGALRM + 7); }
  > static void soon(int us)
  > {
  >     struct itimerval t = { { 0, 50 }, { 0, us } };
  >     signal(SIGALRM, leave);
  >     setitimer(ITIMER_REAL, &t, NULL);
  > }
  > state++;""")
  > for i in range(int((sys.argv + ["20"])[1])):
  >     print("""=== printf%d
  > //| expect: exit=7
  > soon(%d); for (;;) printf("%%d %%s %%f\\n", state, "text", 1.5);
  > === malloc%d
  > //| expect: exit=7
  > soon(%d); for (;;) free(realloc(malloc(rand() %% 5000), 7000));
  > === after%d
  > { char *p = malloc(100); snprintf(p, 100, "fine %%d", state); puts(p); free(p); }"""
  >           % (i, 100 + i * 7 % 400, i, 100 + i * 11 % 400, i))
  > END
  $ nb x.ipynb <cells
  $ cnb run -q -k --timeout $((60 * SLACK))s --output-limit 64K x.ipynb -o x.json >out 2>&1; tail -1 out
  x.ipynb: \d+ cells: \d+ ok in <time> (re)
  $ python3 - <<'END'
  > import collections, json
  > c = json.load(open("x.json"))["cells"]
  > print({x["stdout"] for x in c if x["name"].startswith("after")})
  > print({(x["status"], x["exit_status"]) for x in c
  >        if x["name"].startswith(("printf", "malloc"))})
  > END
  {'fine 42\n'}
  {('ok', 7)}
