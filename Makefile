# make run     install what the build needs, build, run a first notebook
# make test    install what the tests need, build, run every test
#
# make                  build/cnb, ready to run from there
# make deps deps-test   only install what is missing
# make install          PREFIX=/usr/local, DESTDIR; make uninstall
# make format           by clang-format; make check-format: does it agree?
# make tidy             does clang-tidy find anything?
# make bench            how fast is it? BENCH='start output': only those;
#                       BENCH=instructions: counted, the same on any machine
# make bench-quick      are the outputs right? (under a minute)
# make soak             fifty times what is hard to do once; SOAK=N for N times
# make faults           every call of cnb's fails in turn (half an hour or more)
# make fuzz             ten minutes of fuzzing for each reader (needs clang)
# make clean
#
# FLAVOR=asan       ASan and UBSan, in build-asan/
# FLAVOR=valgrind   tests under valgrind, in build-valgrind/
# T='opt clear'     with make test: only the tests with these in their names
# WERROR=1          warnings are errors (as .ci/run does)   V=1: show commands

FLAVOR =
B = build$(FLAVOR:%=-%)
PREFIX = /usr/local
PKG_CONFIG = pkg-config
NOTEBOOK = notebooks/concurrency.ipynb
# Debian's own: the tests' python3-nbformat is installed for no other.
PYTHON = /usr/bin/python3

# --- flags ------------------------------------------------------------------

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wformat=2 -Wundef -Wvla \
	-Wimplicit-fallthrough -Wdouble-promotion -Wconversion \
	-Wnull-dereference -Wswitch-enum -Wno-missing-field-initializers \
	-Wno-sign-conversion $(if $(WERROR),-Werror)

HARDENING = -fstack-protector-strong -fstack-clash-protection \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
CFLAGS = -O2 -g
LDFLAGS =
MODE_release = $(HARDENING)
MODE_asan = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
MODE_valgrind = -O1 -fno-omit-frame-pointer
MODE_fuzz = -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all $(NULL_PLUS_0)
# To clang alone the end of a slice that is nowhere is a mistake.
NULL_PLUS_0 = -fno-sanitize=pointer-overflow
ifeq ($(FLAVOR),fuzz)
CC = clang
endif
ifeq ($(filter $(FLAVOR),asan valgrind fuzz),$(FLAVOR))
MODE = $(MODE_$(or $(FLAVOR),release))
else
$(error FLAVOR is asan, valgrind or fuzz, not '$(FLAVOR)')
endif

# pkg-config is asked once, and not before something is compiled: it may be
# what `make deps` has yet to install.
CJSON_CFLAGS = $(eval CJSON_CFLAGS := $(shell $(PKG_CONFIG) --cflags libcjson 2>/dev/null))$(CJSON_CFLAGS)
CJSON_LIBS = $(eval CJSON_LIBS := $(shell $(PKG_CONFIG) --libs libcjson 2>/dev/null))$(CJSON_LIBS)
# Markdown in HTML pages; without it (or with MD4C= on the command line) it is
# shown as the text it is.
MD4C := $(shell $(PKG_CONFIG) --exists md4c 2>/dev/null && echo yes)
MD4C_CFLAGS := $(if $(MD4C),$(shell $(PKG_CONFIG) --cflags md4c))
MD4C_LIBS := $(if $(MD4C),$(shell $(PKG_CONFIG) --libs md4c))
CMOCKA_LIBS = $(eval CMOCKA_LIBS := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null))$(CMOCKA_LIBS)

BASE_FLAGS = -std=c11 -D_GNU_SOURCE -Irunner $(WARNINGS)
COMPILE = $(CC) $(BASE_FLAGS) -fno-common -fvisibility=hidden -fPIE -pthread \
	$(CJSON_CFLAGS) $(MD4C_CFLAGS) $(CFLAGS) $(MODE) -MMD -MP
LINK = $(CC) $(CFLAGS) $(MODE) -pie -pthread -Wl,-z,relro,-z,now $(LDFLAGS)

Q = $(if $(V),,@)
say = @printf '  %-5s %s\n'
# As many jobs as there are processors, unless the user said how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
AGAIN = +$(Q)$(MAKE) --no-print-directory

# --- what there is ----------------------------------------------------------

HOST_SRC = $(filter-out runner/host/front.c,$(wildcard runner/host/*.c))
CNB_SRC = $(filter-out runner/host/% \
	runner/format/md_$(if $(MD4C),null,md4c).c,$(wildcard runner/*/*.c)) \
	runner/host/wire.c
