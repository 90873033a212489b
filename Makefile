# SPDX-License-Identifier: MIT
#
# Ringfence's build: what exists is found by looking into the folders, so a new source file, driver,
# manager, program or test takes part by being there.
#
# The first target a reader wants is `make run`; `make help` lists the rest. Whatever compiles waits
# for tools/deps, which installs what a fresh Debian 12 lacks.

BUILD ?= build
# Extra -D options for all rings; the escape controls build with one defence removed each.
DEFINES ?=
# The Python tools look for what was built in the same place.
export RINGFENCE_BUILD := $(abspath $(BUILD))

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory --jobs=$(shell nproc)
.DELETE_ON_ERROR:
.SECONDARY:
SHELL := /bin/bash

sources = $(sort $(shell find $(wildcard $(1)) -name '*.c' -o -name '*.S'))
objects = $(patsubst %,$(BUILD)/obj/%.o,$(1))

# ---- Rings 0 to 2: freestanding, no FPU, frame pointers kept for backtraces ----------------------
# The core and the managers are optimised as a whole when they are linked: a third fewer instructions, for files as small
# as people like to read them. Not the functions that the compiler calls by itself (kernel/mem/copy.c relies on that). Not
# attacks: their assembly names what it needs of the C around it. And not drivers: faults are put into functions that have
# to be there (tests/faults).

CC := gcc
FREESTANDING := -m32 -march=i686 -ffreestanding -mgeneral-regs-only -fno-pie \
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-omit-frame-pointer \
    -fno-strict-aliasing -g -I. $(DEFINES)
WHOLE := -O2 -flto=auto
CFLAGS := -std=gnu11 $(WHOLE) -fno-common -Wall -Wextra -Wshadow -Wconversion -Werror $(FREESTANDING)
LINK := $(CC) $(WHOLE) $(FREESTANDING) -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack \
    -Wl,--no-warn-rwx-segments
LIBGCC := -lgcc
CALLED_BY_THE_COMPILER := kernel/freestanding.c domains/lib/memory.c
$(call objects,$(CALLED_BY_THE_COMPILER) $(call sources,drivers domains/hostile)): CFLAGS += -fno-lto

# A source that was moved is still named in what was noted of the last build: not a reason to stop.
%.c: ;

$(BUILD)/obj/%.c.o: %.c Makefile | deps
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/obj/%.S.o: %.S Makefile | deps
	@mkdir -p $(@D)
	@echo "  AS      $<"
	@$(CC) $(FREESTANDING) -MMD -MP -c $< -o $@

# ---- The core ------------------------------------------------------------------------------------
# Linked twice: once with an empty symbol table to learn the addresses, then with the full one. The
# linker script places .symbols last, so that no address moves between the two.

KERNEL_OBJECTS := $(call objects,$(call sources,kernel boot))

$(BUILD)/symbols-empty.S: tools/symbols | deps
	@mkdir -p $(@D)
	@tools/symbols </dev/null >$@

$(BUILD)/kernel-first.elf: $(KERNEL_OBJECTS) $(BUILD)/symbols-empty.o boot/kernel.ld
	@$(LINK) -T boot/kernel.ld $(KERNEL_OBJECTS) $(BUILD)/symbols-empty.o $(LIBGCC) -o $@

$(BUILD)/symbols.S: $(BUILD)/kernel-first.elf tools/symbols
	@nm --defined-only $< | tools/symbols >$@

$(BUILD)/%.o: $(BUILD)/%.S | deps
	@$(CC) $(FREESTANDING) -c $< -o $@

$(BUILD)/kernel.elf: $(KERNEL_OBJECTS) $(BUILD)/symbols.o boot/kernel.ld
	@echo "  LINK    $@"
	@$(LINK) -T boot/kernel.ld $(KERNEL_OBJECTS) $(BUILD)/symbols.o $(LIBGCC) -o $@

# ---- Drivers: one folder, one program ------------------------------------------------------------

# In drivers/<class>/<name>/; and drivers/template/, which is there to be copied.
DRIVER_FOLDERS := $(filter-out drivers/lib/%,$(patsubst %/,%,$(sort $(dir $(wildcard drivers/*/*/*.c))))) drivers/template
DRIVERS := $(foreach folder,$(DRIVER_FOLDERS),$(BUILD)/drivers/$(notdir $(folder)).elf)
# An archive: a driver gets only the parts that it uses.
DRIVER_LIBRARY := $(BUILD)/drivers/library.a

