Lines for the shell, scripts, and texts that become files.

A script is what the shell makes of it; what it leaves behind does not hold up
the run, and is gone with it.

  $ nb script.ipynb <<'END'
  > === strict
  > %%bash
  > set -e
  > f() { echo "f $1"; return 3; }
  > cat <<X | tr a-z A-Z
  > here $((6 * 7)) "$0"
  > X
  > f 1 || echo "status $?"
  > sleep 97531 &
  > echo {1..3} | { read a b; echo "$b"; }
  > false
  > echo never
  > === pipe
  > %%bash
  > set -o pipefail
  > false | cat
  > === posix
  > %%sh
  > trap 'echo bye' EXIT
  > (exit 4)
  > === killed
  > %%sh
  > kill -TERM $$
  > === nothing
  > %%sh
  > END
  $ cnb run -k script.ipynb -o x.json >out; verdicts <x.json; outputs <x.json; pgrep -fx 'sleep 97531'
  strict failed exit 1 (exit status 1) children 1
  pipe failed exit 1 (exit status 1)
  posix failed exit 4 (exit status 4)
  killed crashed SIGTERM (killed by signal 15 (Terminated))
  nothing ok
  strict "HERE 42 \"BASH\"\nf 1\nstatus 3\n2 3\n"
  pipe
  posix "bye\n"
  killed
  nothing
  ? 1

Each `!` line has a shell of its own: what it sets ends with it. What the cell
has set holds for it, and C's words are not put in place of {x}. A line goes on
behind a backslash.

  $ nb bang.ipynb <<'END'
  > === lines
  > #include <unistd.h>
  > int x = 3;
  > !cd /; pwd
  > !export A=1; x=4; echo $A
  > !echo "A=$A" {x} '!' $((2 + \
  >     3))
  > setenv("A", "C's", 1);
  > chdir("/usr");
  > !echo "$A"; pwd
  > for (int i = 0; i < 2; i++)
  >     printf("%d\n", !i);
  > !exit 5
  > x
  > === below
  > !pwd; for i in 1 2; do \
  >     echo $i; \
  > done
  > END
  $ cnb run bang.ipynb -o - --to json | outputs
  lines 3 "/\n1\nA= {x} ! 5\nC's\n/usr\n1\n0\n"
  below "/usr\n1\n2\n"

A file's name may hold blanks, or stand in quotes; its folder is made. A text
ends with its line, as in any file. `-a` appends to what the notebook has
written, and the file is the same however often the cells run.

  $ nb files.ipynb <<'END'
  > === one
  > //| name: first
  > // the head
  > %%file new dir/of lines.txt
  > one
  > === two
  > %%writefile "quoted"
  > two
  > === more
  > %%writefile -a new dir/of lines.txt
  > more
  > === again
  > %%file --append "new dir/of lines.txt"
  > //| not an option
  > again
  > === uses
  > //| needs: none
  > %%sh
  > cat "new dir/of lines.txt" quoted
  > === option
  > //| file: sub/o.c
  > int o;
  > === empty
  > %%file empty
  > END
  $ cnb run -q files.ipynb; cnb run -q files.ipynb -c more
  > cnb run files.ipynb -c uses -o - --to json | outputs uses; cat -A sub/o.c; wc -c <empty
  files.ipynb: 7 cells: 7 ok in <time>
  files.ipynb: 1 cell: 1 ok in <time>
  uses "one\nmore\n//| not an option\nagain\ntwo\n"
                   $
  int o;$
  0
A file that has its text is left alone: what is made from it is not older.

  $ stat -c %y quoted sub/o.c empty >was; cnb run -q files.ipynb >out; stat -c %y quoted sub/o.c empty | cmp - was
  $ printf '=== a\n%%%%file -a x\n1\n' | nb x.ipynb; cnb run -q x.ipynb
  x.ipynb: 1 cell: 1 not-run in <time>
  cnb: cell 'a' appends to 'x', which no cell above it writes
  ? 2
  $ mkdir folder; printf '=== a\n1\n=== b\n%%%%file folder\n1\n' | nb x.ipynb; cnb run -q x.ipynb
  x.ipynb: 2 cells: 2 not-run in <time>
  cnb: cell 'b': cannot write '<dir>/folder': Is a directory
  ? 3

A pipe or a device stays what it is, also for root, who could replace it.

  $ mkfifo pipe; printf '=== a\n%%%%file pipe\n1\n' | nb x.ipynb; cnb run -q x.ipynb
  x.ipynb: 1 cell: 1 not-run in <time>
  cnb: cell 'a': cannot write '<dir>/pipe': it is no file
  ? 2
  $ stat -c %F pipe
  fifo

The notebook stays what it is, by whichever name; another link is replaced.

  $ printf '=== a\n%%%%file ./x.ipynb\n1\n' | nb x.ipynb; ln -s x.ipynb l.ipynb
  $ cnb run -q -i x.ipynb; cp x.ipynb was
  x.ipynb: 1 cell: 1 not-run in <time>
  cnb: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  $ for c in 'run -q' build 'check -q' 'run -q --keep'; do cnb $c x.ipynb 2>&1 | tail -1; done
  cnb: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  cnb: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  cnb: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  cnb: cannot run 'x.ipynb' in its session: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  $ cnb run -q l.ipynb; cmp x.ipynb was
  l.ipynb: 1 cell: 1 not-run in <time>
  cnb: cell 'a': cannot write '<dir>/./x.ipynb': it is the notebook
  $ printf '=== a\n%%%%file l.ipynb\n1\n' | nb x.ipynb; cp x.ipynb was
  $ cnb run -q l.ipynb; cnb run -q x.ipynb; cat l.ipynb; cmp x.ipynb was
  l.ipynb: 1 cell: 1 not-run in <time>
  cnb: cell 'a': cannot write '<dir>/l.ipynb': it is the notebook
  x.ipynb: 1 cell: 1 ok in <time>
  1

A line's shell is given that line alone: one that would go on with a
here-document is told, where what follows is not C.

  $ nb here.ipynb <<'END'
  > === open
  > !cat <<X
  > inside
  > X
  > === shift
  > !echo $((1 << 2)); cat <<<word
  > wrong
  > === script
  > %%sh
  > cat <<X
  > inside
  > X
  > END
  $ cnb run -k here.ipynb | grep -e hint -e ^inside
  here.ipynb:open: hint: line 1 is all that its shell is given; a cell that starts with %%sh can hold a here-document
  inside
