Programs, plugins and the unit of shared cells do not depend on each other: they
are compiled at the same time, before the first cell. Here each compiler waits
until another one has started.

  $ mkdir bin seen; cat >bin/meet <<'END'
  > #!/bin/sh
  > case $1 in --version) exec cc --version;; esac
  > touch seen/$$; i=0
  > while [ $(ls seen | wc -l) -lt 2 ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
  > [ $i -lt 200 ] || { echo "alone" >>alone; }
  > exec cc "$@"
  > END
  $ chmod +x bin/meet
  $ nb t.ipynb <<'END'
  > === one
  > int main(void) { int first; return 0; }
  > === two
  > int main(void) { int second; return 0; }
  > === three
  > int third(void) { int unused; return 3; }
  > third()
  > === bad
  > int main(void) { return y; }
  > === makes
  > !echo '#define MADE 4' >made.h
  > === needs
  > #include "made.h"
  > int main(void) { return MADE - 4; }
  > END
  $ [ $(getconf _NPROCESSORS_ONLN) -ge 2 ] || touch seen/only
  $ CNB_CACHE_DIR=$PWD/own cnb run -k t.ipynb --cc $PWD/bin/meet -v >t.out; [ ! -e alone ]
  $ grep -c '^\$ .*meet' t.out; grep 'from the cache' t.out; true
  5

What is said of them keeps its order; a header that a cell writes is there.

  $ grep -e warning -e error: -e ' cells' t.out
  t.ipynb:one:1:22: warning: unused variable 'first' [-Wunused-variable]
  t.ipynb:two:1:22: warning: unused variable 'second' [-Wunused-variable]
  t.ipynb:three:1:23: warning: unused variable 'unused' [-Wunused-variable]
  t.ipynb:bad:1:25: error: 'y' undeclared (first use in this function)
  6 cells: 5 ok, 1 build-error (bad) in <time>
  $ rm -r own made.h; CNB_CACHE_DIR=$PWD/own cnb build t.ipynb >b.out 2>b.err; echo $?; cut -f1 b.out
  1
  one
  two
  shared
  $ grep -e warning -e error: b.err
  t.ipynb:one:1:22: warning: unused variable 'first' [-Wunused-variable]
  t.ipynb:two:1:22: warning: unused variable 'second' [-Wunused-variable]
  t.ipynb:bad:1:25: error: 'y' undeclared (first use in this function)
  t.ipynb:needs:1:10: fatal error: made.h: No such file or directory
  t.ipynb:three:1:23: warning: unused variable 'unused' [-Wunused-variable]
