/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What program_view.bpf.c is asked, and what it says: the contract with src/capture/program-view.ts. */
#ifndef RINGCAP_PROGRAM_VIEW_H
#define RINGCAP_PROGRAM_VIEW_H

#include <linux/types.h>

#define KERNEL_NAME_LENGTH 16 /* BPF_OBJ_NAME_LEN of include/uapi/linux/bpf.h */
#define VIEW_MARKS 2

struct view_question {
    __u32 link_id;    /* whose chain is to be told: the one of its interface that the link is in, */
    __u32 egress;     /* with 1 the one of packets that leave */
    __u32 program_id; /* the program that is to be described */
    char marks[VIEW_MARKS][KERNEL_NAME_LENGTH]; /* names of maps that tell whose a program is */
};

/* Of a chain, in front of the numbers of its programs (__u32 each), the first to run first. */
struct view_chain {
    __u64 revision;
};

struct view_program {
    __u32 marks; /* bits: which of the marks are names of maps that the program uses */
    char name[KERNEL_NAME_LENGTH];
};

#endif
