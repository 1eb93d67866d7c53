/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
#ifndef RINGCAP_TRANSMIT_H
#define RINGCAP_TRANSMIT_H

#include <linux/types.h>

/* What transmit.bpf.c does to each frame before it leaves. */
struct transmit_plan {
    __u32 interface_index;
    __u8 vary_source_address; /* IPv4 source addresses at random */
    __u8 vary_source_port;    /* TCP and UDP source ports at random */
    __u8 reserved[2];
};

#endif
