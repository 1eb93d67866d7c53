// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Tells which programs are in a chain at TC and what programs are called, without any capability. BPF_PROG_QUERY takes
 * CAP_NET_ADMIN and BPF_PROG_GET_FD_BY_ID takes CAP_SYS_ADMIN, but whoever holds the descriptor of a loaded iterator
 * may run it.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/kernel_types.h"
#include "capture/program_view.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define CHAIN_LENGTH_MAX 64 /* BPF_MPROG_MAX of include/linux/bpf_mprog.h */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct bpf_map {
    char name[KERNEL_NAME_LENGTH];
};

struct bpf_prog_aux {
    __u32 id;
    __u32 used_map_cnt;
    struct bpf_map **used_maps;
    char name[KERNEL_NAME_LENGTH];
};

struct bpf_prog {
    struct bpf_prog_aux *aux;
};

struct bpf_mprog_fp {
    struct bpf_prog *prog;
};

struct bpf_mprog_bundle {
    atomic64_t revision;
};

struct bpf_mprog_entry {
    struct bpf_mprog_fp fp_items[CHAIN_LENGTH_MAX];
    struct bpf_mprog_bundle *parent;
};

struct net_device {
    struct bpf_mprog_entry *tcx_ingress;
    struct bpf_mprog_entry *tcx_egress;
};

struct bpf_link {
    __u32 id;
};

struct tcx_link {
    struct net_device *dev;
};

struct bpf_iter__bpf_link {
    struct bpf_iter_meta *meta;
    struct bpf_link *link;
};

struct bpf_iter__bpf_prog {
    struct bpf_iter_meta *meta;
    struct bpf_prog *prog;
};

#pragma clang attribute pop

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct view_question);
} view_question SEC(".maps");

static __always_inline const struct view_question *question_of_user_space(void) {
    const __u32 zero = 0;

    return bpf_map_lookup_elem(&view_question, &zero);
}

struct telling {
    struct seq_file *to;
    struct bpf_mprog_fp *items;
};

static long tell_member(__u32 index, void *context) {
    const struct telling *telling = context;
    struct bpf_prog *program = NULL;
    __u32 id;

    /* An item is a pointer to a program. */
    bpf_probe_read_kernel(&program, sizeof(program), (void *)telling->items + index * sizeof(program));
    if (!program)
        return 1;
    id = BPF_CORE_READ(program, aux, id);
    bpf_seq_write(telling->to, &id, sizeof(id));
    return 0;
}

SEC("iter/bpf_link")
int tell_chain(struct bpf_iter__bpf_link *context) {
    const struct view_question *question = question_of_user_space();
    struct bpf_link *link = context->link;
    struct telling telling = {};
    struct view_chain head = {};
    struct bpf_mprog_entry *chain;
    struct net_device *device;

    if (!link || !question || link->id != question->link_id)
        return 0;
    device = BPF_CORE_READ((struct tcx_link *)link, dev);
    chain = question->egress ? BPF_CORE_READ(device, tcx_egress) : BPF_CORE_READ(device, tcx_ingress);
    if (!chain)
        return 0;
    telling.to = context->meta->seq;
    telling.items = (void *)__builtin_preserve_access_index(&chain->fp_items);
    head.revision = BPF_CORE_READ(chain, parent, revision.counter);
    bpf_seq_write(telling.to, &head, sizeof(head));
    bpf_loop(CHAIN_LENGTH_MAX, tell_member, &telling, 0);
    return 0;
}

struct marking {
    const struct view_question *question;
    struct bpf_map **maps;
    __u32 marks;
};

static bool is_same_name(const char *one, const char *other) {
    for (int i = 0; i < KERNEL_NAME_LENGTH; i++) {
        if (one[i] != other[i])
            return false;
    }
    return true;
}

static long mark(__u32 index, void *context) {
    struct marking *marking = context;
    char name[KERNEL_NAME_LENGTH] = {};
    struct bpf_map *map = NULL;

    bpf_probe_read_kernel(&map, sizeof(map), &marking->maps[index]);
    BPF_CORE_READ_INTO(&name, map, name);
    for (int i = 0; i < VIEW_MARKS; i++) {
        if (is_same_name(name, marking->question->marks[i]))
            marking->marks |= 1 << i;
    }
    return 0;
}

SEC("iter/bpf_prog")
int tell_program(struct bpf_iter__bpf_prog *context) {
    const struct view_question *question = question_of_user_space();
    struct bpf_prog *program = context->prog;
    struct marking marking = {.question = question};
    struct view_program told = {};

    if (!program || !question || BPF_CORE_READ(program, aux, id) != question->program_id)
        return 0;
    marking.maps = BPF_CORE_READ(program, aux, used_maps);
    bpf_loop(BPF_CORE_READ(program, aux, used_map_cnt), mark, &marking, 0);
    told.marks = marking.marks;
    BPF_CORE_READ_INTO(&told.name, program, aux, name);
    bpf_seq_write(context->meta->seq, &told, sizeof(told));
    return 0;
}
