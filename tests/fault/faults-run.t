Calls that fail while a notebook is run, in cnb itself, in its keeper, in its
host, in what they start: each ends, the notebook is whole, nothing is left
behind, and a sentence says what went wrong. `make faults` tries every call.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ faults 1/2 'run*' 'keeper*' child host 'jobs*' 'bell*'
  \d+ commands, \d+ calls: each fault was met (re)
