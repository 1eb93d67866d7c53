// What a call that took packets has left behind.
#pragma once

#include <cstdint>

namespace ringcap {

enum class DrainStatus : uint8_t {
    drained,    // nothing
    arriving,   // packets that arrived during the call, or that wait for older ones of other rings or lanes
    no_room,    // packets for which the buffer had no room, or that were too many for one call
    unfinished, // packets behind one that is still on its way: a producer is writing it, or the kernel hands it over
};

// The name that TypeScript has for it: see DrainStatus of src/native/native-classes.ts.
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
