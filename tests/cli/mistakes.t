Every classic mistake that a sanitizer finds is named with its line: in programs,
shared cells and table cells, with one compiler or the other (with SOAK=1 in the
environment both), optimised (what optimisers leave of them); the state goes on.

  $ for tool in address undefined thread; do for form in program shared table; do
  >     mistakes $tool $form | nb m.ipynb "sanitize=\"$tool\"" 'cflags="-pthread -O2"'
  >     for cc in gcc clang; do
  >         case "$form $cc" in "program clang" | "shared clang" | "table gcc")
  >             [ "$SOAK" ] || continue;; esac
  >         case $form in
  >         program) records=
  >             for m in $(mistakes names $tool); do
  >                 MISTAKE=$m cnb run m.ipynb --cc $cc -o $m.json >out; records="$records $m.json"
  >             done;;
  >         *)  cnb run -k m.ipynb --cc $cc -o m.json >out; records=m.json;;
  >         esac
  >         mistakes check $records
  >     done
  > done; done

One that is excused, or runs again in a live session, is named, too.

  $ mistakes address shared | sed '/^===/s/$/ tags=["raises-exception"]/' |
  >     nb m.ipynb 'sanitize="address"' 'cflags="-pthread -O2"'
  > cnb run -q --keep m.ipynb --cc gcc -o m.json && mistakes check m.json
  > mistakes address shared >x; cnb rerun m.ipynb double_free | grep 'double_free:[0-9]* in' | head -n 1
  > cnb stop m.ipynb
  m.ipynb: 11 cells: 1 ok, 10 failed (use_after_free, double_free, bad_free, use_after_return, use_after_scope, ...) in <time>
  stale: * (glob)
  to run them again: * (glob)
      double_free:5 in bug_double_free()
