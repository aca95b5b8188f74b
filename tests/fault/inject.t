Each system call of cnb fails in turn, and each request for memory: of loading,
of saving, of the journal. The notebook is the old one or the new one, nothing
is left behind, and a sentence says what went wrong.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ nb x.ipynb <<'END'
  > === a
  > %%sh
  > echo hi
  > === b
  > %%sh
  > echo ho
  > END
  $ for f in EIO EINTR EMFILE short memory; do inject $f x.ipynb cnb run -q -i x.ipynb; done
  EIO: status 0, .*status 3 (re)
  EINTR: status 0.* (re)
  EMFILE: status 0, .*status 3 (re)
  short: status 0
  memory: status 0, .*status 3 (re)
  $ rm -rf .local; cnb run -q -i x.ipynb
  x.ipynb: 2 cells: 2 ok in <time>
  $ for f in ENOSPC EIO EINTR short memory; do inject $f x.ipynb cnb clear x.ipynb; done
  ENOSPC: status 0, .*status 3 (re)
  EIO: status 0, .*status 3 (re)
  EINTR: status 0.* (re)
  short: status 0
  memory: status 0, .*status 3 (re)
  $ rm -rf .local; cnb run -q -i x.ipynb; inject ENOSPC x.ipynb cnb export x.ipynb -o y.json
  x.ipynb: 2 cells: 2 ok in <time>
  ENOSPC: status 0, .*status 3 (re)

Commands that only read leave it as it was, whatever fails, and end by
themselves.

  $ cnb build x.ipynb; for f in EIO EMFILE; do
  >     for c in list build 'check -q' 'export -t md'; do
  >     echo "$c: $(inject $f x.ipynb cnb $c x.ipynb)"; done; done
  list: EIO: status 0, .*status 3 (re)
  build: EIO: status 0, .*status 3 (re)
  check -q: EIO: status 0, .*status 3 (re)
  export -t md: EIO: status 0, .*status 3 (re)
  list: EMFILE: status 0, .*status 3 (re)
  build: EMFILE: status 0, .*status 3 (re)
  check -q: EMFILE: status 0, .*status 3 (re)
  export -t md: EMFILE: status 0, .*status 3 (re)

Where a file without a name is refused, it is written with one.

  $ cnb clear x.ipynb; inject EOPNOTSUPP x.ipynb cnb run -q -i x.ipynb
  EOPNOTSUPP: status 0, .*status 3 (re)

Killed at any of them, it leaves a notebook that is whole, and neither journals
nor what was to be the notebook pile up.

  $ rm -rf .local; inject kill x.ipynb cnb run -q -i x.ipynb
  kill: status -9.* (re)
  $ cnb clear x.ipynb; inject kill x.ipynb cnb run -q -i x.ipynb
  kill: status -9.* (re)
  $ cnb run -q -i x.ipynb 2>&1 | grep -v 'cut off'; find .local -type f | wc -l
  x.ipynb: 2 cells: 2 ok in <time>
  1
  $ ls -A
  .local
  x.ipynb
  y.json
