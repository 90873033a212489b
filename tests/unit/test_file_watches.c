// SPDX-License-Identifier: MIT
// sources: tests/unit/tenant_files.c
/*
 * inotify: what is lost is told as lost, watches end with what they watch, and there is an end to how many there are.
 */
#include "tests/unit/tenant_files.h"

#include "domains/linux/file/inotify.h"

/* The masks of all events that wait, and how many these are. */
static uint32_t take_events(int32_t instance, uint32_t *masks) {
    uint32_t count = 0, room = fake_app_room(1024), event[4];
    int32_t bytes;

    *masks = 0;
    while ((bytes = CALL_3(read, instance, room, 1024)) > 0) {
        const char *at = fake_app_pointer(room), *behind = at + bytes;

        for (; at < behind; at += sizeof event + event[3], count++) {
            memcpy(event, at, sizeof event);
            *masks |= event[1];
        }
    }
    assert_int_equal(bytes, -EAGAIN);
    return count;
}

static void events_without_memory_are_told_as_lost(void **state) {
    int32_t instance = CALL_1(inotify_init1, O_NONBLOCK);
    uint32_t masks, lost = 0, kept = 0;

    (void)state;
    assert_true(CALL_3(inotify_add_watch, instance, text("/tmp"), IN_CREATE) > 0);
    for (int32_t n = 1; n < 20; n++) {
        uint32_t path = text("/tmp/name");
        int32_t result;

        fake_heap_countdown = n;
        result = CALL_2(mkdir, path, 0755);
        fake_heap_countdown = 0;
        assert_int_equal(take_events(instance, &masks), result == 0);
        lost += (masks & IN_Q_OVERFLOW) != 0;
        kept += (masks & IN_CREATE) != 0;
        if (result == 0)
            assert_int_equal(CALL_1(rmdir, path), 0);
    }
    assert_true(lost > 0 && kept > 0);
}

static void failing_watches_leave_no_trace(void **state) {
    uint32_t path = text("/etc/hello");

    (void)state;
    for (int32_t n = 1; n < 12; n++) {
        int32_t instance, watch;

        fake_heap_countdown = n;
        instance = CALL_1(inotify_init1, O_NONBLOCK);
        watch = CALL_3(inotify_add_watch, instance, path, IN_ALL_EVENTS);
        fake_heap_countdown = 0;
        assert_true(instance >= 0 || instance == -ENOMEM);
        assert_true(watch == 1 || watch == -ENOMEM || watch == -EBADF);
        if (instance >= 0)
            assert_int_equal(CALL_1(close, instance), 0);
    }
}

static void watches_end_with_their_file_system(void **state) {
    int32_t instance = CALL_1(inotify_init1, O_NONBLOCK);
    uint32_t masks;

    (void)state;
    write_file("/tmp/a", "a");
    assert_int_equal(CALL_3(inotify_add_watch, instance, text("/tmp"), IN_ALL_EVENTS), 1);
    assert_int_equal(CALL_3(inotify_add_watch, instance, text("/tmp/a"), IN_OPEN), 2);
    assert_int_equal(CALL_2(umount2, text("/tmp"), 0), 0);
    assert_int_equal(take_events(instance, &masks), 4);
    assert_int_equal(masks, IN_UNMOUNT | IN_IGNORED | IN_ISDIR);
    assert_int_equal(CALL_2(inotify_rm_watch, instance, 1), -EINVAL);
}

static void instances_are_bounded(void **state) {
    int32_t instance;

    (void)state;
    while ((instance = CALL_1(inotify_init1, 0)) >= 0)
        assert_int_equal(CALL_3(inotify_add_watch, instance, text("/etc"), IN_OPEN), 1);
    assert_int_equal(instance, -EMFILE);
    assert_int_equal(CALL_1(close, 0), 0);
    assert_int_equal(CALL_1(inotify_init1, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(events_without_memory_are_told_as_lost),
        TEST(failing_watches_leave_no_trace),
        TEST(watches_end_with_their_file_system),
        TEST(instances_are_bounded),
    };

    return RUN_TESTS(tests);
}
