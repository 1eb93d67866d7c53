// Sends what lies in the maps of bpf/transmit/transmit.bpf.c, on several CPUs at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transmit/transmit.h"

namespace ringcap {

struct LiveRun {
    int program_fd;
    transmit_control *control;
    std::span<transmit_state> states; // by CPU
    std::vector<uint32_t> cpus;       // distinct, and all in states
    uint32_t length_max;              // bytes of the longest frame

    // Sends control->total positions. Returns when all were sent or refused, when control->stop is set, or when the
    // interface takes nothing (a failure in states). 0, or the errno of what else went wrong.
    int Run() const;

  private:
    int RunOn(uint32_t cpu) const;
    uint64_t Left(const transmit_state &state) const;
};

} // namespace ringcap
