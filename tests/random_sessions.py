#!/usr/bin/python3
"""Sessions against fresh runs: random_sessions.py [SEQUENCES [SEED]]

Each sequence makes a notebook whose cells keep state in every way that C has,
starts a session, and then edits, adds, removes, moves and reruns cells at
random. After each rerun of a cell, it and all cells above it must have the
outputs that a fresh run from the top gives; at the end, all cells.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

SETUP = """#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int g = %d;
static int s = %d;
_Thread_local int t = %d;
static int twice(int n) { return 2 * n + %d; }
int *heap; heap = calloc(8, sizeof *heap);
FILE *f; f = fopen("lines", "r");
char line[20]; srand(%d);
void show(const char *who)
{
    printf("%%s %%d %%d %%d %%d %%d", who, g, s, t, twice(g), rand() %% 1000);
    printf(" %%d %%s", heap[g & 7], fgets(line, sizeof line, f) ? line : "-\\n");
}"""
# Statements; {n} is a small number that edits change.
CELLS = [
    "g += {n}; show(\"g\");",
    "s = s * {n} + 1; show(\"s\");",
    "t ^= {n}; show(\"t\");",
    "heap[{n}] += g; show(\"heap\");",
    "srand({n}); show(\"seed\");",
    "static int calls; calls += {n}; printf(\"%d\\n\", calls); show(\"static\");",
    "rewind(f); g++; show(\"rewind\");",
    "free(heap); heap = calloc(8, sizeof *heap); heap[{n}] = 7; show(\"fresh\");",
    "static int f{id}(int a) {{ return a + {n}; }}\ng = f{id}(g) & 63; show(\"f{id}\");",
    "int v{id} = g + {n};\nv{id} + s",
    "lseek(fileno(f), 0, SEEK_CUR); show(\"lseek\"); return {n} == 3;",
    "if ({n} == 4) abort(); g += 2; show(\"may die\");",
    "pthread_t th{id};\nvoid *th{id}_(void *a) {{ s += {n}; return a; }}\n"
    "pthread_create(&th{id}, 0, th{id}_, 0); pthread_join(th{id}, 0); show(\"thread\");",
    "exit({n} & 1);",
    "#include \"n.h\"\ng += HEADER + {n}; show(\"header\");",
    "//| use: plug/go\n//| name: plug_{id}\n//| args: {n}",
    "pthread_t al{id};\nvoid *al{id}_(void *a) {{ for (;;) pause(); return a; }}\n"
    "pthread_create(&al{id}, 0, al{id}_, 0); g ^= {n}; show(\"alive\");",
    "if ({n} == 5) {{ kill(getppid(), SIGKILL); pause(); }}\n"
    "g += {n}; show(\"parent\");",
]
PLUGIN = """#include "cell.h"
#include <stdio.h>
#include <stdlib.h>
static int kept = %d;
static int go(struct cell *c)
{
    kept += atoi(c->argv[1]);
    printf("plugin %%d %%d\\n", kept, rand() %% 1000);
    return 0;
}
static const struct cell_def cells[] = { { "go", go } };
CELL_TABLE(cells);
"""


class Sequence:
    def __init__(self, rnd, folder):
        self.rnd, self.folder, self.ids = rnd, folder, 0
        self.path = os.path.join(folder, "x.ipynb")
        self.cells = [self.fresh(setup=True)]
        self.cells += [self.fresh() for _ in range(rnd.randint(2, 6))]
        self.known, self.files = {}, {}
        self.put("n.h", "#define HEADER %d\n")
        self.put("plug.c", PLUGIN)
        with open(os.path.join(folder, "lines"), "w") as f:
            f.writelines("line %d\n" % i for i in range(100))

    def put(self, name, text):
        """A file that cells are compiled from, with another number."""
        n = self.files[name] = self.files.get(name, 0) + 1
        with open(os.path.join(self.folder, name), "w") as f:
            f.write(text % n)

    def number(self):
        return self.rnd.randint(0, 5)

    def fresh(self, setup=False):
        self.ids += 1
        cell = {"id": "c%d" % self.ids, "setup": setup}
        if setup:
            cell["numbers"] = [self.number() for _ in range(5)]
        else:
            cell["form"] = self.rnd.choice(CELLS)
            cell["n"] = self.number()
        return cell

    def source(self, cell):
        if cell["setup"]:
            return SETUP % tuple(cell["numbers"])
        return cell["form"].format(n=cell["n"], id=cell["id"])

    def text(self, outputs=None):
        old = {c["id"]: c for c in (outputs or {"cells": []})["cells"]}
        cells = []
        for c in self.cells:
            was = old.get(c["id"], {})
            cells.append({"cell_type": "code", "id": c["id"],
                          "metadata": was.get("metadata", {}),
                          "execution_count": None,
                          "outputs": was.get("outputs", []),
                          "source": self.source(c)})
        return {"nbformat": 4, "nbformat_minor": 5,
                "metadata": {"cnb": {"plugins": ["."]},
                             "language_info": {"name": "c"}}, "cells": cells}

    def write(self):
        try:
            with open(self.path) as f:
                old = json.load(f)
        except FileNotFoundError:
            old = None
        with open(self.path + ".new", "w") as f:
            json.dump(self.text(old), f)
        os.rename(self.path + ".new", self.path)

    def edit(self):
        what = self.rnd.choice(["change", "change", "change", "setup", "add",
                                "remove", "move", "nothing", "header",
                                "plugin"])
        others = range(1, len(self.cells))
        if what == "change":
            self.cells[self.rnd.choice(others)]["n"] = self.number()
        elif what == "setup":
            self.cells[0]["numbers"][self.rnd.randrange(5)] = self.number()
        elif what == "add" and len(self.cells) < 9:
            self.cells.insert(self.rnd.randint(1, len(self.cells)), self.fresh())
        elif what == "remove" and len(self.cells) > 3:
            del self.cells[self.rnd.choice(others)]
        elif what == "header":
            self.put("n.h", "#define HEADER %d\n")
        elif what == "plugin":
            self.put("plug.c", PLUGIN)
        elif what == "move":
            cell = self.cells.pop(self.rnd.choice(others))
            self.cells.insert(self.rnd.randint(1, len(self.cells)), cell)
        return what

    def cnb(self, *words):
        r = subprocess.run(["cnb", *words], cwd=self.folder, text=True,
                           stdin=subprocess.DEVNULL, capture_output=True)
        if r.returncode not in (0, 1):
            raise AssertionError("cnb %s: %s%s" % (words, r.stdout, r.stderr))
        return r

    @staticmethod
    def outputs(notebook):
        return [[{k: v for k, v in o.items() if k != "execution_count"}
                 for o in c["outputs"]] for c in notebook["cells"]]

    def expected(self):
        key = json.dumps([self.text()["cells"], self.files])
        if key not in self.known:
            with open(os.path.join(self.folder, "fresh.ipynb"), "w") as f:
                json.dump(self.text(), f)
            self.cnb("run", "-k", "-q", "-i", "fresh.ipynb")
            with open(os.path.join(self.folder, "fresh.ipynb")) as f:
                self.known[key] = self.outputs(json.load(f))
        return self.known[key]

    def compare(self, last, log):
        with open(self.path) as f:
            got = self.outputs(json.load(f))
        want = self.expected()
        for i in range(last + 1):
            a = json.dumps(got[i]).replace("x.ipynb", "fresh.ipynb")
            if a != json.dumps(want[i]):
                raise AssertionError("cell %s after %s\n%s\nin the session: %s\n"
                                     "fresh:          %s" % (
                                         self.cells[i]["id"], log,
                                         self.source(self.cells[i]), a,
                                         json.dumps(want[i])))

    def play(self):
        log = []
        self.write()
        self.cnb("run", "-k", "-q", "-i", "--keep", "x.ipynb")
        try:
            self.compare(len(self.cells) - 1, log)
            for _ in range(self.rnd.randint(2, 6)):
                log.append(self.edit())
                self.write()
                i = self.rnd.randrange(len(self.cells))
                words = ["rerun", "-k", "-q", "x.ipynb", self.cells[i]["id"]]
                if self.rnd.random() < 0.3:
                    words.append("--below")
                    i = len(self.cells) - 1
                log.append(" ".join(words[4:]))
                self.cnb(*words)
                self.compare(i, log)
            log.append("rerun")
            self.cnb("rerun", "-k", "-q", "x.ipynb")
            self.compare(len(self.cells) - 1, log)
        finally:
            self.cnb("stop", "x.ipynb")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    for i in range(count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                Sequence(random.Random(seed + i), folder).play()
            except AssertionError as e:
                print("seed %d: %s" % (seed + i, e))
                return 1
    print("%d sequences agree" % count)
    return 0


sys.exit(main())
