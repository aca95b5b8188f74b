Eight runs at once begin with an empty cache that they share, and someone empties
it all the while: each of them has what it built.

  $ printf '=== a\nint f(int n) { return n * 2; }\nint n = f(4);\n=== b\nn\n' | nb same.ipynb
  $ for i in 1 2 3 4; do nb $i.ipynb <<END
  > === a
  > int f(int n) { return n * $i; }
  > int n = f(10);
  > === b
  > n
  > === c
  > #include <stdio.h>
  > int main(void) { puts("program $i"); }
  > END
  > done
  $ cat >once <<'END'
  > export CNB_CACHE_DIR=cache
  > pids=
  > for i in 1 2 3 4; do
  > 	cnb run -q same.ipynb -o same$i.json & pids="$pids $!"
  > 	$1 cnb run -q $i.ipynb -o $i.json & pids="$pids $!"
  > done >out 2>&1
  > (until [ -e done ]; do cnb build --clean >/dev/null || echo "not cleaned"; done) & cleaner=$!
  > for p in $pids; do wait $p || echo "status $?"; done
  > touch done; wait $cleaner; rm done
  > grep -v ' ok in ' out
  > for i in 1 2 3 4; do outputs <same$i.json; outputs <$i.json; done | tr '\n' ' '
  > ls cache/scratch cache/users
  > END
  $ sh once
  a b 8 a b 10 c "program 1\n" a b 8 a b 20 c "program 2\n" a b 8 a b 30 c "program 3\n" a b 8 a b 40 c "program 4\n" cache/scratch:
  
  cache/users:

The same with a plugin for each cell.

  $ rm -rf cache; sh once 'env CNB_APART=1' | tr -d '\n'; echo
  a b 8 a b 10 c "program 1\n" a b 8 a b 20 c "program 2\n" a b 8 a b 30 c "program 3\n" a b 8 a b 40 c "program 4\n" cache/scratch:cache/users:
