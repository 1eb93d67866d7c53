// The order in which PacketDrain takes the records of several rings: by time, and none before an older one is
// published.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>

#include "failure.h"
#include "packet_drain.h"

namespace ringcap {

namespace {

// How often a claimed ring is looked at. A producer needs some hundred nanoseconds, unless its CPU is interrupted.
constexpr int producer_spins = 1000;

constexpr std::chrono::nanoseconds claim_seen(PACKET_RING_CLAIM_SEEN);

void Pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

[[noreturn]] void RefuseRoom(Napi::Env env, const packet_record &record) {
    const std::string length = std::to_string(record.captured_length);
    throw SystemFailure(env, "put a packet of " + length + " bytes into the buffer", ENOBUFS);
}

} // namespace

// Notes how far each ring is published. These records are safe to take as soon as no ring hides an older one.
void PacketDrain::Begin(Napi::Env env) {
    if (closed_)
        throw Napi::Error::New(env, "the drain is closed");
    ReleaseLent();
    // Consumes the records that woke user space, so that the kernel finds room to wake it again.
    Ring::Record wakeup;
    while (wakeups_ != nullptr && wakeups_->Peek(env, &wakeup) == Ring::Head::record) {
        wakeups_->Consume(wakeup);
        wakeups_->Release();
    }
    for (Lane &lane : lanes_)
        lane.safe = lane.ring.Published();
    begun_ = std::chrono::steady_clock::now();
}

bool PacketDrain::IsFilled(const Lane &lane) {
    return lane.safe.position != lane.position.position;
}

// Returns when every record that is published later has a later stamp than all that were published at Begin. For that,
// each ring was seen without a producer or with another producer than at Begin, after the claims of that time had
// become visible. Returns false when a producer takes too long.
bool PacketDrain::AwaitProducers(const Lane *except) {
    bool done = true;
    if (lanes_.size() > 1 && std::any_of(lanes_.begin(), lanes_.end(), IsFilled)) {
        while (std::chrono::steady_clock::now() - begun_ < claim_seen)
            Pause();
    }
    for (Lane &lane : lanes_) {
        if (&lane != except) {
            const uint64_t before = lane.ring.Published().position;
            int spins = 0;
            while (lane.ring.IsClaimed() && lane.ring.Published().position == before && ++spins < producer_spins)
                Pause();
            done = done && spins < producer_spins;
        }
        lane.visible = lane.ring.Published().position;
    }
    return done;
}

// Takes the oldest record of all rings, again and again, as long as there is room.
DrainStatus PacketDrain::Merge(Napi::Env env, Append append, Output *output) {
    if (!AwaitProducers(nullptr))
        return DrainStatus::unfinished;
    heads_.clear();
    for (Lane &lane : lanes_) {
        if (lane.visible == lane.position.position)
            continue;
        ReadHead(env, &lane);
        heads_.push_back(&lane);
    }
    DrainStatus status = DrainStatus::drained;
    while (!heads_.empty()) {
        const auto by_time = [](const Lane *a, const Lane *b) { return a->time < b->time; };
        std::iter_swap(heads_.begin(), std::min_element(heads_.begin(), heads_.end(), by_time));
        Lane *lane = heads_.front();
        // The oldest head of the other rings bounds how far this ring is read on.
        const Lane *next = nullptr;
        for (size_t i = 1; i < heads_.size(); i++) {
            if (next == nullptr || heads_[i]->time < next->time)
                next = heads_[i];
        }
        for (;;) {
            if (lane->position.position == lane->safe.position) {
                status = DrainStatus::arriving;
                break;
            }
            if (!(this->*append)(env, lane->head, output)) {
                if (output->used == 0)
                    RefuseRoom(env, lane->head.header);
                status = DrainStatus::no_room;
                break;
            }
            lane->position = {lane->head.next, lane->position.records + 1};
            if (lane->position.position == lane->visible)
                break;
            ReadHead(env, lane);
            if (next != nullptr && next->time < lane->time)
                break;
        }
        lane->ring.Release(lane->position.position);
        if (status != DrainStatus::drained)
            break;
        if (lane->position.position == lane->visible) {
            heads_.front() = heads_.back();
            heads_.pop_back();
        }
    }
    return status;
}

void PacketDrain::ReadHead(Napi::Env env, Lane *lane) {
    const uint64_t position = lane->position.position;
    lane->head = lane->ring.Read(env, position, lane->visible);
    lane->time = {lane->ring.GenerationAt(position), lane->head.header.seconds, lane->head.header.fraction};
}

} // namespace ringcap
