A disk that is full, and one that is read-only: in a namespace of its own, where
the kernel grants one, a small one is mounted at `d`.

  ! if unshare -Umr mount -t tmpfs -o size=64k none .
  $ nb was.ipynb <<'END'
  > === a
  > int n = 1; n
  > === b
  > %%sh
  > seq 2000
  > END
  $ mkdir d; echo 'exec unshare -Umr sh there "$@"' >on; cat >there <<'END'
  > # on full|read-only COMMAND...: what becomes of the notebook there
  > rm -rf .local; mount -t tmpfs -o size=64k none d; cp was.ipynb d/x.ipynb
  > cnb run -q -i --cell a d/x.ipynb >log 2>&1 || cat log
  > cat /dev/zero >d/filled 2>/dev/null; cp d/x.ipynb before
  > [ "$1" = full ] || mount -o remount,bind,ro d
  > shift; "$@"; echo "status $?"
  > cmp before d/x.ipynb; ls -A d | grep -v -e filled -e x.ipynb
  > cnb export --recover d/x.ipynb 2>/dev/null >kept; [ ! -s kept ] || verdicts <kept
  > END

What was captured and cannot be saved is kept.

  $ cat >each <<'END'
  > for c in 'run -q -i d/x.ipynb' 'run -q d/x.ipynb -o d/y.html' 'run -q d/x.ipynb -o d/y.json' 'run -q d/x.ipynb -o d/y.jsonl'; do
  >     sh on $1 cnb $c; done
  > END
  $ sh each full
  d/x.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'd/x.ipynb': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 3
  a ok
  b ok
  d/x.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'd/y.html': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 3
  a ok
  b ok
  d/x.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'd/y.json': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 3
  a ok
  b ok
  d/x.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'd/y.jsonl': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 3
  y.jsonl
  a ok
  b ok

Where nothing can ever be written, nothing runs.

  $ sh each read-only
  cnb: cannot write 'd/x.ipynb': Read-only file system
  status 3
  cnb: cannot write 'd/y.html': Read-only file system
  status 3
  cnb: cannot write 'd/y.json': Read-only file system
  status 3
  cnb: cannot write 'd/y.jsonl': Read-only file system
  status 3

The other commands that write a file; those that write none do not mind.

  $ for c in 'export d/x.ipynb -o d/y.md' 'convert d/x.ipynb d/y.c' 'clear d/x.ipynb' 'check -q --update d/x.ipynb' 'new d/y.ipynb' \
  >     'run -q d/x.ipynb' 'check -q d/x.ipynb'; do for how in full read-only; do echo "$c: $how"; sh on $how cnb $c; done; done
  export d/x.ipynb -o d/y.md: full
  cnb: cannot write 'd/y.md': No space left on device
  status 3
  export d/x.ipynb -o d/y.md: read-only
  cnb: cannot write 'd/y.md': Read-only file system
  status 3
  convert d/x.ipynb d/y.c: full
  cnb: cannot write 'd/y.c': No space left on device
  status 3
  convert d/x.ipynb d/y.c: read-only
  cnb: cannot write 'd/y.c': Read-only file system
  status 3
  clear d/x.ipynb: full
  cnb: cannot write 'd/x.ipynb': No space left on device
  status 3
  clear d/x.ipynb: read-only
  cnb: cannot write 'd/x.ipynb': Read-only file system
  status 3
  check -q --update d/x.ipynb: full
  cnb: cannot write 'd/x.ipynb': No space left on device
  status 3
  check -q --update d/x.ipynb: read-only
  cnb: cannot write 'd/x.ipynb': Read-only file system
  status 3
  new d/y.ipynb: full
  cnb: cannot write 'd/y.ipynb': No space left on device
  status 3
  new d/y.ipynb: read-only
  cnb: cannot make 'd/y.ipynb': Read-only file system
  status 3
  run -q d/x.ipynb: full
  d/x.ipynb: 2 cells: 2 ok in <time>
  status 0
  run -q d/x.ipynb: read-only
  d/x.ipynb: 2 cells: 2 ok in <time>
  status 0
  check -q d/x.ipynb: full
  status 0
  check -q d/x.ipynb: read-only
  status 0

