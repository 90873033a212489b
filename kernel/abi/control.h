// SPDX-License-Identifier: MIT
/*
 * What the operator's control gate speaks: configurations, states, counters. All sizes in bytes unless
 * a name says frames; all structures are plain old data without pointers, except the query blocks, which
 * name a buffer of the caller.
 */
#ifndef KERNEL_ABI_CONTROL_H
#define KERNEL_ABI_CONTROL_H

#include "kernel/abi/driver.h"
#include "kernel/abi/information.h"
#include "kernel/abi/memory.h"

#include <stdint.h>

#define TENANT_MAX          2560
#define TENANT_BY_NAME      0xFFFFFFFFu /* in the place of a number: CONTROL_TENANT_STATUS */
#define CONFIGURATION_DISKS 2

#define WEIGHT_MAX              10000u
#define DISK_RESERVATION_MAX    10000000u
#define DISK_BURST_MAX          10000u       /* milliseconds */
#define NETWORK_BURST_MAX       10000u       /* milliseconds */
#define NETWORK_RESERVATION_MAX (1ull << 40) /* bytes a second */
#define COST_MAX                1000000000u  /* nanoseconds */

struct disk_grant {
    char name[16];   /* as the tenant sees it: "vda" */
    char device[16]; /* the core's device: "blk0"; empty: no grant */
    uint64_t offset; /* of the volume on the device, a multiple of 4096 */
    uint64_t bytes;
    uint32_t
        reservation; /* reads of 4 KiB at random a second that it always gets; 0: none; at most DISK_RESERVATION_MAX */
    uint32_t weight;                /* 1..WEIGHT_MAX, of what is left */
    uint32_t operations_per_second; /* limit; 0: none */
    uint32_t burst_milliseconds;    /* of the limits, that may go at once; at most DISK_BURST_MAX */
    uint64_t bytes_per_second;      /* limit; 0: none */
};

struct network_grant {
    char device[16]; /* the core's device: "net0"; empty: no grant */
    struct network_identity identity;
    uint64_t
        send_reservation; /* bytes a second, in frames of full size, that the card always takes; 0: none */
    uint32_t weight;             /* 1..WEIGHT_MAX, of what is left of the wire */
    uint32_t burst_milliseconds; /* of the limits; at most NETWORK_BURST_MAX */
    uint32_t send_packets;       /* limits, a second; 0: none */
    uint32_t receive_packets;
    uint64_t send_bytes;
    uint64_t receive_bytes;
};

struct tenant_configuration {
    char name[TENANT_NAME];
    char manager[INFORMATION_NAME]; /* bundle entry of kind manager; "linux" */
    char image[INFORMATION_NAME];   /* bundle entry of kind image, the root */
    uint32_t frames;                /* reservation */
    uint32_t cpu_reservation;       /* percent of one CPU that it always gets */
    uint32_t cpu_weight;            /* 1..WEIGHT_MAX, of what is left */
    uint32_t cpu_cap;               /* percent, never more; 100 = one CPU */
    uint32_t restart;               /* 1: start again after the manager died */
    struct disk_grant disks[CONFIGURATION_DISKS];
    struct network_grant network;
};

enum tenant_key {
    TENANT_CPU_RESERVATION,
    TENANT_CPU_WEIGHT,
    TENANT_CPU_CAP,
    TENANT_DISK_OPERATIONS, /* of disks[0] */
    TENANT_DISK_BANDWIDTH,
    TENANT_DISK_RESERVATION,
    TENANT_DISK_WEIGHT,
    TENANT_DISK_BURST,
    TENANT_NETWORK_RESERVATION,
    TENANT_NETWORK_WEIGHT,
    TENANT_NETWORK_BURST,
    TENANT_NETWORK_SEND_PACKETS,
    TENANT_NETWORK_SEND_BYTES,
    TENANT_NETWORK_RECEIVE_PACKETS,
    TENANT_NETWORK_RECEIVE_BYTES,
    TENANT_RESTART_POLICY,
    TENANT_FRAMES, /* grow, or shrink to no less than what is in use */
    TENANT_KEY_COUNT
};

#define REASON_TEXT 96 /* room for why something was refused */

/* Changes of one tenant that are made all together, or not at all. */
struct tenant_changes {
    uint32_t tenant;
    uint32_t count; /* at most TENANT_KEY_COUNT */
    struct tenant_change {
        uint32_t key; /* enum tenant_key */
        uint32_t reserved;
        uint64_t value;
    } change[TENANT_KEY_COUNT];
    char reason[REASON_TEXT]; /* out: why not; empty if the status says it all */
};

/* What a request costs a device, in nanoseconds for which it does nothing else; each at most COST_MAX. */
struct cost_model {
    uint32_t
        base[2][2]; /* [0: reads, 1: writes][0: at random, 1: where its tenant's last one ended] */
    uint32_t per_megabyte[2]; /* [0: reads, 1: writes] */
};

struct device_model {
    struct cost_model cost;
    uint32_t
        latency_target; /* nanoseconds; what is in flight costs no more, if it is more than one; 0: no bound */
    uint32_t depth; /* requests in flight at most; 0: what its driver takes */
};

/* What became of frames, of one direction of a tenant. */
struct network_counters {
    uint64_t frames, bytes; /* that went through */
    uint64_t dropped;       /* no room, no such tenant, or a limit */
    uint64_t refused;       /* forged, or against the policy */
};

enum tenant_state { TENANT_FREE, TENANT_RUNNING, TENANT_DYING, TENANT_DEAD };

#define LATENCY_BUCKETS                                                                            \
    32 /* bucket n counts latencies in [2^n, 2^(n+1)) microseconds, from bucket 0 */

