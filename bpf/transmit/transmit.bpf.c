// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Sends the frames of a capture out of an interface at line rate. BPF_PROG_TEST_RUN runs the program with
 * BPF_F_TEST_XDP_LIVE_FRAMES, which executes the redirect (kernel: net/bpf/test_run.c, bpf_test_run_xdp_live). Each
 * run writes the next frame into the page that the kernel offers. What the driver took is known only when the kernel
 * empties its bulk queue. The tracepoint at that place counts the frames, and takes the sequence back to the first
 * frame for which there was no room.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#include "transmit/transmit.h"
#include "transmit/vary.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile struct transmit_plan transmit_plan;

/* The number of entries of both, and the size of the value, are set before loading. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, __u32);
    __type(value, struct transmit_frame);
    __uint(max_entries, 1);
} transmit_frames SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, 2 * TRANSMIT_LENGTH_MAX);
    __uint(max_entries, 1);
} transmit_bytes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, __u32);
    __type(value, struct transmit_control);
    __uint(max_entries, 1);
} transmit_control SEC(".maps");

/* The states, one for each CPU. It is no per-CPU map, so that user space can map and read it while the program runs. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __type(key, __u32);
    __type(value, struct transmit_state);
    __uint(max_entries, 1);
} transmit_states SEC(".maps");

static __always_inline __u32 vary_random(void) {
    return bpf_get_prandom_u32();
}

static __always_inline struct transmit_state *own_state(void) {
    const __u32 cpu = bpf_get_smp_processor_id();
    return bpf_map_lookup_elem(&transmit_states, &cpu);
}

static __always_inline struct transmit_control *common_control(void) {
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&transmit_control, &zero);
}

static __always_inline bool take_chunk(struct transmit_state *state, struct transmit_control *control) {
    const __u64 from = __sync_fetch_and_add(&control->next, TRANSMIT_CHUNK);
    if (from >= control->total || control->count == 0)
        return false;
    const __u64 left = control->total - from;
    state->length = left < TRANSMIT_CHUNK ? left : TRANSMIT_CHUNK;
    state->done = 0;
    state->first = (control->start + from) % control->count;
    state->index = state->first;
    return true;
}

/* Writes the frame over what the page held before. */
static __always_inline bool write_frame(struct xdp_md *context, const struct transmit_frame *frame) {
    const __u32 zero = 0;
    const __u32 offset = frame->offset;
    const __u32 length = frame->length;
    const long present = (long)context->data_end - (long)context->data;

    __u8 *bytes = bpf_map_lookup_elem(&transmit_bytes, &zero);
    if (!bytes || length < TRANSMIT_LENGTH_MIN || length > TRANSMIT_LENGTH_MAX ||
        offset > transmit_plan.bytes_size - TRANSMIT_LENGTH_MAX)
        return false;
    if (length != present && bpf_xdp_adjust_tail(context, (int)length - (int)present) != 0)
        return false;
    const __u8 *from = bytes + bounded(offset, transmit_plan.bytes_size - TRANSMIT_LENGTH_MAX);
    const __u64 size =
        TRANSMIT_LENGTH_MIN + bounded(length - TRANSMIT_LENGTH_MIN, TRANSMIT_LENGTH_MAX - TRANSMIT_LENGTH_MIN);
    if (bpf_xdp_store_bytes(context, 0, (void *)from, size) != 0)
        return false;
    if (frame->edits.source_address | frame->edits.source_port)
        vary_frame((void *)(long)context->data, (void *)(long)context->data_end, &frame->edits);
    return true;
}

SEC("xdp")
int transmit_frame(struct xdp_md *context) {
    struct transmit_state *state = own_state();
    struct transmit_control *control = common_control();

    if (!state || !control || control->stop || state->failure)
        return XDP_DROP;
    if (state->done + state->pending >= state->length) {
        /*
         * The next chunk begins with a new batch. Only then are all frames of this chunk known to be sent or refused.
         */
        if (state->pending || !take_chunk(state, control))
            return XDP_DROP;
    }
    const __u32 index = state->index;
    const struct transmit_frame *frame = bpf_map_lookup_elem(&transmit_frames, &index);
    if (!frame)
        return XDP_DROP;
    const __u32 length = frame->length;
    const bool refused = state->refused_length && length >= state->refused_length;
    if (refused && state->pending)
        return XDP_DROP;
    if (!refused && !write_frame(context, frame)) {
        state->failure = 22; /* EINVAL */
        return XDP_DROP;
    }
    state->index = index + 1 < control->count ? index + 1 : 0;
    if (refused) {
        state->done++;
        state->refused++;
        return XDP_DROP;
    }
    state->pending++;
    state->pending_bytes += length;
    state->last_length = length;
    return bpf_redirect(transmit_plan.interface_index, 0);
}

/* Notes that the driver took the first `sent` of the pending frames. */
static __always_inline void take_back(struct transmit_state *state, const struct transmit_control *control,
                                      __u32 sent) {
    __u32 index = state->first + state->done;

    if (control->count == 0)
        return;
    index %= control->count;
    for (__u32 i = 0; i < TRANSMIT_BATCH && i < sent; i++) {
        const __u32 key = index;
        const struct transmit_frame *frame = bpf_map_lookup_elem(&transmit_frames, &key);
        if (frame)
            state->bytes += frame->length;
        index = index + 1 < control->count ? index + 1 : 0;
    }
    state->sent += sent;
    state->done += sent;
    if (sent > 0) {
        state->stalled_since = 0;
    } else if (state->stalled_since == 0) {
        state->stalled_since = bpf_ktime_get_ns();
    } else if (bpf_ktime_get_ns() - state->stalled_since > TRANSMIT_STALL_LIMIT) {
        const __u32 key = index;
        const struct transmit_frame *frame = bpf_map_lookup_elem(&transmit_frames, &key);
        if (frame)
            state->refused_length = frame->length;
        state->stalled_since = 0;
    }
    state->index = index;
}

/*
 * The arguments are (from_dev, to_dev, sent, drops, err). Programs of live frames run with softirqs off until their
 * bulk queue is empty. While frames of this CPU are pending, every frame that leaves a bulk queue is therefore one of
 * ringcap's.
 */
SEC("raw_tp/xdp_devmap_xmit")
int count_transmitted(struct bpf_raw_tracepoint_args *context) {
    struct transmit_state *state = own_state();
    const struct transmit_control *control = common_control();
    const int sent = context->args[2];
    const int drops = context->args[3];
    const int error = context->args[4];

    if (!state || !control || state->pending == 0)
        return 0;
    if (error != 0) {
        state->failure = -error;
    } else if (drops == 0) {
        state->sent += sent;
        state->done += sent;
        state->bytes += state->pending_bytes;
        state->stalled_since = 0;
    } else {
        state->retried += drops;
        take_back(state, control, sent);
    }
    state->pending = 0;
    state->pending_bytes = 0;
    return 0;
}

/* The arguments are (dev, xdp, target, err, ...). The kernel did not even queue the frame. */
SEC("raw_tp/xdp_redirect_err")
int count_not_queued(struct bpf_raw_tracepoint_args *context) {
    struct transmit_state *state = own_state();
    const int error = context->args[3];

    if (!state || state->pending == 0)
        return 0;
    state->failure = -error;
    state->pending--;
    state->pending_bytes -= state->last_length;
    return 0;
}
