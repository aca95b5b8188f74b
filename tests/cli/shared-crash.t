A crash takes the process along; with --keep-going the state above comes back.

  $ nb z.ipynb <<'END'
  > === set
  > static int kept = 41;
  > === change
  > kept++;
  > === crash
  > *(volatile char *)8 = 1;
  > === after
  > kept
  > === ends
  > exit(0);
  > === still
  > kept
  > END
  ! not valgrind: a cell that crashes on purpose
  ! not asan: there the sanitizer of the process takes the crash
  $ cnb run -k z.ipynb -o z.json >z.out; verdicts <z.json; grep -e Out -e 'z.ipynb:' -e 'crash:' z.out
  set ok
  change ok
  crash crashed SIGSEGV (write to address 0x8)
  after ok
  ends ok
  still ok
      crash:1
  Out[4]: 42
  Out[6]: 42
