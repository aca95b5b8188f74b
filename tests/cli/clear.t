A notebook with outputs; cleared, it is again what it was.

  $ nb x.ipynb <<'END'
  > === hello
  > #include <stdio.h>
  > int main(void) { puts("hi"); }
  > === markdown
  > Text stays.
  > END
  > cp x.ipynb first.ipynb
  $ cnb run -q -i x.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  $ grep -c hi x.ipynb && nbvalidate x.ipynb
  2
  $ cnb clear x.ipynb && cmp x.ipynb first.ipynb

As a filter it changes no file.

  $ cnb run -q -i x.ipynb >/dev/null; cp x.ipynb full.ipynb
  $ cnb clear - <x.ipynb | cmp - first.ipynb
  $ cmp x.ipynb full.ipynb

Several at once; one that cannot be read keeps no other from it, and one that
has nothing to remove is not written.

  $ cp first.ipynb clean.ipynb; ln clean.ipynb same-file
  $ cnb clear nowhere.ipynb x.ipynb clean.ipynb
  cnb: cannot read 'nowhere.ipynb': No such file or directory
  ? 2
  $ cmp x.ipynb first.ipynb && test clean.ipynb -ef same-file