A session's rerun, and a watch.

  $ cat >again <<'END'
  > mount -t tmpfs -o size=64k none d; sed s/2000/3/ was.ipynb >d/x.ipynb
  > cnb run -q -i --keep d/x.ipynb; cp d/x.ipynb before
  > sed s/2000/3000/ was.ipynb >d/y; cp d/x.ipynb d/y.ipynb
  > cat d/y >d/x.ipynb; cp d/x.ipynb before; cat /dev/zero >d/filled 2>/dev/null
  > cnb rerun -q d/x.ipynb b; echo "status $?"; cnb stop d/x.ipynb
  > cmp before d/x.ipynb; ls -A d; rm -r cnb
  > END
  $ unshare -Umr sh again
  d/x.ipynb: 2 cells: 2 ok in <time>
  d/x.ipynb: 1 cell: 1 ok in <time>
  cnb: cannot write 'd/x.ipynb': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 3
  filled
  x.ipynb
  y
  y.ipynb
  $ cat >watched <<'END'
  > >log; cnb watch -q -i d/x.ipynb 2>log & until grep -q watching log; do sleep 0.01; done
  > kill -INT $!; wait $!; echo "status $?"; grep -v watching log
  > END
  $ sh on full sh watched; sh on read-only sh watched
  d/x.ipynb: 2 cells: 2 ok in <time>
  status 130
  cnb: warning: cannot write 'd/x.ipynb': No space left on device; outputs are kept until they can be saved
  cnb: cannot write 'd/x.ipynb': No space left on device
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 0
  a ok
  b ok
  d/x.ipynb: 2 cells: 2 ok in <time>
  status 130
  cnb: warning: cannot write 'd/x.ipynb': Read-only file system; outputs are kept until they can be saved
  cnb: cannot write 'd/x.ipynb': Read-only file system
  cnb: warning: what was captured of 'd/x.ipynb' is kept; it is shown by: cnb export --recover d/x.ipynb
  status 0
  a ok
  b ok

The folders that cnb has for itself: without a journal a run goes on, without
a place to build nothing runs, and `doctor` knows why.

  $ cat >own <<'END'
  > # own VARIABLE: it names a full disk
  > mount -t tmpfs -o size=64k none d; cat /dev/zero >d/filled 2>/dev/null
  > export $1=$PWD/d; shift; "$@"; echo "status $?"; find d -type f | sort
  > END
  $ unshare -Umr sh own XDG_STATE_HOME cnb run -q was.ipynb
  was.ipynb: 2 cells: 2 ok in <time>
  status 0
  d/filled
  $ unshare -Umr sh own XDG_STATE_HOME cnb run -q was.ipynb -o d/x.json
  was.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'd/x.json': No space left on device
  cnb: warning: what was captured of 'was.ipynb' is kept nowhere: no journal could be written: No space left on device
  status 3
  d/filled
  $ unshare -Umr sh own CNB_CACHE_DIR cnb run -q was.ipynb
  In [1]: a  (shared)
  
  was.ipynb: 1 cell: 1 not-run in <time>
  cnb: cannot build 'was.ipynb': no space left on the disk of '<dir>/d'
  status 3
  d/filled
  d/trimmed
  $ unshare -Umr sh own TMPDIR env CNB_CACHE_DIR=cold cnb run -q was.ipynb
  In [1]: a  (shared)
  
  was.ipynb: 1 cell: 1 not-run in <time>
  cnb: cannot build 'was.ipynb': no space left on the disk of '<dir>/d'
  status 3
  d/filled
  $ cat >knows <<'END'
  > cnb doctor >log; s=$?; tr -s '\n ' ' ' <log | grep -oE -e '(build cache|temporary files) no [^;]*' \
  >     -e 'do not link or run; there is no (place to build in|room for temporary files)'; (exit $s)
  > END
  $ for own in CNB_CACHE_DIR TMPDIR; do unshare -Umr sh own $own sh knows; done
  build cache no cannot write 1 MiB to '<dir>/d': No space left on device
  do not link or run; there is no place to build in
  status 3
  d/filled
  temporary files no cannot write 1 MiB to '<dir>/d': No space left on device
  do not link or run; there is no room for temporary files
  status 3
  d/filled

A build cache from which nothing may be run.

  $ cat >noexec <<'END'
  > mount -t tmpfs -o noexec none d; export CNB_CACHE_DIR=$PWD/d; "$@"; echo "status $?"
  > END
  $ unshare -Umr sh noexec cnb doctor | tr -s '\n ' ' ' | grep -oE 'build cache .* another'
  build cache no nothing that is built in '<dir>/d' may be run: its file system is mounted noexec; set CNB_CACHE_DIR to a folder of another
  $ unshare -Umr sh noexec cnb run -q was.ipynb 2>&1 | sed 's/d\/products[^:]*/.../'
  In [1]: a  (shared)
  
  was.ipynb: 1 cell: 1 not-run in <time>
  cnb: cannot load '<dir>/...: failed to map segment from shared object; its file system is mounted noexec
  status 3
