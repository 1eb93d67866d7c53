// The state in which a call that took packets has left the rings or lanes.
#pragma once

#include <cstdint>

namespace ringcap {

enum class DrainStatus : uint8_t {
    drained,    // no packet is left
    arriving,   // packets are left that arrived during the call, or that wait for older ones of other rings or lanes
    no_room,    // packets are left for which the buffer had no room, or that were too many for one call
    unfinished, // packets are left behind one that a producer is still writing, or that the kernel has not handed over
                // yet
};

// Returns the name that the status has in TypeScript: see DrainStatus of src/native/native-classes.ts.
constexpr const char *NameOf(DrainStatus status) {
    switch (status) {
    case DrainStatus::arriving:
        return "arriving";
    case DrainStatus::no_room:
        return "no-room";
    case DrainStatus::unfinished:
        return "unfinished";
    default:
        return "drained";
    }
}

} // namespace ringcap
