/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Finds out which system call is returning. */
#ifndef RINGCAP_SYSTEM_CALL_H
#define RINGCAP_SYSTEM_CALL_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/kernel_types.h"

/*
 * Returns the number of the system call that is returning. The field has the same place on all architectures that BTF
 * describes.
 */
static __always_inline __u32 system_call_of(const void *registers) {
    if (bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax))
        return BPF_CORE_READ((const struct pt_regs___x86 *)registers, orig_ax);
    if (bpf_core_field_exists(((struct pt_regs___arm64 *)0)->syscallno))
        return BPF_CORE_READ((const struct pt_regs___arm64 *)registers, syscallno);
    return 0;
}

#endif
