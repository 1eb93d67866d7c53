#include "packet_drain.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "arguments.h"
#include "batch_record.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

constexpr uint64_t nanoseconds_per_second = 1000000000;
constexpr int busy_spins = 20;

} // namespace

Napi::Function PacketDrain::Define(Napi::Env env) {
    return DefineClass(env, "PacketDrain",
                       {InstanceMethod<&PacketDrain::Drain>("drain"), InstanceMethod<&PacketDrain::Close>("close")});
}

PacketDrain::PacketDrain(const Napi::CallbackInfo &info) : Napi::ObjectWrap<PacketDrain>(info) {
    if (!info[0].IsArray())
        throw Napi::TypeError::New(info.Env(), "argument 0: expected an array of Descriptors");
    const Napi::Array maps = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < maps.Length(); i++)
        rings_.emplace_back(info.Env(), Descriptor::FdOf(maps.Get(i), DescriptorKind::map));
    heads_.reserve(rings_.size());
}

// (buffer: Uint8Array, until: bigint, epochOffset: bigint): { bytes, records, full, busy, later }
//
// Takes the records stamped at or before `until` (CLOCK_MONOTONIC, ns, not in the future) in the order of their stamps,
// as long as the buffer has room, and stamps them with the time since the epoch: their own plus epochOffset, modulo
// 2^64. What is not taken stays in the rings.
//
// A record gets its stamp after its place in the ring: a ring that is empty now will have later stamps only. Behind a
// record that is still being written nothing can be taken in order, from no ring.
//
// full: records were left for want of room; busy: one was still being written; later: some are stamped after `until`.
Napi::Value PacketDrain::Drain(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    const uint64_t until = BigIntArgument(info, 1);
    if (closed_)
        throw Napi::Error::New(info.Env(), "the drain is closed");
    Output output = {.data = buffer.data(), .capacity = buffer.size(), .epoch_offset = BigIntArgument(info, 2)};
    if (reinterpret_cast<uintptr_t>(buffer.data()) % alignof(batch_record) != 0)
        throw Napi::RangeError::New(info.Env(), "the buffer is not aligned");

    bool full = false;
    bool busy = false;
    bool later = false;
    heads_.clear();
    for (Ring &ring : rings_) {
        Head head;
        const Ring::Head state = ReadHead(info.Env(), &ring, &head);
        busy = busy || state == Ring::Head::busy;
        later = later || (state == Ring::Head::record && head.timestamp > until);
        if (state == Ring::Head::record && head.timestamp <= until)
            heads_.push_back(head);
    }
    while (!heads_.empty() && !full && !busy) {
        // The rest of the rings bounds how long the oldest one may run on.
        std::iter_swap(heads_.begin(), std::min_element(heads_.begin(), heads_.end(), [](const Head &a, const Head &b) {
                           return a.timestamp < b.timestamp;
                       }));
        uint64_t run_end = until;
        for (size_t i = 1; i < heads_.size(); i++)
            run_end = std::min(run_end, heads_[i].timestamp);
        Ring::Head next = Ring::Head::none;
        full = !AppendRun(info.Env(), &heads_[0], run_end, &output, &next);
        busy = next == Ring::Head::busy;
        if (full || busy || (next == Ring::Head::record && heads_[0].timestamp <= until))
            continue;
        later = later || next == Ring::Head::record;
        heads_[0] = heads_.back();
        heads_.pop_back();
    }

    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("bytes", static_cast<double>(output.used));
    result.Set("records", output.records);
    result.Set("full", full);
    result.Set("busy", busy);
    result.Set("later", later);
    return result;
}

Ring::Head PacketDrain::ReadHead(Napi::Env env, Ring *ring, Head *head) {
    Ring::Head state = ring->Peek(env, &head->record);
    // A producer needs some hundred nanoseconds, unless its CPU is interrupted.
    for (int i = 0; i < busy_spins && state == Ring::Head::busy; i++) {
        std::this_thread::yield();
        state = ring->Peek(env, &head->record);
    }
    if (state != Ring::Head::record)
        return state;
    if (head->record.length < sizeof(packet_record))
        throw SystemFailure(env, "read a packet record from the ring", EPROTO);
    head->ring = ring;
    head->timestamp = reinterpret_cast<const packet_record *>(head->record.data)->timestamp;
    return state;
}

// Takes records from one ring up to run_end. False when the buffer is full; otherwise *next says what the ring has
// next, and if it is a record, that is the head.
bool PacketDrain::AppendRun(Napi::Env env, Head *head, uint64_t run_end, Output *output, Ring::Head *next) {
    bool fits = true;
    for (;;) {
        if (!Append(env, *head, output)) {
            fits = false;
            break;
        }
        head->ring->Consume(head->record);
        *next = ReadHead(env, head->ring, head);
        if (*next != Ring::Head::record || head->timestamp > run_end)
            break;
    }
    head->ring->Release();
    return fits;
}

bool PacketDrain::Append(Napi::Env env, const Head &head, Output *output) {
    const auto *record = reinterpret_cast<const packet_record *>(head.record.data);
    const uint32_t length = record->captured_length;
    if (length > head.record.length - sizeof(packet_record))
        throw SystemFailure(env, "read a packet record from the ring", EPROTO);
    const size_t size = (sizeof(batch_record) + length + 7) / 8 * 8;
    if (size > output->capacity - output->used) {
        if (output->used == 0)
            throw SystemFailure(env, "put a packet of " + std::to_string(length) + " bytes into the buffer", ENOBUFS);
        return false;
    }
    const uint64_t time = record->timestamp + output->epoch_offset;
    const batch_record header = {
        .seconds = static_cast<uint32_t>(time / nanoseconds_per_second),
        .nanoseconds = static_cast<uint32_t>(time % nanoseconds_per_second),
        .captured_length = length,
        .original_length = record->original_length,
        .interface_index = record->interface_index,
        .direction = record->direction,
    };
    uint8_t *to = output->data + output->used;
    std::memcpy(to, &header, sizeof(header));
    std::memcpy(to + sizeof(header), head.record.data + sizeof(packet_record), length);
    output->used += size;
    output->records++;
    return true;
}

void PacketDrain::Close(const Napi::CallbackInfo &) {
    rings_.clear();
    closed_ = true;
}

} // namespace ringcap
