/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Counts a packet for its key in a table of traffic_layout.h. */
#ifndef RINGCAP_TRAFFIC_TABLE_H
#define RINGCAP_TRAFFIC_TABLE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/produce.h"
#include "counts/traffic_layout.h"

const volatile __u8 traffic_kinds;    /* the kinds of keys, a bit (1 << enum traffic_kind) each */
const volatile __u64 traffic_seed[2]; /* random, so that nobody can choose keys that share a bucket */
const volatile __u8 is_preemptible;   /* whether another packet's program can interrupt this one on its CPU */
const volatile __u8 ordered_stores;   /* whether other CPUs see the stores of this CPU in their order */

/* User space makes both maps, and all programs of a capture share them. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct traffic_region);
} traffic_regions SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(struct traffic_table)); /* where nothing is counted, less */
} traffic_tables SEC(".maps");

enum counting {
    COUNTING_SYN = 1 << 0,       /* the packet is TCP with SYN and without ACK */
    COUNTING_CONTENDED = 1 << 1, /* another program may change the bucket at the same time */
    COUNTING_SAMPLED = 1 << 2,   /* the packet counts as TRAFFIC_ONE_IN */
};

/* Reads the words as they were stored, because a CPU waits where two stores are loaded as one. */
static __always_inline __u64 hash_of(const struct traffic_key *key) {
    const __u32 *address = key->address;
    __u64 hash = address[0] | (__u64)address[1] << 32;

    hash = (hash ^ traffic_seed[0]) * (traffic_seed[1] | 1);
    hash = ((hash ^ hash >> 32) + (address[2] | (__u64)address[3] << 32)) * 0x9e3779b97f4a7c15ULL;
    hash = ((hash ^ hash >> 29) + (key->port | (__u64)key->ip_version << 16)) * 0xd6e8feb86659fd93ULL;
    return (hash ^ hash >> 32) | 1;
}

static __always_inline void store_changes(struct traffic_bucket *bucket, __u64 changes) {
    COMPILER_BARRIER();
    if (ordered_stores)
        STORE_ONCE(bucket->changes, changes);
    else
        __sync_lock_test_and_set(&bucket->changes, changes);
    COMPILER_BARRIER();
}

static __always_inline bool begin_change(struct traffic_bucket *bucket, __u64 changes, bool contended) {
    if (changes & 1)
        return false;
    if (contended)
        return __sync_val_compare_and_swap(&bucket->changes, changes, changes + 1) == changes;
    store_changes(bucket, changes + 1);
    return true;
}

static __always_inline void forget_window(struct traffic_bucket *bucket, __u64 window) {
    bucket->window = window;
    bucket->placeless = 0;
    bucket->skipped = 0;
#pragma unroll
    for (int i = 0; i < TRAFFIC_PLACES; i++) {
        bucket->hashes[i] = 0;
        bucket->weights[i] = 0;
        bucket->inherited[i] = 0;
    }
}

/* Whether a key that comes with `more` packets gets a place of this weight. The numbers depend on the secret seed. */
static __always_inline bool gets_place(__u64 hash, __u64 placeless, __u64 weight, __u64 more) {
    const __u64 random = ((hash ^ placeless * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL) >> 32;

    return weight >> 31 == 0 && (random * (weight + more)) >> 32 < more;
}

/* Adds as many packets as a packet counts for, with `bytes` and `syns` of all of them. */
static __always_inline void count_in(struct traffic_bucket *bucket, const struct traffic_key *key, __u64 hash,
                                     __u64 packets, __u64 bytes, __u64 syns) {
    __u64 place = TRAFFIC_PLACES;
    __u64 least = 0;
    __u64 weight = bucket->weights[0];

#pragma unroll
    for (int i = 0; i < TRAFFIC_PLACES; i++) {
        if (bucket->hashes[i] == hash)
            place = i;
    }
    if (place < TRAFFIC_PLACES) {
        place = bounded(place, TRAFFIC_PLACES - 1);
        bucket->weights[place] += packets;
        bucket->entries[place].bytes += bytes;
        bucket->entries[place].syns += syns;
        return;
    }
#pragma unroll
    for (int i = 1; i < TRAFFIC_PLACES; i++) {
        if (bucket->weights[i] < weight) {
            weight = bucket->weights[i];
            least = i;
        }
    }
    if (!gets_place(hash, bucket->placeless, weight, packets)) {
        bucket->placeless += packets;
        return;
    }
    least = bounded(least, TRAFFIC_PLACES - 1);
    struct traffic_entry *entry = &bucket->entries[least];
    entry->before = bucket->placeless;
    entry->bytes = bytes;
    entry->syns = syns;
    entry->key = *key;
    bucket->placeless += weight - bucket->inherited[least];
    bucket->hashes[least] = hash;
    bucket->inherited[least] = weight;
    bucket->weights[least] = weight + packets;
}

/*
 * A global function, which the verifier follows once for all calls and whatever the caller has done before.
 * `counting` is of enum counting, and `length` in bytes.
 */
__noinline int count_key(__u32 table_index, const struct traffic_key *key, __u64 window, __u64 length, __u32 counting) {
    if (!traffic_kinds || !key)
        return 0;
    struct traffic_table *table = bpf_map_lookup_elem(&traffic_tables, &table_index);
    if (!table)
        return 0;
    const __u64 hash = hash_of(key);
    struct traffic_bucket *bucket = &table->buckets[bounded(hash >> 40, TRAFFIC_BUCKETS - 1)];
    const __u64 changes = LOAD_ONCE(bucket->changes);
    /* The verifier follows one way, and not one with each of the two numbers. */
    const __u32 weight_bits = (counting / COUNTING_SAMPLED & 1) * TRAFFIC_ONE_IN_BITS;
    const __u64 packets = 1ULL << weight_bits;
    if (!begin_change(bucket, changes, counting & COUNTING_CONTENDED)) {
        __sync_fetch_and_add(&bucket->skipped, packets);
        return 0;
    }
    if (bucket->window != window)
        forget_window(bucket, window);
    count_in(bucket, key, hash, packets, length << weight_bits, (__u64)(counting & COUNTING_SYN) << weight_bits);
    store_changes(bucket, changes + 2);
    return 0;
}

#endif
