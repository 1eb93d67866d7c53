// Takes packets out of the rings of all CPUs, oldest first.
#pragma once

#include <napi.h>

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "drain_status.h"
#include "ring.h"
#include "ring_reader.h"

namespace ringcap {

class PacketDrain : public Napi::ObjectWrap<PacketDrain> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (rings: Descriptor[], wakeups: Descriptor | undefined, withOrigin: boolean, unit: number,
    // withProcess: boolean | undefined, areBlocks: boolean | undefined)
    explicit PacketDrain(const Napi::CallbackInfo &info);

  private:
    // Orders packets: by the generation of the clock first, and by time within a generation.
    struct Time {
        uint64_t generation;
        uint32_t seconds;
        uint32_t fraction;
        auto operator<=>(const Time &) const = default;
    };
    // One ring, how far it was read, and its oldest record.
    struct Lane {
        RingReader ring;
        RingMark position = {};
        RingMark safe = {};   // records behind this mark may be later than records that other rings hide
        uint64_t visible = 0; // position behind the last record that can be read
        RingReader::Record head = {};
        Time time = {};
    };
    struct Output {
        uint8_t *data;
        size_t capacity;
        size_t used = 0;
        uint32_t records = 0;
    };
    using Append = bool (PacketDrain::*)(Napi::Env env, const RingReader::Record &record, Output *output) const;

    Napi::Value Drain(const Napi::CallbackInfo &info);
    Napi::Value TakeRecords(const Napi::CallbackInfo &info);
    Napi::Value Skip(const Napi::CallbackInfo &info);
    Napi::Value Buffers(const Napi::CallbackInfo &info);
    Napi::Value SetEpochOffset(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    void Begin(Napi::Env env);
    static bool IsFilled(const Lane &lane);
    bool AwaitProducers(const Lane *except);
    DrainStatus Merge(Napi::Env env, Append append, Output *output);
    void ReadHead(Napi::Env env, Lane *lane);
    bool AppendBatchRecord(Napi::Env env, const RingReader::Record &record, Output *output) const;
    bool AppendPacketRecord(Napi::Env env, const RingReader::Record &record, Output *output) const;
    void ReleaseLent();

    std::vector<Lane> lanes_;
    std::vector<Lane *> heads_;
    std::unique_ptr<Ring> wakeups_;               // user space sleeps on it and reads nothing from it
    Lane *lent_ = nullptr;                        // the lane whose records the caller reads in place
    RingReader::Span lent_span_;                  // the records of `lent_` that the caller reads
    std::chrono::steady_clock::time_point begun_; // when Begin noted how far the rings are published
    RecordLayout layout_;
    uint32_t unit_ = 1;
    bool closed_ = false;
};

} // namespace ringcap