struct tenant_status {
    uint32_t tenant;
    uint32_t state; /* enum tenant_state */
    struct tenant_configuration configuration;
    struct memory_status memory;
    uint32_t threads, spaces, channels;
    uint32_t restarts;
    uint64_t cpu_nanoseconds;
    uint64_t throttled_nanoseconds;
    uint64_t started_nanoseconds;
    uint64_t wakeups;
    struct {
        uint64_t reads, writes, bytes_read, bytes_written, throttled_nanoseconds;
        uint32_t latency[LATENCY_BUCKETS];
    } disk[CONFIGURATION_DISKS];
    struct {
        struct network_counters sent, received;
        uint64_t throttled_nanoseconds;
    } network;
    char last_death[96]; /* why the manager died last, if it did */
};

enum driver_state {
    DRIVER_ABSENT,
    DRIVER_STARTING,
    DRIVER_RUNNING,
    DRIVER_RESETTING,
    DRIVER_BACKOFF,
    DRIVER_FAILED
};

/* Faults that `rfctl crash` makes a driver really execute, in ring 1. */
enum crash_kind {
    CRASH_NONE,
    CRASH_NULL,
    CRASH_WILD_WRITE,
    CRASH_WILD_READ,
    CRASH_JUMP,
    CRASH_STACK,
    CRASH_LOOP,
    CRASH_PRIVILEGED,
    CRASH_PORT,
    CRASH_DIVIDE,
    CRASH_BAD_COMPLETION,
    CRASH_HANG,
    CRASH_KIND_COUNT
};

/* Above them: faults of the driver's own, for drivers that test the core. */
#define CRASH_OWN       0x100u
#define CRASH_OWN_COUNT 0x100u

struct driver_status {
    uint32_t driver;
    uint32_t state;           /* enum driver_state */
    char name[DRIVER_NAME];   /* "virtio_blk" */
    char device[DRIVER_NAME]; /* "blk0" */
    uint32_t class;
    uint32_t slot_address;
    uint32_t dma_unfenced; /* 1: has DMA and no IOMMU holds it */
    uint32_t pci_address;  /* bus << 16 | device << 8 | function; 0xFFFFFFFF: legacy */
    uint64_t bytes;        /* capacity */
    uint32_t in_flight, queued;
    uint32_t restarts;
    uint64_t served, bytes_moved, interrupts;
    uint64_t last_crash_nanoseconds;  /* when */
    uint64_t last_outage_nanoseconds; /* from the crash to ready again */
    char last_crash[96];              /* ring, segment, address and cause in words */
    uint32_t latency[LATENCY_BUCKETS];
    uint32_t depth;    /* requests that it gets at once */
    uint32_t capacity; /* reads of 4 KiB at random a second; 0: its costs are not described */
    uint32_t reserved; /* of these, by tenants */
    struct device_model model; /* if there is a capacity */
    uint64_t frames_lost;      /* by a network card's driver: in flight at a crash, or given up */
};

enum fence_kind { FENCE_SEGMENT = 1, FENCE_PAGING = 2, FENCE_BOTH = 3 };

struct machine_status {
    uint32_t fence;           /* enum fence_kind */
    uint32_t fence_requested; /* 0 = auto */
    uint32_t limits_enforced; /* what the probe saw */
    uint32_t probe_checks, probe_missed;
    char fence_reason[128];
    uint32_t cpu_count;
    uint32_t frames_total, frames_reserved, frames_free, frames_core;
    uint64_t nanoseconds; /* since boot */
    uint64_t
        longest_interrupts_off; /* in TSC ticks; without gate calls that went straight back, which only
                                        a kernel built with -DTEST_STRETCH times: kernel/cpu/stretch.h */
    uint64_t longest_interrupts_off_nanoseconds;
    uint64_t idle_nanoseconds;                  /* of all CPUs together, like all that follows */
    uint64_t lock_waits, lock_wait_nanoseconds; /* for the core lock, when another CPU had it */
    uint64_t upcalls, context_switches, interrupts;
    uint64_t domain_switches,
        predictor_barriers; /* from one tenant or driver to another; IBPBs then */
    char mitigations[160];  /* against speculation, in words */
    char cpu_name[52];
    char emulator[16];
};

/* The descriptors of one domain, decoded by the reader from the raw 8 bytes. */
#define DESCRIPTOR_QUERY_MAX 32
enum descriptor_table { TABLE_GDT, TABLE_TENANT_LDT, TABLE_DRIVER_LDT };

struct descriptor_query {
    uint32_t table;  /* enum descriptor_table */
    uint32_t domain; /* CPU, tenant or driver number */
    uint32_t count;  /* out */
    uint32_t reserved;
    uint64_t raw[DESCRIPTOR_QUERY_MAX]; /* out */
};

struct log_query {
    uint64_t position; /* in: where to go on; out: where the next read goes on */
    uint32_t tenant;   /* only lines about this tenant; 0xFFFFFFFF: all */
    uint32_t bytes;    /* in: room in the buffer, out: used */
    char text[2040];
};

struct audit_result {
    uint32_t charged;            /* frames that the quotas say are in use */
    uint32_t found;              /* frames reached by walking page tables and live objects */
    uint32_t leaked;             /* in use by their record, reached by nothing */
    uint32_t foreign;            /* reached by somebody who is not charged for them, or named by an
                                    entry that is not present */
    uint32_t tenant_charged[64]; /* by tenant number, the first 64 */
    uint32_t tenant_found[64];
};

/* The manager publishes its counters of unknown calls in a page that the core can read. */
struct syscall_query {
    uint32_t first;       /* in: first system call number */
    uint32_t count;       /* in: at most 64 */
    uint32_t calls[64];   /* out: times called */
    uint32_t unknown[64]; /* out: of these, answered ENOSYS */
};

#endif
