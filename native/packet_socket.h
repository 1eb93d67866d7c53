// Sends frames through a packet socket (packet(7)), at once or each at its time.
#pragma once

#include <napi.h>

#include <memory>

#include "packet_sending.h"

namespace ringcap {

class PacketSocket : public Napi::ObjectWrap<PacketSocket> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (interfaceIndex: number, isRawIp: boolean)
    explicit PacketSocket(const Napi::CallbackInfo &info);
    ~PacketSocket() override;

  private:
    Napi::Value Send(const Napi::CallbackInfo &info);
    void SendNow(const Napi::CallbackInfo &info);
    void Stop(const Napi::CallbackInfo &info);
    Napi::Value Counters(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    OpenPacketSocket &Opened(Napi::Env env) const;

    std::shared_ptr<OpenPacketSocket> socket_;
};

} // namespace ringcap
