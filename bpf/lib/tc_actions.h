/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* TCX_NEXT and TCX_DROP of the kernel's uapi/linux/bpf.h; clsact reads them as TC_ACT_UNSPEC and TC_ACT_SHOT. */
#ifndef RINGCAP_TC_ACTIONS_H
#define RINGCAP_TC_ACTIONS_H

#define TC_NEXT -1
#define TC_DROP 2

#endif
