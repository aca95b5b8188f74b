#!/usr/bin/python3
"""Sessions against fresh runs: random_sessions.py [SEQUENCES [SEED]]

Each sequence makes a notebook whose cells keep state in every way that C has,
starts a session, and then edits, renames, adds, removes, moves and reruns cells
at random, with other parameters, headers and plugins; processes of the session
are killed, two clients come at once, or are stopped at any moment. After each rerun of a cell, it and all
cells above it must have the outputs that a fresh run from the top gives; at the
end, all cells. Every fifth sequence edits while `cnb watch` runs.
"""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SETUP = """#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "cell.h"
int g = %d;
static int s = %d;
_Thread_local int t = %d;
static int twice(int n) { return 2 * n + %d; }
struct box { char pad[%d + 1]; int value; struct { short a[%d + 1], b; } in; };
#define SIZED
#if %d & 1
typedef long number;
#define WIDE(x) ((x) * 2 + sizeof(number))
#else
typedef short number;
#define WIDE(x) (x)
#endif
enum { FIRST = %d, SECOND };
int table[FIRST + 2][%d + 1];
static inline int within(struct box *b) { return b->in.b + (int)sizeof *b; }
int *heap; heap = calloc(8, sizeof *heap);
FILE *f; f = fopen("lines", "r");
char line[20]; srand(%d);
FILE *w; w = fopen("written", "w+");
FILE *own; own = tmpfile();
int kid, door[2];
int *shm, locked[2]; locked[0] = locked[1] = -1;
int hits; void on_signal(int sig) { hits += sig == SIGUSR1; }
signal(SIGUSR1, on_signal);
int ends[2]; ends[0] = ends[1] = -1;
int event; event = -1;
DIR *dir; void *lib; timer_t clockwork; int ticking;
pthread_key_t key; int has_key;
int *safe, mem; mem = memfd_create("mem", 0); ftruncate(mem, 4096);
char *grown; size_t length; FILE *grows; grows = open_memstream(&grown, &length);
char words[40], *rest; rest = strcpy(words, "one two three four five six");
void print(FILE *from)
{
    char text[200];
    fflush(from);
    text[pread(fileno(from), text, sizeof text - 1, 0)] = 0;
    printf("[%%s]\\n", text);
}
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
    "shm = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
    "shm[0] = {n}; show(\"shared\");",
    "if (shm) g += shm[0]++; s += {n}; show(\"shm\");",
    "g += par + {n}; show(\"par\");",
    "const char *k{id}; k{id} = cell_param(\"K\"); printf(\"%s\\n\", k{id} ? k{id} : \"-\"); s ^= {n};",
    "#include <stdio.h>\n#include \"n.h\"\n"
    "int main(void) {{ printf(\"program %d {n}\\n\", HEADER); return {n} == 5; }}",
    "%%file f.h\n#define F {n}\n",
    "#include <stdio.h>\n#if __has_include(\"f.h\")\n#include \"f.h\"\n#else\n#define F -1\n#endif\n"
    "int main(void) {{ printf(\"file %d {n}\\n\", F); }}",
    "if ({n} == 5) {{ kill(getppid(), SIGKILL); pause(); }}\n"
    "g += {n}; show(\"parent\");",
    "if ({n} == 5) {{ kill(0, SIGKILL); pause(); }}\ng ^= {n}; show(\"group\");",
    "if (w) fprintf(w, \"{n} %d\\n\", g);\nif (w) print(w);",
    "if (w) fputs(\"{n}\", w); s += {n}; show(\"half\");",
    "if (w && {n} == 2) {{ fclose(w); w = NULL; }}\nelse if (w) print(w);",
    "if (w) {{ rewind(w); fputs(\"over\", w); }} g += {n}; show(\"over\");",
    "fprintf(own, \"{n} \"); print(own);",
    "locked[{n} & 1] = open(\"lock\", O_RDWR | O_CREAT, 0600);\n"
    "printf(\"%d\\n\", flock(locked[{n} & 1], LOCK_EX | LOCK_NB));",
    "printf(\"%d\\n\", close(locked[{n} & 1])); show(\"unlocked\");",
    "sigset_t m{id}; sigemptyset(&m{id}); sigaddset(&m{id}, SIGUSR1);\n"
    "sigprocmask({n} < 3 ? SIG_BLOCK : SIG_UNBLOCK, &m{id}, NULL);\n"
    "raise(SIGUSR1); printf(\"%d\\n\", hits);",
    "printf(\"%s\\n\", getenv(\"E\") ? getenv(\"E\") : \"-\"); setenv(\"E\", \"{n}\", 1);",
    "if ({n} & 1 && !fork()) {{ close(1); close(2); for (;;) pause(); }}\ng++; show(\"child\");",
    "//| timeout: 3s\nif ({n} == 5) for (;;) pause();\ns ^= {n}; show(\"time\");",
    "if (!kid && !pipe(door) && !(kid = fork())) {{\n"
    "    char c; close(1); close(2); read(door[0], &c, 1); _exit({n}); }}\n"
    "g++; show(\"fork\");",
    "int st{id} = -1;\n"
    "if (kid) {{ write(door[1], \"x\", 1); waitpid(kid, &st{id}, 0); kid = 0;\n"
    "    close(door[0]); close(door[1]); }}\n"
    "printf(\"%d\\n\", st{id} >> 8); s += {n}; show(\"join\");",
    "#include <setjmp.h>\njmp_buf jump{id};\nint far{id};\n"
    "void go{id}(int n) {{ if (n) go{id}(n - 1); else longjmp(jump{id}, {n} + 1); }}\n"
    "far{id} = setjmp(jump{id}); if (!far{id}) go{id}(20);\n"
    "g += far{id}; show(\"jump\");",
    "alarm({n} > 2 ? 3000 : 0); show(\"alarm\");",
    "g++;", "g++;", "s += {n};",
    "%%sh\necho {n}; cat f.h 2>&1; test {n} != 1",
    "#include \"f.h\"\ns += F + {n}; show(\"file\");",
    "printf(\"%o\\n\", umask(0{n})); show(\"umask\");",
    # What it finds there is no state of the cells: nor is what that told it.
    "mkdir(\"sub{n}\", 0700); errno = 0; printf(\"%d\\n\", chdir(\"sub{n}\"));\n"
    "char w{id}[999]; printf(\"%s\\n\", strstr(getcwd(w{id}, 999), \"sub\"));\n"
    "chdir(\"..\"); g += {n};",
    "if (ends[0] < 0 && pipe(ends)) perror(\"pipe\");\n"
    "printf(\"%zd\\n\", write(ends[1], \"pipe {n}\", 6)); show(\"pipe\");",
    "if (ends[0] >= 0) {{ char b{id}[9] = \"\";\n"
    "    fcntl(ends[0], F_SETFL, O_NONBLOCK);\n"
    "    printf(\"%zd \", read(ends[0], b{id}, 1 + {n})); puts(b{id}); }}\ng ^= {n};",
    "if (ends[0] >= 0) {{ close(ends[0]); close(ends[1]); ends[0] = -1; }}\n"
    "s += {n}; show(\"shut\");",
    "if (ends[0] < 0) socketpair(AF_UNIX, {n} & 1 ? SOCK_STREAM : SOCK_DGRAM, 0, ends);\n"
    "printf(\"%zd\\n\", write(ends[1], \"sock {n}\", 6)); show(\"socket\");",
    "if (event < 0) event = eventfd({n}, EFD_NONBLOCK);\n"
    "else {{ eventfd_t v{id} = 0; eventfd_read(event, &v{id});\n"
    "    printf(\"%d\\n\", (int)v{id}); eventfd_write(event, {n} + 1); }}",
    "struct itimerval it{id} = {{ {{ 0, 0 }}, {{ {n} > 2 ? 3000 : 0, 0 }} }};\n"
    "setitimer(ITIMER_VIRTUAL, &it{id}, NULL); show(\"itimer\");",
    "struct itimerval ig{id}; getitimer(ITIMER_REAL, &ig{id});\n"
    "printf(\"%d %d {n}\\n\", ig{id}.it_value.tv_sec > 0, alarm(0) > 0);",
    "struct sigevent se{id} = {{ .sigev_notify = SIGEV_NONE }};\n"
    "struct itimerspec is{id} = {{ {{ 0, 0 }}, {{ 3000, 0 }} }};\n"
    "if (!ticking && {n} > 1) {{ ticking = 1; timer_create(CLOCK_MONOTONIC, &se{id}, &clockwork);\n"
    "    timer_settime(clockwork, 0, &is{id}, NULL); }} show(\"timer\");",
    "struct itimerspec ig{id};\n"
    "if (ticking) printf(\"%d\\n\", timer_gettime(clockwork, &ig{id}));\n"
    "if (ticking && {n} < 3) {{ timer_delete(clockwork); ticking = 0; }}\ng += {n};",
    "setvbuf(stdout, NULL, {n} & 1 ? _IOLBF : _IONBF, 0); fputs(\"{n}\", stdout); g++;",
    "if (f) setvbuf(f, NULL, _IONBF, 0); s -= {n}; show(\"unbuffered\");",
    "if (f) ungetc('0' + {n}, f); show(\"unget\");",
    "srand48({n}); printf(\"%ld\\n\", lrand48() % 1000); show(\"seed48\");",
    "printf(\"%ld %ld {n}\\n\", lrand48() % 1000, random() % 1000);",
    "printf(\"%s \", setlocale(LC_ALL, NULL));\n"
    "puts(setlocale(LC_ALL, {n} & 1 ? \"C.UTF-8\" : \"C\") ? \"set\" : \"none\");",
    "if (!has_key) has_key = !pthread_key_create(&key, NULL);\n"
    "printf(\"%d\\n\", (int)(long)pthread_getspecific(key));\n"
    "pthread_setspecific(key, (void *)(long)({n} + g));",
    "if (!lib) lib = dlopen(\"libm.so.6\", RTLD_NOW);\n"
    "double (*fl{id})(double); fl{id} = (double (*)(double))dlsym(lib, \"floor\");\n"
    "printf(\"%g\\n\", fl{id}({n} + 0.5)); show(\"library\");",
    "if (lib && {n} > 2) {{ dlclose(lib); lib = NULL; }} s += {n}; show(\"closed\");",
    "fesetround({n} & 1 ? FE_UPWARD : FE_DOWNWARD);\n"
    "volatile double d{id} = 1; printf(\"%.20f\\n\", d{id} / 3); g += {n};",
    "printf(\"%d\\n\", fegetround()); fesetround(FE_TONEAREST); s ^= {n};",
    "if (!dir) {{ dir = opendir(\"/proc/self\"); readdir(dir); }}\n"
    "struct dirent *de{id}; de{id} = readdir(dir);\n"
    "printf(\"%s {n}\\n\", de{id} ? de{id}->d_name : \"-\");",
    "printf(\"%s {n}\\n\", strtok(g & 1 ? words : NULL, \" \") ? \"word\" : \"-\");",
    "printf(\"%s {n}\\n\", strsep(&rest, \" \")); show(\"strsep\");",
    "struct rlimit rl{id}; getrlimit(RLIMIT_CORE, &rl{id});\n"
    "printf(\"%d\\n\", (int)rl{id}.rlim_cur); rl{id}.rlim_cur = 0;\n"
    "getrlimit(RLIMIT_NOFILE, &rl{id}); rl{id}.rlim_cur = 200 + {n};\n"
    "setrlimit(RLIMIT_NOFILE, &rl{id}); show(\"limit\");",
    "struct rlimit rg{id}; getrlimit(RLIMIT_NOFILE, &rg{id});\n"
    "printf(\"%d {n}\\n\", rg{id}.rlim_cur < 210 ? (int)rg{id}.rlim_cur : -1);",
    "int mf{id}; mf{id} = memfd_create(\"m\", 0);\n"
    "dprintf(mf{id}, \"memory {n}\"); lseek(mf{id}, {n}, SEEK_SET);\n"
    "char mb{id}[20] = \"\"; read(mf{id}, mb{id}, 3); puts(mb{id}); g += {n};",
    "FILE *po{id}; po{id} = popen(\"echo {n}\", \"r\");\n"
    "char pb{id}[9]; printf(\"%s\", fgets(pb{id}, 9, po{id})); pclose(po{id}); g ^= {n};",
    "errno = {n}; g += {n};", "printf(\"%d {n}\\n\", errno); s += {n};",
    "void on_exit_{id}(void) {{ g = 0; }}\n"
    "atexit(on_exit_{id}); g += {n}; show(\"atexit\");",
    "struct sigaction sa{id} = {{ .sa_handler = on_signal, .sa_flags = SA_RESETHAND }};\n"
    "sigaction(SIGUSR2, &sa{id}, NULL); g += {n}; show(\"action\");",
    "struct sigaction so{id}; sigaction(SIGUSR2, NULL, &so{id});\n"
    "if (so{id}.sa_handler != SIG_DFL) raise(SIGUSR2);\n"  # tcc has several on_signal
    "printf(\"%d {n}\\n\", so{id}.sa_handler != SIG_DFL);",
    "void *pm{id}; pm{id} = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
    "if ({n} == 2) abort();\n"
    "mprotect(pm{id}, 4096, PROT_READ | PROT_WRITE); *(char *)pm{id} = {n};\n"
    "g += *(char *)pm{id}; show(\"protect\");",
    "pthread_mutex_t mu{id} = PTHREAD_MUTEX_INITIALIZER;\n"
    "pthread_mutex_lock(&mu{id}); g += {n}; if ({n} & 1) pthread_mutex_unlock(&mu{id});\n"
    "printf(\"%d\\n\", pthread_mutex_trylock(&mu{id}) != 0);",
    "int fd{id}; fd{id} = open(\"log\", O_WRONLY | O_CREAT | O_TRUNC, 0600);\n"
    "dprintf(fd{id}, \"{n} %d\\n\", g); close(fd{id}); show(\"log\");",
    "int tf{id}; tf{id} = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);\n"
    "printf(\"%d\\n\", tf{id} >= 0); if ({n} & 1) close(tf{id}); g ^= {n};",
    "signal(SIGCHLD, SIG_IGN); printf(\"%d {n}\\n\", system(\"true\") != 0);\n"
    "signal(SIGCHLD, SIG_DFL); s++;",
    "dup2(2, 9); dprintf(9, \"ninth {n}\\n\"); if ({n} & 1) close(9); g++;",
    "printf(\"%d {n}\\n\", fcntl(9, F_GETFD) >= 0);",
    "brk(sbrk(0)); char *sb{id}; sb{id} = malloc(1 << (10 + 2 * {n}));\n"
    "memset(sb{id}, {n}, 1 << (10 + 2 * {n})); g += sb{id}[99];",
    "struct flock fl{id} = {{ .l_type = F_WRLCK, .l_len = {n} + 1 }};\n"
    "if (w) printf(\"%d\\n\", fcntl(fileno(w), F_SETLK, &fl{id})); show(\"record lock\");",
    "if (safe) mprotect(safe, 4096, PROT_READ | PROT_WRITE);\n"
    "else safe = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
    "*safe += {n}; printf(\"%d\\n\", *safe); mprotect(safe, 4096, PROT_READ);",
    "int *me{id}; me{id} = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);\n"
    "*me{id} += {n}; printf(\"%d\\n\", *me{id}); munmap(me{id}, 4096);",
    "int *mc{id}; mc{id} = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);\n"
    "if (!fork()) {{ *mc{id} ^= {n}; _exit(0); }}\n"
    "wait(NULL); munmap(mc{id}, 4096); show(\"by a child\");",
    "int pd{id}; prctl(PR_GET_PDEATHSIG, &pd{id}); printf(\"%d\\n\", pd{id});\n"
    "prctl(PR_SET_PDEATHSIG, {n} & 1 ? SIGUSR1 : SIGKILL);",
    "char pn{id}[20] = \"\"; prctl(PR_GET_NAME, pn{id}); puts(pn{id});\n"
    "prctl(PR_SET_NAME, \"name{n}\");",
    "if ({n} & 1) freopen(\"lines\", \"r\", stdin); show(\"input\");",
    "int si{id} = -1; printf(\"%d \", scanf(\" line %d\", &si{id}));\n"
    "printf(\"%d {n}\\n\", si{id});",
    "int in{id}; in{id} = open(\"lines\", O_RDONLY); dup2(in{id}, 0); close(in{id});\n"
    "g += {n}; show(\"descriptor 0\");",
    "char ch{id} = '-'; lseek(0, {n}, SEEK_CUR); read(0, &ch{id}, 1);\n"
    "printf(\"%c\\n\", ch{id});",
    "fprintf(grows, \"{n} %d \", g); fflush(grows); puts(grown);",
    "if ({n} & 1) fseek(grows, {n}, SEEK_SET); s += {n}; show(\"grown\");",
    "int us{id} = 0; while (open(\"lines\", O_RDONLY) >= 0) us{id}++;\n"
    "printf(\"%d {n}\\n\", us{id} > 100); for (int i = 20 + {n}; i < 40; i++) close(i);",
    "printf(\"%d\\n\", open(\"lines\", O_RDONLY)); g += {n};",
    "setenv(\"TZ\", {n} & 1 ? \"EST5EDT\" : \"JST-9\", 1); show(\"zone\");",
    "time_t tz{id} = 0; printf(\"%d \", localtime(&tz{id})->tm_hour);\n"
    "printf(\"%s {n}\\n\", tzname[0]);",
    "static wchar_t wi{id}[20]; swprintf(wi{id}, 20, L\"wide %d {n}\", g);\n"
    "fwide(f, {n} & 1); printf(\"%ls %d\\n\", wi{id}, fwide(f, 0) > 0);",
    "locale_t lo{id}; lo{id} = newlocale(LC_ALL_MASK, {n} & 1 ? \"C.UTF-8\" : \"C\", 0);\n"
    "uselocale(lo{id}); printf(\"%d\\n\", (int)MB_CUR_MAX); s ^= {n};",
    "printf(\"%d {n}\\n\", (int)MB_CUR_MAX); uselocale(LC_GLOBAL_LOCALE);",
    "flockfile(stdout); printf(\"%d\\n\", ftrylockfile(stdout)); g += {n};",
    "mkdir(\"gone{id}\", 0700); chdir(\"gone{id}\"); rmdir(\"../gone{id}\");\n"
    "char gd{id}[999]; puts(getcwd(gd{id}, 999) ? \"there\" : \"gone\");\n"
    "chdir(\"..\"); s += {n};",
    "struct box bx{id} = {{ .value = g + {n}, .in = {{ .b = {n} }} }};\n"
    "printf(\"%d %d\\n\", bx{id}.value, within(&bx{id}));",
    "number nu{id} = 70000; printf(\"%d %d\\n\", (int)nu{id}, (int)WIDE({n}));",
    "table[FIRST][0] += {n}; printf(\"%d %d %d\\n\", SECOND, table[FIRST][0], (int)sizeof table);",
    "int fb{id}(const struct box *b) {{ return b->in.b * {n} + FIRST; }}\n"
    "printf(\"%d\\n\", fb{id}(&(struct box){{ .in = {{ .b = 3 }} }}));",
    "#undef SIZED\n#define SIZED char pad[{n} + 1];\nputs(\"sized\");",
    "struct si{id} {{ SIZED char c; }}; printf(\"%d\\n\", (int)sizeof(struct si{id}));\ng += {n};",
    "__typeof__(table[0]) ty{id}; __typeof__(within) *wi{id} = within;\n"
    "printf(\"%d %d\\n\", (int)sizeof ty{id}, wi{id}(&(struct box){{ .in = {{ .b = {n} }} }}));",
    "static const int la{id}[] = {{ FIRST, SECOND, {n}, WIDE(1) }};\n"
    "for (int i = 0; i < 4; i++) s += la{id}[i]; show(\"list\");",
    "g = undeclared{n};",
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
        self.rnd, self.ids, self.log = rnd, 0, []
        self.folder, self.other = folder + "/live", folder + "/fresh"
        # Most with the compiler that is quick; it has no thread-locals.
        self.cc = rnd.choice(["gcc", "tcc", "tcc", "tcc", "tcc"])
        self.path = self.folder + "/x.ipynb"
        # Those that have to do with each other stand together.
        first = rnd.randrange(len(CELLS))
        self.forms = CELLS if rnd.random() < 0.4 else (CELLS * 2)[first:first + 9]
        self.cells = [self.fresh(setup=True), self.fresh(params=True)]
        self.params = {}
        self.cells += [self.fresh() for _ in range(rnd.randint(2, 6))]
        self.known, self.files, self.prose = {}, {}, False
        for place in self.folder, self.other:
            os.mkdir(place)
            with open(place + "/lines", "w") as f:
                f.writelines("line %d\n" % i for i in range(100))
        self.put("n.h", "#define HEADER %d\n")
        self.put("plug.c", PLUGIN)

    def put(self, name, text):
        """A file that cells are compiled from, with another number."""
        n = self.files[name] = self.files.get(name, 0) + 1
        for place in self.folder, self.other:
            with open(place + "/" + name, "w") as f:
                f.write(text % n)

    def number(self):
        return self.rnd.randint(0, 5)

    def fresh(self, setup=False, params=False):
        self.ids += 1
        cell = {"id": "c%d" % self.ids, "setup": setup, "metadata": {}}
        if setup:
            cell["numbers"] = [self.number() for _ in range(10)]
        else:
            cell["form"] = "int par = {n};" if params else self.rnd.choice(self.forms)
            cell["n"] = self.number()
        if params:
            cell["metadata"]["tags"] = ["parameters"]
        return cell

    @staticmethod
    def in_host(cell):
        """The others have no part in the states: they run if they are asked for."""
        return cell["setup"] or not ("main(void)" in cell["form"] or
                                     cell["form"].startswith("%%"))

    def source(self, cell):
        if cell["setup"]:
            text = SETUP % tuple(cell["numbers"])
            return text.replace("_Thread_local", "") if self.cc == "tcc" else text
        return cell["form"].format(n=cell["n"], id=cell["id"])

    def text(self, outputs=None):
        old = {c["id"]: c for c in (outputs or {"cells": []})["cells"]}
        cells = []
        for c in self.cells:
            was = old.get(c["id"], {})
            metadata = dict(c["metadata"])
            if "cnb" in was.get("metadata", {}):
                metadata["cnb"] = was["metadata"]["cnb"]
            cells.append({"cell_type": "code", "id": c["id"],
                          "metadata": metadata,
                          "execution_count": None,
                          "outputs": was.get("outputs", []),
                          "source": self.source(c)})
        if self.prose:
            cells.insert(2, {"cell_type": "markdown", "id": "prose",
                             "metadata": {}, "source": "# Prose"})
        return {"nbformat": 4, "nbformat_minor": 5,
                "metadata": {"cnb": {"plugins": ["."], "cc": self.cc,
                                     "ldflags": "-lm",
                                     "params": {"K": "none"}},
                             "language_info": {"name": "c"}}, "cells": cells}

    def write(self, how="rename"):
        try:
            with open(self.path) as f:
                old = json.load(f)
        except FileNotFoundError:
            old = None
        text = json.dumps(self.text(old))
        while how != "rename":
            with open(self.path, "r+") as f:
                f.write(text)
                f.truncate()
                # Who saves into it meanwhile puts another in its place.
                if os.path.samestat(os.fstat(f.fileno()), os.stat(self.path)):
                    return
        with open(self.path + ".new", "w") as f:
            f.write(text)
        os.rename(self.path + ".new", self.path)

    def edit(self):
        what = self.rnd.choice(["change", "change", "change", "setup", "add",
                                "remove", "move", "nothing", "header",
                                "plugin", "rename", "prose"])
        others = range(1, len(self.cells))
        if what == "change":
            self.cells[self.rnd.choice(others)]["n"] = self.number()
        elif what == "setup":
            self.cells[0]["numbers"][self.rnd.randrange(10)] = self.number()
        elif what == "add" and len(self.cells) < 9:
            self.cells.insert(self.rnd.randint(2, len(self.cells)), self.fresh())
        elif what == "remove" and len(self.cells) > 4:
            del self.cells[self.rnd.choice(others[1:])]
        elif what == "rename":
            self.ids += 1
            cell = self.cells[self.rnd.choice(others)]
            cell["metadata"]["name"] = "name%d" % self.ids
        elif what == "prose":
            self.prose = not self.prose
        elif what == "header":
            self.put("n.h", "#define HEADER %d\n")
        elif what == "plugin":
            self.put("plug.c", PLUGIN)
        elif what == "move":
            cell = self.cells.pop(self.rnd.choice(others[1:]))
            self.cells.insert(self.rnd.randint(2, len(self.cells)), cell)
        return what

    def given(self):
        """Other values for parameters, as the command line has them."""
        if self.rnd.random() < 0.8:
            return []
        name = self.rnd.choice(["par", "K"])
        self.params[name] = self.number()
        return ["-p", "%s=%d" % (name, self.params[name])]

    def cnb(self, *words, where=None):
        r = subprocess.run(["cnb", *words], cwd=where or self.folder,
                           text=True, stdin=subprocess.DEVNULL,
                           capture_output=True)
        if r.returncode not in (0, 1):
            raise AssertionError("cnb %s: %s%s" % (words, r.stdout, r.stderr))
        return r

    @staticmethod
    def outputs(notebook):
        return [[{k: v for k, v in o.items() if k != "execution_count"}
                 for o in c["outputs"]] for c in notebook["cells"]
                if c["cell_type"] == "code"]

    def left(self):
        """What a file cell of an earlier edition has left."""
        try:
            with open(self.folder + "/f.h") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def expected(self):
        left = self.left()
        key = json.dumps([self.text()["cells"], self.files, self.params, left])
        if key not in self.known:
            with open(self.other + "/x.ipynb", "w") as f:
                json.dump(self.text(), f)
            if left is not None:
                shutil.copy(self.folder + "/f.h", self.other)
            given = ["-p%s=%d" % p for p in self.params.items()]
            self.cnb("run", "-k", "-q", "-i", "x.ipynb", *given,
                     where=self.other)
            with open(self.other + "/x.ipynb") as f:
                self.known[key] = self.outputs(json.load(f))
        return self.known[key]

    def compare(self, ran, log, alone=False):
        """The cells that ran, and in the host what stands above them."""
        last = max([i for i in ran if self.in_host(self.cells[i]) and not alone],
                   default=-1)
        with open(self.path) as f:
            got = self.outputs(json.load(f))
        want = self.expected()
        for i, cell in enumerate(self.cells):
            if i not in ran and not (i <= last and self.in_host(cell)):
                continue
            if got[i] != want[i]:
                raise AssertionError("cell %s after %s\n%s\nin the session: %s\n"
                                     "fresh:          %s" % (
                                         self.cells[i]["id"], log,
                                         self.source(self.cells[i]),
                                         json.dumps(got[i]),
                                         json.dumps(want[i])))

    def rerun(self):
        """One call, and which cells it was to run."""
        i, end = self.rnd.randrange(len(self.cells)), len(self.cells)
        words = ["rerun", "-k", "-q", "x.ipynb"] + self.given()
        how = self.rnd.random()
        self.ran = range(end)
        if how < 0.85:
            words.append(self.cells[i]["id"])
        if how < 0.55:
            self.ran = range(i, i + 1)
        elif how < 0.85:
            words.append("--below")
            self.ran = range(i, end)
        self.cnb(*words)
        return " ".join(words[4:])

    def all_again(self):
        self.cnb("rerun", "-k", "-q", "x.ipynb", "--below",
                 self.cells[0]["id"])
        self.ran = range(len(self.cells))

    def failed(self):
        """Those that the file says failed."""
        with open(self.path) as f:
            cells = [c for c in json.load(f)["cells"]
                     if c["cell_type"] == "code"]
        self.ran = [i for i, c in enumerate(cells)
                    if c["metadata"].get("cnb", {}).get("run", {})
                    .get("status", "ok") not in ("ok", "skipped", "not-run")]
        if self.ran:
            self.cnb("rerun", "-k", "-q", "x.ipynb", "--failed")

    def by_run(self):
        """Outputs of the cells above are not saved: all run again."""
        cell = self.rnd.randrange(len(self.cells))
        self.cnb("run", "-k", "-q", "-i", "x.ipynb", "--cell",
                 self.cells[cell]["id"])
        self.compare([cell] if not self.params else [], ["run --cell"], True)
        self.all_again()

    def repeat(self):
        """The answer has another form; the state is to be as it was."""
        self.cnb("rerun", "-k", "-q", "x.ipynb", "--repeat", "3",
                 self.rnd.choice(self.cells)["id"])
        self.all_again()

    def two_at_once(self):
        clients = [subprocess.Popen(
            ["cnb", "rerun", "-k", "-q", "x.ipynb",
             self.rnd.choice(self.cells)["id"]], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True) for _ in range(2)]
        for c in clients:
            said = c.communicate()[0]
            if c.returncode not in (0, 1):
                raise AssertionError("two at once: " + said)
        self.all_again()

    def left_alone(self):
        """A client that is stopped, or killed, at some moment, or is slow."""
        for _ in range(self.rnd.randint(1, 4)):
            words = [self.rnd.choice(self.cells)["id"], "--below"]
            client = subprocess.Popen(
                ["cnb", "rerun", "-k", "-q", "x.ipynb"] +
                words[:self.rnd.randint(0, 2)], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(self.rnd.random() ** 3 / 20)
            sig = self.rnd.choice([signal.SIGINT, signal.SIGTERM,
                                   signal.SIGKILL, signal.SIGSTOP])
            client.send_signal(sig)
            if sig == signal.SIGSTOP:
                time.sleep(self.rnd.random() / 50)
                client.send_signal(signal.SIGCONT)
            client.wait()
        self.all_again()

    def without_cache(self):
        shutil.rmtree(os.environ["CNB_CACHE_DIR"], ignore_errors=True)
        return self.rerun()

    def begin(self):
        """A new session, also where there is one."""
        budget = self.rnd.choice([[], [], [], ["--snapshots", "3"],
                                  ["--snapshots", "2"], ["--snapshots", "1"],
                                  ["--snapshot-memory", "1M"]])
        self.params = {}
        self.cnb("run", "-k", "-q", "-i", "--keep", "x.ipynb", *budget)
        self.ran = range(len(self.cells))
        return " ".join(["begin"] + budget)

    def family(self):
        """-> pids of the session, its keeper, and those below its nests"""
        said = self.cnb("sessions").stdout
        mine = said[said.index(self.path):]
        first = int(re.search(r"process (\d+)", mine).group(1))
        found, todo = [], [first]
        while todo:
            for pid in children(todo.pop()):
                todo.append(pid)
                found.append(pid)
        return (first, [p for p in found if name_of(p) == "cnb-keeper"],
                [p for p in found if name_of(p) not in
                 ("cnb-keeper", "cnb-nest", "cnb-session")])

    def kill_session(self):
        os.kill(self.family()[0], signal.SIGKILL)
        return self.begin()

    def kill_some(self):
        """The host, or a state; a child of a cell's is its state, too."""
        all_of_them = self.family()[2]
        begun = {c for p in all_of_them for c in children(p)}
        hosts = [p for p in all_of_them
                 if not children(p) and p not in begun]
        self.kill_all(self.rnd.sample(hosts, min(2, len(hosts))))
        return self.rerun()

    def kill_keeper(self):
        """And with it all states. Who finds one of them dying is told so."""
        self.kill_all(self.family()[1])
        subprocess.run(["cnb", "rerun", "-k", "-q", "x.ipynb"],
                       cwd=self.folder, stdin=subprocess.DEVNULL,
                       capture_output=True)
        return self.all_again()

    @staticmethod
    def kill_all(some):
        for pid in some:
            os.kill(pid, signal.SIGKILL)
        # The cell that one dies in would have crashed.
        while any(is_there(pid) for pid in some):
            time.sleep(0.001)

    def act(self):
        what = self.rnd.choices(
            [self.rerun, self.failed, self.by_run, self.repeat,
             self.two_at_once, self.left_alone, self.without_cache,
             self.begin, self.kill_session, self.kill_some,
             self.kill_keeper],
            [40, 4, 4, 3, 3, 4, 1, 3, 2, 4, 2])[0]
        self.log.append(what.__name__)
        return what.__name__ + ": " + str(what() or "")

    def play(self):
        log = self.log
        self.write()
        log.append(self.begin())
        try:
            self.compare(range(len(self.cells)), log)
            for _ in range(self.rnd.randint(2, 8)):
                log.append(self.edit())
                self.write(self.rnd.choice(["rename", "in place"]))
                log.append(self.act())
                self.compare(self.ran, log)
            log.append("rerun")
            self.cnb("rerun", "-k", "-q", "x.ipynb")
            self.compare(range(len(self.cells)), log)
        finally:
            self.cnb("stop", "x.ipynb")


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(p) for p in f.read().split()]
    except FileNotFoundError:
        return []


