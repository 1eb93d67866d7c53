/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The name that the kernel keeps of a process. */
#ifndef RINGCAP_COMM_H
#define RINGCAP_COMM_H

#define COMM_LENGTH 16 /* TASK_COMM_LEN of include/linux/sched.h, bytes with the final zero */

#endif
