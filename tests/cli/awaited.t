A notebook may come through a pipe. It is waited for, and read once.

  $ nb x.ipynb <<'END'
  > === a
  > puts("hi");
  > END
  $ mkfifo pipe
  $ for c in list 'run -q' 'export -t md'; do cat x.ipynb >pipe & cnb $c pipe >out || cat out; wait; grep -E 'a  |ok|puts' out; done
  1     a     shared  -       1
  pipe: 1 cell: 1 ok in <time>
  puts("hi");

Who waits in vain can end that. (timeout sends SIGCONT as well, for which the look of
a leak sanitizer at a process that ends would wait for ever.)

  $ for c in list run check build export watch; do
  >     ASAN_OPTIONS=detect_leaks=0 timeout --preserve-status -s INT -k 60 0.5 cnb $c pipe; echo $?; done
  130
  130
  130
  130
  130
  130
  $ for c in run check; do
  >     ASAN_OPTIONS=detect_leaks=0 timeout --preserve-status -s TERM -k 60 0.5 cnb $c - <&3; echo $?; done 3<>pipe
  143
  143
