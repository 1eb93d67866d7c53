// Copies the records of one ring, whatever they hold, into buffers of JavaScript.
#pragma once

#include <napi.h>

#include <optional>

#include "ring.h"

namespace ringcap {

class RecordDrain : public Napi::ObjectWrap<RecordDrain> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (ring: Descriptor)
    explicit RecordDrain(const Napi::CallbackInfo &info);

  private:
    Napi::Value Drain(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    std::optional<Ring> ring_;
};

} // namespace ringcap
