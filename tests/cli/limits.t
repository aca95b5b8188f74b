What a cell may take. Nothing of this needs to be root.

  $ nb x.ipynb <<'END'
  > === crowd
  > //| args: 12
  > #include <pthread.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <string.h>
  > static pthread_barrier_t all;
  > static void *wait_for_all(void *arg)
  > {
  > 	pthread_barrier_wait(&all);
  > 	return arg;
  > }
  > int main(int argc, char **argv)
  > {
  > 	int n = atoi(argv[argc - 1]), made = 0, rc;
  > 	pthread_t t[100];
  > 	pthread_barrier_init(&all, NULL, n);
  > 	while (made + 1 < n) {
  > 		rc = pthread_create(&t[made], NULL, wait_for_all, NULL);
  > 		if (rc)
  > 			return fprintf(stderr, "thread %d: %s\n", made + 2,
  > 				       strerror(rc));
  > 		made++;
  > 	}
  > 	pthread_barrier_wait(&all);
  > 	while (made)
  > 		pthread_join(t[--made], NULL);
  > 	for (int i = 0; i < 300; i++) { /* one at a time: never too many */
  > 		pthread_create(&t[0], NULL, (void *(*)(void *))puts, ".");
  > 		pthread_join(t[0], NULL);
  > 	}
  > }
  > END

As many as it may have are not too many; one more is, by whatever way we
notice: the kernel asks before it makes one, or we look.

  $ cat >said <<'END'
  > cnb run -q -k x.ipynb -o x.json "$@" >out 2>&1; verdicts <x.json
  > END
  $ sh said --processes 12; sh said --processes 11
  crowd ok
  crowd limit (has more than 11 processes and threads)
  $ nb x.ipynb <<'END'
  > === lingers
  > #include <pthread.h>
  > #include <unistd.h>
  > static void *stay(void *arg) { for (;;) pause(); return arg; }
  > int main(void)
  > {
  > 	pthread_t t;
  > 	for (int i = 0; i < 11; i++)
  > 		pthread_create(&t, NULL, stay, NULL);
  > 	for (;;) pause();
  > }
  > END
  $ sh said --processes 11 --timeout $((60 * SLACK))s --capture plain
  lingers limit (has more than 11 processes and threads)
  $ sh said --processes 12 --timeout 200ms --capture plain
  lingers timeout (ran longer than 200ms)

