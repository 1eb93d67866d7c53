// Live captures of libpcap, one in each lane, whose packets come out together.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "pcap_lane.h"
#include "pcap_merge.h"

namespace ringcap {

class PcapCapture : public Napi::ObjectWrap<PcapCapture> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (library: string, snapshotLength: number, timeout: number)
    explicit PcapCapture(const Napi::CallbackInfo &info);
    ~PcapCapture() override;

  private:
    Napi::Value Open(const Napi::CallbackInfo &info);
    void Begin(const Napi::CallbackInfo &info);
    Napi::Value DescriptorOf(const Napi::CallbackInfo &info);
    Napi::Value IsGone(const Napi::CallbackInfo &info);
    void Stop(const Napi::CallbackInfo &info);
    Napi::Value Drain(const Napi::CallbackInfo &info);
    Napi::Value TakeRecords(const Napi::CallbackInfo &info);
    Napi::Value Counters(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    PcapLane &LaneArgument(const Napi::CallbackInfo &info) const;
    Napi::Value Take(Napi::Env env, PcapMerge::Output output);
    void CloseLanes();

    const PcapLibrary *library_ = nullptr;
    uint32_t snapshot_length_ = 0;
    uint32_t timeout_ = 0;
    std::vector<std::unique_ptr<PcapLane>> lanes_;
    uint64_t submitted_ = 0; // packets given to JavaScript
    bool stopped_ = false;
    bool closed_ = false;
};

} // namespace ringcap
