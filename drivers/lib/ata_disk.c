// SPDX-License-Identifier: MIT
/*
 * See disk.h. While the disk is reset and identified its interrupt is off and a timer looks at it;
 * the data of requests moves by interrupts, with a timer below them for one that is lost.
 */
#include "drivers/lib/ata_disk.h"

#include "drivers/lib/ata_channel.h"
#include "drivers/lib/block.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/log.h"

#define COMMAND_IDENTIFY       0xEC
#define COMMAND_FLUSH          0xE7
#define COMMAND_FLUSH_EXTENDED 0xEA

#define RESET_PULSE       MICROSECONDS(20)
#define RESET_SETTLE      MILLISECONDS(2)
#define RESET_PATIENCE    SECONDS(31) /* the longest that a disk may take, spinning up */
#define IDENTIFY_PATIENCE SECONDS(2)
#define REQUEST_PATIENCE  SECONDS(4)       /* the core takes 5 s in flight for a hang */
#define POLL              MILLISECONDS(1)  /* between two looks at a disk that is at work, */
#define POLL_MOST         MILLISECONDS(16) /* up to so much when it takes long; see poll() */
#define POLL_SHARE        64u
#define LOST_INTERRUPT    SECONDS(1)

#define NO_REQUEST 0xFFFFFFFFu

enum state { RESETTING, SETTLING, IDENTIFYING, IDLE, BUSY, ABSENT };

static struct {
    const struct ata_transfer *transfer;
    enum state state;
    uint64_t entered, patience_ends; /* the state, and of the state */
    struct ata_identity identity;
    bool announced;
    bool flushing;      /* the request moves no data */
    uint32_t id, bytes; /* of the request, or NO_REQUEST */
} disk = {.id = NO_REQUEST};

static void look_again_in(uint64_t nanoseconds) {
    loop_set_deadline(clock_now() + nanoseconds);
}

/* A silent disk is looked at ever less often. POLL_MOST leaves time for 128 sectors within
 * REQUEST_PATIENCE, should each of their interrupts be lost. */
static void poll(void) {
    uint64_t pause = (clock_now() - disk.entered) / POLL_SHARE;
    if (pause < POLL)
        pause = POLL;
    look_again_in(pause < POLL_MOST ? pause : POLL_MOST);
}

static void enter(enum state state, uint64_t patience) {
    disk.state = state;
    disk.entered = clock_now();
    disk.patience_ends = disk.entered + patience;
}

static bool out_of_patience(void) {
    return clock_now() > disk.patience_ends;
}

static void complete(enum status status) {
    uint32_t id = disk.id;
    disk.id = NO_REQUEST;
    if (id != NO_REQUEST)
        loop_complete(id, status, status == STATUS_OK ? disk.bytes : 0);
}

static void be_absent(const char *why) {
    driver_log("no disk: %s", why);
    disk.state = ABSENT;
    loop_set_deadline(DEADLINE_NEVER);
    complete(STATUS_IO_ERROR);
}

static void reset(void) {
    disk.transfer->stop();
    ata_channel_assert_reset();
    enter(RESETTING, RESET_PATIENCE);
    look_again_in(RESET_PULSE);
}

static void end_pulse(void) {
    ata_channel_release_reset();
    enter(SETTLING, RESET_PATIENCE);
    look_again_in(RESET_SETTLE);
}

static bool is_busy(void) {
    uint8_t status = ata_channel_peek();
    return status != ATA_STATUS_ABSENT && (status & ATA_STATUS_BUSY);
}

static bool reset_is_complete(void) {
    if (is_busy())
        return false;
    ata_channel_select_master();
    return !is_busy();
}

static void watch_reset(void) {
    if (!reset_is_complete()) {
        if (out_of_patience())
            be_absent("its reset does not end");
        else
            poll();
        return;
    }
    gate_reset_done();
    if (!ata_channel_has_disk()) {
        be_absent("nothing, or no disk, answers as the primary master");
        return;
    }
    const struct ata_taskfile identify = ata_taskfile_plain(COMMAND_IDENTIFY);
    ata_channel_issue(&identify);
    enter(IDENTIFYING, IDENTIFY_PATIENCE);
    poll();
}

static const char *refusal(void) {
    if (!disk.identity.lba || disk.identity.sectors == 0)
        return "it has no linear addresses";
    if (!disk.identity.sector512)
        return "its sectors are not of 512 bytes";
    return disk.transfer->refuse(&disk.identity);
}

static void announce(void) {
    const struct device_description description = {.bytes =
                                                       disk.identity.sectors * ATA_SECTOR_BYTES,
                                                   .depth = 1,
                                                   .segment_limit = disk.transfer->segment_limit};
    driver_log("%s, %llu sectors, LBA%u", disk.identity.model, disk.identity.sectors,
               disk.identity.lba48 ? 48 : 28);
    disk.announced = true;
    loop_ready(&description);
}

