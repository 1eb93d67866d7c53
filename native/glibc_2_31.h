// Asks for functions by the versions that glibc 2.31 has, so that an addon which was linked with a later glibc can be
// loaded with it. Later versions of glibc moved these functions from other libraries into libc.so.6 and gave them
// versions of that day; the functions are the same, and the first versions stay (glibc: NEWS of 2.34,
// sysdeps/*/libc.abilist).
#pragma once

#include <features.h>

#ifdef __GLIBC__
#if defined(__x86_64__)
#define FIRST_GLIBC_VERSION "GLIBC_2.2.5"
#define AFFINITY_GLIBC_VERSION "GLIBC_2.3.4"
#elif defined(__aarch64__)
#define FIRST_GLIBC_VERSION "GLIBC_2.17"
#define AFFINITY_GLIBC_VERSION "GLIBC_2.17"
#endif
#endif

#ifdef FIRST_GLIBC_VERSION
__asm__(".symver dlclose, dlclose@" FIRST_GLIBC_VERSION);
__asm__(".symver dlerror, dlerror@" FIRST_GLIBC_VERSION);
__asm__(".symver dlopen, dlopen@" FIRST_GLIBC_VERSION);
__asm__(".symver dlsym, dlsym@" FIRST_GLIBC_VERSION);
__asm__(".symver pthread_attr_setstacksize, pthread_attr_setstacksize@" FIRST_GLIBC_VERSION);
__asm__(".symver pthread_create, pthread_create@" FIRST_GLIBC_VERSION);
__asm__(".symver pthread_join, pthread_join@" FIRST_GLIBC_VERSION);
__asm__(".symver pthread_setaffinity_np, pthread_setaffinity_np@" AFFINITY_GLIBC_VERSION);
__asm__(".symver pthread_sigmask, pthread_sigmask@" FIRST_GLIBC_VERSION);
#endif
