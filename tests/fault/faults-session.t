The same for sessions, on both sides.

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ faults 1/2 'rerun*' sessions 'stop*' keep 'session-*' session
  \d+ commands, \d+ calls: each fault was met (re)
