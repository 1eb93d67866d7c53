#include "pcap_lane.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "failure.h"

namespace ringcap {

namespace {

// Constants of pcap/pcap.h.
constexpr int timestamp_precision_nano = 1;
constexpr int error_no_such_device = -5;
constexpr int error_permission_denied = -8;
constexpr int error_interface_not_up = -9;
constexpr int error_promiscuous_permission_denied = -11;
// Constants of pcap/dlt.h and pcap/sll.h.
constexpr int data_link_cooked = 113;
constexpr uint32_t cooked_header_length = 16;

// The bytes of a VLAN tag, which libpcap puts back into the frame where the kernel handed it over beside the frame.
constexpr uint32_t vlan_tag_length = 4;

constexpr size_t staged_bytes = size_t{1} << 17;
constexpr size_t packets_at_once = 4096;

// Milliseconds after the timeout by which the kernel has handed over everything that it took.
constexpr int handover_slack = 400;

constexpr size_t RecordSize(uint32_t captured_length) {
    return (sizeof(batch_record) + captured_length + 7) / 8 * 8;
}

int ErrnoOf(int status) {
    switch (status) {
    case error_no_such_device:
        return ENODEV;
    case error_permission_denied:
    case error_promiscuous_permission_denied:
        return EPERM;
    case error_interface_not_up:
        return ENETDOWN;
    default:
        return EIO;
    }
}

} // namespace

PcapLane::PcapLane(Napi::Env env, const PcapLibrary &library, Settings settings)
    : library_(library), settings_(std::move(settings)), handle_(nullptr, library.close) {
    char message[pcap_message_size] = "";
    handle_.reset(library.create(settings_.name.c_str(), message));
    if (handle_ == nullptr)
        throw SystemFailure(env, "pcap_create", EIO, message);
    pcap *handle = handle_.get();
    library.set_snaplen(handle, PACKET_CAPTURED_LENGTH_MAX);
    library.set_promisc(handle, settings_.promiscuous ? 1 : 0);
    library.set_timeout(handle, static_cast<int>(settings_.timeout));
    library.set_buffer_size(handle, static_cast<int>(settings_.buffer_size));
    if (library.set_tstamp_precision(handle, timestamp_precision_nano) != 0)
        nanoseconds_ = 1000;
    // A result above 0 is a warning.
    if (const int status = library.activate(handle); status < 0)
        throw Failure(env, "pcap_activate", ErrnoOf(status));
    if (library.setnonblock(handle, 1, message) != 0)
        throw SystemFailure(env, "pcap_setnonblock", EIO, message);
    descriptor_ = library.get_selectable_fd(handle);
    if (descriptor_ < 0)
        throw SystemFailure(env, "pcap_get_selectable_fd", EIO);
    // libpcap lets programs that this process starts inherit the socket, and whoever has it reads and sends any packet.
    if (fcntl(descriptor_, F_SETFD, FD_CLOEXEC) != 0)
        throw SystemFailure(env, "keep a packet socket from other programs", errno);
    // libpcap has looked the name up by itself, and the interface of that name may have gone since it was found.
    if (IsGone())
        throw SystemFailure(env, "pcap_activate", ENODEV);
    cooked_header_ = DataLinkType() == data_link_cooked ? cooked_header_length : 0;
    staged_.resize(std::max(staged_bytes, RecordSize(settings_.snapshot_length)));
    const struct sock_filter nothing = {.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
    SetKernelFilter(env, {reinterpret_cast<const uint8_t *>(&nothing), sizeof(nothing)});
}

int PcapLane::DataLinkType() const {
    return library_.datalink(handle_.get());
}

Napi::Error PcapLane::Failure(Napi::Env env, const char *function, int errno_value) const {
    return SystemFailure(env, function, errno_value, library_.get_error(handle_.get()));
}

// Sets the filter on the socket and not by pcap_setfilter. That function also runs the program on the host, for packets
// that the ring holds already, and there the program knows no direction.
void PcapLane::SetKernelFilter(Napi::Env env, std::span<const uint8_t> program) const {
    // The kernel copies the program, and may require an alignment.
    std::vector<struct sock_filter> instructions(program.size() / sizeof(struct sock_filter));
    if (instructions.empty() || instructions.size() > UINT16_MAX ||
        instructions.size() * sizeof(struct sock_filter) != program.size())
        throw Napi::RangeError::New(env, "the program is no row of instructions");
    std::memcpy(instructions.data(), program.data(), program.size());
    const struct sock_fprog filter = {.len = static_cast<unsigned short>(instructions.size()),
                                      .filter = instructions.data()};
    if (setsockopt(descriptor_, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) != 0)
        throw SystemFailure(env, "set the filter of a packet socket", errno);
}

void PcapLane::Begin(Napi::Env env, std::span<const uint8_t> kernel_program, uint32_t decided_length,
                     std::span<const uint8_t> host_program, std::unique_ptr<HostFilterProgram> filter) {
    // Packets that arrived before the first filter lie in the ring.
    ReadStatistics(env);
    early_ = kernel_received_;
    dropped_early_ = kernel_dropped_;
    clock_gettime(CLOCK_REALTIME, &begun_);
    decided_length_ = decided_length;
    host_code_.assign(host_program.begin(), host_program.end());
    filter_ = std::move(filter);
    SetKernelFilter(env, kernel_program);
}

void PcapLane::Stop(Napi::Env env) {
    const struct sock_filter nothing = {.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
    stopped_ = true;
    stopped_at_ = std::chrono::steady_clock::now();
    SetKernelFilter(env, {reinterpret_cast<const uint8_t *>(&nothing), sizeof(nothing)});
}

// libpcap hides packets that leave the loopback interface, and some of these may have come before the first filter.
// Such packets are not waited for longer than the kernel takes to hand over what it has.
bool PcapLane::IsPending(Napi::Env env) {
    ReadStatistics(env);
    if (dispatched_ >= kernel_received_)
        return false;
    const auto waited = std::chrono::steady_clock::now() - stopped_at_;
    return !is_exhausted_ || waited < std::chrono::milliseconds(settings_.timeout + handover_slack);
}

// The kernel removes the index of the interface from the socket when the interface goes away (packet_notifier() of
// net/packet/af_packet.c). A later interface with the same index is therefore not mistaken for it.
bool PcapLane::IsGone() const {
    struct sockaddr_ll address = {};
    socklen_t length = sizeof(address);
    return getsockname(descriptor_, reinterpret_cast<struct sockaddr *>(&address), &length) != 0 ||
           address.sll_ifindex != static_cast<int>(settings_.interface_index);
}

void PcapLane::Refill(Napi::Env env) {
    head_ = staged_end_ = 0;
    // An interface that is down or went away makes libpcap fail. That is no reason to leave packets in the ring.
    int failure = 0;
    socklen_t length = sizeof(failure);
    getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &failure, &length);
    const size_t room = staged_.size() / RecordSize(settings_.snapshot_length);
    const int count = static_cast<int>(std::min(room, packets_at_once));
    const uint64_t before = dispatched_;
    const int status = library_.dispatch(handle_.get(), count, OnPacket, reinterpret_cast<unsigned char *>(this));
    is_exhausted_ = dispatched_ - before < static_cast<uint64_t>(count);
    if (status < 0 && !IsGone())
        throw Failure(env, "pcap_dispatch", EIO);
}

void PcapLane::OnPacket(unsigned char *user, const pcap_packet_header *header, const unsigned char *bytes) {
    reinterpret_cast<PcapLane *>(user)->Take(*header, bytes);
}

// The buffer has room, because no more packets than fit are asked for.
void PcapLane::Take(const pcap_packet_header &header, const uint8_t *bytes) {
    dispatched_++;
    const auto nanoseconds = static_cast<uint32_t>(header.time.tv_usec) * nanoseconds_;
    if (dispatched_ <= early_ &&
        (header.time.tv_sec < begun_.tv_sec || (header.time.tv_sec == begun_.tv_sec && nanoseconds < begun_.tv_nsec)))
        return;
    taken_++;
    const uint32_t skipped = std::min(cooked_header_, header.captured_length);
    const uint8_t *packet = bytes + skipped;
    const uint32_t captured = header.captured_length - skipped;
    const uint32_t original = header.original_length - skipped;
    const bool is_decided = captured < original && captured <= decided_length_ + vlan_tag_length;
    if (!is_decided && !host_code_.empty()) {
        const pcap_program program = {
            .length = static_cast<unsigned int>(host_code_.size() / sizeof(struct sock_filter)),
            .instructions = reinterpret_cast<struct sock_filter *>(host_code_.data()),
        };
        const pcap_packet_header whole = {
            .time = header.time, .captured_length = captured, .original_length = original};
        if (library_.offline_filter(&program, &whole, packet) == 0)
            return;
    }
    if (!is_decided && filter_ != nullptr && !filter_->Matches(packet, captured))
        return;
    matched_++;
    const batch_record record = {
        .seconds = static_cast<uint32_t>(header.time.tv_sec),
        .nanoseconds = nanoseconds,
        .captured_length = std::min(captured, settings_.snapshot_length),
        .original_length = original,
        .interface_index = settings_.interface_index,
        .direction = settings_.direction,
        .is_dropped = 0,
        .queue = PACKET_QUEUE_UNKNOWN,
        .lost = 0,
        .number = 0,
    };
    uint8_t *to = staged_.data() + staged_end_;
    std::memcpy(to, &record, sizeof(record));
    std::memcpy(to + sizeof(record), packet, record.captured_length);
    staged_end_ += RecordSize(record.captured_length);
}

const batch_record &PcapLane::Head() const {
    return *reinterpret_cast<const batch_record *>(staged_.data() + head_);
}

const uint8_t *PcapLane::HeadData() const {
    return staged_.data() + head_ + sizeof(batch_record);
}

void PcapLane::Pop() {
    head_ += RecordSize(Head().captured_length);
}

void PcapLane::ReadStatistics(Napi::Env env) {
    pcap_statistics now = {};
    if (library_.stats(handle_.get(), &now) != 0)
        throw Failure(env, "pcap_stats", EIO);
    const unsigned int dropped = now.dropped - last_.dropped;
    kernel_dropped_ += dropped;
    kernel_received_ += now.received - last_.received - dropped;
    last_ = now;
}

PcapLane::Counters PcapLane::Count(Napi::Env env) {
    ReadStatistics(env);
    return {.received = taken_, .matched = matched_, .dropped = kernel_dropped_ - dropped_early_};
}

} // namespace ringcap