$(DRIVER_LIBRARY): $(call objects,$(call sources,drivers/lib))
	@mkdir -p $(@D)
	@rm -f $@
	@ar rcs $@ $^

define driver_rule
$(BUILD)/drivers/$(notdir $(1)).elf: $(call objects,$(call sources,$(1))) $(DRIVER_LIBRARY) drivers/lib/driver.ld
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	@$(LINK) -T drivers/lib/driver.ld $$(filter %.o %.a,$$^) $(LIBGCC) -o $$@
endef
$(foreach folder,$(DRIVER_FOLDERS),$(eval $(call driver_rule,$(folder))))

THIRD_PARTY := $(BUILD)/third-party

# ---- Managers ------------------------------------------------------------------------------------

MANAGER_NAMES := $(filter-out lib,$(patsubst domains/%/,%,$(wildcard domains/*/)))
MANAGERS := $(foreach name,$(MANAGER_NAMES),$(BUILD)/domains/$(name).elf)
MANAGER_LIBRARY := $(call objects,$(call sources,domains/lib))

define manager_rule
$(BUILD)/domains/$(1).elf: $(call objects,$(call sources,domains/$(1))) $(MANAGER_LIBRARY) $(MANAGER_EXTRA_$(1)) domains/lib/manager.ld
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	@$(LINK) -T domains/lib/manager.ld $$(filter %.o %.a,$$^) $(LIBGCC) -o $$@
endef

# The Linux manager's TCP/IP stack: lwIP, as it comes, with the manager's flags and without our warnings.
LWIP := $(BUILD)/lwip/lwip.a
LWIP_INCLUDES := -I. -isystem domains/linux/network/lwip -isystem $(THIRD_PARTY)/lwip/source/include
LWIP_FLAGS := $(FREESTANDING) -std=gnu11 $(WHOLE) -fno-common -isystem domains/linux/network/lwip/standard $(LWIP_INCLUDES)
MANAGER_EXTRA_linux := $(LWIP)
LWIP_OPTIONS := $(shell find domains/linux/network/lwip -name '*.h')

$(LWIP): $(LWIP_OPTIONS) Makefile | $(THIRD_PARTY)/lwip
	@echo "  LWIP    $@"
	@rm -rf $(@D) && mkdir -p $(@D)
	@for file in $(THIRD_PARTY)/lwip/source/core/*.c $(THIRD_PARTY)/lwip/source/core/ipv[46]/*.c \
	    $(THIRD_PARTY)/lwip/source/netif/ethernet.c; do \
	    $(CC) $(LWIP_FLAGS) -c $$file -o $(@D)/$$(basename $$file .c).o || exit 1; done
	@gcc-ar rcs $@ $(@D)/*.o

# The compiler names no system header as a dependency.
LWIP_USERS := $(call objects,$(call sources,domains/linux/network domains/linux/netlink domains/linux/local domains/linux/link))
$(LWIP_USERS): CFLAGS += -isystem domains/linux/network/lwip/standard $(LWIP_INCLUDES)
$(LWIP_USERS): $(LWIP_OPTIONS) | $(THIRD_PARTY)/lwip

# What it maps into every process: an ELF image for ring 3, which it has in its own read-only data.
VDSO := $(BUILD)/vdso/vdso.so
VDSO_OBJECTS := $(call objects,$(call sources,userland/vdso))

$(BUILD)/vdso/vdso.ld: userland/vdso/vdso.ld domains/linux/memory/vdso.h | deps
	@mkdir -p $(@D)
	@$(CC) -E -P -I. -x assembler-with-cpp $< -o $@

$(VDSO): $(VDSO_OBJECTS) $(BUILD)/vdso/vdso.ld
	@echo "  LINK    $@"
	@ld -m elf_i386 -shared -soname linux-gate.so.1 --hash-style=sysv --build-id=none -z noexecstack --strip-all \
	    -T $(BUILD)/vdso/vdso.ld $(VDSO_OBJECTS) -o $@

VDSO_IMAGE := $(call objects,domains/linux/memory/vdso_image.S)
$(VDSO_IMAGE): $(VDSO)
$(VDSO_IMAGE): FREESTANDING += -Wa,-I$(BUILD)/vdso

$(foreach name,$(MANAGER_NAMES),$(eval $(call manager_rule,$(name))))

# ---- Ring 3: static musl programs ----------------------------------------------------------------

MUSL_CC := $(THIRD_PARTY)/musl/bin/i686-musl-gcc
USER_CFLAGS := -std=gnu11 -Os -static -Wall -Wextra -Wshadow -Werror -g -I. \
    -isystem $(THIRD_PARTY)/cjson/include $(DEFINES)
PROGRAM_NAMES := $(filter-out lib recipes vdso,$(patsubst userland/%/,%,$(wildcard userland/*/)))
PROGRAMS := $(PROGRAM_NAMES:%=$(BUILD)/userland/%)
ABI_PROGRAMS := $(patsubst tests/abi/%.c,$(BUILD)/abi/%,$(wildcard tests/abi/*.c))
ABI_CALLS := $(patsubst tests/abi/%.c,$(BUILD)/abi/%,$(wildcard tests/abi/calls/*/*.c))