def name_of(pid):
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except FileNotFoundError:
        return ""


def is_there(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return ") Z" not in f.read()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Watch(Sequence):
    """The same while the notebook is watched."""

    def await_agreement(self, watch, log):
        """How many rounds a save makes, and which of them has begun, cannot be
        told: but one comes after which all agrees, and nothing else."""
        began = time.monotonic()
        while True:
            try:
                self.compare(range(len(self.cells)), log)
                return
            except AssertionError:
                if watch.poll() is not None:
                    raise AssertionError("cnb watch ended")
                if time.monotonic() - began > 120:
                    raise
            time.sleep(0.02)

    def play(self):
        log = self.log
        log.append("watch")
        self.write()
        with open(self.folder + "/out", "w") as out:
            watch = subprocess.Popen(
                ["cnb", "watch", "-k", "-i", "x.ipynb"], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            for _ in range(self.rnd.randint(4, 8)):
                self.await_agreement(watch, log)
                what = self.edit()
                # Headers of shared cells are not watched.
                while what in ("header", "plugin"):
                    what = self.edit()
                log.append(what)
                self.write(self.rnd.choice(["rename", "in place"]))
            self.await_agreement(watch, log)
        finally:
            watch.send_signal(signal.SIGINT)
            watch.wait()


def play(count, seed):
    for i in range(count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                rnd = random.Random(seed + i)
                kind = Watch if rnd.random() < 0.2 else Sequence
                game = kind(rnd, folder)
                game.play()
            except AssertionError as e:
                # To stop a session that is gone fails only then.
                print("seed %d: %s" % (seed + i, e.__context__ or e))
                print("at %s" % game.log)
                return 1
        if i % 100 == 99:
            print("%d of %d" % (i + 1, count), file=sys.stderr)
    print("%d sequences agree" % count)
    return 0


def main():
    # Not what a shell has made of it for what runs in its background.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    with tempfile.TemporaryDirectory() as cache:
        # One that is nobody else's: it is removed.
        os.environ["CNB_CACHE_DIR"] = cache + "/cnb"
        return play(count, seed)


sys.exit(main())
