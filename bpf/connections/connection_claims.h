/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Claims of changes of state. The program is loaded several times at one tracepoint, and the first copy that sees a
 * change claims it.
 */
#ifndef RINGCAP_CONNECTION_CLAIMS_H
#define RINGCAP_CONNECTION_CLAIMS_H

#include "connections/connection_table.h"

static __always_inline void count_opened(void) {
    struct connection_counters *counts = counters_of_this_cpu();

    if (counts)
        count(&counts->opened);
}

static __always_inline __u64 change_of(__u64 key, int state) {
    return key ^ (__u64)state << 56;
}

static __always_inline struct claims *place_of_claim(__u64 key) {
    const __u32 index = (key * 0x9e3779b97f4a7c15ULL >> 32) % CLAIM_PLACES;
    return bpf_map_lookup_elem(&claims, &index);
}

static __always_inline bool is_among(const struct claims *claimed, __u64 change) {
    for (int at = 0; at < CLAIMS_OF_PLACE; at++) {
        if (claimed->changes[at] == change)
            return true;
    }
    return false;
}

/* Claims the change. Returns false where another copy has claimed it. */
static __always_inline bool claim(__u64 key, int state) {
    const __u64 change = change_of(key, state);
    struct claims *claimed = place_of_claim(key);

    if (!claimed || is_among(claimed, change))
        return false;
    for (int at = CLAIMS_OF_PLACE - 1; at > 0; at--)
        claimed->changes[at] = claimed->changes[at - 1];
    claimed->changes[0] = change;
    return true;
}

static __always_inline bool is_claimed(__u64 key, int state) {
    const struct claims *claimed = place_of_claim(key);
    return claimed && is_among(claimed, change_of(key, state));
}

#endif
