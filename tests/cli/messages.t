What a compiler says of a shared cell is told in the cell's own terms: of what
stands in the unit behind it the author knows nothing.

  $ nb end.ipynb <<'END'
  > === n
  > int n = 2;
  > === sum
  > n * 2 +
  > === which
  > n ? 1
  > === value
  > int a =
  > === name
  > int b
  > === loop
  > do n++; 
  > === brace
  > int c = 3;}
  > === twice
  > int h(void) { return 3; }}
  > int i(void) { return 4; }
  > === inside
  > puts("x"));
  > !echo }
  > === branches
  > #if 1
  > if (n) {
  > #else
  > while (n) {
  > #endif
  > }
  > nowhere();
  > END
  $ cnb run -k end.ipynb --cc gcc | grep -e error: -e warning: -e hint:
  end.ipynb:sum:1:8: error: expected expression at the end
  end.ipynb:which:1:6: error: expected ':' at the end
  end.ipynb:value:1:8: error: expected expression at the end
  end.ipynb:name:1:6: error: expected ';' at the end
  end.ipynb:loop:1:8: error: expected 'while' at the end
  end.ipynb:brace:1:11: error: '}' closes nothing
  end.ipynb:twice:1:26: error: '}' closes nothing
  end.ipynb:inside:1:10: error: expected ';' before ')' token
  end.ipynb:inside:1:10: error: expected statement before ')' token
  end.ipynb:inside: hint: ')' in line 1 closes nothing
  end.ipynb:branches:7:1: error: implicit declaration of function 'nowhere' [-Werror=implicit-function-declaration]
  $ cnb run -k end.ipynb --cc clang | grep -e error: -e closes | grep -v build-error
  end.ipynb:sum:1:8: error: expected expression
  end.ipynb:which:1:6: error: expected ':'
  end.ipynb:which:1:6: error: expected expression
  end.ipynb:value:1:8: error: expected expression at the end
  end.ipynb:name:1:6: error: expected ';' after top level declarator
  end.ipynb:loop:1:8: error: expected 'while' in do/while loop
  end.ipynb:brace:1:11: error: '}' closes nothing
  end.ipynb:twice:1:26: error: '}' closes nothing
  end.ipynb:inside:1:10: error: extraneous ')' before ';'
  end.ipynb:inside: hint: ')' in line 1 closes nothing
  end.ipynb:branches:7:1: error: implicit declaration of function 'nowhere' is invalid in C99 [-Werror,-Wimplicit-function-declaration]

Warnings are told whenever a cell runs, also where the unit was compiled before,
when a cell that is not in it had another text. A note in a header goes where
the warning went that it is about.

  $ nb warn.ipynb <<'END'
  > === broken
  > n n;
  > === warns
  > int n; if (n = 3) puts("x");
  > === header
  > abs("x");
  > === missing
  > m++;
  > END
  $ cnb run -k warn.ipynb --cc gcc >out; sed -i 's/"n n;"/"n n n;"/' warn.ipynb
  > cnb run -k warn.ipynb --cc gcc >again; grep -c 'warning: suggest parentheses' out again
  out:1
  again:1
  $ for f in out again; do sed -n '/^In .2/,/^In .4/p' $f | grep -v '^ok' >$f.kept; done
  > diff out.kept again.kept && grep -c 'warning: passing' out.kept
  1
  $ sed -n '/^In .4/,/^build/p' again
  In [4]: missing  (shared)
      m++;
  warn.ipynb:missing:1:1: error: 'm' undeclared (first use in this function)
      1 | m++;
        | ^
  warn.ipynb:48: line 1 of cell 'missing'
  build-error <time>: 'm' undeclared (first use in this function)
