// Datagrams to local sockets (unix(7)), which Node.js cannot send.
#include <napi.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// (address: Uint8Array, message: Uint8Array): void
//
// Sends the message as one datagram, and does not wait where the receiver has no room for it (EAGAIN). The address is a
// path, or a name of the abstract namespace, which begins with a zero byte.
void SendDatagram(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> name = BytesArgument(info, 0);
    const std::span<uint8_t> message = BytesArgument(info, 1);
    struct sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const bool is_abstract = !name.empty() && name[0] == 0;
    // A path ends with a zero byte, for which room is left. A name of the abstract namespace is as long as it is.
    const size_t longest = is_abstract ? sizeof(address.sun_path) : sizeof(address.sun_path) - 1;
    if (name.empty() || name.size() > longest)
        throw SystemFailure(info.Env(), "address a local socket", name.empty() ? EINVAL : ENAMETOOLONG);
    std::memcpy(address.sun_path, name.data(), name.size());
    const size_t length = offsetof(struct sockaddr_un, sun_path) + name.size() + (is_abstract ? 0 : 1);
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        throw SystemFailure(info.Env(), "open a local socket", errno);
    const auto *target = reinterpret_cast<const struct sockaddr *>(&address);
    const ssize_t sent =
        sendto(fd, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, target, static_cast<socklen_t>(length));
    const int failure = sent < 0 ? errno : 0;
    close(fd);
    if (failure != 0)
        throw SystemFailure(info.Env(), "send a datagram", failure);
}

} // namespace

void DefineDatagramFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("sendDatagram", Napi::Function::New<SendDatagram>(env, "sendDatagram"));
}

} // namespace ringcap
