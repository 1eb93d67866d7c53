// Keeps signals from a thread for a while. The verifier gives up with EAGAIN when a signal waits (bpf_check() in
// kernel/bpf/verifier.c). A profiler sends signals more often than a program takes to verify.
#pragma once

#include <pthread.h>

#include <csignal>

#include "glibc_2_31.h"

namespace ringcap {

class HeldSignals {
  public:
    HeldSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~HeldSignals() {
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    HeldSignals(const HeldSignals &) = delete;
    HeldSignals &operator=(const HeldSignals &) = delete;

  private:
    sigset_t before_;
};

} // namespace ringcap
