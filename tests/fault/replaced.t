What a notebook's file keeps when it is replaced, and what is not replaced.

  ! if setpriv --version
  $ nb x.ipynb <<'END'
  > === a
  > 1 + 1
  > END
  $ cp x.ipynb was
  $ cat >saved <<'END'
  > # saved NAME...: are they the notebook with its output, and whole?
  > for f; do nbvalidate "$f" && cnb list -- "$f" | tail -1; done
  > END

A chain of links stays, also to another folder; one that leads to what is not
there yet is followed to where it will be.

  $ mkdir p p/q; mv x.ipynb p/real.ipynb; ln -s ../real.ipynb p/q/b; ln -s q/b p/a; ln -s p/a x.ipynb
  $ cnb run -q -i x.ipynb; sh saved p/real.ipynb; find . -type l | sort; ls -A . p p/q
  x.ipynb: 1 cell: 1 ok in <time>
  1     a     shared  ok      1
  ./p/a
  ./p/q/b
  ./x.ipynb
  .:
  .local
  p
  saved
  was
  x.ipynb
  
  p:
  a
  q
  real.ipynb
  
  p/q:
  b
  $ ln -s p/new.ipynb y.ipynb; cnb run -q x.ipynb -o y.ipynb; sh saved p/new.ipynb; readlink y.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  1     a     shared  ok      1
  p/new.ipynb
  $ ln -s p/c.c y.c; cnb convert x.ipynb y.c; readlink y.c; head -1 p/c.c | wc -l
  p/c.c
  1
  $ ln -s gone/z.ipynb z.ipynb; cnb run -q x.ipynb -o z.ipynb; sh saved z.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  1     a     shared  ok      1

Mode, the access list, its user's notes. Other names of it keep the old file.

  $ rm -rf p [xyz].*; cp was x.ipynb; chmod 640 x.ipynb; ln x.ipynb other.ipynb
  $ cat >notes <<'END'
  > import os, sys
  > def seen():
  >     return os.listxattr("x.ipynb"), oct(os.stat("x.ipynb").st_mode)
  > acl = bytes.fromhex("02000000" "01000600ffffffff" "0200040003000000" "04000000ffffffff" "10000400ffffffff" "20000000ffffffff")
  > if sys.argv[1] == "set":
  >     try:
  >         os.setxattr("x.ipynb", "user.note", b"mine")
  >         os.setxattr("x.ipynb", "system.posix_acl_access", acl)
  >     except OSError: # not on this disk
  >         pass
  >     print(seen(), file=open("expected", "w"))
  > else:
  >     print(str(seen()) == open("expected").read()[:-1] or seen())
  > END
  $ python3 notes set; cnb run -q -i x.ipynb; stat -c '%A %h' x.ipynb; cmp other.ipynb was; python3 notes compare
  x.ipynb: 1 cell: 1 ok in <time>
  -rw-r----- 1
  True

A folder's list for what is made in it does not open to others what was closed
to them.

  $ mkdir d; cp was d/x.ipynb; chmod 660 d/x.ipynb; cat >default <<'END'
  > import os
  > acl = bytes.fromhex("02000000" "01000700ffffffff" "0200070003000000" "04000700ffffffff" "10000700ffffffff" "20000000ffffffff")
  > try: os.setxattr("d", "system.posix_acl_default", acl)
  > except OSError: pass
  > END
  $ python3 default; cnb run -q -i d/x.ipynb; stat -c %A d/x.ipynb
  d/x.ipynb: 1 cell: 1 ok in <time>
  -rw-rw----
  $ python3 -c 'import os; print(os.listxattr("d/x.ipynb"))'
  []

