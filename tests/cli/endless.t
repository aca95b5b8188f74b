A file that is too large is refused before it is read: with hardly any memory
that is still the reason.

  ! not asan: its shadow needs more memory than this
  ! not valgrind: so does that
  $ truncate -s 5G x.ipynb; for c in list run clear check 'export -t md'; do
  > (ulimit -v 1000000; cnb $c x.ipynb; echo "<$?>"); done
  cnb: cannot read 'x.ipynb': File too large
  <2>
  cnb: cannot read 'x.ipynb': File too large
  <2>
  cnb: cannot read 'x.ipynb': File too large
  <2>
  cnb: cannot read 'x.ipynb': File too large
  <2>
  cnb: cannot read 'x.ipynb': File too large
  <2>
