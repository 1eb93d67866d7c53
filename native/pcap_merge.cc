#include "pcap_merge.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "batch_record.h"
#include "failure.h"

namespace ringcap {

namespace {

// How many packets one call looks at, so that it returns also where a filter lets few packets through.
constexpr uint64_t packets_at_once = 65536;

// Milliseconds beyond the timeout that the kernel may take to hand a packet over.
constexpr int64_t handover_slack = 50;

// Milliseconds that a call waits for packets that the kernel took before the stop and has not handed over yet.
constexpr int pending_wait = 10;

int64_t TimeOf(const batch_record &record) {
    return int64_t{record.seconds} * 1000000000 + record.nanoseconds;
}

int64_t Now() {
    struct timespec now = {};
    clock_gettime(CLOCK_REALTIME, &now);
    return int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

} // namespace

DrainStatus PcapMerge::Run(Napi::Env env, Output *output) {
    // The horizon: every packet with an earlier stamp can be taken.
    const int64_t now = Now();
    const int64_t horizon = now - (int64_t{timeout_} + handover_slack) * 1000000;
    for (const auto &lane : lanes_)
        lane->Reopen();
    for (;;) {
        if (!FillHeads(env))
            return DrainStatus::no_room;
        PcapLane *oldest = nullptr;
        bool all_have_heads = true;
        for (const auto &lane : lanes_) {
            all_have_heads = all_have_heads && lane->HasHead();
            if (lane->HasHead() && (oldest == nullptr || TimeOf(lane->Head()) < TimeOf(oldest->Head())))
                oldest = lane.get();
        }
        if (oldest == nullptr)
            return stopped_ && AwaitPending(env, output->records == 0) ? DrainStatus::unfinished : DrainStatus::drained;
        // A packet with a stamp in the future was stamped before the clock was set back.
        const int64_t time = TimeOf(oldest->Head());
        if (!all_have_heads && !stopped_ && time > horizon && time <= now)
            return DrainStatus::arriving;
        if (!Append(*oldest, output)) {
            if (output->records == 0)
                throw SystemFailure(env, "put a packet into the buffer", ENOBUFS);
            return DrainStatus::no_room;
        }
        oldest->Pop();
    }
}

// Refills the lanes. Afterwards every lane has a head, or libpcap has no packet for it. Returns false when that took
// too many packets.
bool PcapMerge::FillHeads(Napi::Env env) {
    for (const auto &lane : lanes_) {
        while (!lane->HasHead() && !lane->is_exhausted()) {
            if (looked_at_ > packets_at_once)
                return false;
            const uint64_t before = lane->dispatched();
            lane->Refill(env);
            looked_at_ += lane->dispatched() - before;
        }
    }
    return true;
}

// Whether some packets that the kernel took have not come out. With `wait` it waits a moment for the first of them.
bool PcapMerge::AwaitPending(Napi::Env env, bool wait) const {
    const auto pending =
        std::find_if(lanes_.begin(), lanes_.end(), [&](const auto &lane) { return lane->IsPending(env); });
    if (pending == lanes_.end())
        return false;
    struct pollfd descriptor = {.fd = (*pending)->descriptor(), .events = POLLIN, .revents = 0};
    if (wait)
        poll(&descriptor, 1, pending_wait);
    return true;
}

bool PcapMerge::Append(const PcapLane &lane, Output *output) {
    const batch_record &record = lane.Head();
    const size_t left = output->capacity - output->used;
    uint8_t *to = output->data + output->used;
    if (output->unit == 0) {
        const size_t size = sizeof(record) + record.captured_length;
        const size_t padded = (size + 7) / 8 * 8;
        if (padded > left)
            return false;
        std::memcpy(to, &record, size);
        output->used += padded;
    } else {
        const packet_record header = {
            .seconds = record.seconds,
            .fraction = record.nanoseconds / output->unit,
            .captured_length = record.captured_length,
            .original_length = record.original_length,
        };
        if (sizeof(header) + record.captured_length > left)
            return false;
        std::memcpy(to, &header, sizeof(header));
        std::memcpy(to + sizeof(header), lane.HeadData(), record.captured_length);
        output->used += sizeof(header) + record.captured_length;
    }
    output->records++;
    return true;
}

} // namespace ringcap
