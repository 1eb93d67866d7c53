// Live captures of libpcap, whose packets come out together, oldest first.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "pcap_lane.h"

namespace ringcap {

class PcapCapture : public Napi::ObjectWrap<PcapCapture> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (library: string, snapshotLength: number, timeout: number)
    explicit PcapCapture(const Napi::CallbackInfo &info);
    ~PcapCapture() override;

  private:
    struct Output {
        uint8_t *data;
        size_t capacity;
        uint32_t unit; // nanoseconds; 0: laid out as in batch_record.h
        size_t used = 0;
        uint32_t records = 0;
    };
    struct Outcome {
        bool full = false;
        bool busy = false;
        bool later = false;
    };

    Napi::Value Open(const Napi::CallbackInfo &info);
    Napi::Value Compile(const Napi::CallbackInfo &info);
    void Begin(const Napi::CallbackInfo &info);
    Napi::Value DescriptorOf(const Napi::CallbackInfo &info);
    Napi::Value IsGone(const Napi::CallbackInfo &info);
    void Stop(const Napi::CallbackInfo &info);
    Napi::Value Drain(const Napi::CallbackInfo &info);
    Napi::Value TakeRecords(const Napi::CallbackInfo &info);
    Napi::Value Counters(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    PcapLane &LaneArgument(const Napi::CallbackInfo &info) const;
    Napi::Value Take(Napi::Env env, Output output);
    Outcome Merge(Napi::Env env, Output *output);
    static bool Append(const PcapLane &lane, Output *output);
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
