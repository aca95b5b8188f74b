A notebook is run again and compared with what it has recorded.

  $ nb x.ipynb <<'END'
  > === markdown
  > # Title
  > === one
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts("a"); puts(getenv("WORD") ? getenv("WORD") : "b"); puts("c"); }
  > === ids
  > #include <stdio.h>
  > #include <time.h>
  > #include <unistd.h>
  > int main(void)
  > {
  >     char path[] = "/tmp/cnb-XXXXXX", *p = path;
  >     unlink(path);
  >     printf("pid %d, my process id is %d\n", getpid(), getpid());
  >     printf("at %p, it is %ld, took %d.%d ms\n", (void *)&p, time(NULL), getpid() % 7, getpid() % 10);
  >     snprintf(path + 9, 7, "%06d", getpid());
  >     printf("file '%s'\n", path);
  > }
  > === value
  > 6 * 7
  > === fail
  > return 3;
  > END
  > cnb run -q -k -i x.ipynb >/dev/null
  ? 1
  $ cnb check x.ipynb
  x.ipynb: 4 cells: 4 as recorded
  $ cp x.ipynb before.ipynb; WORD=x cnb check x.ipynb
  --- x.ipynb:one (recorded)
  +++ x.ipynb:one (now)
  @@ -1,3 +1,3 @@
   a
  -b
  +x
   c
  x.ipynb: 4 cells: 3 as recorded, 1 differs
  ? 1
  $ cmp x.ipynb before.ipynb

Without the usual masks what differs in every run differs.

  $ cnb check --exact --cell ids x.ipynb >out
  ? 1
  $ grep -c '^[-+]pid\|^[-+]file' out
  4

The new is accepted; only the cells that differ change.

  $ WORD=x cnb check --update x.ipynb | tail -1
  x.ipynb: updated
  $ WORD=x cnb check -q x.ipynb; nbvalidate x.ipynb
  $ diff before.ipynb x.ipynb
  * (glob)
  <       "b\n",
  ---
  >       "x\n",
  ? 1
  $ cnb check -q x.ipynb >out
  ? 1

Masks, tolerance and order: on the command line, in the cell, in the metadata.

  $ cat >source.txt <<'END'
  > === lines check="unordered"
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts(getenv("N") ? "two\none" : "one\ntwo"); }
  > === numbers
  > //| check: tolerance=0.01
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { printf("x = %s, y = 1e3\n", getenv("N") ? "3.1416" : "3.14"); }
  > === masked
  > //| mask: run [a-z]+
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { printf("run %s of 9\n", getenv("N") ? "beta" : "alpha"); }
  > === either
  > //| accept: "tails\n"
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts(getenv("N") ? "tails" : "heads"); }
  > === free
  > //| check: ignore
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts(getenv("N") ? "this" : "that"); return getenv("FAIL") != NULL; }
  > END
  > sed 's/=== lines.*/=== lines/' source.txt | nb y.ipynb
  > sed -i '0,/"name": "lines"/s//"name": "lines", "cnb": {"check": "unordered"}/' y.ipynb
  > cnb run -q -i y.ipynb >/dev/null
  $ cnb check y.ipynb
  y.ipynb: 5 cells: 4 as recorded, 1 not compared
  $ N=1 cnb check y.ipynb
  y.ipynb: 5 cells: 4 as recorded, 1 not compared
  $ FAIL=1 cnb check y.ipynb
  --- y.ipynb:free (recorded)
  +++ y.ipynb:free (now)
  @@ -0,0 +1 @@
  +[error] ExitStatus: exit status 1
  y.ipynb: 5 cells: 4 as recorded, 1 differs
  ? 1
  $ sed '/^\/\/|/d; s/=== lines.*/=== lines/' source.txt | nb z.ipynb; cnb run -q -i z.ipynb >/dev/null
  $ N=1 cnb check z.ipynb >out
  ? 1
  $ tail -1 out; grep -c '^---' out
  z.ipynb: 5 cells: 5 differ
  5
  $ N=1 cnb check --unordered --tolerance 0.01 --mask 'run \w+' --mask 's/heads|tails/coin/' \
  >     --mask 's,th(at|is),it,' z.ipynb
  z.ipynb: 5 cells: 5 as recorded
  $ printf '# what differs\nrun [a-z]+\n\nheads|tails\nth(at|is)\n' >masks
  > N=1 cnb check --unordered --tolerance 0.01 --mask-file masks z.ipynb
  z.ipynb: 5 cells: 5 as recorded

