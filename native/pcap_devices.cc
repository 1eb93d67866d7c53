// The devices that libpcap can capture from, as it lists them.
#include <arpa/inet.h>
#include <napi.h>
#include <netinet/in.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <string>

#include "addon.h"
#include "arguments.h"
#include "failure.h"
#include "pcap_library.h"

namespace ringcap {

namespace {

constexpr uint32_t is_loopback = 1; // PCAP_IF_LOOPBACK of pcap/pcap.h

// Sets the address as text, where there is one of IPv4 or IPv6. Returns whether it did.
bool SetAddress(Napi::Object object, const char *key, const struct sockaddr *address) {
    if (address == nullptr || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
        return false;
    const void *bytes = &reinterpret_cast<const struct sockaddr_in *>(address)->sin_addr;
    if (address->sa_family == AF_INET6)
        bytes = &reinterpret_cast<const struct sockaddr_in6 *>(address)->sin6_addr;
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address->sa_family, bytes, text, sizeof(text));
    object.Set(key, std::string(text));
    return true;
}

Napi::Object Describe(Napi::Env env, const pcap_device &device) {
    Napi::Object described = Napi::Object::New(env);
    described.Set("name", std::string(device.name));
    if (device.description != nullptr)
        described.Set("description", std::string(device.description));
    Napi::Array addresses = Napi::Array::New(env);
    for (const pcap_address *address = device.addresses; address != nullptr; address = address->next) {
        Napi::Object entry = Napi::Object::New(env);
        if (!SetAddress(entry, "addr", address->address))
            continue;
        SetAddress(entry, "netmask", address->netmask);
        SetAddress(entry, "broadaddr", address->broadcast_address);
        SetAddress(entry, "dstaddr", address->destination_address);
        addresses.Set(addresses.Length(), entry);
    }
    described.Set("addresses", addresses);
    described.Set("loopback", (device.flags & is_loopback) != 0);
    return described;
}

// (library): { name, description?, addresses: { addr, netmask?, broadaddr?, dstaddr? }[], loopback }[]
//
// Throws with code "ENOENT" where the library cannot be loaded, and with libpcap's words as `log` where it cannot list
// the devices.
Napi::Value ListPcapDevices(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    const std::lock_guard<std::mutex> lock(PcapLibraryInUse());
    const PcapLibrary &library = RequirePcapLibrary(info.Env(), name);
    char message[pcap_message_size] = "";
    pcap_device *first = nullptr;
    if (library.find_all_devices(&first, message) != 0)
        throw SystemFailure(info.Env(), "pcap_findalldevs", EIO, message);
    const std::unique_ptr<pcap_device, void (*)(pcap_device *)> devices(first, library.free_all_devices);
    Napi::Array list = Napi::Array::New(info.Env());
    for (const pcap_device *device = first; device != nullptr; device = device->next)
        list.Set(list.Length(), Describe(info.Env(), *device));
    return list;
}

} // namespace

void DefinePcapDeviceFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("listPcapDevices", Napi::Function::New<ListPcapDevices>(env, "listPcapDevices"));
}

} // namespace ringcap
