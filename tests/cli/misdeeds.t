Some eighty cells that each do one wrong thing, in each form that they make
sense in, all in one run under --keep-going (`make soak`: fifty times):
what is said of them stands beside them in tests/children/misdeeds.cells.

  $ for form in shared program table; do
  >     mkdir $form; misdeeds write $form $form/x.ipynb; done
  ! not asan: they take the place of a sanitizer's handlers
  ! not valgrind: cells that crash on purpose
  $ cat >all <<'END'
  > # all FORMS [OPTION...]: these forms at once
  > forms=$1; shift
  > for form in $forms; do
  >     { cnb run -q -k --timeout $((60 * SLACK))s --grace 300ms --memory 64M \
  >         --processes 40 --files 200 "$@" $form/x.ipynb \
  >         -o $form/x.json >$form/out 2>&1
  >     misdeeds check $form <$form/x.json; } >$form/said 2>&1 &
  > done; wait; for form in $forms; do cat $form/said; done
  > END
  $ times=${SOAK:-1}; for i in $(seq $times); do
  >     sh all "program shared table"; done | sort -k4 | uniq -c |
  >     sed "s/^ *$times /always /"
  always (\d+) of \1 program cells (re)
  always (\d+) of \1 shared cells (re)
  always (\d+) of \1 table cells (re)

Optimized, and by another compiler:

  $ for how in "--cflags -O2" "--cc clang"; do
  >     sh all "shared table" $how; done | sort -k4 | uniq -c
  \ +2 (\d+) of \1 shared cells (re)
  \ +2 (\d+) of \1 table cells (re)
