#include "pcap_capture.h"

#include <cerrno>
#include <mutex>
#include <string>

#include "arguments.h"
#include "batch_record.h"
#include "descriptor.h"
#include "failure.h"
#include "host_filter.h"

namespace ringcap {

Napi::Function PcapCapture::Define(Napi::Env env) {
    return DefineClass(
        env, "PcapCapture",
        {InstanceMethod<&PcapCapture::Open>("open"), InstanceMethod<&PcapCapture::Begin>("begin"),
         InstanceMethod<&PcapCapture::DescriptorOf>("descriptor"), InstanceMethod<&PcapCapture::IsGone>("isGone"),
         InstanceMethod<&PcapCapture::Stop>("stop"), InstanceMethod<&PcapCapture::Drain>("drain"),
         InstanceMethod<&PcapCapture::TakeRecords>("takeRecords"), InstanceMethod<&PcapCapture::Counters>("counters"),
         InstanceMethod<&PcapCapture::Close>("close")});
}

// Throws with code "ENOENT" where the library cannot be loaded, "ENOSYS" where it is too old.
PcapCapture::PcapCapture(const Napi::CallbackInfo &info) : Napi::ObjectWrap<PcapCapture>(info) {
    const std::string name = StringArgument(info, 0);
    snapshot_length_ = UnsignedArgument(info, 1);
    timeout_ = UnsignedArgument(info, 2);
    if (snapshot_length_ > PACKET_CAPTURED_LENGTH_MAX || timeout_ == 0 || timeout_ > INT16_MAX)
        throw Napi::RangeError::New(info.Env(), "the snapshot length or the timeout is out of range");
    const std::lock_guard<std::mutex> lock(PcapLibraryInUse());
    library_ = &RequirePcapLibrary(info.Env(), name);
    if (!library_->can_capture)
        throw SystemFailure(info.Env(), "capture with " + name, ENOSYS, "it is older than libpcap 1.5");
}

PcapCapture::~PcapCapture() {
    CloseLanes();
}

// (name, interfaceIndex, direction, bufferSize, promiscuous): opens a lane, which takes no packet before begin(), and
// returns its number. `log` of an error has libpcap's words.
Napi::Value PcapCapture::Open(const Napi::CallbackInfo &info) {
    PcapLane::Settings settings = {
        .name = StringArgument(info, 0),
        .interface_index = UnsignedArgument(info, 1),
        .direction = UnsignedArgument(info, 2),
        .snapshot_length = snapshot_length_,
        .timeout = timeout_,
        .buffer_size = UnsignedArgument(info, 3),
        .promiscuous = BooleanArgument(info, 4),
    };
    if (settings.buffer_size > INT32_MAX)
        throw Napi::RangeError::New(info.Env(), "the buffer is larger than 2147483647 bytes");
    if (closed_)
        throw Napi::Error::New(info.Env(), "the capture is closed");
    const std::lock_guard<std::mutex> lock(PcapLibraryInUse());
    lanes_.push_back(std::make_unique<PcapLane>(info.Env(), *library_, std::move(settings)));
    Napi::Object lane = Napi::Object::New(info.Env());
    lane.Set("lane", static_cast<uint32_t>(lanes_.size() - 1));
    lane.Set("dataLinkType", lanes_.back()->DataLinkType());
    return lane;
}

PcapLane &PcapCapture::LaneArgument(const Napi::CallbackInfo &info) const {
    const uint32_t index = UnsignedArgument(info, 0);
    if (index >= lanes_.size())
        throw Napi::RangeError::New(info.Env(), "there is no such lane");
    return *lanes_[index];
}

// (lane, kernelProgram, decidedLength, hostProgram, filter | undefined, networkKeys, linkType): sets the programs of a
// lane, which are rows of struct sock_filter. The kernel's program has decided about each packet that it cuts to
// decidedLength bytes or less. About a packet that it leaves longer or whole, the host's program and the filter decide.
// An empty host program and an undefined filter let everything through.
void PcapCapture::Begin(const Napi::CallbackInfo &info) {
    PcapLane &lane = LaneArgument(info);
    const std::span<uint8_t> kernel_program = BytesArgument(info, 1);
    const uint32_t decided_length = UnsignedArgument(info, 2);
    const std::span<uint8_t> host_program = BytesArgument(info, 3);
    if (decided_length > PACKET_CAPTURED_LENGTH_MAX)
        throw Napi::RangeError::New(info.Env(), "no packet is as long");
    std::unique_ptr<HostFilterProgram> filter;
    if (!info[4].IsUndefined())
        filter = HostFilterArguments(info, 4);
    lane.Begin(info.Env(), kernel_program, decided_length, host_program, std::move(filter));
}

// (lane): a Descriptor that becomes readable when packets can be taken
Napi::Value PcapCapture::DescriptorOf(const Napi::CallbackInfo &info) {
    return Descriptor::Duplicate(info.Env(), LaneArgument(info).descriptor(), DescriptorKind::any);
}

// (lane): whether its interface went away
Napi::Value PcapCapture::IsGone(const Napi::CallbackInfo &info) {
    return Napi::Boolean::New(info.Env(), LaneArgument(info).IsGone());
}

// Makes the kernel's filter reject every further packet.
void PcapCapture::Stop(const Napi::CallbackInfo &info) {
    stopped_ = true;
    for (const auto &lane : lanes_)
        lane->Stop(info.Env());
}

// (buffer: Uint8Array): { bytes, records, status }
//
// Takes packets into the buffer as PacketDrain::Drain does.
Napi::Value PcapCapture::Drain(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    if (reinterpret_cast<uintptr_t>(buffer.data()) % alignof(batch_record) != 0)
        throw Napi::RangeError::New(info.Env(), "the buffer is not aligned");
    return Take(info.Env(), {.data = buffer.data(), .capacity = buffer.size(), .unit = 0});
}

// (buffer: Uint8Array, unit: number): { bytes, records, status }
//
// Does what drain() does, but lays the packets out as records of a pcap file, with their time in units of `unit`
// nanoseconds.
Napi::Value PcapCapture::TakeRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    const uint32_t unit = UnsignedArgument(info, 1);
    if (unit == 0)
        throw Napi::RangeError::New(info.Env(), "the unit of time is 0");
    return Take(info.Env(), {.data = buffer.data(), .capacity = buffer.size(), .unit = unit});
}

