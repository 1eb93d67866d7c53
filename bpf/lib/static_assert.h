/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* A check of the compiler, by one name in C and C++. */
#ifndef RINGCAP_STATIC_ASSERT_H
#define RINGCAP_STATIC_ASSERT_H

#ifdef __cplusplus
#define RINGCAP_STATIC_ASSERT(condition) static_assert(condition, #condition)
#else
#define RINGCAP_STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#endif

#endif
