// Sends frames through a packet socket (packet(7)), at once or each at its time.
#pragma once

#include <napi.h>

#include <memory>

namespace ringcap {

class PacketSocket : public Napi::ObjectWrap<PacketSocket> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (interfaceIndex: number, isRawIp: boolean)
    explicit PacketSocket(const Napi::CallbackInfo &info);
    ~PacketSocket() override;

  private:
    // What outlives the JavaScript object while a thread sends.
    struct Socket;
    struct Batch;
    class Sending;

    Napi::Value Send(const Napi::CallbackInfo &info);
    void Stop(const Napi::CallbackInfo &info);
    Napi::Value Counters(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    Socket &Opened(Napi::Env env) const;

    std::shared_ptr<Socket> socket_;
};

} // namespace ringcap