EXTRA := lua5.4 sqlite3 redis nginx dropbear

$(patsubst %,$(THIRD_PARTY)/%,musl busybox busybox-suite cjson lwip posixtestsuite regex zip $(EXTRA)): $(THIRD_PARTY)/%: userland/recipes/% userland/recipes/musl tools/sources.lock tools/third-party | deps
	@tools/third-party $* $@
	@touch -h $@

$(patsubst %,$(THIRD_PARTY)/%,busybox busybox-suite cjson posixtestsuite regex zip $(EXTRA)): | $(THIRD_PARTY)/musl
$(THIRD_PARTY)/sqlite3: | sqlite-deps
$(THIRD_PARTY)/busybox-suite: $(THIRD_PARTY)/regex

$(BUILD)/obj/userland/%.c.o: userland/%.c Makefile | $(THIRD_PARTY)/musl $(THIRD_PARTY)/cjson
	@mkdir -p $(@D)
	@echo "  MUSL    $<"
	@$(MUSL_CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

define program_rule
$(BUILD)/userland/$(1): $(call objects,$(call sources,userland/$(1) userland/lib))
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	@$(MUSL_CC) -static $$(filter %.o,$$^) $(THIRD_PARTY)/cjson/lib/libcjson.a -s -o $$@
endef
$(foreach name,$(PROGRAM_NAMES),$(eval $(call program_rule,$(name))))

# One file, one program.
define musl_program
	@mkdir -p $(@D)
	@echo "  MUSL    $@"
	@$(MUSL_CC) $(USER_CFLAGS) -MMD -MP $< -o $@
endef

$(BUILD)/abi/%: tests/abi/%.c | $(THIRD_PARTY)/musl
	$(musl_program)

# musl's dynamic linker, which is its C library too, where programs look for it.
LINKER := $(BUILD)/linker/lib/ld-musl-i386.so.1

$(LINKER): Makefile | $(THIRD_PARTY)/musl
	@mkdir -p $(@D)
	@strip --strip-unneeded $(THIRD_PARTY)/musl/lib/libc.so -o $@

# A program that is linked when it starts, at a fixed place and anywhere, and its libraries.
DYNAMIC := $(BUILD)/dynamic
DYNAMIC_PROGRAMS := $(DYNAMIC)/bin/dynamic $(DYNAMIC)/bin/dynamic-anywhere
DYNAMIC_LIBRARIES := $(DYNAMIC)/lib/libcounter.so $(DYNAMIC)/lib/libplugin.so
DYNAMIC_CFLAGS := $(filter-out -static,$(USER_CFLAGS))
LINK_LIBRARY = @mkdir -p $(@D) && echo "  MUSL    $@" && $(MUSL_CC) $(DYNAMIC_CFLAGS) -fPIC -shared -Wl,-z,relro,-z,now

$(DYNAMIC_LIBRARIES): $(DYNAMIC)/lib/lib%.so: tests/dynamic/%.c tests/dynamic/counter.h | $(THIRD_PARTY)/musl
	$(LINK_LIBRARY) -Wl,-soname,$(@F) $(filter %.c %.so,$^) -o $@
$(DYNAMIC)/lib/libplugin.so: $(DYNAMIC)/lib/libcounter.so

$(DYNAMIC)/bin/dynamic-anywhere: PLACE := -fPIE -pie
$(DYNAMIC)/bin/dynamic: PLACE := -no-pie
$(DYNAMIC_PROGRAMS): tests/dynamic/program.c tests/dynamic/counter.h tests/abi/check.h $(DYNAMIC_LIBRARIES) $(LINKER)
	@mkdir -p $(@D)
	@echo "  MUSL    $@"
	@$(MUSL_CC) $(DYNAMIC_CFLAGS) $(PLACE) $< $(DYNAMIC)/lib/libcounter.so -o $@

# A module for Lua, where Lua looks for it.
LUA_MODULE := $(BUILD)/lua/usr/local/lib/lua/5.4/digits.so

$(LUA_MODULE): tests/servers/digits.c | $(THIRD_PARTY)/musl $(THIRD_PARTY)/lua5.4
	$(LINK_LIBRARY) -isystem $(THIRD_PARTY)/lua5.4/include $< -o $@

# Hundreds of small ones, which all go into one image; and where they run on Linux.
$(ABI_CALLS): USER_CFLAGS += -s

$(BUILD)/abi-oracle/cell: tests/abi/oracle/cell.c | deps
	@mkdir -p $(@D)
	@echo "  HOST    $@"
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -Wshadow -Werror $< -o $@

# What busybox's own tests run in, beside busybox.
BUSYBOX_PARTS := $(THIRD_PARTY)/busybox-suite $(THIRD_PARTY)/zip $(BUILD)/busybox/false

$(BUILD)/busybox/false: tests/busybox/false.c | $(THIRD_PARTY)/musl
	$(musl_program)

# What runs in the tenants of the isolation table, on Linux too.
ISOLATION_PROGRAMS := $(BUILD)/isolation/work $(BUILD)/isolation/stress

$(ISOLATION_PROGRAMS): $(BUILD)/isolation/%: tests/bench/isolation/%.c | $(THIRD_PARTY)/musl
	$(musl_program)

# What runs in the tenants of `make bench-io`, on Linux too.
$(BUILD)/bench/load: tests/bench/io/load.c | $(THIRD_PARTY)/musl
	$(musl_program)

$(BUILD)/bench/echo: tests/bench/network/echo.c | $(THIRD_PARTY)/musl
	$(musl_program)

$(BUILD)/bench/ask: tests/bench/density/ask.c | $(THIRD_PARTY)/musl
	$(musl_program)

# Optimised as programs usually are; the same binary runs on Linux.
MBENCH := $(wildcard tests/bench/mbench/*.c)
$(BUILD)/bench/mbench: $(MBENCH) tests/bench/mbench/measure.h | $(THIRD_PARTY)/musl
	@mkdir -p $(@D)
	@echo "  MUSL    $@"
	@$(MUSL_CC) $(USER_CFLAGS) -O2 $(MBENCH) -s -o $@

# The attacks from ring 3, and the referee who has the attacks done and judges the damage.
ESCAPE_PROGRAMS := $(BUILD)/escape/referee $(BUILD)/escape/attack

$(BUILD)/obj/tests/%.c.o: tests/%.c Makefile | $(THIRD_PARTY)/musl $(THIRD_PARTY)/cjson
	@mkdir -p $(@D)
	@echo "  MUSL    $<"
	@$(MUSL_CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/escape/referee: $(call objects,$(call sources,tests/escape/referee userland/lib))
$(BUILD)/escape/attack: $(call objects,$(call sources,tests/escape/ring3))
# Who has the random gate calls made, and looks for harm with the same eyes.
FUZZ_REFEREE := $(BUILD)/fuzz/referee
$(FUZZ_REFEREE): $(call objects,$(call sources,tests/fuzz/referee userland/lib) $(addprefix tests/escape/referee/,driver.c tenant.c witness.c))
$(ESCAPE_PROGRAMS) $(FUZZ_REFEREE):
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(MUSL_CC) -static $(filter %.o,$^) $(THIRD_PARTY)/cjson/lib/libcjson.a -s -o $@

# The fault campaign: who injects, and what goes on meanwhile in every tenant.
FAULT_PROGRAMS := $(addprefix $(BUILD)/faults/,runner workload talk exercise)

$(BUILD)/faults/runner: $(call objects,$(call sources,tests/faults/runner userland/lib))
$(BUILD)/faults/workload: $(call objects,$(call sources,tests/faults/workload))
$(BUILD)/faults/talk: $(call objects,$(call sources,tests/faults/talk) tests/faults/workload/block.c)
$(BUILD)/faults/exercise: $(call objects,$(call sources,tests/faults/exercise))
$(FAULT_PROGRAMS):
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	@$(MUSL_CC) -static $(filter %.o,$^) $(THIRD_PARTY)/cjson/lib/libcjson.a -s -o $@

# ---- Images, the boot bundle --------------------------------------------------

IMAGES := $(BUILD)/images/base.erofs $(BUILD)/images/operator.erofs
OPERATOR_PROGRAMS := $(filter $(BUILD)/userland/init $(BUILD)/userland/rfctl,$(PROGRAMS))
BASE_PROGRAMS := $(filter-out $(OPERATOR_PROGRAMS),$(PROGRAMS))
MACHINE ?= tools/machines/demo.toml
PACKAGE := $(wildcard tools/ringfence/*.py)

$(BUILD)/images/base.erofs: $(BASE_PROGRAMS) $(THIRD_PARTY)/busybox $(LINKER) tools/image $(PACKAGE)
	@echo "  IMAGE   $@"
	@tools/image --busybox $(THIRD_PARTY)/busybox --output $@ --tree $(BUILD)/linker $(BASE_PROGRAMS)

# What people run in VMs; `make` alone does not build it.
$(BUILD)/images/extra.erofs: $(BASE_PROGRAMS) $(patsubst %,$(THIRD_PARTY)/%,busybox $(EXTRA)) $(LINKER) $(LUA_MODULE) tools/image $(PACKAGE)
	@echo "  IMAGE   $@"
	@tools/image --busybox $(THIRD_PARTY)/busybox --output $@ $(EXTRA:%=--tree $(THIRD_PARTY)/%/root) \
	    --tree $(BUILD)/linker --tree $(BUILD)/lua $(BASE_PROGRAMS)

$(BUILD)/images/operator.erofs: $(PROGRAMS) $(THIRD_PARTY)/busybox tools/image $(PACKAGE)
	@echo "  IMAGE   $@"
	@tools/image --busybox $(THIRD_PARTY)/busybox --output $@ $(BASE_PROGRAMS) \
	    $(OPERATOR_PROGRAMS:%=--system %)

# The Open POSIX test suite and who runs it; for `make posix`.
POSIX_RUNNER := $(BUILD)/posix/runner

$(POSIX_RUNNER): tests/posix/runner.c | $(THIRD_PARTY)/musl
	$(musl_program)

$(BUILD)/images/posix.erofs: $(POSIX_RUNNER) $(patsubst %,$(THIRD_PARTY)/%,busybox posixtestsuite) tools/image $(PACKAGE)
	@echo "  IMAGE   $@"
	@tools/image --busybox $(THIRD_PARTY)/busybox --output $@ --tree $(THIRD_PARTY)/posixtestsuite/root $(POSIX_RUNNER)

# What the guest loads carries no debug information; the unstripped programs stay for the debugger.
$(BUILD)/stripped/%.elf: $(BUILD)/%.elf
	@mkdir -p $(@D)
	@objcopy --strip-all $< $@

# Drivers and managers that attack the core; no machine but a test's has them.
HOSTILE := $(patsubst drivers/test/%/,$(BUILD)/drivers/%.elf,$(wildcard drivers/test/*/)) \
    $(BUILD)/domains/hostile.elf
