Snapshots share the memory that nobody wrote to: forty of one state take little
more than one. (Memory is PSS: what several share counts in parts.)

  ! not asan: its host is another, and larger
  ! not valgrind: it is about the memory of cells
  $ cat >make.py <<'END'
  > import sys
  > print("=== big\nchar *block; block = malloc(40 << 20); memset(block, 1, 40 << 20);")
  > for i in range(int(sys.argv[1])): print("=== n%d\nputs(\"x\");" % i)
  > END
  $ python3 make.py 1 | nb one.ipynb; python3 make.py 40 | nb many.ipynb
  $ cnb run one.ipynb -q --keep; cnb run many.ipynb -q --keep
  one.ipynb: 2 cells: 2 ok in <time>
  many.ipynb: 41 cells: 41 ok in <time>
  $ cnb sessions | python3 -c 'import re, sys
  > many, one = [(int(n), float(m)) for n, m in re.findall(r"(\d+) snapshots, ([\d.]+) MiB", sys.stdin.read())]
  > one, many = sorted((one, many))
  > print(one[0], many[0], one[1] >= 40, many[1] < one[1] * 1.1 or (one, many))'
  2 41 True True
  $ cnb stop --all