A file that is read-only, or a folder in which nothing can be made: it is said
before anything runs, and nothing is changed. Where it was not asked to be
saved, it runs.

  $ rm -rf d [xo]*.ipynb; cp was x.ipynb; chmod 444 x.ipynb
  $ for c in 'run -i x.ipynb' 'run was -o x.ipynb' 'check -q --update x.ipynb' 'convert was x.ipynb' 'export was -o x.ipynb'; do
  >     mortal cnb $c || echo "status $?"; cmp x.ipynb was; done
  cnb: cannot write 'x.ipynb': Permission denied
  status 3
  cnb: cannot write 'x.ipynb': Permission denied
  status 3
  cnb: cannot write 'x.ipynb': Permission denied
  status 3
  cnb: cannot write 'x.ipynb': Permission denied
  status 3
  cnb: cannot write 'x.ipynb': Permission denied
  status 3
  $ mortal cnb clear x.ipynb; mortal cnb run -q x.ipynb
  x.ipynb: 1 cell: 1 ok in <time>
  $ chmod 644 x.ipynb; mkdir d; cp was d/x.ipynb; chmod 555 d; cd d; for c in 'run -i x.ipynb' 'run x.ipynb -o y.html' \
  >     'check -q --update x.ipynb' 'convert x.ipynb y.c' 'export x.ipynb -o y.html' 'new z.ipynb'; do
  >     mortal cnb $c || echo "status $?"; cmp x.ipynb ../was; ls -A; done
  cnb: cannot write 'x.ipynb': no file can be made in its folder, to take its place: Permission denied
  status 3
  x.ipynb
  cnb: cannot write 'y.html': Permission denied
  status 3
  x.ipynb
  cnb: cannot write 'x.ipynb': no file can be made in its folder, to take its place: Permission denied
  status 3
  x.ipynb
  cnb: cannot write 'y.c': Permission denied
  status 3
  x.ipynb
  cnb: cannot write 'y.html': Permission denied
  status 3
  x.ipynb
  cnb: cannot make 'z.ipynb': Permission denied
  status 3
  x.ipynb
  $ cd d; mortal cnb run -q x.ipynb; mortal cnb clear x.ipynb; mortal cnb run -q x.ipynb --keep &&
  >     mortal cnb rerun x.ipynb a; echo "status $?"; mortal cnb stop x.ipynb; ls -A; chmod 755 .; cd ..; rm -r d cnb
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb: 1 cell: 1 ok in <time>
  x.ipynb
  
  In [1]: a  (shared)
      1 + 1
  Out[1]: 2
  ok <time>
  
  1 cell: 1 ok in <time>
  cnb: cannot write 'x.ipynb': no file can be made in its folder, to take its place: Permission denied
  cnb: warning: what was captured of 'x.ipynb' is kept; it is shown by: cnb export --recover x.ipynb
  status 3
  x.ipynb

What is no file is not saved into: a pipe would take what nobody reads.

  $ for c in 'run -i /dev/stdin' 'clear /dev/stdin' 'check -q --update /dev/stdin' 'run -i -'; do
  >     cat was | cnb $c || echo "status $?"; done; mkfifo pipe; cnb clear pipe; cat was >pipe & cnb run -i pipe
  > echo "status $?"; rm pipe; ls -A
  cnb: cannot save into '/dev/stdin': it is no file
  status 2
  cnb: cannot save into '/dev/stdin': it is no file
  status 2
  cnb: cannot save into '/dev/stdin': it is no file
  status 2
  cnb: -i saves into a notebook that is a file, not standard input; -o - writes it to standard output
  status 2
  cnb: cannot save into 'pipe': it is no file
  cnb: cannot save into 'pipe': it is no file
  status 2
  .local
  default
  expected
  notes
  saved
  was
  x.ipynb

Names that need care, and one that is as long as names may be: beside it another
is made, which must not be longer.

  $ rm x.ipynb; python3 - <<'END'
  > import os, shutil, subprocess
  > long = b"x" * 249 + b".ipynb"
  > for name in b"new\nline.ipynb", b"-dash.ipynb", b"\xff\xfe.ipynb", b"a b \"q\" 's.ipynb", b"esc\x1b[31m.ipynb", long:
  >     shutil.copy("was", name)
  >     p = subprocess.run(["cnb", "run", "-q", "-i", "--", name], capture_output=True)
  >     assert p.returncode == 0, p
  >     assert subprocess.run(["nbvalidate", b"./" + name]).returncode == 0, name
  >     assert b'"2"' in open(name, "rb").read(), name
  >     p = subprocess.run(["cnb", "clear", "--", name], capture_output=True)
  >     assert p.returncode == 0 and open(name).read() == open("was").read(), p
  >     os.unlink(name)
  > text = open("was").read().replace("1 + 1", "%%sh\\nrm x*; mkdir " + long.decode())
  > open(long, "w").write(text)
  > p = subprocess.run(["cnb", "run", "-q", "-i", long], capture_output=True, text=True)
  > print(p.returncode, [len(n) for n in os.listdir(".") if n[0] == "x"], "cannot take the outputs" in p.stderr)
  > END
  3 [255, 213] True
  $ rm -rf x*; ls -A
  .local
  default
  expected
  notes
  saved
  was
