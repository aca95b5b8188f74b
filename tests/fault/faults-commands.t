The same for the other commands.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ faults 2 list clear check update new doctor export convert watch
  \d+ commands: each fault was met (re)
