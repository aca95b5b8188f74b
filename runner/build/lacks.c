/* lacks.c: the headers and libraries that are forgotten most. Floor 2. A name
 * of stdio and its like is headers.c's: a shared cell has those by itself. */
#include "build/lacks.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"
#include "build/headers.h"

/* Names by what has them, each behind and before a blank. One that ends in `*`
 * stands for all that begin so. */
struct shelf {
	const char *has; /* a header, or words for the linker */
	const char *names;
};

static const struct shelf headers[] = {
	{ "unistd.h",
	  " fork vfork getpid getppid gettid sleep usleep read write close "
	  "pipe pipe2 dup dup2 dup3 execl execle execlp execv execve execvp "
	  "execvpe _exit pause alarm ualarm chdir fchdir getcwd unlink rmdir "
	  "link symlink readlink access isatty lseek pread pwrite truncate "
	  "ftruncate fsync getuid geteuid getgid getegid setuid setgid setsid "
	  "getsid setpgid getpgid getpgrp tcgetpgrp tcsetpgrp daemon "
	  "gethostname sysconf getopt optarg optind nice brk sbrk environ "
	  "STDIN_FILENO STDOUT_FILENO STDERR_FILENO _SC_* F_OK R_OK W_OK "
	  "X_OK " },
	{ "sys/wait.h",
	  " wait waitpid waitid wait3 wait4 WIFEXITED WEXITSTATUS WIFSIGNALED "
	  "WTERMSIG WCOREDUMP WIFSTOPPED WSTOPSIG WIFCONTINUED WNOHANG "
	  "WUNTRACED WCONTINUED WEXITED P_PID P_ALL " },
	{ "signal.h",
	  " signal raise kill killpg sigaction sigemptyset sigfillset "
	  "sigaddset sigdelset sigismember sigprocmask sigpending sigsuspend "
	  "sigwait sigwaitinfo sigtimedwait sigqueue sigaltstack "
	  "pthread_kill pthread_sigmask sigset_t siginfo_t sig_atomic_t "
	  "sighandler_t stack_t SIG_* SA_* SIGABRT SIGALRM SIGBUS SIGCHLD "
	  "SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGKILL SIGPIPE SIGPROF "
	  "SIGQUIT SIGRTMIN SIGRTMAX SIGSEGV SIGSTOP SIGSTKSZ SIGTERM SIGTRAP "
	  "SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH "
	  "SIGXCPU SIGXFSZ " },
	{ "pthread.h", " pthread_* PTHREAD_* " },
	{ "semaphore.h",
	  " sem_t sem_init sem_destroy sem_open sem_close sem_unlink sem_wait "
	  "sem_trywait sem_timedwait sem_post sem_getvalue SEM_FAILED " },
	{ "threads.h",
	  " thrd_* mtx_* cnd_* tss_* call_once once_flag ONCE_FLAG_INIT " },
	{ "stdatomic.h", " atomic_* ATOMIC_* memory_order* " },
	{ "fcntl.h",
	  " open openat creat fcntl posix_fadvise O_APPEND O_CLOEXEC O_CREAT "
	  "O_DIRECTORY O_EXCL O_NONBLOCK O_RDONLY O_RDWR O_SYNC O_TRUNC "
	  "O_WRONLY AT_FDCWD F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK "
	  "F_SETLK F_SETLKW F_RDLCK F_WRLCK F_UNLCK FD_CLOEXEC " },
	{ "sys/stat.h",
	  " stat fstat lstat mkdir mkfifo chmod fchmod umask S_IS* S_IR* "
	  "S_IW* S_IX* " },
	{ "sys/mman.h",
	  " mmap munmap mprotect msync madvise mlock munlock shm_open "
	  "shm_unlink memfd_create PROT_* MAP_* MS_* MADV_* " },
	{ "sys/socket.h",
	  " socket socketpair bind listen accept accept4 connect send sendto "
	  "sendmsg recv recvfrom recvmsg shutdown setsockopt getsockopt "
	  "socklen_t AF_* SOCK_* SOL_SOCKET SO_* SHUT_* MSG_* " },
	{ "arpa/inet.h",
	  " htons htonl ntohs ntohl inet_pton inet_ntop inet_addr inet_ntoa " },
	{ "netinet/in.h", " INADDR_* IPPROTO_* in_port_t in_addr_t " },
	{ "netdb.h", " getaddrinfo freeaddrinfo gai_strerror gethostbyname " },
	{ "poll.h", " poll ppoll POLLIN POLLOUT POLLERR POLLHUP nfds_t " },
	{ "sys/select.h", " select pselect fd_set FD_ZERO FD_SET FD_CLR "
			  "FD_ISSET FD_SETSIZE " },
	{ "sys/epoll.h", " epoll_* EPOLL* " },
	{ "sys/time.h", " gettimeofday setitimer getitimer ITIMER_* " },
	{ "sys/resource.h",
	  " getrlimit setrlimit getrusage RLIMIT_* RUSAGE_* rlim_t " },
	{ "sys/ioctl.h", " ioctl " },
	{ "sys/types.h", " pid_t uid_t gid_t off_t mode_t ssize_t dev_t "
			 "ino_t useconds_t " },
	{ "sched.h", " sched_* SCHED_* cpu_set_t CPU_* clone unshare " },
	{ "dlfcn.h", " dlopen dlsym dlclose dlerror RTLD_* " },
	{ "dirent.h", " opendir readdir closedir rewinddir scandir DIR " },
	{ "time.h",
	  " time clock difftime mktime ctime localtime gmtime asctime "
	  "strftime localtime_r gmtime_r ctime_r nanosleep clock_gettime "
	  "clock_settime clock_getres clock_nanosleep timer_create "
	  "timer_settime timer_delete time_t clock_t clockid_t timer_t "
	  "CLOCK_* CLOCKS_PER_SEC TIME_UTC timespec_get " },
	{ "errno.h",
	  " errno EACCES EAGAIN EBADF EBUSY ECHILD EDEADLK EDOM EEXIST EFAULT "
	  "EINTR EINVAL EIO EISDIR EMFILE ENOENT ENOMEM ENOSPC ENOSYS "
	  "ENOTDIR EPERM EPIPE ERANGE ESRCH ETIMEDOUT EWOULDBLOCK " },
	{ "math.h",
	  " sqrt cbrt pow hypot exp exp2 log log2 log10 sin cos tan asin acos "
	  "atan atan2 sinh cosh tanh floor ceil round lround trunc rint "
	  "fabs fmod fmax fmin fma isnan isinf isfinite signbit ldexp frexp "
	  "modf M_* INFINITY NAN HUGE_VAL sqrtf powf sinf cosf fabsf floorf "
	  "ceilf roundf " },
	{ "ctype.h",
	  " isalpha isdigit isalnum isspace isupper islower ispunct isprint "
	  "isxdigit iscntrl isgraph toupper tolower " },
	{ "limits.h",
	  " CHAR_BIT CHAR_MAX CHAR_MIN SCHAR_MAX SCHAR_MIN UCHAR_MAX SHRT_MAX "
	  "SHRT_MIN USHRT_MAX INT_MAX INT_MIN UINT_MAX LONG_MAX LONG_MIN "
	  "ULONG_MAX LLONG_MAX LLONG_MIN ULLONG_MAX PATH_MAX PIPE_BUF " },
	{ "float.h", " FLT_* DBL_* LDBL_* " },
	{ "inttypes.h", " PRId* PRIu* PRIx* PRIo* PRIi* PRIX* SCN* imaxabs " },
	{ "assert.h", " assert static_assert " },
	{ "stdarg.h", " va_list va_start va_arg va_end va_copy " },
	{ "setjmp.h", " setjmp longjmp sigsetjmp siglongjmp jmp_buf "
		      "sigjmp_buf " },
	{ "ucontext.h", " getcontext setcontext makecontext swapcontext "
			"ucontext_t " },
	{ "locale.h", " setlocale localeconv LC_* " },
	{ "wchar.h", " wprintf fwprintf wcslen wcscpy wcscmp wint_t "
		     "mbstate_t fgetwc fputwc putwchar getwchar " },
	{ "strings.h", " strcasecmp strncasecmp bzero ffs " },
	{ "complex.h", " creal cimag cabs carg conj csqrt cexp complex " },
	{ "omp.h", " omp_* " },
};

