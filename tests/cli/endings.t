How a table cell may end, and what is said of it. After each that took its
process with it, the next one runs in a fresh host.

  $ cp $SRC/tests/children/cells/endings.c . && for c in calls-exit-0 \
  >     calls-exit-3 calls-_exit-4 exits-from-a-thread exits-from-a-handler \
  >     calls-pthread_exit execs aborts dereferences-null crashes-in-a-thread \
  >     overflows-its-stack overflows-a-threads-stack divides-by-zero \
  >     kills-itself returns-256
  > do echo "=== $c"; echo "//| use: endings/$c"; done | nb x.ipynb
  ! not valgrind: cells that crash on purpose
  ! not asan: its own handlers come first
  $ cnb run -k x.ipynb -o x.json >x.out; verdicts <x.json
  calls-exit-0 ok
  calls-exit-3 failed exit 3 (exit status 3)
  calls-_exit-4 failed exit 4 (exit status 4)
  exits-from-a-thread failed exit 5 (exit status 5)
  exits-from-a-handler failed exit 6 (exit status 6)
  calls-pthread_exit ok
  execs failed exit 7 (exit status 7)
  aborts crashed SIGABRT (abort() was called)
  dereferences-null crashed SIGSEGV (read of address 0x0)
  crashes-in-a-thread crashed SIGSEGV (write to address 0x0, in a thread)
  overflows-its-stack crashed SIGSEGV (stack overflow)
  overflows-a-threads-stack crashed SIGSEGV (stack overflow, in a thread)
  divides-by-zero crashed SIGFPE (integer division by zero)
  kills-itself crashed SIGKILL (killed by signal 9 (Killed))
  returns-256 ok

What was written before is kept, also without a newline; the lines of the
crash are those of the cell's C.

  $ cnb run x.ipynb -c calls-exit-3 --alone -o - --to json |
  >     python3 -c 'import json, sys
  > print(json.load(sys.stdin)["cells"][1]["stdout"])'
  unflushed
  ! not valgrind: a cell that crashes on purpose
  $ cnb run x.ipynb -c dereferences-null --alone | tail -6
  before the crash
  crashed <time>: SIGSEGV: read of address 0x0
      endings\.c:\d+ in dereferences_null\(\) (re)
  
  1 cell: 1 crashed (dereferences-null) in <time>
  to run it again: cnb run x.ipynb --cell dereferences-null

Without --keep-going the run stops there, with status 1.

  $ cnb run x.ipynb -c 2.. -o y.json >y.out; echo $?; verdicts <y.json | sed -n 1,4p
  1
  calls-exit-0 ok quiet
  calls-exit-3 failed exit 3 (exit status 3)
  calls-_exit-4 not-run
  exits-from-a-thread not-run