# Nor has it the templates.
TEMPLATES := $(BUILD)/drivers/template.elf $(BUILD)/domains/template.elf
BUNDLED := $(patsubst $(BUILD)/%,$(BUILD)/stripped/%,$(filter-out $(HOSTILE) $(TEMPLATES),$(DRIVERS) $(MANAGERS)))

$(BUILD)/base.bundle: $(BUNDLED) $(IMAGES) $(MACHINE) tools/bundle $(PACKAGE)
	@echo "  BUNDLE  $@"
	@tools/bundle write $@ --machine $(MACHINE) \
	    $(foreach elf,$(filter $(BUILD)/stripped/drivers/%,$(BUNDLED)),--driver $(elf)) \
	    $(foreach elf,$(filter $(BUILD)/stripped/domains/%,$(BUNDLED)),--manager $(elf)) \
	    $(foreach image,$(IMAGES),--image $(image))

.PHONY: all kernel deps
all: $(BUILD)/kernel.elf $(BUILD)/base.bundle $(ABI_PROGRAMS) $(TEMPLATES:$(BUILD)/%=$(BUILD)/stripped/%)  ## what `make` builds: the core, the boot bundle, the ABI programs
kernel: $(BUILD)/kernel.elf  ## build/kernel.elf alone
deps:
	@tools/deps

