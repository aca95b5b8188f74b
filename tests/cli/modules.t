A cell that crashes has said itself which files it had mapped. Nothing waits for
one that is none by now: here, a fifo to which nobody writes.

  $ nb fifo.ipynb <<'END'
  > === crash
  > #include <fcntl.h>
  > #include <sys/mman.h>
  > #include <sys/stat.h>
  > #include <unistd.h>
  > char code[4096] = "\x0f\x0b";
  > int fd = open("mod.so", O_RDWR | O_CREAT, 0700);
  > write(fd, code, sizeof code);
  > void (*f)(void) = (void (*)(void))mmap(0, sizeof code, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
  > unlink("mod.so"); mkfifo("mod.so (deleted)", 0600);
  > f();
  > === next
  > puts("went on");
  > END
  $ cnb run -k fifo.ipynb -o fifo.json >/dev/null; test -p 'mod.so (deleted)' && verdicts <fifo.json
  crash crashed SIGILL (illegal instruction)
  next ok
