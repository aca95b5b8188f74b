A notebook as a C file, and the C file as the notebook again, byte for byte.

  $ for n in declared programs shared; do
  >   cp $SRC/tests/golden/$n.ipynb . && cnb clear $n.ipynb
  >   cnb convert $n.ipynb $n.c && cnb convert $n.c back.ipynb && cmp $n.ipynb back.ipynb
  > done
  $ for n in concurrency pictures; do
  >   cp $SRC/notebooks/$n.ipynb . && cnb clear $n.ipynb
  >   cnb export $n.ipynb -o $n.c && cnb convert $n.c back.ipynb && cmp $n.ipynb back.ipynb
  > done; gcc -pthread -fsyntax-only concurrency.c && gcc -I $SRC/runner -fsyntax-only pictures.c

Whatever stands in the cells.

  $ for seed in $(seq 40); do
  >   nbtorture $seed >t.ipynb && cnb convert t.ipynb t.c && rm -f back.ipynb &&
  >     cnb convert t.c back.ipynb || echo "seed $seed"
  >   python3 - <<'END' || echo "seed $seed"
  > import json
  > def cells(path):
  >     return [(c["cell_type"], "".join(c["source"]), c["metadata"], c["id"], c.get("attachments"))
  >             for c in json.load(open(path))["cells"]]
  > assert cells("t.ipynb") == cells("back.ipynb")
  > END
  > done 2>/dev/null

The file compiles by itself, and does what the notebook does.

  $ nb s.ipynb <<'END'
  > === markdown
  > # Sums
  > // %% is no cell
  > === sq tags=["a"]
  > int sq(int n) { return n * n; }
  > static int z = sq(2), calls; const int k = sq(3);
  > int squares[] = { sq(1), sq(2) };
  > === print
  > struct p { int x, y; } a = { sq(2), 1 };
  > for (int i = 0; i < 2; i++) printf("%d ", squares[i]); puts("");
  > int random = a.x; // \%% a comment
  > // %% another
  > printf("%d %d %d\n", z, k, random);
  > #define LOG 0
  > #if LOG
  > puts("not this");
  > #else
  > puts("this");
  > #endif
  > calls++; calls
  > === shell
  > !true
  > puts("end");
  > === bash
  > %%bash
  > # endif
  > echo "it's"
  > === open
  > int broken = {
  > END
  > cnb run -q -k -o - --to json s.ipynb | python3 -c '
  > import json, sys
  > print("".join(c["stdout"] for c in json.load(sys.stdin)["cells"] if c["kind"] == "shared"), end="")' >wanted
  ? 0
  $ cnb convert s.ipynb s.c; gcc -o s s.c && ./s | diff wanted -
  $ cat s.c | sed -n '/c2/,/c3/p'
  // %% sq {"id": "c2", "metadata": {"tags": ["a"]}}
  int sq(int n) { return n * n; }
  static int z; static __typeof__(z) *const cnb__1_0 = &z; static int calls; static int cnb__1(void) { // %%+
  #define static // %%+
  static int z = sq(2), calls;
  #undef static // %%-
  
  __builtin_memcpy((void *)cnb__1_0, (const void *)&z, sizeof z); return 0; } // %%-
   
   int k; static __typeof__(k) *const cnb__2_0 = &k; static int cnb__2(void) { // %%-
  const int k = sq(3);
  __builtin_memcpy((void *)cnb__2_0, (const void *)&k, sizeof k); return 0; } // %%+
  int squares [2 ]; static __typeof__(squares) *const cnb__3_0 = &squares; static int cnb__3(void) { // %%+
  int squares[] = { sq(1), sq(2) };
  __builtin_memcpy((void *)cnb__3_0, (const void *)&squares, sizeof squares); return 0; } // %%+
  
  // %% print {"id": "c3"}
  $ cnb convert s.c back.ipynb; cnb clear s.ipynb back.ipynb; nbvalidate back.ipynb && cmp s.ipynb back.ipynb

Programs, each of them by its number.

  $ nb p.ipynb <<'END'
  > === one
  > #include <stdio.h>
  > static void say(void) { puts("one"); }
  > int main(void) { say(); }
  > === two
  > #include <stdio.h>
  > static int say = 2;
  > int main(void) { printf("%d\n", say); }
  > END
  > cnb convert p.ipynb p.c && gcc -o one p.c && gcc -DCELL=2 -o two p.c && ./one && ./two
  one
  2

A file that was written by hand; what was run stays where the text is the same.

  $ cat >hand.c <<'END'
  > #include <stdio.h>
  > 
  > // %% [markdown]
  > // # By hand
  > // some *words*
  > 
  > // %% answer
  > int n = 42;
  > n
  > 
  > // %% more {"id": "more", "metadata": {"tags": ["x"]}}
  > printf("%d\n", n);
  > END
  > cnb convert hand.c hand.ipynb && nbvalidate hand.ipynb && cnb run -q -i hand.ipynb
  hand.ipynb: 3 cells: 3 ok in <time>
  $ cnb convert hand.ipynb hand.c; sed -i 's/n = 42/n = 43/' hand.c; cnb convert hand.c hand.ipynb
  > python3 -c '
  > import json
  > for c in json.load(open("hand.ipynb"))["cells"]:
  >     print(c["cell_type"], "".join(c["source"]).split("\n"), c.get("outputs"), c["metadata"].get("tags"))'
  code ['#include <stdio.h>'] [] None
  markdown ['# By hand', 'some *words*'] None None
  code ['int n = 43;', 'n'] [] None
  code ['printf("%d\\n", n);'] [{'name': 'stdout', 'output_type': 'stream', 'text': ['42\n']}] ['x']
  $ cnb convert hand.ipynb hand.html && htmlcheck hand.html
  $ sed 's/"markdown"/"sound"/' hand.ipynb >odd.ipynb; cnb convert odd.ipynb odd.c 2>&1 | tail -1; ls odd.c
  cnb: cannot write 'odd.ipynb' as C: cell 2 of the file is of a type that nbformat 4.5 does not have
  ls: cannot access 'odd.c': No such file or directory
  ? 2
  $ printf '// %%%% [markdown] {"id": }\n' >bad.c; cnb convert bad.c bad.ipynb
  cnb: cannot read 'bad.c': line 1: what stands behind '// %%' is no JSON object
  ? 2
