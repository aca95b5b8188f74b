What fuzzing kept is taken, or refused in a sentence; what becomes of it is what
other programs than ours take, too. Here of every tenth input, `corpusvalid` of
all.

  ! not valgrind: a few hundred commands
  $ corpusvalid 10
  some taken, some refused, some valid, 0 wrong
