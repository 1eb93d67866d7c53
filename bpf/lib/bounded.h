/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Values whose bounds the verifier has to know: lengths that helpers take, offsets into a map's value.
 *
 * A comparison in C is often not enough. The compiler may compare one copy of a value and use another one; it may turn
 * `length == 0` into a test from which Linux 6.1 learns nothing (reg_set_min_max() of kernel/bpf/verifier.c); verifiers
 * before 6.13 take a byte swap for a value of 64 unknown bits; and a value that the compiler kept on the stack has lost
 * its bounds on Linux 6.1. What bounded() returns is one register that the verifier has seen being limited.
 */
#ifndef RINGCAP_BOUNDED_H
#define RINGCAP_BOUNDED_H

#include <linux/types.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Keeps the compiler from knowing where a value came from, and so from using another copy of it. */
#define OPAQUE(variable) __asm__ volatile("" : "+r"(variable))

/*
 * Returns the value, which the caller has checked to be at most `maximum`, a constant of the compiler or of the
 * loaded program. A larger value comes out as another one that is at most `maximum`. A maximum of 2^n - 1 costs one
 * AND. Any other maximum costs one comparison, and the verifier follows both of its outcomes.
 */
static __always_inline __u64 bounded(__u64 value, const __u64 maximum) {
#ifdef __bpf__
    if (__builtin_constant_p(maximum) && (maximum & (maximum + 1)) == 0) {
        OPAQUE(value);
        value &= maximum;
        OPAQUE(value);
    } else {
        __asm__ volatile("if %0 <= %1 goto +1\n\t%0 = %1" : "+r"(value) : "ri"(maximum));
    }
#else
    (void)maximum;
#endif
    return value;
}

#endif
