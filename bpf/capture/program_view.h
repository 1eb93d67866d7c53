/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The questions to program_view.bpf.c and its answers: the contract with src/capture/program-view.ts. */
#ifndef RINGCAP_PROGRAM_VIEW_H
#define RINGCAP_PROGRAM_VIEW_H

#include <linux/types.h>

#define KERNEL_NAME_LENGTH 16 /* BPF_OBJ_NAME_LEN of include/uapi/linux/bpf.h */
#define VIEW_MARKS 2

struct view_question {
    __u32 link_id;    /* a link in the chain that is asked for */
    __u32 egress;     /* 1: the chain of outgoing packets of the link's interface; 0: of incoming ones */
    __u32 program_id; /* the program that is to be described */
    char marks[VIEW_MARKS][KERNEL_NAME_LENGTH]; /* names of maps that tell whose a program is */
};

/* Precedes the numbers of the programs of a chain (__u32 each), in the order in which they run. */
struct view_chain {
    __u64 revision;
};

struct view_program {
    __u32 marks; /* bits: which of the marks are names of maps that the program uses */
    char name[KERNEL_NAME_LENGTH];
};

#endif