What is recorded as printed is no result, and no message, whatever it looks like.

  $ nb forged.ipynb <<'END'
  > === result
  > 1 + 1
  > === stderr
  > fputs("e\n", stderr);
  > === newline
  > printf("x");
  > === levels
  > //| accept: "[error] 1\n"
  > puts(getenv("N") ? "[error] 1" : "[error] 2");
  > === fails
  > %%sh
  > exit 3
  > END
  $ cat >forge.py <<'END'
  > import json
  > def printed(text): return [{"output_type": "stream", "name": "stdout", "text": text}]
  > nb = json.load(open("forged.ipynb"))
  > texts = {"result": "[result] 2\n", "stderr": "[stderr] e\n", "newline": "x\n\\ no newline at the end\n", "levels": "[error] 2\n",
  >          "fails": "[error] ExitStatus: exit status 3\n[status] failed\n"}
  > for c in nb["cells"]:
  >     c["outputs"] = printed(texts[c["metadata"]["name"]])
  > json.dump(nb, open("forged.ipynb", "w"))
  > END
  $ python3 forge.py; cnb check forged.ipynb
  --- forged.ipynb:result (recorded)
  +++ forged.ipynb:result (now)
  @@ -1 +1 @@
  -[stdout] [result] 2
  +[result] 2
  --- forged.ipynb:stderr (recorded)
  +++ forged.ipynb:stderr (now)
  @@ -1 +1 @@
  -[stdout] [stderr] e
  +[stderr] e
  --- forged.ipynb:newline (recorded)
  +++ forged.ipynb:newline (now)
  @@ -1,2 +1,2 @@
   x
  -[stdout] \ no newline at the end
  +\ no newline at the end
  --- forged.ipynb:fails (recorded)
  +++ forged.ipynb:fails (now)
  @@ -1,2 +1,2 @@
  -[stdout] [error] ExitStatus: exit status 3
  -[stdout] [status] failed
  +[error] ExitStatus: exit status 3
  +[status] failed
  forged.ipynb: 5 cells: 1 as recorded, 4 differ
  ? 1
  $ N=1 cnb check --cell levels forged.ipynb
  forged.ipynb: 5 cells: 1 as recorded, 4 skipped

Tags: cells that do not run, and cells that run but are not compared.

  $ nb t.ipynb <<'END'
  > === slow tags=["slow"]
  > #include <stdlib.h>
  > int main(void) { return getenv("N") != NULL; }
  > === odd tags=["nbval-ignore-output"]
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts(getenv("N") ? "1" : "2"); }
  > === other tags=["random"]
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { puts(getenv("N") ? "1" : "2"); }
  > END
  > cnb run -q -i t.ipynb >/dev/null; N=1 cnb check --skip-tag slow --ignore-tag random t.ipynb
  t.ipynb: 3 cells: 2 not compared, 1 skipped

The verdicts as JUnit; a folder stands for the notebooks below it.

  $ mkdir -p set/deeper/.hidden && cp t.ipynb set/a.ipynb && cp y.ipynb set/deeper/b.ipynb
  > cp y.ipynb set/deeper/.hidden/c.ipynb
  > sed 's/"c"/"python"/' t.ipynb >set/p.ipynb
  > N=1 cnb check set -o report.xml
  --- set/a.ipynb:slow (recorded)
  +++ set/a.ipynb:slow (now)
  @@ -0,0 +1,2 @@
  +[error] ExitStatus: exit status 1
  +[status] failed
  --- set/a.ipynb:other (recorded)
  +++ set/a.ipynb:other (now)
  @@ -1 +1 @@
  -2
  +1
  set/a.ipynb: 3 cells: 2 differ, 1 not compared
  set/deeper/b.ipynb: 5 cells: 4 as recorded, 1 not compared
  set/p.ipynb: passed over: it is written in python
  3 notebooks: 2 as recorded, 1 differs
  ? 1
  $ xmllint --noout --schema $SRC/tests/junit.xsd report.xml; grep '<testsuite\|<failure' report.xml
  report.xml validates
  <testsuites name="cnb" tests="8" failures="2" errors="0" time="*"> (glob)
   <testsuite name="a" tests="3" failures="2" errors="0" skipped="0" time="*" timestamp="*"> (glob)
     <failure message="not what the notebook has recorded" type="Difference">@@ -0,0 +1,2 @@
     <failure message="not what the notebook has recorded" type="Difference">@@ -1 +1 @@
   <testsuite name="b" tests="5" failures="0" errors="0" skipped="0" time="*" timestamp="*"> (glob)
  $ cnb check --to junit t.ipynb | xmllint --noout --schema $SRC/tests/junit.xsd -
  - validates

What was recorded and what never ran: the verdicts of nbval's own samples.

  $ cat >v.py <<'END'
  > import json
  > def notebook(path, *cells):
  >     json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >         {"id": "c%d" % i, "cell_type": "code", "metadata": {},
  >          "source": source, "execution_count": count, "outputs": outputs}
  >         for i, (source, count, outputs) in enumerate(cells)]}, open(path, "w"))
  > line = {"output_type": "stream", "name": "stdout", "text": "test\n"}
  > error = {"output_type": "error", "ename": "SIGABRT", "evalue": "other", "traceback": []}
  > puts = '#include <stdio.h>\nint main(void) { puts("test"); }'
  > die = '#include <stdlib.h>\nint main(void) { abort(); }'
  > notebook("missingoutput-fail.ipynb", (puts, 1, [line]), (puts, 2, []), (puts, 3, [line]))
  > notebook("unexecuted-pass.ipynb", (puts, 1, [line]), (puts, None, []), (puts, 2, [line]), ("", None, []))
  > notebook("storedmismatch-fail.ipynb", (die, 1, [error]))
  > notebook("dies-fail.ipynb", (die, None, []))
  > END
  > python3 v.py; for n in missingoutput-fail unexecuted-pass storedmismatch-fail dies-fail; do
  >     cnb check $n.ipynb | tail -1; done
  missingoutput-fail.ipynb: 3 cells: 2 as recorded, 1 differs
  unexecuted-pass.ipynb: 4 cells: 2 as recorded, 2 not compared
  storedmismatch-fail.ipynb: 1 cell: 1 differs
  dies-fail.ipynb: 1 cell: 1 differs

