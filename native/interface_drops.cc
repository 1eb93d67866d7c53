// Counts of packets that the interfaces of this process's network namespace have dropped since they were made. The
// kernel is asked by netlink, because /sys may show another namespace's interfaces.
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <napi.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "addon.h"
#include "failure.h"

namespace ringcap {

namespace {

// (): { index, receiveDropped, transmitDropped }[], each a number of packets modulo 2^32
Napi::Value ReadInterfaceDrops(const Napi::CallbackInfo &info) {
    struct ifaddrs *first = nullptr;
    if (getifaddrs(&first) != 0)
        throw SystemFailure(info.Env(), "getifaddrs", errno);
    const std::unique_ptr<struct ifaddrs, decltype(&freeifaddrs)> addresses(first, freeifaddrs);
    Napi::Array list = Napi::Array::New(info.Env());
    for (const struct ifaddrs *entry = first; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET || entry->ifa_data == nullptr)
            continue;
        struct sockaddr_ll address;
        std::memcpy(&address, entry->ifa_addr, sizeof(address));
        // C libraries hand on IFLA_STATS, whose numbers have 32 bits.
        struct rtnl_link_stats counters;
        std::memcpy(&counters, entry->ifa_data, sizeof(counters));
        Napi::Object interface = Napi::Object::New(info.Env());
        interface.Set("index", address.sll_ifindex);
        interface.Set("receiveDropped", counters.rx_dropped + counters.rx_missed_errors + counters.rx_fifo_errors);
        interface.Set("transmitDropped", counters.tx_dropped);
        list.Set(list.Length(), interface);
    }
    return list;
}

} // namespace

void DefineInterfaceDropFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("readInterfaceDrops", Napi::Function::New<ReadInterfaceDrops>(env, "readInterfaceDrops"));
}

} // namespace ringcap
