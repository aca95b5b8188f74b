The memory that cnb needs does not grow with what cells write.

  ! not asan: it has memory of its own
  ! not valgrind: it has memory of its own
  $ cat >make <<'END'
  > # make MEGABYTES FILE: a notebook with a cell that writes lines of 64 bytes
  > import json, sys
  > text = """#include <stdio.h>
  > for (long i = 0; i < %d; i++) printf("%%09ld %%53d\\n", i, 64);
  > """ % (int(sys.argv[1]) * 16384)
  > json.dump({"cells": [{"cell_type": "code", "id": "a", "metadata": {},
  >     "execution_count": None, "outputs": [], "source": text}], "nbformat": 4,
  >     "nbformat_minor": 5, "metadata": {}}, open(sys.argv[2], "w"))
  > END
  $ python3 make 4 small.ipynb; python3 make 40 large.ipynb
  $ peak 8192 'cnb run -q --output-limit 0 small.ipynb' 'cnb run -q --output-limit 0 large.ipynb'
  the same
  $ for to in ipynb jsonl json; do
  >   peak 8192 "cnb run -q --output-limit 0 small.ipynb -o s.$to" \
  >     "cnb run -q --output-limit 0 large.ipynb -o l.$to"; done
  the same
  the same
  the same
  $ peak 16384 'cnb run -q small.ipynb --output-limit 3M' 'cnb run -q large.ipynb --output-limit 30M'
  the same

A notebook takes as much as its file, and what becomes of it, at most as much
again: one of 1 MB and one of 32 MB are not much more than 31 MB apart.

  $ cat >hold <<'END'
  > # hold MEGABYTES FILE: a notebook that holds so much output
  > import json, sys
  > mb = int(sys.argv[1])
  > out = [{"output_type": "stream", "name": "stdout",
  >         "text": ["%09d %52d\n" % (i, 64) for i in range(16384 * 7 // 8)]}]
  > json.dump({"cells": [{"cell_type": "code", "id": "c%d" % i, "metadata": {},
  >     "execution_count": 1, "outputs": out, "source": "1"} for i in range(mb)],
  >     "nbformat": 4, "nbformat_minor": 5, "metadata": {}},
  >     open(sys.argv[2], "w"), indent=0)
  > END
  $ python3 hold 1 small.ipynb; python3 hold 32 large.ipynb
  $ peak 42000 'cnb list small.ipynb' 'cnb list large.ipynb'
  the same
  $ peak 42000 'cnb clear - <small.ipynb' 'cnb clear - <large.ipynb'
  the same
  $ peak 42000 'cnb export small.ipynb -t ipynb -o s' 'cnb export large.ipynb -t ipynb -o l'
  the same
  $ for to in json html md junit; do
  >   peak 76000 "cnb export small.ipynb -t $to -o s" "cnb export large.ipynb -t $to -o l"; done
  the same
  the same
  the same
  the same

A check holds the notebook, and what it would be now; what cells wrote is
compared where it lies.

  $ python3 make 1 small.ipynb; python3 make 24 large.ipynb
  $ cnb run -qi small.ipynb; cnb run -qi large.ipynb
  small.ipynb: 1 cell: 1 ok in <time>
  large.ipynb: 1 cell: 1 ok in <time>
  $ peak 92000 'cnb check -q small.ipynb' 'cnb check -q large.ipynb'
  the same
  $ for n in small large; do sed 's/i, 64)/i, 65)/' $n.ipynb >$n.other.ipynb; done
  > peak 92000 'sh -c "cnb check -q small.other.ipynb; :"' 'sh -c "cnb check -q large.other.ipynb; :"'
  the same
