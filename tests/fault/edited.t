Who saves into a notebook while cnb saves into it, too, in whatever moment and
way, finds what he saved, with the outputs in it.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  ! if edits can
  $ nb x.ipynb <<'END'
  > === first
  > %%sh
  > echo hi
  > === last
  > %%sh
  > echo edited
  > END
  $ step=2; [ -z "$SOAK" ] || step=1; for how in place held rename; do edits $how 36/$step cnb run -q -i x.ipynb; done
  place: \d+ calls (re)
  held: \d+ calls (re)
  rename: \d+ calls (re)
  $ step=2; [ -z "$SOAK" ] || step=1; cnb run -q -i x.ipynb; for how in place held; do edits $how 24/$step cnb clear x.ipynb; done
  x.ipynb: 2 cells: 2 ok in <time>
  place: \d+ calls (re)
  held: \d+ calls (re)

One that holds it open to write to it, and writes nothing, keeps nobody from
saving for longer than a moment.

  $ exec 3>>x.ipynb; cnb clear x.ipynb; exec 3>&-; cnb export x.ipynb --to json | outputs
  first
  last