static const struct shelf libraries[] = {
	{ "ldflags: -lm",
	  " sqrt sqrtf sqrtl cbrt cbrtf pow powf powl hypot hypotf exp expf "
	  "exp2 exp2f exp10 expm1 log logf log2 log2f log10 log10f log1p sin "
	  "sinf sinl cos cosf cosl sincos sincosf tan tanf asin asinf acos "
	  "acosf atan atanf atan2 atan2f sinh cosh tanh asinh acosh atanh "
	  "floor floorf floorl ceil ceilf ceill round roundf lround llround "
	  "trunc truncf rint lrint llrint nearbyint fmod fmodf fmodl remainder "
	  "fma fmax fmaxf fmin fminf fdim erf erfc tgamma lgamma j0 j1 jn y0 "
	  "y1 yn cabs carg cexp clog cpow csqrt csin ccos " },
	{ "cflags: -fopenmp", " omp_* GOMP_* __kmpc_* " },
	{ "ldflags: -lncurses", " initscr endwin wgetch wprintw wrefresh "
				"stdscr cbreak noecho " },
};

static bool
is_name_byte(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool
is_meant(struct slice pattern, struct slice name)
{
	if (pattern.len && pattern.at[pattern.len - 1] == '*')
		return name.len >= pattern.len &&
		       !memcmp(name.at, pattern.at, pattern.len - 1);
	return slice_equal(pattern, name);
}

/* What has the name; NULL: none of these. A name in full goes before one that
 * begins like it. */
static const char *
find(const struct shelf *shelves, size_t count, struct slice name)
{
	const char *begins = NULL;

	for (size_t i = 0; i < count; i++)
		for (const char *at = shelves[i].names + 1; *at;) {
			struct slice one = { at, strcspn(at, " ") };

			if (slice_equal(one, name))
				return shelves[i].has;
			if (!begins && is_meant(one, name))
				begins = shelves[i].has;
			at += one.len + 1;
		}
	return begins;
}

/* The name that stands behind `mark`, or behind a quote after it: linkers write
 * `sqrt', 'sqrt' or sqrt. Empty: there is none. */
static struct slice
name_behind(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	struct slice name = { "", 0 };

	if (!at)
		return name;
	at += strlen(mark);
	at += strspn(at, " :'`");
	name.at = at;
	while (is_name_byte(at[name.len]))
		name.len++;
	return name;
}

/* As gcc, clang and tcc say of a name that nothing declares. */
static struct slice
undeclared_name(const struct diag *d)
{
	static const char *const before[] = {
		"implicit declaration of function",
		"call to undeclared library function",
		"call to undeclared function",
		"use of undeclared identifier",
		"unknown type name",
	};
	struct slice name = { "", 0 };
	const char *end;

	if (d->severity < DIAG_WARNING)
		return name;
	for (size_t i = 0; i < countof(before) && !name.len; i++)
		name = name_behind(d->text, before[i]);
	end = strstr(d->text, "' undeclared");
	if (!name.len && end && d->text[0] == '\'')
		name = (struct slice){ d->text + 1,
				       (size_t)(end - d->text) - 1 };
	return name;
}

struct slice
lacks_symbol(const struct diag *d)
{
	struct slice name = name_behind(d->text, "undefined reference to");

	if (!name.len)
		name = name_behind(d->text, "undefined symbol");
	return name;
}

/* gcc and clang have notes for names of standard C. */
static bool
is_said(const struct diags *d, const char *header)
{
	struct buf quoted = { 0 };
	bool said = false;

	buf_addf(&quoted, "<%s>", header);
	for (size_t i = 0; i < d->count && !said; i++)
		said = d->at[i].severity == DIAG_NOTE &&
		       strstr(d->at[i].text, buf_str(&quoted));
	buf_release(&quoted);
	return said;
}

/* Once for all names that want the same: `begin`, `has`, `end`. */
static void
add_line(struct buf *out, const char *label, struct slice name,
	 const char *begin, const char *has, const char *end, struct strs *told)
{
	if (strs_has(told, has))
		return;
	strs_add(told, has);
	buf_addf(out, "%s: hint: '%.*s' wants %s%s%s\n", label, (int)name.len,
		 name.at, begin, has, end);
}

static bool
is_known(const struct strs *known, struct slice name)
{
	for (size_t i = 0; known && i < known->count; i++)
		if (slice_is(name, known->at[i]))
			return true;
	return false;
}

void
lacks_add(struct buf *out, const char *label, const struct diags *d,
	  const struct strs *known)
{
	struct strs told = { 0 };

	for (size_t i = 0; i < d->count; i++) {
		const struct diag_source *source = d->at[i].source;
		struct slice name = undeclared_name(&d->at[i]);
		const char *has = NULL;

		if (source &&
		    strcmp(source->shown ? source->shown : source->label,
			   label) != 0)
			continue;
		if (name.len && !is_known(known, name))
			has = find(headers, countof(headers), name);
		if (!has && name.len && !is_known(known, name))
			has = header_of(name.at, name.len);
		if (has && !is_said(d, has))
			add_line(out, label, name, "#include <", has, ">",
				 &told);
		name = lacks_symbol(&d->at[i]);
		has = name.len ? find(libraries, countof(libraries), name)
			       : NULL;
		if (has)
			add_line(out, label, name, "the option line //| ", has,
				 "", &told);
	}
	strs_release(&told);
}
