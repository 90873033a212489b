// SPDX-License-Identifier: MIT
/*
 * A dynamic program: bound to a library when it starts, and to another one while it runs.
 *
 * It is built to lie at a fixed place and to lie anywhere. By "wait" it stays when it is done, so that others can look at
 * what it has mapped.
 */
#include "tests/abi/check.h"
#include "tests/dynamic/counter.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#define PLUGIN "libplugin.so"

#define WIDE 0x10000u

/* More than a page: the kernel, if that loads the program, has to know of it; the linker does not. */
static char wide[WIDE] __attribute__((aligned(WIDE)));

int counter_double(int amount) {
    return 2 * amount;
}

/* ---- What was bound at the start --------------------------------------------------------------- */

static void symbols_are_bound(void) {
    CHECK(counter_value == 101); /* its constructor has run */
    CHECK(counter_address() == &counter_value);
    CHECK(counter_add(2) == 105 && counter_value == 105);
    CHECK(strcmp(counter_names[1], "two") == 0);
}

static void *in_a_thread(void *unused) {
    (void)unused;
    CHECK(counter_mine == 7 && counter_mine_address() == &counter_mine);
    counter_mine = 9;
    return NULL;
}

static void each_thread_has_its_own(void) {
    pthread_t thread;
    CHECK(counter_mine == 7 && counter_mine_address() == &counter_mine);
    counter_mine = 8;
    CHECK(pthread_create(&thread, NULL, in_a_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(counter_mine == 8);
}

/* ---- What no longer changes -------------------------------------------------------------------- */

static volatile char *victim;

static void write_to_it(void) {
    *victim = 1;
}

static int is_fixed(const void *address) {
    victim = (volatile char *)(uintptr_t)address;
    return was_killed_by(status_of(write_to_it), SIGSEGV);
}

static void text_and_relocated_data_are_fixed(void) {
    CHECK(is_fixed((void *)(uintptr_t)counter_add));
    CHECK(is_fixed((void *)(uintptr_t)puts));
    CHECK(is_fixed(counter_names)); /* RELRO */
    CHECK(!is_fixed(&counter_value));
}

/* ---- What the kernel said ---------------------------------------------------------------------- */

static uintptr_t linker_base;
static int objects;

/* Or the linker was the command, and the program its argument. */
static int was_started_by_the_kernel(void) {
    return getauxval(AT_BASE) != 0;
}

static int look_at(struct dl_phdr_info *object, size_t bytes, void *unused) {
    (void)bytes, (void)unused;
    objects++;
    if (strstr(object->dlpi_name, "ld-musl") != NULL)
        linker_base = object->dlpi_addr;
    if (objects == 1 && was_started_by_the_kernel())
        CHECK(object->dlpi_phdr == (void *)getauxval(AT_PHDR) &&
              object->dlpi_phnum == getauxval(AT_PHNUM));
    return 0;
}

static void it_lies_where_it_may(void) {
    volatile uintptr_t address = (uintptr_t)wide;
    if (was_started_by_the_kernel())
        CHECK(address % WIDE == 0);
}

static void the_vector_is_right(void) {
    dl_iterate_phdr(look_at, NULL);
    CHECK(objects >= 3); /* the program, the library, libc; Linux has a vdso */
    if (was_started_by_the_kernel())
        CHECK(linker_base == getauxval(AT_BASE));
    CHECK(linker_base != 0 && linker_base % 4096 == 0);
}

/* ---- What is loaded while it runs -------------------------------------------------------------- */

static int (*plugin_call)(void);

static void *calls_of_a_thread(void *unused) {
    (void)unused;
    CHECK(plugin_call() == 41);
    return NULL;
}

static void a_library_is_loaded(void) {
    pthread_t thread;
    int before = counter_value;
    void *library = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    if (library == NULL)
        return;
    CHECK(counter_value == before + 2000 && dlopen(PLUGIN, RTLD_NOW) == library);
    int *(*plugin_counter)(void) = (int *(*)(void))dlsym(library, "plugin_counter");
    plugin_call = (int (*)(void))dlsym(library, "plugin_call");
    CHECK(plugin_counter() == &counter_value);
    CHECK(plugin_call() == 41 && plugin_call() == 42);
    CHECK(pthread_create(&thread, NULL, calls_of_a_thread, NULL) == 0 &&
          pthread_join(thread, NULL) == 0);
    CHECK(dlsym(library, "nothing") == NULL && strstr(dlerror(), "nothing") != NULL);
    CHECK(dlsym(RTLD_DEFAULT, "plugin_call") == NULL);
    Dl_info where;
    CHECK(dladdr((void *)(uintptr_t)plugin_call, &where) != 0 &&
          strcmp(where.dli_sname, "plugin_call") == 0);
    CHECK(dlclose(library) == 0);
}

static void what_is_no_library(void) {
    CHECK(dlopen("libnowhere.so", RTLD_NOW) == NULL && strstr(dlerror(), "libnowhere.so") != NULL);
    CHECK(dlopen("/etc/passwd", RTLD_NOW) == NULL && dlerror() != NULL);
    CHECK(dlopen("/", RTLD_NOW) == NULL && dlerror() != NULL);
}

int main(int count, char **given) {
    symbols_are_bound();
    each_thread_has_its_own();
    text_and_relocated_data_are_fixed();
    it_lies_where_it_may();
    the_vector_is_right();
    a_library_is_loaded();
    what_is_no_library();
    int status = verdict();
    fflush(stdout);
    if (count == 2 && strcmp(given[1], "wait") == 0)
        pause();
    return status;
}
