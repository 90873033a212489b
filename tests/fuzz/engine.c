// SPDX-License-Identifier: MIT
/*
 * The engine of `make test`: no coverage, no search, the same work in every run.
 *
 *   fuzz-NAME --runs N --seed S FILE|FOLDER…
 *
 * Every file is given to the target as it is; then N more inputs are made from them by a few changes each,
 * with a generator that depends on the seed alone. An input that ends the program, or that takes longer than
 * PATIENCE, is left behind in the file that --save names.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define FILES_MOST 4096
#define LENGTHEN   64u /* most bytes that one change adds */
#define PATIENCE   20  /* seconds of the processor for one input */

struct bytes {
    uint8_t *data;
    size_t size;
};

static struct bytes files[FILES_MOST];
static size_t file_count;
static struct bytes current; /* what the target is looking at */
static const char *save_path;
static uint64_t random_state;

static uint64_t random_number(void) { /* splitmix64 */
    uint64_t mixed = random_state += 0x9E3779B97F4A7C15ull;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ull;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
    return mixed ^ mixed >> 31;
}

static size_t below(size_t limit) {
    return (size_t)(random_number() % limit);
}

static void die(const char *what, const char *path) {
    fprintf(stderr, "%s: %s\n", path, what);
    exit(2);
}

static void add_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct stat status;

    if (file == NULL || fstat(fileno(file), &status) != 0 || file_count == FILES_MOST)
        die("cannot be read", path);
    struct bytes *bytes = &files[file_count++];
    bytes->size = (size_t)status.st_size;
    bytes->data = malloc(bytes->size + 1);
    if (fread(bytes->data, 1, bytes->size, file) != bytes->size)
        die("cannot be read whole", path);
    fclose(file);
}

/* In the order of the names, which is the same everywhere. */
static void add_folder(const char *path) {
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        char name[4096];

        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            add_file(name);
        free(entries[i]);
    }
    free(entries);
}

static void add_path(const char *path) {
    struct stat status;

    if (stat(path, &status) != 0)
        die("is not there", path);
    if (S_ISDIR(status.st_mode))
        add_folder(path);
    else
        add_file(path);
}

static void save_input(void) {
    FILE *file = save_path != NULL && current.data != NULL ? fopen(save_path, "wb") : NULL;

    if (file == NULL || fwrite(current.data, 1, current.size, file) != current.size)
        return;
    fclose(file);
    fprintf(stderr, "the input is in %s\n", save_path);
}

static void give_up(int signal_number) {
    save_input();
    fprintf(stderr, "ended by signal %d\n", signal_number);
    _exit(1);
}

/* Counts what the program itself uses, however busy the host is. */
static void set_timer(long seconds) {
    const struct itimerval time = {.it_value.tv_sec = seconds};

    setitimer(ITIMER_PROF, &time, NULL);
}

/* From a buffer of exactly the input's size, so that a byte too far is seen. */
static void run(const uint8_t *data, size_t size) {
    uint8_t *exact = malloc(size);

    memcpy(exact, data, size);
    current = (struct bytes){(uint8_t *)data, size};
    set_timer(PATIENCE);
    LLVMFuzzerTestOneInput(exact, size);
    set_timer(0);
    current = (struct bytes){NULL, 0};
    free(exact);
}

static void overwrite(struct bytes *bytes, uint64_t value, size_t width) {
    size_t at = below(bytes->size);

    memcpy(bytes->data + at, &value, width < bytes->size - at ? width : bytes->size - at);
}

/* Values that limits and sizes like to be wrong at. */
static uint64_t telling_value(void) {
    static const uint64_t values[] = {0,        1,          2,          0x7F,       0x80,
                                      0xFF,     0xFFF,      0x1000,     0xFFFF,     0x7FFFFFFF,
                                      1u << 31, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF, ~0ull};

    return values[below(sizeof values / sizeof *values)] + (below(4) == 0) - (below(4) == 0);
}

static void lengthen(struct bytes *bytes) {
    size_t more = 1 + below(LENGTHEN);

    bytes->data = realloc(bytes->data, bytes->size + more + 1);
    for (size_t i = 0; i < more; i++)
        bytes->data[bytes->size + i] = (uint8_t)random_number();
    bytes->size += more;
}

static void change(struct bytes *bytes) {
    static const size_t widths[] = {1, 2, 4, 8};
    size_t kind = bytes->size == 0 ? 3 : below(8);

    if (kind == 0)
        bytes->data[below(bytes->size)] ^= (uint8_t)(1u << below(8));
    else if (kind == 1)
        bytes->size = below(bytes->size);
    else if (kind == 2 || kind == 3)
        lengthen(bytes);
    else if (kind <= 5)
        overwrite(bytes, telling_value(), widths[below(4)]);
    else
        overwrite(bytes, random_number(), widths[below(4)]);
}

static void run_changed(void) {
    const struct bytes *from = &files[below(file_count)];
    struct bytes bytes = {malloc(from->size + 1), from->size};

    memcpy(bytes.data, from->data, from->size);
    for (size_t changes = 1 + below(6); changes > 0; changes--)
        change(&bytes);
    run(bytes.data, bytes.size);
    free(bytes.data);
}

int main(int argc, char **argv) {
    unsigned long runs = 0;

    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;

        if (has_value && strcmp(argv[i], "--runs") == 0)
            runs = strtoul(argv[++i], NULL, 0);
        else if (has_value && strcmp(argv[i], "--seed") == 0)
            random_state = strtoull(argv[++i], NULL, 0);
        else if (has_value && strcmp(argv[i], "--save") == 0)
            save_path = argv[++i];
        else
            add_path(argv[i]);
    }
    if (file_count == 0)
        die("no inputs", argv[0]);
    __sanitizer_set_death_callback(save_input);
    signal(SIGABRT, give_up);
    signal(SIGPROF, give_up);
    for (size_t i = 0; i < file_count; i++)
        run(files[i].data, files[i].size);
    for (unsigned long n = 0; n < runs; n++)
        run_changed();
    for (size_t i = 0; i < file_count; i++)
        free(files[i].data);
    printf("%zu inputs, %lu changed ones\n", file_count, runs);
    return 0;
}
