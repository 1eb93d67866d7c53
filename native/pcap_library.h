// libpcap, which is loaded when it is first asked for. On Debian it pulls in libraries that most captures do not use,
// and a host without it can capture all the same. The parts of pcap/pcap.h and pcap/bpf.h that are used are declared
// here.
#pragma once

#include <linux/filter.h>
#include <napi.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace ringcap {

struct pcap;

// An instruction of libpcap is one of the kernel.
struct pcap_program {
    unsigned int length;
    struct sock_filter *instructions;
};

struct pcap_address {
    pcap_address *next;
    const struct sockaddr *address;
    const struct sockaddr *netmask;
    const struct sockaddr *broadcast_address;
    const struct sockaddr *destination_address;
};

struct pcap_device {
    pcap_device *next;
    const char *name;
    const char *description; // null where there is none
    const pcap_address *addresses;
    uint32_t flags;
};

struct pcap_packet_header {
    struct timeval time; // tv_usec is nanoseconds where that was asked for
    uint32_t captured_length;
    uint32_t original_length;
};

struct pcap_statistics {
    unsigned int received; // what was dropped included
    unsigned int dropped;
    unsigned int dropped_by_interface;
};

using pcap_handler = void (*)(unsigned char *user, const pcap_packet_header *header, const unsigned char *bytes);

constexpr size_t pcap_message_size = 256; // PCAP_ERRBUF_SIZE

struct PcapLibrary {
    pcap *(*open_dead)(int data_link_type, int snapshot_length);
    pcap *(*open_savefile)(FILE *file, char *message);
    int (*compile)(pcap *handle, pcap_program *program, const char *expression, int optimise, uint32_t netmask);
    void (*free_code)(pcap_program *program);
    char *(*get_error)(pcap *handle);
    void (*close)(pcap *handle);
    int (*find_all_devices)(pcap_device **devices, char *message);
    void (*free_all_devices)(pcap_device *devices);

    // The functions of a live capture, which are all there from libpcap 1.5 on.
    bool can_capture;
    pcap *(*create)(const char *device, char *message);
    int (*set_snaplen)(pcap *handle, int bytes);
    int (*set_promisc)(pcap *handle, int promiscuous);
    int (*set_timeout)(pcap *handle, int milliseconds);
    int (*set_buffer_size)(pcap *handle, int bytes);
    int (*set_tstamp_precision)(pcap *handle, int precision);
    int (*activate)(pcap *handle);
    int (*setnonblock)(pcap *handle, int nonblock, char *message);
    int (*datalink)(pcap *handle);
    int (*get_selectable_fd)(pcap *handle);
    int (*dispatch)(pcap *handle, int count, pcap_handler callback, unsigned char *user);
    int (*stats)(pcap *handle, pcap_statistics *statistics);
    int (*offline_filter)(const pcap_program *program, const pcap_packet_header *header, const unsigned char *bytes);
};

// The mutex is held for every call of libpcap except those that take packets. Before version 1.8 the compiler kept its
// state in global variables, and resolving names may still do so.
std::mutex &PcapLibraryInUse();

// Returns the library of that name, which stays loaded. Throws with code "ENOENT" where it cannot be loaded. The caller
// holds the mutex.
const PcapLibrary &RequirePcapLibrary(Napi::Env env, const std::string &name);

// Returns the program as struct sock_filter, one after the other, or what libpcap has against the expression as a
// string. The caller holds the mutex.
Napi::Value CompileWithHandle(Napi::Env env, const PcapLibrary &library, pcap *handle, const std::string &expression,
                              bool optimise, uint32_t netmask);

} // namespace ringcap
