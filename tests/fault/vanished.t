A folder that goes while cnb is at work: the notebook's, the cache's, that of
temporary files, that of the session's socket.

  $ export CNB_CACHE_DIR=$PWD/cache; cat >cells <<'END'
  > === a
  > int n = 1; n
  > === removes
  > %%sh
  > rm -rf "$GOES"
  > === b
  > n + 1
  > === c
  > #include <stdio.h>
  > int main(void) { puts("program"); return 0; }
  > END
  $ cat >gone <<'END'
  > # gone FOLDER COMMAND...: the second cell removes that folder
  > export GOES=$1 CNB_CACHE_DIR=$PWD/cache TMPDIR=$PWD/tmp; shift
  > mkdir -p tmp nb; [ -e nb/x.ipynb ] || nb nb/x.ipynb <cells
  > cnb "$@" 2>&1 | sed -e 's/[0-9a-f]\{64\}/<hash>/' -e '/^$/d'
  > END

The build cache is made anew, and what was in it is built again. A session may
meet that between a build and its use: that is said, and the next time is well.

  $ sh gone $PWD/cache run -q nb/x.ipynb; ls cache/users
  nb/x.ipynb: 4 cells: 4 ok in <time>
  $ sh gone $PWD/cache run -q --keep nb/x.ipynb; sh gone none rerun -q nb/x.ipynb
  In [3]: b  (shared)
  nb/x.ipynb: 3 cells: 2 ok, 1 not-run in <time>
  cnb: cannot run 'nb/x.ipynb' in its session: '<dir>/cache/products/<hash>.so' is gone: somebody has removed the build cache; run the cell again
  nb/x.ipynb: 2 cells: 2 ok in <time>
  $ rm -rf cache; sh gone none rerun -q nb/x.ipynb c b; ls cache/users | wc -l; cnb stop nb/x.ipynb
  nb/x.ipynb: 2 cells: 2 ok in <time>
  1

The folder of temporary files; a compiler needs it.

  $ sh gone $PWD/tmp run -q nb/x.ipynb; sh gone $PWD/tmp run -q --keep nb/x.ipynb
  nb/x.ipynb: 4 cells: 4 ok in <time>
  nb/x.ipynb: 4 cells: 4 ok in <time>
  $ sh gone none rerun -q nb/x.ipynb b c; cnb stop nb/x.ipynb
  nb/x.ipynb: 2 cells: 2 ok in <time>

A session without its socket is one that nobody reaches: it ends by itself.

  $ sh gone none run -q --keep nb/x.ipynb; cnb sessions | sed -n 's/.*process \([0-9]*\),.*/\1/p' >pid
  nb/x.ipynb: 4 cells: 4 ok in <time>
  $ rm -r cnb; while [ -d /proc/$(cat pid) ] && ! grep -q '^State:.Z' /proc/$(cat pid)/status; do sleep 0.01; done
  $ cnb rerun nb/x.ipynb b; cnb sessions
  cnb: cannot run cells of 'nb/x.ipynb' again: it has no session; start one with cnb run nb/x.ipynb --keep
  no session

The notebook's own: what was captured is kept, and can be had.

  $ sh gone $PWD/nb run -q -i nb/x.ipynb; [ ! -e nb ]
  In [4]: c  (program)
  nb/x.ipynb: 3 cells: 3 ok in <time>
  cnb: cannot work in '<dir>/nb': No such file or directory
  cnb: cannot write 'nb/x.ipynb': No such file or directory
  cnb: warning: what was captured of 'nb/x.ipynb' is kept; it is shown by: cnb export --recover nb/x.ipynb
  $ mkdir -p nb; cnb export --recover nb/x.ipynb -o nb/x.ipynb; cnb list nb/x.ipynb
  cell  name     kind     status       lines
  1     a        shared   ok           1
  2     removes  shell    ok           2
  3     b        shared   ok           1
  4     c        program  interrupted  2
  $ ls -A .local/state/cnb

The current folder is gone: cells do not run in another one.

  $ printf '=== a\n%%%%sh\npwd -P 2>/dev/null\n' | nb y.ipynb; mkdir here
  $ (cd here; rmdir ../here; cnb run -) <y.ipynb 2>&1 | sed -n '/pwd/,/^ok/p' | grep -v '^sh: '
      pwd -P 2>/dev/null
  
  ok <time>

A notebook that is gone has its session still, under the name that it had.

  $ cnb run -q --keep y.ipynb; rm y.ipynb; cnb stop y.ipynb; cnb sessions
  y.ipynb: 1 cell: 1 ok in <time>
  no session