# ---- What a person asks for ----------------------------------------------------------------------

# What `make run` shows of the tenants at the host: http://localhost:8080 and :8081.
PUBLISH ?= 8080:red:80 8081:blue:80

.PHONY: run image test test-unit test-all escape escape-control campaign busybox-test posix bench density isolation bench-io simulate-io \
    fresh format check-format clean help

run: image  ## build everything and boot QEMU to the operator prompt (OPTIONS for tools/rf run)
	@tools/rf run --firmware bios $(PUBLISH:%=--publish %) $(OPTIONS)

image: all  ## build/ringfence.iso, for BIOS and UEFI
	@tools/rf image --output $(BUILD)/ringfence.iso

test: all test-programs abi-calls escape-parts fault-programs fuzz-targets  ## unit tests, guest smoke tests, isolation, 200 faults
	@tests/run unit fuzz guest abi escape faults

test-all: extra $(BUILD)/images/posix.erofs $(BUSYBOX_PARTS) test-programs abi-calls escape-parts fault-programs fuzz-targets $(BUILD)/bench/echo $(BUILD)/bench/mbench  ## the above and the long suites
	@tests/run --long unit fuzz guest abi escape faults escape-control busybox posix servers bench

escape: all escape-parts  ## every attack in every arena; writes tests/escape/RESULTS.md
	@rm -rf $(BUILD)/escape/results/attacks
	@tests/run --long escape; status=$$?; tests/escape/table && exit $$status

