// The frames of a window in the maps of bpf/transmit/transmit.bpf.c, and their sending.
#pragma once

#include <napi.h>

#include <memory>

#include "live_run.h"
#include "transmit_maps.h"

namespace ringcap {

class LiveFrames : public Napi::ObjectWrap<LiveFrames> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (program, frames, bytes, control, states: Descriptor, all of bpf/transmit/transmit.bpf.c)
    explicit LiveFrames(const Napi::CallbackInfo &info);
    ~LiveFrames() override;

  private:
    class Running;

    Napi::Value Add(const Napi::CallbackInfo &info);
    void Clear(const Napi::CallbackInfo &info);
    Napi::Value Run(const Napi::CallbackInfo &info);
    Napi::Value RunNow(const Napi::CallbackInfo &info);
    void Stop(const Napi::CallbackInfo &info);
    Napi::Value Counters(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    TransmitMaps &Opened(Napi::Env env) const;
    LiveRun Prepare(const Napi::CallbackInfo &info);

    std::shared_ptr<TransmitMaps> maps_;
};

} // namespace ringcap