BASE_OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard runner/base/*.c))
HOST_OBJ = $(HOST_SRC:%.c=$(B)/%.o)
CNB_OBJ = $(CNB_SRC:%.c=$(B)/%.o)
UNIT = $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZERS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY = $(FUZZERS:%=$(B)/tests/replay_%)
CHILDREN = $(patsubst tests/children/%.c,$(B)/tests/children/%, \
	$(wildcard tests/children/*.c))
BENCH_BIN = $(B)/tests/floor $(B)/tests/counted
SOURCES = $(wildcard runner/*.[ch] runner/*/*.[ch] cells/*.[ch] \
	tests/unit/*.[ch] tests/children/*.[ch] tests/fault/*.[ch] \
	tests/fuzz/*.[ch] tests/*.h)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all run test tests deps deps-test install uninstall clean \
	faults fuzzers format check-format tidy fuzz bench bench-quick soak FORCE

all: $(B)/cnb $(B)/cnb-host $(B)/cnb-host.o $(B)/cnb-front.o \
	$(B)/cnb-runtime.o

run: deps
	$(AGAIN) $(JOBS) all
	$(B)/cnb run $(NOTEBOOK)

test: deps-test
	$(AGAIN) $(JOBS) all tests
	$(Q)$(PYTHON) tests/run $(B) $(T)

tests: $(UNIT) $(REPLAY) $(CHILDREN) $(BENCH_BIN) $(B)/tests/inject.so

# With a processor busy elsewhere: what depends on who is first shows then.
SOAK = 50
soak: deps-test
	$(AGAIN) $(JOBS) all tests
	$(Q)sh -c 'while :; do :; done' & other=$$!; \
		trap 'kill $$other' EXIT; trap 'exit 1' INT TERM; \
		SOAK=$(SOAK) $(PYTHON) tests/run $(B) $(or $(T),misdeeds handlers) && \
		PATH='$(abspath $(B))':$$PATH $(PYTHON) tests/random_sessions.py \
			$$(($(SOAK) * 20))

# What `make test` tries for a few calls of each command, for all of them.
# FAULTS='run session*': only those rows of tests/bin/faults.
FAULTS =
faults: deps-test
	$(AGAIN) $(JOBS) all tests
	$(Q)SOAK=1 DAMAGE=1 KILLED=500 $(PYTHON) tests/run $(B) fault/damage
	$(Q)rm -rf $(B)/faults && mkdir -p $(B)/faults && cd $(B)/faults && \
		PATH='$(abspath $(B)):$(CURDIR)/tests/bin':$$PATH \
		BUILD='$(abspath $(B))' SRC='$(CURDIR)' LC_ALL=C.UTF-8 \
		CNB_CACHE_DIR='$(abspath $(B))/faults/cache' \
		JOBS=$$(nproc) faults $(FAULTS)

# --- building ---------------------------------------------------------------

$(B)/cnb: $(B)/runner/main.o $(B)/libcnb.a
	$(say) LINK $@
	$(Q)$(LINK) -o $@ $^ $(CJSON_LIBS) $(MD4C_LIBS)

# Each mapping costs at each copy of the host.
$(B)/cnb-host: $(HOST_OBJ) $(BASE_OBJ) runner/host/host.dynlist
	$(say) LINK $@
	$(Q)$(LINK) -Wl,-z,noseparate-code -Wl,--dynamic-list=runner/host/host.dynlist \
		-o $@ $(HOST_OBJ) $(BASE_OBJ) -ldl -lm

# The same as one object without sanitizers of its own, to be linked by the
# compiler of a notebook that asks for some.
PLAIN = $(if $(filter asan,$(FLAVOR)),plain/)
PLAIN_OBJ = $(patsubst $(B)/%,$(B)/$(PLAIN)%,$(HOST_OBJ) $(BASE_OBJ))
$(B)/cnb-host.o: $(PLAIN_OBJ)
	$(say) LINK $@
	$(Q)$(CC) -r -nostdlib -Wl,-S -o $@ $^

$(B)/libcnb.a: $(CNB_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Linked in front of other people's programs, by their compiler, with their
# flags: so it asks nothing of the link.
$(B)/cnb-front.o: runner/host/front.c $(B)/flags
	$(say) CC $<
	$(Q)$(CC) $(BASE_FLAGS) -O2 -fPIC -fvisibility=hidden \
		-fno-stack-protector -fno-lto \
		-MMD -MP -c -o $@ $<

# Linked into those that have a sanitizer.
$(B)/cnb-runtime.o: runner/host/runtime.c $(B)/flags
	$(say) CC $<
	$(Q)$(CC) $(BASE_FLAGS) -O2 -fPIC -fno-stack-protector -fno-lto \
		-DCNB_RUNTIME_OF_PROGRAM -MMD -MP -c -o $@ $<

$(B)/plain/%.o: %.c $(B)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(COMPILE) -fno-sanitize=all -c -o $@ $<

$(B)/%.o: %.c $(B)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(COMPILE) -c -o $@ $<

# Changes only when the flags do, and everything with it.
$(B)/flags: FORCE
	@$(PKG_CONFIG) --exists libcjson 2>/dev/null || { \
		echo "cannot build: libcjson is missing (make deps installs it)" >&2; \
		exit 1; }
	@mkdir -p $(@D); printf '%s\n' '$(COMPILE) $(LINK) md4c: $(MD4C)' | cmp -s - $@ || \
		printf '%s\n' '$(COMPILE) $(LINK) md4c: $(MD4C)' >$@

# --- tests ------------------------------------------------------------------

# What a test takes from the host beside libcnb.a. The host's own exit() and
# friends stay out: a test ends as any program does.
$(B)/tests/test_plugin: EXTRA = $(patsubst %,$(B)/runner/host/%.o,plugin object)
$(B)/tests/test_plugin: $(wildcard runner/host/plugin.c)
$(B)/tests/test_object: EXTRA = $(B)/runner/host/object.o
$(B)/tests/test_backing: EXTRA = $(B)/runner/host/backing.o
$(B)/tests/test_show: EXTRA = $(B)/runner/host/show.o -lm
$(B)/tests/test_snapshot: EXTRA = $(patsubst %,$(B)/runner/host/%.o,snapshot places \
	control descriptors streams systemv names namespaces measure threads \
	crash)

$(UNIT): $(B)/tests/%: tests/unit/%.c $(B)/libcnb.a $(HOST_OBJ) $(B)/flags
	$(say) TEST $@
	$(Q)mkdir -p $(@D) && $(COMPILE) -Itests -DBUILD_DIR='"$(B)"' -o $@ $< \
		$(EXTRA) $(B)/libcnb.a $(LDFLAGS) -Wl,-z,now -pie \
		$(CMOCKA_LIBS) $(CJSON_LIBS) $(MD4C_LIBS) -ldl

# Loaded in front of libc: a call fails.
$(B)/tests/inject.so: tests/fault/inject.c $(B)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 -D_GNU_SOURCE -g -fPIC -shared \
		-Wall -Wextra -o $@ $< -ldl

# Helpers of the tests, as plain as a user's own programs.
$(CHILDREN): $(B)/tests/children/%: tests/children/%.c $(B)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(BASE_FLAGS) -g -pthread -MMD -MP -o $@ $<

# What cnb is compared with, as plain as the programs of its users.
BENCH =
$(BENCH_BIN): $(B)/tests/%: tests/bench/%.c $(B)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(CC) $(BASE_FLAGS) -O2 -o $@ $< -ldl

bench: deps
	$(AGAIN) $(JOBS) all $(BENCH_BIN)
	$(Q)$(PYTHON) tests/bench/bench $(B) -o $(B)/bench.json $(BENCH)

bench-quick: deps
	$(AGAIN) $(JOBS) all $(BENCH_BIN)
	$(Q)$(PYTHON) tests/bench/bench $(B) --quick -o $(B)/bench.json $(BENCH)

# What comes from outside, fed with what no author would write: each target for
# FUZZ_SECONDS of processor time. FUZZ='wire letter': only those.
FUZZ_SECONDS = 600
FUZZ = $(FUZZERS)
fuzz: deps-test
	$(AGAIN) $(JOBS) FLAVOR=fuzz fuzzers
	$(Q)for t in export convert; do mkdir -p build-fuzz/seeds/$$t && \
		for i in 1 2 3 4 5 6 7 8 9; do \
		tests/bin/nbtorture $$i >build-fuzz/seeds/$$t/$$i; done; done
	$(Q)for t in $(FUZZ); do \
		tests/fuzz/fuzz build-fuzz $$t $(FUZZ_SECONDS) || exit 1; done

fuzzers: $(FUZZ:%=$(B)/tests/fuzz_%)

FUZZ_H = $(wildcard tests/fuzz/*.h tests/*.h)
$(B)/tests/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_H) $(B)/libcnb.a $(HOST_OBJ) \
		$(B)/flags
	$(say) FUZZ $@
	$(Q)mkdir -p $(@D) && $(COMPILE) -Itests -fsanitize=fuzzer -o $@ $< \
		$(EXTRA) $(B)/libcnb.a $(CJSON_LIBS) $(MD4C_LIBS) -ldl -lm

$(B)/tests/fuzz_wire $(B)/tests/replay_wire: EXTRA = $(B)/runner/host/environ.o
MUTATE_JSON = $(addprefix $(B)/tests/fuzz_,notebook export record convert)
$(MUTATE_JSON): EXTRA = tests/fuzz/mutate_json.c
$(MUTATE_JSON): tests/fuzz/mutate_json.c

# The same without a fuzzer: what it kept, in every `make test`.
$(REPLAY): $(B)/tests/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c \
		$(FUZZ_H) $(B)/libcnb.a $(HOST_OBJ) $(B)/flags
	$(say) TEST $@
	$(Q)mkdir -p $(@D) && $(COMPILE) -Itests -o $@ $< tests/fuzz/replay.c \
		$(EXTRA) $(B)/libcnb.a $(LDFLAGS) -Wl,-z,now -pie \
		$(CJSON_LIBS) $(MD4C_LIBS) -ldl

format:
	$(Q)clang-format -i $(SOURCES)

check-format:
	$(Q)clang-format --dry-run --Werror $(SOURCES)

tidy:
	clang-tidy --quiet $(filter runner/%.c,$(SOURCES)) -- $(BASE_FLAGS) \
		$(CJSON_CFLAGS)

# --- what must be installed -------------------------------------------------

# package, and a command that succeeds where what it brings is there
define NEEDS
gcc               command -v cc
libc6-dev         echo '\#include <stdio.h>' | cc -E -x c -
binutils          command -v addr2line && command -v objcopy
pkg-config        command -v $(PKG_CONFIG)
libcjson-dev      $(PKG_CONFIG) --exists libcjson
endef

define NEEDS_TEST
libxml2-utils     command -v xmllint
libmd4c-dev       $(PKG_CONFIG) --exists md4c
libcmocka-dev     $(PKG_CONFIG) --exists cmocka
python3           test -x $(PYTHON)
python3-nbformat  $(PYTHON) -c 'import nbformat'
clang             command -v clang
tcc               command -v tcc
$(if $(filter valgrind,$(FLAVOR)),valgrind command -v valgrind)
endef
export NEEDS NEEDS_TEST

# $(1): the lines to go by. Looks first, installs only what was not found, and
# looks again. The package lists are fetched only where they do not help.
define install-missing
	@missing() { printf '%s\n' $(1) | while read -r package probe; do \
		[ -z "$$package" ] || sh -c "$$probe" >/dev/null 2>&1 </dev/null || \
			printf ' %s' "$$package"; done; }; \
	packages=$$(missing); [ -n "$$packages" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then \
		echo "missing (by their Debian names):$$packages" >&2; exit 1; fi; \
	if [ "$$(id -u)" != 0 ]; then \
		echo "missing, please type: sudo apt-get install -y$$packages" >&2; \
		exit 1; fi; \
	echo "installing what is missing: apt-get install -y$$packages"; \
	export DEBIAN_FRONTEND=noninteractive; \
	get() { apt-get install -y -qq --no-install-recommends $$packages \
		</dev/null; }; \
	{ apt-cache show $$packages >/dev/null 2>&1 && get >/dev/null; } || \
		{ apt-get update -qq && get >/dev/null; } || exit 1; \
	packages=$$(missing); [ -z "$$packages" ] || { \
		echo "still missing after the installation:$$packages" >&2; exit 1; }
endef

deps:
	$(call install-missing,"$$NEEDS")

deps-test:
	$(call install-missing,"$$NEEDS" "$$NEEDS_TEST")

# --- installing -------------------------------------------------------------

D = $(DESTDIR)$(PREFIX)

install: all
	install -d '$(D)/bin' '$(D)/libexec/cnb' '$(D)/include/cnb' \
		'$(D)/share/cnb/cells' '$(D)/share/cnb/notebooks' \
		'$(D)/share/doc/cnb'
	install $(B)/cnb '$(D)/bin'
	install $(B)/cnb-host '$(D)/libexec/cnb'
	install -m 644 $(B)/cnb-front.o $(B)/cnb-runtime.o $(B)/cnb-host.o \
		'$(D)/libexec/cnb'
	install -m 644 runner/cell.h '$(D)/include/cnb'
	install -m 644 $(wildcard cells/*.[ch]) '$(D)/share/cnb/cells'
	install -m 644 $(wildcard notebooks/*.ipynb) '$(D)/share/cnb/notebooks'
	install -m 644 README.md $(wildcard runner/manual/*.md) \
		'$(D)/share/doc/cnb'

uninstall:
	rm -f '$(D)/bin/cnb'
	rm -rf '$(D)/libexec/cnb' '$(D)/include/cnb' '$(D)/share/cnb' \
		'$(D)/share/doc/cnb'

clean:
	rm -rf build build-asan build-valgrind build-fuzz

-include $(CNB_OBJ:.o=.d) $(HOST_OBJ:.o=.d) $(PLAIN_OBJ:.o=.d) $(UNIT:=.d) $(CHILDREN:=.d) \
	$(B)/runner/main.d $(B)/cnb-front.d $(B)/cnb-runtime.d
