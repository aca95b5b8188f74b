Whoever forgets a header, or a library, is told which, by every compiler, in
every kind of cell; once, and not where the compiler says it itself or the
notebook has the name.

  $ nb lacks.ipynb 'plugins=["."]' <<'END'
  > === forks
  > if (fork() == 0)
  > 	getpid();
  > waitpid(-1, NULL, 0);
  > === type
  > pid_t p;
  > === root
  > #include <math.h>
  > double x = 2;
  > sqrt(x)
  > === later
  > wait(NULL);
  > === own
  > int wait(int *status) { return !status; }
  > === program
  > #include <math.h>
  > int main(void)
  > {
  > 	pthread_t t;
  > 	volatile double d = 2;
  > 	return (int)sqrt(d);
  > }
  > === link
  > #include <math.h>
  > int main(int argc, char **argv)
  > {
  > 	(void)argv;
  > 	return (int)pow(argc, argc);
  > }
  > === table
  > //| use: locks/locks
  > END
  > cat >locks.c <<'END'
  > #include "cell.h"
  > static int locks(struct cell *c)
  > {
  > 	pthread_mutex_t m;
  > 	return c->argc;
  > }
  > static const struct cell_def cells[] = { { "locks", locks } };
  > CELL_TABLE(cells);
  > END
  > for cc in gcc clang; do cnb run -k lacks.ipynb --cc $cc | grep hint: >$cc; done
  > diff gcc clang && cat gcc
  lacks.ipynb:forks: hint: 'fork' wants #include <unistd.h>
  lacks.ipynb:forks: hint: 'waitpid' wants #include <sys/wait.h>
  lacks.ipynb:type: hint: 'pid_t' wants #include <sys/types.h>
  lacks.ipynb:root: hint: 'sqrt' wants the option line //| ldflags: -lm
  lacks.ipynb:later: hint: 'wait' is defined below, in cell 'own'
  lacks.ipynb:program: hint: 'pthread_t' wants #include <pthread.h>
  lacks.ipynb:link: hint: 'pow' wants the option line //| ldflags: -lm
  locks.c: hint: 'pthread_mutex_t' wants #include <pthread.h>
  $ cnb run lacks.ipynb -q -c program --cc tcc | grep hint:
  lacks.ipynb:program: hint: 'pthread_t' wants #include <pthread.h>
  $ cnb run lacks.ipynb -q -c link --cc tcc | grep hint:
  lacks.ipynb:link: hint: 'pow' wants the option line //| ldflags: -lm

What it says is right.

  $ sed -e 's/pid_t p;/#include <sys\/types.h>\\n&/; s/if (fork/#include <sys\/wait.h>\\n#include <unistd.h>\\n&/' \
  >     -e 's/#include <math.h>/\/\/| ldflags: -lm\\n#include <pthread.h>\\n&/' \
  >     -e 's/wait(NULL)/(void)0/; s/int wait(/int awaited(/' lacks.ipynb >has.ipynb
  > sed -i '1i #include <pthread.h>' locks.c
  > cnb run -k has.ipynb | grep -c -e hint: -e build-error
  0
  ? 1

In a session, too.

  $ cnb run -q -k --keep lacks.ipynb | grep -c hint:; cnb rerun lacks.ipynb root 2>&1 | grep hint:
  > cnb stop lacks.ipynb
  7
  lacks.ipynb:root: hint: 'sqrt' wants the option line //| ldflags: -lm
