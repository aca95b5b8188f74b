Standard output that is closed or full is told of, by each command.

  $ nb x.ipynb <<'END'
  > === a
  > puts("hi");
  > === b
  > puts("ho");
  > END
  $ cnb run -q -i x.ipynb && cp x.ipynb saved.ipynb
  x.ipynb: 2 cells: 2 ok in <time>
  $ for c in 'run -q' check list export build; do cnb $c x.ipynb >/dev/full 2>err; echo "$c $?"; done
  run -q 3
  check 3
  list 3
  export 3
  build 3
  $ cat err
  cnb: cannot write to standard output: No space left on device
  $ for c in 'run -q' check list export build; do cnb $c x.ipynb >&- 2>err; echo "$c $?"; done
  run -q 3
  check 3
  list 3
  export 3
  build 3
  $ cat err; cmp x.ipynb saved.ipynb; ls
  cnb: cannot write to standard output: Bad file descriptor
  err
  saved.ipynb
  x.ipynb
