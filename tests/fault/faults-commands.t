The same for the other commands.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ faults 1/2 build list clear check update new help doctor export convert watch
  \d+ commands, \d+ calls: each fault was met (re)
