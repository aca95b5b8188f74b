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