Napi::Value PcapCapture::Take(Napi::Env env, PcapMerge::Output output) {
    if (closed_)
        throw Napi::Error::New(env, "the capture is closed");
    const DrainStatus status = PcapMerge(lanes_, timeout_, stopped_).Run(env, &output);
    submitted_ += output.records;
    Napi::Object result = Napi::Object::New(env);
    result.Set("bytes", static_cast<double>(output.used));
    result.Set("records", output.records);
    result.Set("status", NameOf(status));
    return result;
}

// (): { seen, matched, submitted, dropped }, packets of all lanes. Those that the kernel dropped count as seen and as
// matched: its filter let them through.
Napi::Value PcapCapture::Counters(const Napi::CallbackInfo &info) {
    if (closed_)
        throw Napi::Error::New(info.Env(), "the capture is closed");
    PcapLane::Counters sum;
    Napi::Array lanes = Napi::Array::New(info.Env());
    for (const auto &lane : lanes_) {
        const PcapLane::Counters counters = lane->Count(info.Env());
        sum.received += counters.received;
        sum.matched += counters.matched;
        sum.dropped += counters.dropped;
        Napi::Object one = Napi::Object::New(info.Env());
        one.Set("seen", static_cast<double>(counters.received + counters.dropped));
        one.Set("matched", static_cast<double>(counters.matched + counters.dropped));
        one.Set("dropped", static_cast<double>(counters.dropped));
        lanes.Set(lanes.Length(), one);
    }
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("seen", static_cast<double>(sum.received + sum.dropped));
    result.Set("matched", static_cast<double>(sum.matched + sum.dropped));
    result.Set("submitted", static_cast<double>(submitted_));
    result.Set("dropped", static_cast<double>(sum.dropped));
    result.Set("lanes", lanes);
    return result;
}

void PcapCapture::Close(const Napi::CallbackInfo &) {
    CloseLanes();
    closed_ = true;
}

void PcapCapture::CloseLanes() {
    const std::lock_guard<std::mutex> lock(PcapLibraryInUse());
    lanes_.clear();
}

} // namespace ringcap
