What pkg-config says of a notebook's libs is kept: the next run starts nothing.

  $ mkdir pc bin; printf 'Name: own\nDescription: x\nVersion: 1\nCflags: -DX=5\nLibs: -lm\n' >pc/own.pc
  $ touch -d '1 hour ago' pc/own.pc
  $ nb l.ipynb 'libs="own"' <<'END'
  > === one
  > #include <math.h>
  > X + (int)cos(0)
  > END
  $ cat >runs <<'END'
  > PKG_CONFIG_PATH=${1:-pc} PKG_CONFIG=${2:-pkg-config} CNB_CACHE_DIR=cache cnb run l.ipynb | grep Out
  > END
  $ sh runs
  Out[1]: 6

A program that is the same to all appearance, and could not run:

  $ cp "$(readlink -f "$(command -v pkg-config)")" bin/pkg-config; touch -d '1 hour ago' bin/pkg-config
  $ sh runs pc bin/pkg-config
  Out[1]: 6
  $ touch -r bin/pkg-config time; size=$(stat -c %s bin/pkg-config)
  > printf '\177ELF' >bin/pkg-config; truncate -s $size bin/pkg-config; touch -r time bin/pkg-config
  $ sh runs pc bin/pkg-config
  Out[1]: 6

A file of the library that changes, also one that takes its place, is noticed,
and what is wrong with it is said.

  $ sed -i 's/X=5/X=6/' pc/own.pc; touch -d '2 hours ago' pc/own.pc; sh runs
  Out[1]: 7
  $ mkdir first; sed 's/X=6/X=7/' pc/own.pc >first/own.pc; sh runs first:pc
  Out[1]: 8
  $ rm first/own.pc; sh runs first:pc
  Out[1]: 7
  $ echo 'Requires: no-such-lib' >>pc/own.pc
  > PKG_CONFIG_PATH=pc CNB_CACHE_DIR=cache cnb run -q l.ipynb | grep -o "^build[^']*'own'"
  build-error <time>: pkg-config does not know libs 'own'

A script in its place is asked each time: who knows what it reads.

  $ cat >bin/script <<'END'
  > #!/bin/sh
  > cat answer
  > END
  $ chmod +x bin/script; echo -DX=1 >answer; sh runs pc bin/script
  Out[1]: 2
  $ echo -DX=2 >answer; sh runs pc bin/script
  Out[1]: 3

A library that is not there is a mistake of the cell's own, in a program as in a
shared cell.

  $ nb none.ipynb <<'END'
  > === program
  > //| libs: no-such-lib
  > //| expect: build-error
  > int main(void) { return 0; }
  > === again
  > //| libs: no-such-lib
  > int main(void) { return 0; }
  > === after
  > 6 * 7
  > END
  $ cnb run -k none.ipynb -o none.json >out; verdicts <none.json | sed 's/: .*/)/'; grep Out out
  program ok (pkg-config does not know libs 'no-such-lib')
  again build-error (pkg-config does not know libs 'no-such-lib')
  after ok
  Out[3]: 42
