Little is left, or nothing: what cnb says then, and with what it ends.

  $ nb x.ipynb <<'END'
  > === a
  > int n = 1; puts("shared"); n
  > === b
  > %%sh
  > echo shell
  > END
  $ cp x.ipynb was
  $ cat >state <<'END'
  > # state: what became of the notebook
  > if cmp -s x.ipynb was; then echo as it was
  > elif nbvalidate x.ipynb; then echo another one, whole; fi
  > cp was x.ipynb; rm -f *.as-run.ipynb; find .local -type f
  > END

  $ cat >limited <<'END'
  > # limited NAME N COMMAND...: with that limit
  > import os, resource, sys
  > what, n = getattr(resource, "RLIMIT_" + sys.argv[1]), int(sys.argv[2])
  > resource.setrlimit(what, (n, n))
  > os.execvp(sys.argv[3], sys.argv[3:])
  > END

Descriptors. It ends, whichever of its processes is the one to lack them.

  ! not asan: it needs descriptors of its own
  ! not valgrind: it needs descriptors of its own
  $ for n in 5 6 7 8 9 10 12; do
  >     python3 limited NOFILE $n cnb run -q x.ipynb >/dev/null 2>log || echo "status $?"
  >     grep -c '^cnb: .*Too many open files$' log; done | sort | uniq -c | sed 's/^ *//'
  7 1
  7 status 3
  $ for n in 32 64 256; do python3 limited NOFILE $n cnb run -q -i x.ipynb; sh state; done
  x.ipynb: 2 cells: 2 ok in <time>
  another one, whole
  x.ipynb: 2 cells: 2 ok in <time>
  another one, whole
  x.ipynb: 2 cells: 2 ok in <time>
  another one, whole

A run that could not even begin leaves the notebook alone, and no journal to tell of.

  $ python3 limited NOFILE 7 cnb run -q -i x.ipynb; sh state
  x.ipynb: 2 cells: 2 not-run in <time>
  cnb: cannot wait for events: Too many open files
  as it was

Room for files. SIGXFSZ does not end it.

  $ python3 limited FSIZE 0 cnb run -q -i x.ipynb; sh state
  x.ipynb: 2 cells: 2 ok in <time>
  cnb: cannot write 'x.ipynb': File too large
  cnb: warning: what was captured of 'x.ipynb' is kept nowhere: no journal could be written: File too large
  as it was

Standard input, output and error that are none, or full, or closed.

  $ cnb run -q -i x.ipynb <&-; sh state
  x.ipynb: 2 cells: 2 ok in <time>
  another one, whole
  $ cnb run -q -i x.ipynb <&- >&- 2>&-; echo "status $?"; sh state
  status 3
  another one, whole
  $ cnb run -i x.ipynb 2>&- >/dev/full; echo "status $?"; sh state
  status 3
  another one, whole
  $ for c in 'run x.ipynb' 'list x.ipynb' 'export x.ipynb' 'build x.ipynb' 'check x.ipynb' \
  >     'run x.ipynb -t jsonl' 'convert x.ipynb -' 'new -' doctor sessions help --version 'watch x.ipynb'; do
  >     cnb $c >/dev/full || echo "status $?"; done 2>&1 | sort | uniq -c | sed 's/^ *//'
  13 cnb: cannot write to standard output: No space left on device
  13 status 3

A reader that never reads and then goes: the cells end, and so do we.

  $ nb y.ipynb <<'END'
  > === flood
  > %%sh
  > yes | head -c 3000000
  > END
  $ mkfifo pipe; cnb run y.ipynb >pipe 2>log & run=$!
  > exec 3<pipe; until [ -s .local/state/cnb/*.journal ]; do sleep 0.01; done
  > exec 3<&-; wait $run; echo "status $?"; cat log
  status 3

The folder goes while it is at work: that is what it says.

  $ mkdir gone; cd gone; nb x.ipynb <<'END'
  > === a
  > %%sh
  > rm -r $PWD
  > === b
  > int main(void) { return 0; }
  > END
  > cnb run -q x.ipynb; cd ..
  In [2]: b  (program)
  
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: cannot work in '<dir>/gone': No such file or directory

The folders that the environment names are missing, no folders, or relative.

  $ for d in /nonexistent /dev/null rel; do
  >     XDG_STATE_HOME=$d XDG_RUNTIME_DIR=$d TMPDIR=$d HOME=$d cnb run -q x.ipynb
  >     CNB_CACHE_DIR=/dev/null/$d cnb run -q --cell b x.ipynb; done
  x.ipynb: 2 cells: 2 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 2 cells: 2 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 2 cells: 2 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  $ CNB_CACHE_DIR=/dev/null/x cnb build x.ipynb
  cnb: cannot write to the build cache '/dev/null/x': cannot make folder '/dev/null/x': Not a directory; set CNB_CACHE_DIR to a folder that can be written
  ? 3