Masks are asked only of lines that differ: one that would take for ever on a
line which is the same is no matter.

  $ cat >much.py <<'END'
  > # much.py FILE NUMBER: the number, and a line that '(x|xx)*y' takes hours for
  > import json, sys
  > source = '#include <stdio.h>\nint main(void) {' \
  >     'puts("%s"); for (int i = 0; i < 2000000; i++) putchar(120); puts(""); }'
  > out = {"output_type": "stream", "name": "stdout", "text": "1\n" + 2000000 * "x" + "\n"}
  > json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >     {"id": "a", "cell_type": "code", "metadata": {}, "execution_count": 1,
  >      "source": source % sys.argv[2], "outputs": [out]}]}, open(sys.argv[1], "w"))
  > END
  > python3 much.py much.ipynb 2; timeout -s KILL $((100 * SLACK)) cnb check --mask '(x|xx)*y' much.ipynb | cut -c1-9
  --- much.
  +++ much.
  @@ -1,2 +
  -1
  +2
   xxxxxxxx
  much.ipyn

Where it is not, Ctrl-C ends it at once.

  $ sed -i 's/xxx/zxx/' much.ipynb; cnb check --mask '(x|xx)*y' much.ipynb >out & pid=$!
  > while [ "$(cut -d ' ' -f 14 /proc/$pid/stat)" -lt 50 ]; do sleep 0.05; done
  > kill -INT $pid; for i in $(seq $((600 * SLACK))); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done
  > kill -KILL $pid 2>/dev/null; wait $pid; echo $?
  130

Of much that differs the first and the last is shown.

  $ python3 - <<'END'
  > import json
  > out = {"output_type": "stream", "name": "stdout", "text": ["%09d\n" % i for i in range(1000000)]}
  > print(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
  >     {"id": "a", "cell_type": "code", "metadata": {}, "execution_count": 1,
  >      "source": "//| use: x/y", "outputs": [out]}]}), file=open("many.ipynb", "w"))
  > END
  > cnb check many.ipynb >out; wc -l <out; grep -C1 shown out
  381307
  -000190649
  \\ 618700 lines are not shown
  -000809350
  $ sed -i 's/\\n//g' many.ipynb; cnb check many.ipynb >out; wc -l <out; grep shown out
  10
  \\ 4805696 bytes of this line are not shown

What is not right is said in a sentence.

  $ cnb check --mask 's/a/b/i' x.ipynb
  cnb: option '--mask': 'i' at the end of 's/a/b/i' is not known
  ? 2
  $ cnb check --mask '(' x.ipynb
  cnb: option '--mask': '(' is no regular expression: * (glob)
  ? 2
  $ for m in 'a++++++++++++++++++++++++++++++++++' '((((((a{99}){99}){99}){99}))))' \
  >     "$(printf '(%.0s' $(seq 99))"; do cnb check --mask "$m" x.ipynb; done
  cnb: option '--mask': 'a+*' is too large for a regular expression (glob)
  cnb: option '--mask': '(((*' is too large for a regular expression (glob)
  cnb: option '--mask': '(((*' is too large for a regular expression (glob)
  ? 2
  $ cnb check --tolerance much x.ipynb
  cnb: 'much' is no tolerance; write tolerance=1e-6
  ? 2
  $ mkdir empty; cnb check empty
  cnb: there is no notebook in 'empty'
  ? 2
  $ printf '=== a\n//| check: unorderd\nint x;\n' | nb w.ipynb; cnb check w.ipynb
  cnb: * unknown word 'unorderd'; did you mean 'unordered'?* (glob)
  ? 2

What was edited or removed while its cells ran stays so: what they printed is not
for that.

  $ printf '=== a\n%%%%sh\n[ ! -f now ] || sh now\n=== b\n%%%%sh\necho one\n' | nb edited.ipynb
  $ cp edited.ipynb was; echo "sed -i 's/echo one/echo two/' edited.ipynb; cp edited.ipynb edited" >now
  $ cnb check -q --update edited.ipynb; cmp edited.ipynb edited
  cnb: cannot update 'edited.ipynb': it was edited while it ran
  $ cp was edited.ipynb; echo 'rm edited.ipynb' >now
  $ cnb check -q --update edited.ipynb; ls edited.ipynb
  cnb: cannot update 'edited.ipynb': it was removed while it ran
  ls: cannot access 'edited.ipynb': No such file or directory
  ? 2
