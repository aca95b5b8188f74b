Whatever cells keep, in memory, with the kernel or in files that they have open:
a cell that runs again finds what a run from the top would have given it.

  ! not valgrind: six hundred calls of cnb
  $ states
  (\d+) of \1 notebooks (re)

A file that is open to be written to is as it was as long as nobody writes to
it. Then the cells that stand between run again, and it is said why.

  $ nb log.ipynb <<'END'
  > === open
  > #include <stdio.h>
  > FILE *f; f = fopen("log", "w");
  > === first
  > fputs("first\n", f); fflush(f);
  > === look
  > puts("looks");
  > === second
  > fputs("second\n", f); fflush(f);
  > END
  $ cat >again <<'END'
  > for cell in "$@"; do cnb rerun log.ipynb "$cell" -o again.json >out 2>&1
  >     outputs "$cell" <again.json; cat log; done
  > END
  $ cnb run log.ipynb -q --keep
  log.ipynb: 4 cells: 4 ok in <time>
  $ sh again look
  look "looks\n" (replay) 2: the file of descriptor 3 was written to since
  first
  $ sh again look second
  look "looks\n" (snapshot)
  first
  second
  first
  second
  $ sh again second
  second (replay) 3: the file of descriptor 3 was written to since
  first
  second
  $ cnb stop log.ipynb

What is appended stays appended.

  $ sed -i 's/, \\"w\\"/, \\"a\\"/' log.ipynb; rm log
  $ cnb run log.ipynb -q --keep
  log.ipynb: 4 cells: 4 ok in <time>
  $ sh again second; cnb stop log.ipynb
  second (snapshot)
  first
  second
  second

What a call that failed left in errno is there in the next cell, in a session as in
a run.

  $ nb errno.ipynb <<'END'
  > === first
  > #include <errno.h>
  > #include <fcntl.h>
  > #include <stdio.h>
  > errno
  > === fails
  > int fd; fd = open("nowhere", O_RDONLY);
  > === after
  > perror("open"); puts("told");
  > END
  $ cnb run -k errno.ipynb | grep -e ^Out -e ^open
  Out[1]: 0
  open: No such file or directory
  $ cnb run -k -q --keep errno.ipynb >out; cnb rerun errno.ipynb after | grep ^open; cnb stop errno.ipynb
  open: No such file or directory

To a cell that has used up all descriptors, and gave some back, these stay: the
next files get their numbers.

  $ nb full.ipynb <<'END'
  > === fills
  > #include <fcntl.h>
  > #include <sys/resource.h>
  > #include <unistd.h>
  > struct rlimit most; getrlimit(RLIMIT_NOFILE, &most); most.rlim_cur = 300;
  > setrlimit(RLIMIT_NOFILE, &most); int fd;
  > while ((fd = dup(0)) >= 0);
  > for (fd = 23; fd < 40; fd++) close(fd);
  > === first
  > dup(0)
  > === second
  > dup(0)
  > END
  $ for how in '' --keep; do cnb run $how full.ipynb -q -o f.json; outputs first second <f.json; done
  full.ipynb: 3 cells: 3 ok in <time>
  first 23
  second 24
  full.ipynb: 3 cells: 3 ok in <time>
  first 23
  second 24
  $ for cell in fills first second; do cnb rerun full.ipynb $cell 2>log | grep ^Out; done; cnb stop full.ipynb
  Out[2]: 23
  Out[3]: 24
