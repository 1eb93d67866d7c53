// The maps through which bpf/transmit/transmit.bpf.c is given its frames.
#pragma once

#include <napi.h>

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <span>

#include "frame_edits.h"
#include "live_run.h"
#include "mapped_map.h"

namespace ringcap {

// The maps of bpf/transmit/transmit.bpf.c. They outlive the JavaScript object while threads run.
struct TransmitMaps {
    // (program, frames, bytes, control, states: Descriptor)
    explicit TransmitMaps(const Napi::CallbackInfo &info);
    ~TransmitMaps() {
        close(program_fd);
    }
    TransmitMaps(const TransmitMaps &) = delete;
    TransmitMaps &operator=(const TransmitMaps &) = delete;

    std::span<transmit_state> States() const {
        return {states.Values<transmit_state>(), states.Entries()};
    }
    transmit_control *Control() const {
        return control.Values<transmit_control>();
    }
    void Stop() const {
        std::atomic_ref<uint32_t>(Control()->stop).store(1);
    }

    // Returns false when there is no room. The verifier assumes that the program reads TRANSMIT_LENGTH_MAX bytes from
    // any offset, so that many bytes stay free at the end.
    bool Add(std::span<const uint8_t> data, Vary vary);

    MappedMap frames;
    MappedMap bytes;
    MappedMap control;
    MappedMap states;
    int program_fd = -1;
    uint32_t count = 0;      // frames in the maps
    size_t used = 0;         // bytes of `bytes`
    uint32_t length_max = 0; // of a frame
    std::atomic<bool> running = false;
};

} // namespace ringcap
