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