escape-control: all escape-parts  ## every attack against a build without the defence it tests: must succeed
	@rm -rf $(BUILD)/escape/results/controls
	@tests/run escape-control

N ?= 1000
SEED ?= 1
campaign: all fault-programs  ## N faults (SEED, and what tests/faults/campaign.py takes: CAMPAIGN)
	@tests/faults/campaign.py --count $(N) --seed $(SEED) $(CAMPAIGN)

.PHONY: extra servers sqlite-deps
extra: all $(BUILD)/images/extra.erofs  ## the image `extra`: Lua, SQLite, Redis, nginx, Dropbear

servers: extra  ## those programs at work in tenants
	@tests/run servers

sqlite-deps:
	@tools/deps tcl

busybox-test: all $(BUSYBOX_PARTS)  ## busybox's own test suite inside a tenant
	@tests/run busybox

posix: all $(BUILD)/images/posix.erofs  ## the Open POSIX test suite in tenants, beside Linux
	@tests/run posix

bench: all $(BUILD)/bench/echo $(BUILD)/bench/mbench  ## instruction counts beside the Linux figures
	@tests/run bench

density: all $(BUILD)/bench/ask  ## how many tenants fit into 512 MiB, each serving a page
	@tests/run density

SIMULATION_SOURCES := tests/bench/io/simulation.c kernel/io/schedule.c kernel/io/cost.c kernel/io/limit.c kernel/sched/heap.c

