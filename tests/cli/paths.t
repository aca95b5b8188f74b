A path means the same whoever looks it up: a run, or a session, which has a
folder of its own. In a notebook it is one from where its cells start.

  $ mkdir in; printf '#!/bin/sh\necho "$0" >>"%s/asked"\nexec cc "$@"\n' "$PWD" >in/mine
  $ chmod +x in/mine; cp in/mine here
  $ cat >try <<'END'
  > # try WORD...: which compiler is asked by whom
  > asked() { [ ! -e asked ] || sort -u asked; rm -f asked; }
  > for how in "run -q" "run -q --keep" "check -q" "build"; do
  >     rm -rf cache; cnb $how "$@" in/x.ipynb >out 2>&1 || cat out; asked; done
  > sed -i 's/= 2/= 1 + 1/' in/x.ipynb; cnb rerun -q in/x.ipynb >out 2>&1 || cat out; asked
  > cnb stop in/x.ipynb; sed -i 's/= 1 + 1/= 2/' in/x.ipynb
  > END
  $ cat >cells <<'END'
  > === two
  > int two = 2; two
  > === program
  > int main(void) { return 0; }
  > END
  $ export CNB_CACHE_DIR=$PWD/cache; nb in/x.ipynb 'cc="./mine"' <cells; sh try; sh try --cc ./here
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine
  <dir>/in/mine

On the command line, and in the environment, it is one from where cnb is called.

  $ export CNB_CACHE_DIR=$PWD/cache; nb in/x.ipynb <cells; sh try --cc ./here; CC=in/../here sh try
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here
  <dir>/here

So is the cache, and the program that knows packages.

  $ nb in/x.ipynb <cells; CNB_CACHE_DIR=own cnb run -q --keep in/x.ipynb; cnb stop in/x.ipynb; ls -d own
  in/x.ipynb: 2 cells: 2 ok in <time>
  own
  $ printf '#!/bin/sh\necho "$0" >>"%s/asked"\necho -DASKED=3\n' "$PWD" >in/pc; chmod +x in/pc
  $ printf '=== asked\n//| libs: mine\nASKED\n' | nb in/y.ipynb; for keep in "" --keep; do PKG_CONFIG=in/pc cnb run $keep in/y.ipynb | grep Out; done
  Out[1]: 3
  Out[1]: 3
  $ cnb stop in/y.ipynb; sort -u asked
  <dir>/in/pc
