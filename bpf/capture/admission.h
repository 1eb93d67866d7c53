/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Which of the matching packets go to user space: one in so many (sampling), and of those so many a second (the rate
 * limit). The others are counted and copied nowhere. Without either, the verifier removes all of this, because the
 * constants below say so before the program is loaded.
 *
 * Each program samples on each CPU by itself: it skips a random number of packets first, and then takes every n-th. The
 * packets a second are one budget of all programs and CPUs of a capture. A second is a whole second of the packets'
 * time stamps, as the clock stood when the capture began. A CPU claims a small portion of the budget at a time, so that
 * a CPU which is alone with the traffic may use all of it, and no second has more packets than the budget.
 */
#ifndef RINGCAP_ADMISSION_H
#define RINGCAP_ADMISSION_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "capture/capture_counters.h"
#include "capture/produce.h"

/* Another CPU may begin the second, or put an older one back, between two steps of a claim. */
#define BUDGET_ATTEMPTS 4

/* Constants, written before the program is loaded. */
const volatile __u8 with_sampling;
const volatile __u32 rate_limit;       /* packets a second; 0: no limit */
const volatile __u32 rate_portion = 1; /* packets that a CPU claims at a time; 1 where packets preempt each other */
const volatile __u32 second_phase;     /* ns that make whole seconds since the epoch of CLOCK_MONOTONIC */

/* What a CPU keeps from one packet to the next. */
struct admission_state {
    __u32 sampled_one_in; /* the factor that `skip` is of; 0 before the first packet */
    __u32 skip;           /* packets to leave out before the next one that is taken */
    __u32 second;         /* of the claimed packets below */
    __u32 claimed;        /* packets of the budget that this CPU claimed and has not used */
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct admission_state);
} admission_states SEC(".maps");

/* One packet is taken of so many. User space sets it, and changes it while the programs run. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} sampling SEC(".maps");

/* The present second in the upper half, and in the lower half how many packets of its budget were claimed. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} rate_budget SEC(".maps");

static __always_inline bool is_sampled(struct admission_state *state) {
    const __u32 zero = 0;
    const __u32 *factor = bpf_map_lookup_elem(&sampling, &zero);
    const __u32 one_in = factor ? LOAD_ONCE(*factor) : 1;

    if (one_in <= 1)
        return true;
    if (state->sampled_one_in != one_in) {
        state->sampled_one_in = one_in;
        state->skip = bpf_get_prandom_u32() % one_in;
    }
    if (state->skip > 0) {
        state->skip--;
        return false;
    }
    state->skip = one_in - 1;
    return true;
}

static __always_inline __u32 second_of(__u64 monotonic) {
    return (monotonic + second_phase) / NANOSECONDS_PER_SECOND;
}

static __always_inline __u32 second_of_budget(__u64 budget) {
    return budget >> 32;
}

static __always_inline bool is_spent(__u64 budget) {
    return (__u32)budget >= rate_limit;
}

/* Claims a portion of the second, or of a later one that another CPU has begun already. */
static __always_inline bool claim_portion(struct admission_state *state, __u64 *budget, __u32 second) {
    for (int i = 0; i < BUDGET_ATTEMPTS; i++) {
        const __u64 before = LOAD_ONCE(*budget);
        if (second_of_budget(before) < second)
            __sync_val_compare_and_swap(budget, before, (__u64)second << 32);
        else if (is_spent(before))
            return false;
        const __u64 claimed = __sync_fetch_and_add(budget, (__u64)rate_portion);
        if (second_of_budget(claimed) < second)
            continue;
        if (is_spent(claimed))
            return false;
        const __u32 left = rate_limit - (__u32)claimed;
        state->second = second_of_budget(claimed);
        state->claimed = (rate_portion < left ? rate_portion : left) - 1;
        return true;
    }
    return false;
}

static __always_inline bool is_within_rate(struct admission_state *state) {
    const __u32 zero = 0;
    __u64 *budget = bpf_map_lookup_elem(&rate_budget, &zero);

    if (!budget)
        return false;
    const __u64 present = LOAD_ONCE(*budget);
    /* The coarse clock is behind by a few milliseconds at most, and reading it costs one load. */
    if (state->claimed == 0 && is_spent(present) && second_of(bpf_ktime_get_coarse_ns()) <= second_of_budget(present))
        return false;
    const __u32 second = second_of(bpf_ktime_get_ns());
    if (state->claimed > 0 && state->second >= second) {
        state->claimed--;
        return true;
    }
    return claim_portion(state, budget, second);
}

/* How many packets were left out on this CPU so far. */
static __always_inline __u64 left_out(const struct capture_counters *counts) {
    return with_sampling || rate_limit ? counts->sampled_out + counts->rate_limited : 0;
}

/* Whether a packet that matched is to be recorded. Counts it where it is not. */
static __always_inline bool is_admitted(struct capture_counters *counts) {
    const __u32 zero = 0;

    if (!with_sampling && !rate_limit)
        return true;
    struct admission_state *state = bpf_map_lookup_elem(&admission_states, &zero);
    if (!state)
        return true;
    if (with_sampling && !is_sampled(state)) {
        counts->sampled_out++;
        return false;
    }
    if (rate_limit && !is_within_rate(state)) {
        counts->rate_limited++;
        return false;
    }
    return true;
}

#endif
