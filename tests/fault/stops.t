Who asks cnb watch to end is heard, before whichever call of its that is: while it
reads and builds, while cells run, while one is stopped because it was saved as
another, while outputs are saved, and between rounds.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ nb x.ipynb <<'END'
  > === one
  > int n = 1; puts("one");
  > === two
  > #include <unistd.h>
  > char word[] = "forever"; puts(word); while (*word == 'f') pause();
  > === three
  > %%sh
  > echo three
  > END
  $ for sig in INT TERM HUP; do stops 8 $sig -i; done
  INT: \d+ calls (re)
  TERM: \d+ calls (re)
  HUP: \d+ calls (re)