The limit of the run is another than that of a cell.

  $ nb endless.ipynb <<'END'
  > === endless
  > for (;;);
  > END
  $ cnb run -q endless.ipynb --deadline 100ms --timeout 1m -o d.json >out; verdicts <d.json
  endless timeout (the run's deadline has passed)
  $ cnb run -q endless.ipynb --deadline 1m --timeout 100ms -o d.json >out; verdicts <d.json
  endless timeout (ran longer than 100ms)
  $ cnb run endless.ipynb --files 15
  cnb: option '--files': '15' is no whole number from 16 to 1000000
  ? 2
  $ sed 's/for (;;);/1/' endless.ipynb >least.ipynb; cnb run -q least.ipynb --files 16
  least.ipynb: 1 cell: 1 ok in <time>

Of few files most are the cell's.

  $ nb opens.ipynb <<'END'
  > === opens
  > #include <fcntl.h>
  > int n = 0; while (open("/dev/null", O_RDONLY) >= 0) n++;
  > n
  > END
  $ for n in 16 64; do cnb run -q opens.ipynb --files $n -o o.json; outputs <o.json; done
  opens.ipynb: 1 cell: 1 ok in <time>
  opens 8
  opens.ipynb: 1 cell: 1 ok in <time>
  opens 56

In the host, threads of cells above do not count.

  $ nb y.ipynb <<'END'
  > === five
  > #include <pthread.h>
  > #include <unistd.h>
  > static void *stay(void *arg) { for (;;) pause(); return arg; }
  > for (int i = 0; i < 5; i++) { pthread_t t; pthread_create(&t, 0, stay, 0); }
  > === four
  > for (int i = 0; i < 4; i++) { pthread_t t; pthread_create(&t, 0, stay, 0); }
  > === six
  > for (int i = 0; i < 6; i++) { pthread_t t; pthread_create(&t, 0, stay, 0); }
  > END
  $ cnb run -k y.ipynb --processes 6 -o y.json >out; verdicts <y.json
  five ok threads 5
  four ok threads 4
  six limit (has more than 6 processes and threads)

Memory that is touched counts, not what is reserved; what a fork shares counts
once. It is ended soon after: what it got is near the limit.

  $ nb z.ipynb <<'END'
  > === shares
  > #include <stdlib.h>
  > #include <string.h>
  > #include <unistd.h>
  > #include <sys/wait.h>
  > int main(void)
  > {
  > 	char *p = malloc(60 << 20);
  > 	memset(p, 1, 60 << 20);
  > 	if (fork() == 0) { usleep(300000); return 0; }
  > 	wait(NULL);
  > }
  > === runs
  > #include <stdlib.h>
  > #include <string.h>
  > int main(void)
  > {
  > 	for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  > }
  > END
  $ cnb run -k z.ipynb --memory 100M -o z.json >out; verdicts <z.json
  shares ok
  runs limit (holds more than 100 MiB of memory)
  $ python3 -c 'import json
  > r = json.load(open("z.json"))
  > print(r["limits"])
  > print(r["cells"][1]["outputs"][0]["ename"])
  > print(90 << 10 <= r["cells"][1]["max_rss_kb"] <= 1 << 20)'
  {'timeout_ms': 300000, 'deadline_ms': None, 'memory': 104857600, 'processes': None, 'files': None, 'output': 67108864}
  MemoryLimit
  True

The kernel's own limits are told by name, too; core files are off.

  $ nb k.ipynb <<'END'
  > === cpu
  > int main(void) { for (;;); }
  > === core
  > #include <stdio.h>
  > #include <sys/resource.h>
  > int main(void)
  > {
  > 	struct rlimit r;
  > 	getrlimit(RLIMIT_CORE, &r);
  > 	printf("%d\n", (int)r.rlim_cur);
  > }
  > END
  $ (ulimit -S -t 1; cnb run -k k.ipynb -o k.json >out); verdicts <k.json
  cpu limit SIGXCPU (used more processor time than it may (ulimit -t))
  core ok
  $ (ulimit -t 1; cnb run -c cpu k.ipynb -o j.json >out); verdicts <j.json
  cpu limit SIGKILL (used more processor time than it may (ulimit -t))
  core skipped
  $ python3 -c 'import json; print(json.load(open("k.json"))["cells"][1]["stdout"])'
  0
  
  $ cnb run x.ipynb --processes none
  cnb: option '--processes': 'none' is no whole number from 1 to 1000000
  ? 2

Its time passes also while a compiler runs, of whatever it compiles: that ends,
and what was built before counts. In a session it is as if nobody had asked.

  $ cat >slow <<'END'
  > #!/bin/sh
  > test -e hold && : >compiling && exec sleep 1000
  > exec gcc "$@"
  > END
  $ chmod +x slow; nb build.ipynb <<END
  > === one
  > //| cc: $PWD/slow
  > int n = 1; n
  > === two
  > n + 1
  > === program
  > #include <stdio.h>
  > int main(void) { puts("program"); }
  > END
  $ touch hold; cnb run -q build.ipynb --deadline 300ms -o d.json >out; verdicts <d.json
  one timeout (the run's deadline has passed)
  two not-run
  program not-run

So it is where the session is to stay, and when its cells run again.

  $ CNB_CACHE_DIR=$PWD/cache cnb run -q build.ipynb --keep --deadline 300ms -o d.json >out; echo $?; verdicts <d.json
  1
  one timeout (the run's deadline has passed)
  two not-run
  program not-run
  $ rm hold; cnb run -q build.ipynb --keep; touch hold; sed -i 's/n = 1/n = 2/' build.ipynb
  build.ipynb: 3 cells: 3 ok in <time>
  $ for cells in "" "two" "one program"; do cnb rerun -q build.ipynb $cells --deadline 300ms -o d.json >out; echo $?; verdicts <d.json; done
  1
  one timeout (the run's deadline has passed)
  two not-run
  program skipped
  1
  one skipped
  two timeout (the run's deadline has passed)
  program skipped
  1
  one timeout (the run's deadline has passed)
  two skipped
  program not-run

Nor does Ctrl-C wait for it there.

  $ rm compiling; cnb rerun -q build.ipynb >out 2>&1 & client=$!
  > until test -e compiling; do sleep 0.02; done; kill -INT $client; wait $client; echo $?; cat out
  130
  cnb: cannot run 'build.ipynb' in its session: interrupted
  $ rm hold; cnb rerun -q build.ipynb; cnb run build.ipynb -c two | grep Out; cnb stop build.ipynb
  build.ipynb: 2 cells: 2 ok in <time>
  Out[2]: 3