/* The disk is up. After a time-out this is where its request ends: the reset stopped it for sure.
 */
static void become_idle(void) {
    disk.state = IDLE;
    loop_set_deadline(DEADLINE_NEVER);
    ata_channel_enable_interrupt();
    gate_bus_master(true);
    if (!disk.announced)
        announce();
    complete(STATUS_IO_ERROR);
}

static void watch_identify(void) {
    uint8_t status = ata_channel_peek();
    uint16_t words[ATA_IDENTITY_WORDS];
    if (!(status & ATA_STATUS_BUSY) && (status & ATA_STATUS_REQUEST)) {
        ata_channel_read(words, sizeof(words));
        disk.identity = ata_identity_read(words);
        const char *why = refusal();
        if (why != 0)
            be_absent(why);
        else
            become_idle();
    } else if (!(status & ATA_STATUS_BUSY) && (status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT))) {
        be_absent("it does not identify itself");
    } else if (out_of_patience()) {
        be_absent("it does not answer");
    } else {
        poll();
    }
}

static void follow(enum ata_progress progress) {
    switch (progress) {
    case ATA_MORE:
        look_again_in(LOST_INTERRUPT);
        return;
    case ATA_POLL:
        poll();
        return;
    case ATA_FAILED:
        driver_log("request failed: status %02x, error %02x", ata_channel_peek(),
                   ata_channel_error());
        break;
    case ATA_DONE:
        break;
    }
    disk.state = IDLE;
    loop_set_deadline(DEADLINE_NEVER);
    complete(progress == ATA_DONE ? STATUS_OK : STATUS_IO_ERROR);
}

/* Moves the request on if the disk is not at work; answers whether that ended it. */
static bool advance(void) {
    if (ata_channel_peek() & ATA_STATUS_BUSY)
        return false;
    uint8_t status = ata_channel_status();
    if (!disk.flushing)
        follow(disk.transfer->advance(status));
    else
        follow(status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT) ? ATA_FAILED : ATA_DONE);
    return disk.state != BUSY;
}

static void interrupt(uint32_t lines) {
    (void)lines; /* a function in legacy mode has this one only */
    if (disk.state == BUSY)
        advance();
    else if (disk.state == IDLE)
        ata_channel_status();
}

/* Called first when an interrupt may have been lost, and from then on at every poll(). */
static void watch_request(void) {
    if (advance())
        return;
    if (out_of_patience()) {
        driver_log("request timed out, status %02x: soft reset", ata_channel_peek());
        reset();
    } else if (disk.state == BUSY) {
        poll();
    }
}

static void timer(void) {
    switch (disk.state) {
    case RESETTING:
        end_pulse();
        break;
    case SETTLING:
        watch_reset();
        break;
    case IDENTIFYING:
        watch_identify();
        break;
    case BUSY:
        watch_request();
        break;
    case IDLE:
    case ABSENT:
        break;
    }
}

static void start(void) {
    const char *why = disk.transfer->refuse_controller();
    if (why != 0) {
        be_absent(why);
        return;
    }
    if (ata_channel_peek() == ATA_STATUS_ABSENT) {
        gate_reset_done();
        be_absent("nothing is at the primary channel");
        return;
    }
    reset();
}

static void become_busy(uint32_t id, uint32_t bytes, bool flushing) {
    disk.id = id;
    disk.bytes = bytes;
    disk.flushing = flushing;
    enter(BUSY, REQUEST_PATIENCE);
}

static void transfer(const struct driver_request *request) {
    const struct ata_transfer *way = disk.transfer;
    bool reads = request->operation == IO_READ, extended = disk.identity.lba48;
    if (disk.state != IDLE) {
        loop_complete(request->id, STATUS_IO_ERROR, 0);
        return;
    }
    if (!way->prepare(request)) {
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
        return;
    }
    uint8_t command = reads ? (extended ? way->read_extended : way->read)
                            : (extended ? way->write_extended : way->write);
    const struct ata_taskfile taskfile = ata_taskfile_transfer(
        command, extended, request->position / ATA_SECTOR_BYTES, request->bytes / ATA_SECTOR_BYTES);
    become_busy(request->id, request->bytes, false);
    ata_channel_issue(&taskfile);
    follow(way->begin());
}

static void flush(uint32_t id) {
    if (disk.state != IDLE) {
        loop_complete(id, STATUS_IO_ERROR, 0);
        return;
    }
    const struct ata_taskfile taskfile =
        ata_taskfile_plain(disk.identity.lba48 ? COMMAND_FLUSH_EXTENDED : COMMAND_FLUSH);
    become_busy(id, 0, true);
    ata_channel_issue(&taskfile);
    follow(ATA_MORE);
}

_Noreturn void ata_disk_run(const struct ata_transfer *way) {
    disk.transfer = way;
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};
    block_run(&functions);
}
