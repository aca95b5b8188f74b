Outputs are saved into the notebook, whatever happens to it meanwhile.

  $ cat >cells <<'END'
  > === first
  > int n = 1; n
  > === holds
  > %%sh
  > echo held; touch running; while [ ! -e go ]; do sleep 0.01; done
  > === last
  > n + 1
  > END
  $ cat >during <<'END'
  > # during COMMAND: a run of x.ipynb; while its second cell runs, COMMAND
  > rm -f running go; nb x.ipynb <cells
  > cnb run -q -i x.ipynb >log 2>&1 & run=$!
  > until [ -e running ]; do sleep 0.01; done
  > eval "$1"
  > touch go; wait $run; echo "status $?"; cat log
  > END
  $ cat >saved <<'END'
  > import json, sys
  > for c in json.load(open(sys.argv[1]))["cells"]:
  >     print("".join(c["source"]).split("\n")[0], [
  >         "".join(o.get("text") or o["data"]["text/plain"])
  >         for o in c.get("outputs", [])])
  > END

While a run saves into a notebook, no other one does; reading is free, and so
is running without saving.

  $ sh during 'cnb run -q -i x.ipynb || echo "status $?"; cnb clear x.ipynb ||
  >   echo "status $?"; cnb run -q --cell first x.ipynb; cnb list x.ipynb'
  cnb: cannot save into 'x.ipynb': another cnb (process *) is saving into it (glob)
  status 2
  cnb: cannot save into 'x.ipynb': another cnb (process *) is saving into it (glob)
  status 2
  x.ipynb: 1 cell: 1 ok in <time>
  cell  name   kind    status  lines
  1     first  shared  *       1 (glob)
  2     holds  shell   *       2 (glob)
  3     last   shared  *       1 (glob)
  status 0
  x.ipynb: 3 cells: 3 ok in <time>

The file is edited while it is run: a cell moved, another got another text, one
is new. What is still there gets its outputs; what is not loses none.

  $ sh during 'nb x.ipynb <<END
  > === new
  > 7
  > === last
  > n + 1
  > === first
  > int n = 2; n
  > END'
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' was edited while it ran, and some outputs have no place in it; all of them are saved in 'x.as-run.ipynb'
  $ python3 saved x.ipynb; python3 saved x.as-run.ipynb; nbvalidate x.ipynb
  7 []
  n + 1 ['2']
  int n = 2; n []
  int n = 1; n ['1']
  %%sh ['held\n']
  n + 1 ['2']

