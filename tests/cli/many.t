Several notebooks in one call: their outputs are apart and in order, also where
they run at the same time; what became of them is said at the end.

  $ printf '=== a\n!sleep 0.3\nputs("from one");\n' | nb one.ipynb
  > printf '=== a\nputs("from two"); fputs("and err\\n", stderr);\n=== b\nreturn 3;\n' | nb two.ipynb
  > printf '=== a\nputs("from three");\n' | nb three.ipynb
  $ cnb run -j 2 one.ipynb two.ipynb three.ipynb >j2; echo $?
  > cnb run one.ipynb two.ipynb three.ipynb >j1; echo $?
  1
  1
  $ sed 's/[0-9.]* m\?s\b/T/g' j1 >a; sed 's/[0-9.]* m\?s\b/T/g' j2 >b; diff a b
  $ grep -e '^from' -e '^and' -e notebooks j2
  from one
  from two
  and err
  from three
  3 notebooks: 2 ok, 1 failed (two.ipynb) in <time>

They do run at the same time: each waits for what the other writes.

  $ for i in 1 2; do
  >   printf '=== a\n%%%%bash\necho > p%d; until test -e p%d; do sleep 0.02; done; echo met %d\n' $i $((3 - i)) $i | nb meet$i.ipynb
  > done
  $ cnb run -j 2 --timeout $((60 * SLACK))s meet1.ipynb meet2.ipynb | grep ^met
  met 1
  met 2

Messages go to standard error, the status is the worst, and what cannot be run
does not keep the others from it.

  $ cnb run -j 4 one.ipynb no-such.ipynb three.ipynb 2>err | grep -e ^from -e notebooks; cat err
  from one
  from three
  3 notebooks: 2 ok, 1 not run (no-such.ipynb) in <time>
  cnb: cannot read 'no-such.ipynb': No such file or directory
  $ cnb run -q -j 2 one.ipynb three.ipynb
  one.ipynb: 1 cell: 1 ok in <time>
  three.ipynb: 1 cell: 1 ok in <time>
  2 notebooks: 2 ok in <time>
  $ cnb run -j 2 -q one.ipynb no-such.ipynb 2>/dev/null
  one.ipynb: 1 cell: 1 ok in <time>
  2 notebooks: 1 ok, 1 not run (no-such.ipynb) in <time>
  ? 2
  $ cnb run -j two one.ipynb
  cnb: 'two' is no number of jobs; write one from 1 to 4096, or 0 for as many as there are processors
  ? 2

Standard input is not shared between them; a file is read by each.

  $ printf '=== a\nint c, n = 0; while ((c = getchar()) != EOF) n++;\nn\n' | nb in1.ipynb; cp in1.ipynb in2.ipynb
  > echo 12345 >input; cnb run -j 2 --input input in1.ipynb in2.ipynb | grep Out
  Out[1]: 6
  Out[1]: 6

Each is saved as ever.

  $ cnb run -q -i -j 2 one.ipynb three.ipynb >/dev/null; cnb export one.ipynb --to json | verdicts
  a ok

One document for all, where the format can; or a file for each.

  $ cnb run -q -j 2 one.ipynb two.ipynb three.ipynb -o all.xml | tail -1
  3 notebooks: 2 ok, 1 failed (two.ipynb) in <time>
  $ grep -o '<testsuite [^>]*failures="[0-9]*"' all.xml
  <testsuite name="one" tests="1" failures="0"
  <testsuite name="two" tests="2" failures="1"
  <testsuite name="three" tests="1" failures="0"
  $ cnb run -q one.ipynb three.ipynb --to junit | grep -c '<testcase'
  2
  $ mkdir pages; cnb run -q -j 2 one.ipynb three.ipynb --to html -o pages >/dev/null; ls pages
  one.html
  three.html

A folder is made where it is not there, also for one notebook alone, as a part may
be. Two that are called the same stay two, whoever else is in their part.

  $ mkdir u v; cp one.ipynb u/x.ipynb; cp two.ipynb v/x.ipynb
  $ cnb run -q --to json -o new/deep/ one.ipynb; ls new/deep
  one.ipynb: 1 cell: 1 ok in <time>
  one.json
  $ cnb run -q -j 2 --to json -o both/ u/x.ipynb ./v/x.ipynb three.ipynb | tail -1
  3 notebooks: 2 ok, 1 failed (./v/x.ipynb) in <time>
  $ (cd both; find . -type f | sort)
  ./three.json
  ./u/x.json
  ./v/x.json
  $ for i in 1 2 3; do cnb run -q --shard $i/3 --to json -o parts/ u/x.ipynb ./v/x.ipynb three.ipynb >log; done
  > diff -rq both parts | wc -l; (cd parts; find . -type f | sort | xargs)
  3
  ./three.json ./u/x.json ./v/x.json
  $ cnb export both/u/x.json both/v/x.json --to junit -o - | grep -o '<testsuite name="[^"]*"'
  <testsuite name="both/u/x.json"
  <testsuite name="both/v/x.json"
  $ cnb export u/x.ipynb v/x.ipynb --to md -o pages; find pages/u pages/v -type f
  pages/u/x.md
  pages/v/x.md
  $ cnb run -q u/x.ipynb v/x.ipynb --to junit | grep -o '<testsuite name="[^"]*"\|classname="[^"]*"' | uniq
  <testsuite name="u/x"
  classname="u/x"
  <testsuite name="v/x"
  classname="v/x"
  $ cnb run --to json -o new u/x.ipynb ./u/x.ipynb
  cnb: cannot write 'new/u/x.json': it would be both './u/x.ipynb' and 'u/x.ipynb'
  ? 2
  $ cnb run -o new one.ipynb
  cnb: say with --to in which format 'new' gets its files
  ? 2
  $ touch file; cnb run --to json -o file/ one.ipynb
  cnb: cannot make folder 'file/': Not a directory
  ? 3
  $ cnb run one.ipynb three.ipynb -o all.html
  cnb: html takes one notebook, not 2; with -o DIR each gets its own file, and junit merges them
  ? 2

A signal ends all that run, and no more are begun.

  $ for i in 1 2 3; do printf '=== a\n%%%%bash\necho $$ >pid%d; sleep 1000\n' $i | nb long$i.ipynb; done
  $ cnb run -j 2 long1.ipynb long2.ipynb long3.ipynb >out 2>&1 & cnb=$!
  > until test -s pid1 && test -s pid2; do sleep 0.02; done
  > kill -TERM $cnb; wait $cnb; echo $?
  > ls pid*; kill -0 $(cat pid1) $(cat pid2) 2>/dev/null || echo gone; tail -1 out
  143
  pid1
  pid2
  gone
  3 notebooks: 2 interrupted (long1.ipynb, long2.ipynb), 1 not run (long3.ipynb) in <time>

Parts: all of them are everything, once, whatever the order.

  $ for i in 1 2 3; do
  >   cnb run --shard $i/3 three.ipynb one.ipynb meet1.ipynb in1.ipynb meet2.ipynb | grep 'ipynb$' | sort | xargs
  > done
  in1.ipynb one.ipynb
  meet1.ipynb three.ipynb
  meet2.ipynb
  $ cnb run --shard 1/3 in1.ipynb meet2.ipynb meet1.ipynb three.ipynb one.ipynb | grep 'ipynb$' | xargs
  in1.ipynb one.ipynb
  $ cnb run --shard 4/4 one.ipynb
  $ cnb run --shard 5/4 one.ipynb
  cnb: '5/4' is no part; write I/N, as 2/5 for the second of five
  ? 2