$(BUILD)/bench/io-simulation: $(SIMULATION_SOURCES) $(wildcard kernel/io/*.h kernel/sched/heap.h) | deps
	@mkdir -p $(@D)
	@echo "  BENCH   $@"
	@$(CC) -std=gnu11 -O2 -I. -Wall -Wextra -Werror $(SIMULATION_SOURCES) -o $@

bench-io: all fault-programs $(BUILD)/bench/load  ## what a disk's reservations, limits and weights hold, beside Linux, with plots
	@tools/deps gnuplot-nox
	@tests/run --jobs 1 bench-io

simulate-io: $(BUILD)/bench/io-simulation  ## the IO schedule with TENANTS tenants at a made-up device
	@$< $(TENANTS)

isolation: all $(ISOLATION_PROGRAMS)  ## what stress in one tenant takes from three others, beside Linux
	@tests/run --jobs 1 isolation

fresh:  ## run the README's commands in a new Debian 12
	@tools/fresh

format:  ## rewrite the C sources by .clang-format
	@clang-format -i $(C_FILES)

check-format:  ## fail if a C source is not formatted
	@clang-format --dry-run -Werror $(C_FILES)

clean:  ## remove build/; the cache of third-party builds stays
	@rm -rf $(BUILD)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

C_FILES = $(shell find $(wildcard boot kernel drivers domains userland tests) -name '*.[ch]')

# ---- Host unit tests: the project's own pure logic, compiled as it is ----------------------------
# A test names the sources that it needs in lines "// sources: kernel/sched/share.c …", and what several tests share does so itself.

UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
UNIT_CFLAGS := -std=gnu11 -O1 -g -I. -Wall -Wextra -Werror -fsanitize=address,undefined \
    -fno-sanitize-recover=all -isystem $(THIRD_PARTY)/cjson/include

$(THIRD_PARTY)/cjson/source/%.c: | $(THIRD_PARTY)/cjson ;

named_sources = $(shell sed -n 's,^// sources: *,,p' $(1))
# These, and what those of the tests' own among them name.
with_named = $(sort $(1) $(foreach source,$(filter tests/%,$(1)),$(call with_named,$(call named_sources,$(source)))))

$(BUILD)/unit/obj/%.c.o: %.c Makefile | deps
	@mkdir -p $(@D)
	@echo "  HOST    $<"
	@$(CC) $(UNIT_CFLAGS) -MMD -MP -c $< -o $@

define unit_rule
UNIT_SOURCES_$(1) := $(call with_named,tests/unit/$(1).c)
$(BUILD)/unit/$(1): $$(UNIT_SOURCES_$(1):%=$(BUILD)/unit/obj/%.o)
	@echo "  UNIT    $$@"
	@$(CC) $(UNIT_CFLAGS) $$(filter %.o,$$^) -lcmocka -o $$@
endef
$(foreach test,$(notdir $(UNIT_TESTS)),$(eval $(call unit_rule,$(test))))

# ---- Fuzz targets: hostile bytes for the project's own code, as i386 code ------------------------
# A target is tests/fuzz/fuzz_NAME.c; it names its sources as a unit test does. Each is built twice: with the
# engine of `make test`, and by clang with libFuzzer, which is installed when `make fuzz` first asks for it. New
# paths are looked for in the project's code, not in the machine that is modelled around it.

FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_CFLAGS := -m32 -march=i686 -msse2 -std=gnu11 -O1 -g -fno-strict-aliasing -fno-builtin \
    -Itests/fuzz/machine/include -I. -Wall -Wextra -Werror $(DEFINES) \
    -isystem $(THIRD_PARTY)/cjson/include
FUZZ_SANITIZERS := address,undefined
comma := ,
FUZZ_SEARCH_PACKAGES := clang-14 libclang-rt-14-dev lib32stdc++-12-dev

# bounds-strict: gcc else takes a struct's last array for one without end. clang does not.
$(BUILD)/fuzz/obj/%.c.o: %.c Makefile | deps
	@mkdir -p $(@D)
	@echo "  FUZZ    $<"
	@$(CC) $(FUZZ_CFLAGS) -fsanitize=$(FUZZ_SANITIZERS),bounds-strict -fno-sanitize-recover=all -MMD -MP -c $< -o $@

$(BUILD)/fuzz/search/obj/%.c.o: %.c Makefile | fuzz-deps
	@mkdir -p $(@D)
	@echo "  SEARCH  $<"
	@clang-14 $(FUZZ_CFLAGS) -fsanitize=$(if $(findstring machine/,$<),,fuzzer-no-link$(comma))$(FUZZ_SANITIZERS) \
	    -fno-sanitize-recover=all -MMD -MP -c $< -o $@

# lwIP as the manager has it, but for checksums, which are not compared.
LWIP_UNCHECKED := $(patsubst %,-DCHECKSUM_CHECK_%=0,IP TCP UDP ICMP ICMP6)
$(BUILD)/fuzz/lwip.a $(BUILD)/fuzz/search/lwip.a: $(LWIP_OPTIONS) Makefile | $(THIRD_PARTY)/lwip deps
	@echo "  FUZZ    $@"
	@rm -rf $(@:.a=) && mkdir -p $(@:.a=)
	@for file in $(THIRD_PARTY)/lwip/source/core/*.c $(THIRD_PARTY)/lwip/source/core/ipv[46]/*.c \
	    $(THIRD_PARTY)/lwip/source/netif/ethernet.c; do \
	    $(if $(findstring search,$@),clang-14 -fsanitize=fuzzer-no-link$(comma),$(CC) -fsanitize=)$(FUZZ_SANITIZERS) \
	    -m32 -march=i686 -msse2 -std=gnu11 -O1 -g -w $(LWIP_INCLUDES) $(LWIP_UNCHECKED) \
	    -c $$file -o $(@:.a=)/$$(basename $$file .c).o || exit 1; done
	@ar rcs $@ $(@:.a=)/*.o
LWIP_FUZZ_OBJECTS := $(foreach folder,obj search/obj,$(patsubst %,$(BUILD)/fuzz/$(folder)/%.c.o,tests/fuzz/fuzz_frames \
    domains/linux/network/frame domains/linux/network/path_mtu domains/linux/network/refusal))
$(LWIP_FUZZ_OBJECTS): FUZZ_CFLAGS += $(LWIP_INCLUDES)
$(LWIP_FUZZ_OBJECTS): $(LWIP_OPTIONS) | $(THIRD_PARTY)/lwip

# A source may be a pattern; `// archives: …` names archives; `// wraps: …` names functions whose calls go through the target's own.
define fuzz_rule
FUZZ_SOURCES_$(1) := tests/fuzz/fuzz_$(1).c $(foreach source,$(shell sed -n 's,^// sources: *,,p' tests/fuzz/fuzz_$(1).c),$(if $(findstring *,$(source)),$(sort $(wildcard $(source))),$(source)))
FUZZ_ARCHIVES_$(1) := $(patsubst %,%.a,$(shell sed -n 's,^// archives: *,,p' tests/fuzz/fuzz_$(1).c))
FUZZ_LINK_$(1) := $(patsubst %,-Wl$(comma)--wrap=%,$(shell sed -n 's,^// wraps: *,,p' tests/fuzz/fuzz_$(1).c))

$(BUILD)/fuzz/$(1): $$(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/engine.c $$(FUZZ_SOURCES_$(1))) $$(FUZZ_ARCHIVES_$(1):%=$(BUILD)/fuzz/%)
	@echo "  LINK    $$@"
	@$(CC) -m32 -fsanitize=$(FUZZ_SANITIZERS) $$(FUZZ_LINK_$(1)) $$^ -lm -o $$@

$(BUILD)/fuzz/search/$(1): $$(patsubst %,$(BUILD)/fuzz/search/obj/%.o,$$(FUZZ_SOURCES_$(1))) $$(FUZZ_ARCHIVES_$(1):%=$(BUILD)/fuzz/search/%)
	@echo "  LINK    $$@"
	@clang-14 -m32 -fsanitize=fuzzer,$(FUZZ_SANITIZERS) $$(FUZZ_LINK_$(1)) $$^ -lm -o $$@

$(BUILD)/fuzz/seeds/$(1): tests/fuzz/seeds | $(BUILD)/kernel.elf $(BUILD)/base.bundle $(ABI_PROGRAMS) $(DYNAMIC_PROGRAMS) escape-parts
	@rm -rf $$@
	@tests/fuzz/seeds $(1) $$@
endef
$(foreach target,$(FUZZ_TARGETS),$(eval $(call fuzz_rule,$(target))))

.PHONY: fuzz fuzz-deps fuzz-targets
fuzz-deps:
	@tools/deps $(FUZZ_SEARCH_PACKAGES)
fuzz-targets: $(FUZZ_REFEREE) $(ABI_PROGRAMS) escape-parts $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%) $(FUZZ_TARGETS:%=$(BUILD)/fuzz/seeds/%)

SECONDS ?= 60
fuzz: all fuzz-targets $(FUZZ_TARGETS:%=$(BUILD)/fuzz/search/%)  ## search for inputs that break a promise, SECONDS=60 a target
	@tests/fuzz/search --seconds $(SECONDS)

.PHONY: abi abi-calls
abi-calls: $(ABI_CALLS) $(BUILD)/abi-oracle/cell
abi: all abi-calls  ## hundreds of small programs on Linux and in a tenant: the same output
	@tests/run abi

.PHONY: test-programs escape-parts fault-programs
fault-programs: $(FAULT_PROGRAMS)
test-programs: $(UNIT_TESTS) $(ABI_PROGRAMS) $(DYNAMIC_PROGRAMS) $(ISOLATION_PROGRAMS)
escape-parts: $(ESCAPE_PROGRAMS) $(HOSTILE:$(BUILD)/%=$(BUILD)/stripped/%)
test-unit: test-programs  ## the host unit tests alone
	@tests/run unit

-include $(shell [ -d $(BUILD) ] && find $(BUILD) -name '*.d')
