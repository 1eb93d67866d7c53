// One live capture of libpcap: the packets of one interface, filtered, cut and laid out as in batch_record.h.
#pragma once

#include <napi.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "batch_record.h"
#include "host_filter_program.h"
#include "pcap_library.h"

namespace ringcap {

class PcapLane {
  public:
    struct Settings {
        std::string name;
        uint32_t interface_index;
        uint32_t direction;       // enum packet_direction, which its packets are said to have
        uint32_t snapshot_length; // bytes kept of each packet
        uint32_t timeout;         // ms that a packet may wait in the kernel
        uint32_t buffer_size;     // bytes of the kernel's ring
        bool promiscuous;
    };
    struct Counters {
        uint64_t received = 0; // packets that the kernel's filter let through and its ring had room for
        uint64_t matched = 0;  // packets of `received` that the host's filter let through
        uint64_t dropped = 0;  // packets that the kernel's filter let through and its ring had no room for
    };

    // Opens the capture, which takes no packet before Begin. The caller holds the mutex of the library.
    PcapLane(Napi::Env env, const PcapLibrary &library, Settings settings);

    int descriptor() const {
        return descriptor_;
    }
    int DataLinkType() const;

    // Begins to take packets. About a packet that `kernel_program` cuts to `decided_length` bytes or less it has
    // decided. About a packet that it lets through longer or whole, `host_program` (empty: everything matches) and
    // `filter` (null: everything matches) decide.
    void Begin(Napi::Env env, std::span<const uint8_t> kernel_program, uint32_t decided_length,
               std::span<const uint8_t> host_program, std::unique_ptr<HostFilterProgram> filter);

    // Makes the kernel's filter reject every further packet.
    void Stop(Napi::Env env);
    // Whether some packets that the kernel took have not come out yet. It may be called only after Stop.
    bool IsPending(Napi::Env env);

    // Whether the interface went away, also into another network namespace.
    bool IsGone() const;

    bool HasHead() const {
        return head_ < staged_end_;
    }
    // Takes a portion from libpcap where there is no head. The filters may leave nothing of it.
    void Refill(Napi::Env env);
    // Whether libpcap had no more packets at the last Refill.
    bool is_exhausted() const {
        return is_exhausted_;
    }
    // Notes that libpcap may have packets again.
    void Reopen() {
        is_exhausted_ = false;
    }
    const batch_record &Head() const;
    // The bytes behind the head.
    const uint8_t *HeadData() const;
    void Pop();
    // Packets that came out of libpcap since the capture began.
    uint64_t dispatched() const {
        return dispatched_;
    }

    Counters Count(Napi::Env env);

  private:
    static void OnPacket(unsigned char *user, const pcap_packet_header *header, const unsigned char *bytes);
    void Take(const pcap_packet_header &header, const uint8_t *bytes);
    void SetKernelFilter(Napi::Env env, std::span<const uint8_t> program) const;
    void ReadStatistics(Napi::Env env);
    Napi::Error Failure(Napi::Env env, const char *function, int errno_value) const;

    const PcapLibrary &library_;
    const Settings settings_;
    std::unique_ptr<pcap, void (*)(pcap *)> handle_;
    int descriptor_ = -1;
    uint32_t nanoseconds_ = 1;   // of the unit of libpcap's stamps
    uint32_t cooked_header_ = 0; // bytes that libpcap puts before the packet
    uint64_t early_ = 0;         // packets at most that came before Begin
    struct timespec begun_ = {}; // CLOCK_REALTIME
    uint64_t dispatched_ = 0;    // what libpcap gave, early packets included
    uint64_t taken_ = 0;         // the same without these
    uint64_t matched_ = 0;
    pcap_statistics last_ = {}; // of libpcap, whose counts are of 32 bits
    uint64_t kernel_received_ = 0;
    uint64_t kernel_dropped_ = 0;
    uint64_t dropped_early_ = 0;
    uint32_t decided_length_ = 0;
    std::vector<uint8_t> host_code_;
    std::unique_ptr<HostFilterProgram> filter_;
    std::vector<uint8_t> staged_; // records, padded to eight bytes
    size_t staged_end_ = 0;
    size_t head_ = 0;
    bool is_exhausted_ = false;
    bool stopped_ = false;
    std::chrono::steady_clock::time_point stopped_at_;
};

} // namespace ringcap
