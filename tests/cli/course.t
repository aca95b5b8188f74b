What systems courses teach (fork, exec, pipes, signals, threads, semaphores,
sockets, epoll, mmap, limits, dlopen, terminals, crashes) does in a notebook what it does
in a shell: as a program cell and by its own commands.

  ! not valgrind: the programs are not cnb's
  $ side-by-side $SRC/tests/course/[a-d]*.c
  12 programs, 0 differences
  $ side-by-side $SRC/tests/course/[e-l]*.c
  13 programs, 0 differences
  $ side-by-side $SRC/tests/course/[m-r]*.c
  14 programs, 0 differences
  $ side-by-side $SRC/tests/course/[s-z]*.c
  22 programs, 0 differences
