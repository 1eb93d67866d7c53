// Empties the rings of all CPUs into one buffer, oldest packet first.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "packet_record.h"
#include "ring.h"

namespace ringcap {

class PacketDrain : public Napi::ObjectWrap<PacketDrain> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (maps: Descriptor[])
    explicit PacketDrain(const Napi::CallbackInfo &info);

  private:
    // The oldest record of a ring, and its place in time.
    struct Head {
        Ring *ring;
        Ring::Record record;
        uint64_t timestamp;
    };
    // Where the next record goes.
    struct Output {
        uint8_t *data;
        size_t capacity;
        size_t used = 0;
        uint32_t records = 0;
        uint64_t epoch_offset;
    };

    Napi::Value Drain(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    Ring::Head ReadHead(Napi::Env env, Ring *ring, Head *head);
    bool Append(Napi::Env env, const Head &head, Output *output);
    bool AppendRun(Napi::Env env, Head *head, uint64_t run_end, Output *output, Ring::Head *next);

    std::vector<Ring> rings_;
    std::vector<Head> heads_;
    bool closed_ = false;
};

} // namespace ringcap
