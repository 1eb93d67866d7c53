// Promiscuous mode that lasts as long as a packet socket. The kernel ends it with the socket, however the process ends.
#include <linux/if_packet.h>
#include <napi.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// (interfaceIndex): the Descriptor whose closing ends the promiscuous mode
Napi::Value EnterPromiscuousMode(const Napi::CallbackInfo &info) {
    const uint32_t interface_index = UnsignedArgument(info, 0);
    // With the protocol 0 the socket receives nothing (packet(7)).
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0)
        throw SystemFailure(info.Env(), "open a packet socket", errno);
    struct packet_mreq request = {};
    request.mr_ifindex = static_cast<int>(interface_index);
    request.mr_type = PACKET_MR_PROMISC;
    if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) != 0) {
        const int failure = errno;
        close(fd);
        throw SystemFailure(info.Env(), "set promiscuous mode", failure);
    }
    return Descriptor::Own(info.Env(), fd);
}

} // namespace

void DefinePromiscuousFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("enterPromiscuousMode", Napi::Function::New<EnterPromiscuousMode>(env, "enterPromiscuousMode"));
}

} // namespace ringcap
