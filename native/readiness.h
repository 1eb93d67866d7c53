// Calls back on the event loop when a descriptor becomes readable. It calls once each time that the descriptor becomes
// readable, and not for as long as it is.
#pragma once

#include <napi.h>
#include <uv.h>

#include <memory>

namespace ringcap {

class Readiness : public Napi::ObjectWrap<Readiness> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (descriptors: Descriptor[], callback: () => void)
    explicit Readiness(const Napi::CallbackInfo &info);
    ~Readiness() override;

  private:
    // What libuv holds; it outlives the JavaScript object until libuv says that the handle is closed.
    struct Watch;

    void Unreference(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);
    void Notify();

    static void OnReadable(uv_poll_t *handle, int status, int events);

    std::unique_ptr<Napi::AsyncContext> context_;
    Napi::FunctionReference callback_;
    Watch *watch_ = nullptr;
    bool referenced_ = false; // not to be collected while it may call back
};

} // namespace ringcap
