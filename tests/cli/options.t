What the options of a cell do, one after the other.

Variables of the environment are each cell's own, also where cells share a
process; what a cell sets itself is part of the state.

  $ nb env.ipynb <<'END'
  > === a
  > //| env: COLOUR=red SIZE="very large"
  > printf("%s, %s\n", getenv("COLOUR"), getenv("SIZE"));
  > === b
  > //| env: COLOUR=blue
  > printf("%s, %s\n", getenv("COLOUR"), getenv("SIZE"));
  > === c
  > printf("%s\n", getenv("COLOUR") ? getenv("COLOUR") : "none");
  > setenv("COLOUR", "green", 1);
  > === d
  > //| env: COLOUR=white
  > !echo $COLOUR
  > === e
  > printf("%s\n", getenv("COLOUR"));
  > === f
  > //| env: COLOUR=black
  > puts(getenv("COLOUR"));
  > exit(setenv("COLOUR", "grey", 1));
  > === g
  > !echo $COLOUR $SIZE
  > === h
  > //| env: COLOUR=pink
  > #include <stdio.h>
  > #include <stdlib.h>
  > int main(void) { printf("%s %s\n", getenv("COLOUR"), getenv("SIZE")); }
  > === i
  > //| env: COLOUR=brown COLOUR=rose
  > %%sh
  > echo $COLOUR
  > END
  $ SIZE=inherited cnb run env.ipynb -o - --to json |
  >     python3 -c 'import json, sys
  > for c in json.load(sys.stdin)["cells"]: print(c["name"], c["stdout"], end="")'
  a red, very large
  b blue, inherited
  c none
  d white
  e green
  f black
  g grey inherited
  h pink inherited
  i rose

A library that reads a variable when it is loaded has it, too.

  $ nb omp.ipynb <<'END'
  > === a
  > //| cflags: -fopenmp
  > //| env: OMP_NUM_THREADS=3
  > #include <omp.h>
  > omp_get_max_threads()
  > END
  $ cnb run omp.ipynb --cc gcc | grep Out
  Out[1]: 3

A cell runs with what it needs above it, quietly; what --skip names is not run
for anybody. --failed means those that failed when last saved.

  $ nb needs.ipynb <<'END'
  > === base
  > int n = 1;
  > === more
  > n += 10;
  > === fails
  > exit(n);
  > === excused tags=["raises-exception"]
  > exit(2);
  > === last
  > n
  > === picky
  > //| needs: base
  > n
  > === alone
  > //| needs: none
  > 5
  > END
  $ cat >ran <<'END'
  > cnb run needs.ipynb "$@" -o x.json >/dev/null; verdicts <x.json | grep -v ' skipped'
  > END
  $ sh ran --cell last
  base ok quiet
  more ok quiet
  fails failed quiet exit 11 (exit status 11)
  excused not-run
  last not-run
  $ sh ran --cell last --skip fails --skip excused
  base ok quiet
  more ok quiet
  last ok
  $ sh ran --cell picky
  base ok quiet
  picky ok
  $ sh ran --cell alone
  alone ok
  $ sh ran --from last -k
  base ok quiet
  more ok quiet
  fails failed quiet exit 11 (exit status 11)
  excused failed quiet exit 2 (exit status 2)
  last ok
  picky ok
  alone ok
  $ cnb run -q needs.ipynb -i -k >/dev/null; sh ran --failed
  base ok quiet
  more ok quiet
  fails failed exit 11 (exit status 11)
  $ printf '=== one\nint x;\n=== two\n//| needs: oen\nx\n' | nb no.ipynb
  > cnb run no.ipynb
  cnb: cell 'two' needs: unknown cell 'oen' in 'no.ipynb'; did you mean 'one'?
  ? 2
  $ printf '=== one\n//| needs: two\nint x;\n=== two\n//| needs: one\nx\n' |
  >     nb no.ipynb; cnb run no.ipynb
  cnb: cell 'one' needs 'two', which does not stand above it
  ? 2

A message about a cell that does not compile says where it stands in the file;
that is not saved, because saving moves it.

  $ printf '=== one\nint x = y;\n=== two\nint main(void) { return y; }\n' | nb e.ipynb
  > cnb run -k e.ipynb | grep -c '^e.ipynb:[0-9]*: line'
  2

  $ cnb run -q -k -i e.ipynb >/dev/null; cp e.ipynb once.ipynb
  > cnb run -q -k -i e.ipynb >/dev/null; cmp e.ipynb once.ipynb

Which cells a run means: --failed and --from are of those that --cell names;
where nothing is left, that is told.

  $ nb which.ipynb <<'END'
  > === a
  > int a = 1;
  > === b
  > return a + 2;
  > === c
  > a
  > === d
  > %%sh
  > exit 2
  > === e tags=["skip-execution"]
  > puts("e");
  > END
  $ echo 'cnb run -k which.ipynb -o w.json "$@" >out; verdicts <w.json | sed /skipped/d' >which
  $ sh which --failed
  cnb: warning: 'which.ipynb': no cell of those selected failed when it was last saved
  $ cnb run -k -q -i which.ipynb >out; sh which --failed
  a ok quiet
  b failed exit 3 (returned 3)
  d failed exit 2 (exit status 2)
  $ sh which --failed --cell a
  cnb: warning: 'which.ipynb': no cell of those selected failed when it was last saved
  $ sh which --failed --cell a..c
  a ok quiet
  b failed exit 3 (returned 3)
  $ sh which --failed --from c
  d failed exit 2 (exit status 2)
  $ sh which --from c --cell a
  cnb: warning: 'which.ipynb': no cell is selected
  $ sh which --from c --skip d
  a ok quiet
  b failed quiet exit 3 (returned 3)
  c ok
  $ sh which --from e
  cnb: warning: 'which.ipynb': no cell is selected