An edit that is kept through several saves, also when it is no JSON any more:

  $ rm x.as-run.ipynb; sh during 'sed -i "s/n + 1/n + 2/" x.ipynb; sleep 1.2'
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' was edited while it ran, and some outputs have no place in it; all of them are saved in 'x.as-run.ipynb'
  $ python3 saved x.ipynb
  int n = 1; n ['1']
  %%sh ['held\n']
  n + 2 []
  $ rm x.as-run.ipynb; sh during 'echo "{" >x.ipynb'
  status 2
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' cannot take the outputs; all of them are saved in 'x.as-run.ipynb'
  cnb: cannot read 'x.ipynb': line 2, column 1: * (glob)
  $ cat x.ipynb; python3 saved x.as-run.ipynb
  {
  int n = 1; n ['1']
  %%sh ['held\n']
  n + 1 ['2']

Cells with one text are told apart by their ids; where these are new, by their
order; where they are not as many as before, nobody knows which is gone.

  $ rm x.as-run.ipynb; mv cells kept; cat >cells <<'END'
  > === first
  > %%sh
  > echo >>n; wc -l <n
  > === holds
  > %%sh
  > touch running; while [ ! -e go ]; do sleep 0.01; done
  > === last
  > %%sh
  > echo >>n; wc -l <n
  > END
  $ cat >outputs <<'END'
  > import json
  > print([c["id"] + ": " + "".join(o["text"])[:-1] for c in json.load(open("x.ipynb"))["cells"] for o in c["outputs"]])
  > END
  $ rm -f n; sh during 'sed -i "s/\"c1\"/\"d1\"/; s/\"c3\"/\"d3\"/" x.ipynb'; python3 outputs
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  ['d1: 1', 'd3: 2']
  $ rm -f n; sh during 'sed -i "s/\"c1\"/\"c4\"/; s/\"c3\"/\"c1\"/" x.ipynb'; python3 outputs
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  ['c4: 2', 'c1: 1']
  $ rm -f n; sh during 'sed 5q cells | nb x.ipynb; sed -i "s/\"c1\"/\"d1\"/" x.ipynb'; python3 outputs
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' was edited while it ran, and some outputs have no place in it; all of them are saved in 'x.as-run.ipynb'
  []
  $ python3 saved x.as-run.ipynb; mv kept cells
  %%sh ['1\n']
  %%sh []
  %%sh ['2\n']

Something else stands in its place: nothing is written into that, nobody waits
for it, and the outputs are kept beside it.

  $ rm -f x.as-run.ipynb; for c in 'mkfifo x.ipynb' 'mkdir x.ipynb' 'ln -s /dev/full x.ipynb'; do
  >   echo "$c:"; sh during "rm x.ipynb; $c"; python3 saved x.as-run.ipynb | tail -1
  >   rm -rf x.ipynb x.as-run.ipynb; done
  mkfifo x.ipynb:
  status 3
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' cannot take the outputs; all of them are saved in 'x.as-run.ipynb'
  cnb: cannot save into 'x.ipynb': it is no file any more
  n + 1 ['2']
  mkdir x.ipynb:
  status 3
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' cannot take the outputs; all of them are saved in 'x.as-run.ipynb'
  cnb: cannot save into 'x.ipynb': it is no file any more
  n + 1 ['2']
  ln -s /dev/full x.ipynb:
  status 3
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' cannot take the outputs; all of them are saved in 'x.as-run.ipynb'
  cnb: cannot save into 'x.ipynb': it is no file any more
  n + 1 ['2']

A link that leads to itself is no file at all: it is replaced.

  $ sh during 'rm x.ipynb; ln -s x.ipynb x.ipynb'; python3 saved x.ipynb | tail -1
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  n + 1 ['2']

A file that was removed comes back; mode, owner and symbolic link are kept.

  $ sh during 'rm x.ipynb'; python3 saved x.ipynb
  status 0
  x.ipynb: 3 cells: 3 ok in <time>
  int n = 1; n ['1']
  %%sh ['held\n']
  n + 1 ['2']
  $ mkdir real; mv x.ipynb real; ln -s real/x.ipynb x.ipynb; touch go
  $ chmod 640 real/x.ipynb; cnb clear x.ipynb && cnb run -q -i x.ipynb
  x.ipynb: 3 cells: 3 ok in <time>
  $ stat -c '%F %N %A' x.ipynb real/x.ipynb; ls real
  symbolic link 'x.ipynb' -> 'real/x.ipynb' lrwxrwxrwx
  regular file 'real/x.ipynb' -rw-r-----
  x.ipynb

Nobody holds the lock once its owner is dead.

  $ rm x.ipynb; sh during 'kill -9 $run' 2>/dev/null | head -1; cnb run -q -i x.ipynb
  status 137
  cnb: an earlier run of 'x.ipynb' was cut off; what it had captured is shown by: cnb export --recover x.ipynb
  x.ipynb: 3 cells: 3 ok in <time>

A sentence about a file names it as its user did, not as what a link leads to.

  $ rm -f x.ipynb x.as-run.ipynb; mkdir there; : >there/x.ipynb; ln -s there/x.ipynb x.ipynb
  $ sh during 'mv there gone'; rm x.ipynb
  status 3
  x.ipynb: 3 cells: 3 ok in <time>
  cnb: warning: 'x.ipynb' cannot take the outputs; all of them are saved in 'x.as-run.ipynb'
  cnb: cannot write 'x.ipynb': No such file or directory
