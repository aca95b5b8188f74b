What a run has captured outlives cnb itself.

  $ nb x.ipynb <<'END'
  > === first
  > puts("one"); 1
  > === holds
  > #include <unistd.h>
  > puts("two");
  > for (;;) pause();
  > === last
  > 3
  > === plain
  > 4
  > END
  $ cat >killed <<'END'
  > # killed OPTION...: kill -9 of cnb while its second cell runs
  > rm -f log; cnb run "$@" x.ipynb >log 2>&1 & run=$!
  > until grep -q '^two' log 2>/dev/null; do sleep 0.01; done
  > kill -9 $run; wait $run; echo "status $?"
  > END
  $ find . -name '*.journal' -o -name '*.offered'
  $ cnb export --recover x.ipynb
  cnb: no run of 'x.ipynb' was cut off
  ? 2
  $ cp x.ipynb before; sh killed --skip plain 2>/dev/null; cmp x.ipynb before
  status 137

The record, and the notebook, with what had come until then:

  $ cnb export --recover x.ipynb | verdicts
  first ok
  holds interrupted (cnb itself was ended while the cell ran)
  last not-run
  plain skipped
  $ cnb export --recover x.ipynb -o y.ipynb && nbvalidate y.ipynb
  $ cnb list y.ipynb; grep -c -e one -e two y.ipynb
  cell  name   kind    status       lines
  1     first  shared  ok           1
  2     holds  shared  interrupted  3
  3     last   shared  not-run      1
  4     plain  shared  -            1
  4
  $ cnb export --recover x.ipynb
  cnb: no run of 'x.ipynb' was cut off
  ? 2

The next run says that there is something, once; journals do not pile up.

  $ sh killed 2>/dev/null; sh killed 2>/dev/null; sh killed -i 2>/dev/null
  status 137
  status 137
  status 137
  $ find .local/state/cnb -type f | wc -l; stat -c %A .local/state/cnb
  2
  drwx------
  $ cnb run -q --cell 1 x.ipynb; cnb run -q --cell 1 x.ipynb
  cnb: an earlier run of 'x.ipynb' was cut off; what it had captured is shown by: cnb export --recover x.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  $ cnb export --recover x.ipynb | verdicts; find .local/state/cnb -type f | wc -l
  first ok
  holds interrupted (cnb itself was ended while the cell ran)
  last not-run
  plain not-run
  1

A run that goes on is none that was cut off, and a journal that was cut short,
or is none, is read as far as it goes.

  $ rm log; cnb run x.ipynb >log 2>&1 & run=$!
  > until grep -q '^two' log 2>/dev/null; do sleep 0.01; done
  > cnb run -q --cell 1 x.ipynb; kill $run; wait $run
  x.ipynb: 1 cell: 1 ok in <time>
  ? 143
  $ truncate -s $(($(wc -c <x.ipynb) + 2000)) .local/state/cnb/*; cnb export --recover x.ipynb | verdicts
  first ok
  holds interrupted (cnb itself was ended while the cell ran)
  ...
  $ truncate -s $(($(wc -c <x.ipynb) + 90)) .local/state/cnb/*; cnb export --recover x.ipynb | verdicts
  first (not-run|interrupted .*) (re)
  holds not-run
  ...
  $ for n in 500 10 0; do truncate -s $n .local/state/cnb/*; cnb export --recover x.ipynb; done
  cnb: cannot read the journal of 'x.ipynb': it is not whole
  cnb: cannot read the journal of 'x.ipynb': it is not whole
  cnb: cannot read the journal of 'x.ipynb': it is not whole
  ? 2

It is that of one notebook, where it was, also when that is gone: by whichever
way it is named.

  $ rm -rf .local log; mkdir here there; ln -s here link; cp x.ipynb here; cp x.ipynb there
  $ cp killed kill-in; sed -i 's/x.ipynb/$in\/x.ipynb/' kill-in; for in in here there; do export in; sh kill-in 2>/dev/null; done
  status 137
  status 137
  $ mv there/x.ipynb there/y.ipynb; rm here/x.ipynb; cnb export --recover there/y.ipynb
  cnb: no run of 'there/y.ipynb' was cut off
  ? 2
  $ for f in link/x.ipynb here/x.ipynb there/x.ipynb "$PWD/here/../there/x.ipynb"; do cnb export --recover $f | verdicts | sed -n 1p; done
  first ok
  first ok
  first ok
  first ok
  $ cnb export --recover link/x.ipynb -o link/x.ipynb; ls here; ls .local/state/cnb | wc -l
  x.ipynb
  1

One that another version of cnb wrote is not guessed at.

  $ printf '\377' | dd of=$(ls .local/state/cnb/*) bs=1 seek=8 conv=notrunc 2>/dev/null; cnb export --recover there/x.ipynb
  cnb: cannot read the journal of 'there/x.ipynb': another version of cnb wrote it
  ? 2

What is no file is none, whatever it is called: nobody waits for it, or reads it
to an end that does not come. A link in the place of one that is made is not
followed.

  $ rm -rf .local log; sh killed 2>/dev/null; cd .local/state/cnb; name=$(ls); mv $name ../whole; echo mine >../mine; echo ${name%%.*} >../stem
  > for make in "mkfifo $name" "ln -s /dev/zero $name" "ln -s ../whole $name" "ln -s $name $name" "mkdir $name"; do
  >     $make; (cd ../../..; cnb export --recover x.ipynb; cnb run -q --cell 1 x.ipynb); rm -rf $name; ls; done
  status 137
  cnb: no run of 'x.ipynb' was cut off
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: no run of 'x.ipynb' was cut off
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: no run of 'x.ipynb' was cut off
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: no run of 'x.ipynb' was cut off
  x.ipynb: 1 cell: 1 ok in <time>
  cnb: no run of 'x.ipynb' was cut off
  x.ipynb: 1 cell: 1 ok in <time>
  $ cat >.local/state/cnb/ours <<'END'
  > # the journal of this very process, when it becomes cnb, is a link already
  > stem=$1; ln -s ../mine $stem.$$.new; cd ../../..; exec cnb run -q --cell 1 x.ipynb
  > END
  $ cd .local/state/cnb; sh ours $(cat ../stem); cat ../mine; rm ours ../mine ../whole ../stem
  x.ipynb: 1 cell: 1 ok in <time>
  mine

`cnb watch` has one of each round, if it is to save something.

  $ rm -rf .local log; cnb watch -o y.md x.ipynb >log 2>&1 & run=$!
  > until grep -q '^two' log 2>/dev/null; do sleep 0.01; done; kill -9 $run; wait $run 2>/dev/null; echo "status $?"
  status 137
  $ cnb export --recover x.ipynb | verdicts; find .local/state/cnb -type f | wc -l
  first ok
  holds interrupted (cnb itself was ended while the cell ran)
  last skipped
  plain skipped
  1

Where no journal can be kept the run goes on without.

  $ rm -rf .local; touch .local; cnb run -q --cell 1 x.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
