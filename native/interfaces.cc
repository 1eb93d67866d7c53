// The network interfaces of this process's network namespace, asked for by ioctl: /sys may show another namespace's.
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <napi.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>

#include "addon.h"
#include "failure.h"

namespace ringcap {

namespace {

class ControlSocket {
  public:
    explicit ControlSocket(Napi::Env env) : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        if (fd_ < 0)
            fd_ = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd_ < 0)
            throw SystemFailure(env, "open a socket", errno);
    }
    ~ControlSocket() {
        close(fd_);
    }
    ControlSocket(const ControlSocket &) = delete;
    ControlSocket &operator=(const ControlSocket &) = delete;

    bool Ask(unsigned long request, struct ifreq *interface) const {
        return ioctl(fd_, request, interface) == 0;
    }

  private:
    int fd_;
};

struct ifreq Named(const char *name) {
    struct ifreq interface = {};
    std::strncpy(interface.ifr_name, name, IFNAMSIZ - 1);
    return interface;
}

// Asks an ETHTOOL_G* question of one value. Returns 0 where the driver does not answer.
uint32_t EthtoolValue(const ControlSocket &control, const char *name, uint32_t question) {
    struct ethtool_value value = {};
    value.cmd = question;
    struct ifreq interface = Named(name);
    interface.ifr_data = reinterpret_cast<char *>(&value);
    return control.Ask(SIOCETHTOOL, &interface) ? value.data : 0;
}

// Whether the interface takes VLAN tags out of the frame and hands them over beside it. XDP programs do not see such
// tags.
bool TakesVlanTagsOut(const ControlSocket &control, const char *name) {
    return (EthtoolValue(control, name, ETHTOOL_GFLAGS) & ETH_FLAG_RXVLAN) != 0;
}

// Whether the interface computes checksums or cuts segments of what it sends.
bool CompletesPackets(const ControlSocket &control, const char *name) {
    constexpr uint32_t questions[] = {ETHTOOL_GTXCSUM, ETHTOOL_GTSO, ETHTOOL_GGSO};
    return std::any_of(std::begin(questions), std::end(questions),
                       [&](uint32_t question) { return EthtoolValue(control, name, question) != 0; });
}

// The number of queues that the interface sends through, or 1 where the driver does not answer.
uint32_t TransmitQueues(const ControlSocket &control, const char *name) {
    struct ethtool_channels channels = {};
    channels.cmd = ETHTOOL_GCHANNELS;
    struct ifreq interface = Named(name);
    interface.ifr_data = reinterpret_cast<char *>(&channels);
    if (!control.Ask(SIOCETHTOOL, &interface))
        return 1;
    return std::max(1U, channels.tx_count + channels.combined_count);
}

// The name of the driver, or an empty string where the driver does not answer.
std::string DriverOf(const ControlSocket &control, const char *name) {
    struct ethtool_drvinfo driver = {};
    driver.cmd = ETHTOOL_GDRVINFO;
    struct ifreq interface = Named(name);
    interface.ifr_data = reinterpret_cast<char *>(&driver);
    if (!control.Ask(SIOCETHTOOL, &interface))
        return "";
    return std::string(driver.driver, strnlen(driver.driver, sizeof(driver.driver)));
}

// Megabits a second; 0 where the driver does not tell, or the link is down.
uint32_t SpeedOf(const ControlSocket &control, const char *name) {
    struct ethtool_cmd command = {};
    command.cmd = ETHTOOL_GSET;
    struct ifreq interface = Named(name);
    interface.ifr_data = reinterpret_cast<char *>(&command);
    const bool told = control.Ask(SIOCETHTOOL, &interface);
    const uint32_t speed = told ? ethtool_cmd_speed(&command) : 0;
    return speed == static_cast<uint32_t>(SPEED_UNKNOWN) ? 0 : speed;
}

// (): { name, index, hardwareType (ARPHRD_*), flags (IFF_*), mtu, address, speed, driver, takesVlanTagsOut,
// completesPackets, transmitQueues }[]
Napi::Value ListInterfaces(const Napi::CallbackInfo &info) {
    const ControlSocket control(info.Env());
    const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> names(if_nameindex(), if_freenameindex);
    if (names == nullptr)
        throw SystemFailure(info.Env(), "list the interfaces", errno);
    Napi::Array list = Napi::Array::New(info.Env());
    for (const struct if_nameindex *entry = names.get(); entry->if_name != nullptr; entry++) {
        struct ifreq hardware = Named(entry->if_name);
        struct ifreq flags = Named(entry->if_name);
        struct ifreq mtu = Named(entry->if_name);
        // An interface that went away meanwhile is left out.
        if (!control.Ask(SIOCGIFHWADDR, &hardware) || !control.Ask(SIOCGIFFLAGS, &flags) ||
            !control.Ask(SIOCGIFMTU, &mtu))
            continue;
        Napi::Object interface = Napi::Object::New(info.Env());
        interface.Set("name", std::string(entry->if_name));
        interface.Set("index", entry->if_index);
        interface.Set("hardwareType", static_cast<uint32_t>(hardware.ifr_hwaddr.sa_family));
        interface.Set("flags", static_cast<uint32_t>(static_cast<uint16_t>(flags.ifr_flags)));
        interface.Set("mtu", mtu.ifr_mtu);
        const auto *address = reinterpret_cast<const uint8_t *>(hardware.ifr_hwaddr.sa_data);
        interface.Set("address", Napi::Buffer<uint8_t>::Copy(info.Env(), address, ETH_ALEN));
        interface.Set("speed", SpeedOf(control, entry->if_name));
        interface.Set("driver", DriverOf(control, entry->if_name));
        interface.Set("takesVlanTagsOut", TakesVlanTagsOut(control, entry->if_name));
        interface.Set("completesPackets", CompletesPackets(control, entry->if_name));
        interface.Set("transmitQueues", TransmitQueues(control, entry->if_name));
        list.Set(list.Length(), interface);
    }
    return list;
}

} // namespace

void DefineInterfaceFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("listInterfaces", Napi::Function::New<ListInterfaces>(env, "listInterfaces"));
}

} // namespace ringcap
