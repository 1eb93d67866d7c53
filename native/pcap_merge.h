// The packets of several lanes in the order of their times.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "drain_status.h"
#include "pcap_lane.h"

namespace ringcap {

class PcapMerge {
  public:
    struct Output {
        uint8_t *data;
        size_t capacity;
        uint32_t unit; // nanoseconds, of the records of a pcap file; 0: laid out as in batch_record.h
        size_t used = 0;
        uint32_t records = 0;
    };

    // timeout: ms that a packet may wait in the kernel. stopped: whether the kernel takes no further packet.
    PcapMerge(const std::vector<std::unique_ptr<PcapLane>> &lanes, uint32_t timeout, bool stopped)
        : lanes_(lanes), timeout_(timeout), stopped_(stopped) {}

    // Takes packets out of the lanes as long as there is room.
    DrainStatus Run(Napi::Env env, Output *output);

  private:
    bool FillHeads(Napi::Env env);
    bool AwaitPending(Napi::Env env, bool wait) const;
    static bool Append(const PcapLane &lane, Output *output);

    const std::vector<std::unique_ptr<PcapLane>> &lanes_;
    const uint32_t timeout_;
    const bool stopped_;
    uint64_t looked_at_ = 0; // packets
};

} // namespace ringcap
