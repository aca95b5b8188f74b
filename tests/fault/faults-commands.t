The same for the other commands.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ faults 1/2 'build*' 'list*' 'clear*' 'check*' update new help doctor 'export*' 'convert*' watch
  \d+ commands, \d+ calls: each fault was met (re)

A word means one row, or those that fit a pattern.

  $ mkdir words; cd words; faults 1/9 export; rm -r export; faults 1/9 'export-*'; rm -r *; faults 1/9 exp help
  1 commands, \d+ calls: each fault was met (re)
  2 commands, \d+ calls: each fault was met (re)
  faults: no row is called 'exp'
  ? 1
