// Datagrams of local sockets (unix(7)), which Node.js does not have.
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
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

struct LocalAddress {
    struct sockaddr_un address = {};
    socklen_t length = 0;

    const struct sockaddr *Get() const {
        return reinterpret_cast<const struct sockaddr *>(&address);
    }
};

// Returns the address of a path, or of a name of the abstract namespace, which begins with a zero byte.
LocalAddress AddressOf(Napi::Env env, std::span<uint8_t> name) {
    LocalAddress local;
    local.address.sun_family = AF_UNIX;
    const bool is_abstract = !name.empty() && name[0] == 0;
    // A path ends with a zero byte, for which room is left. A name of the abstract namespace is as long as it is.
    const size_t longest = is_abstract ? sizeof(local.address.sun_path) : sizeof(local.address.sun_path) - 1;
    if (name.empty() || name.size() > longest)
        throw SystemFailure(env, "address a local socket", name.empty() ? EINVAL : ENAMETOOLONG);
    std::memcpy(local.address.sun_path, name.data(), name.size());
    const size_t length = offsetof(struct sockaddr_un, sun_path) + name.size() + (is_abstract ? 0 : 1);
    local.length = static_cast<socklen_t>(length);
    return local;
}

int OpenSocket(Napi::Env env, int flags) {
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0)
        throw SystemFailure(env, "open a local socket", errno);
    return fd;
}

// (address: Uint8Array, message: Uint8Array): void
//
// Sends the message as one datagram, and does not wait where the receiver has no room for it (EAGAIN).
void SendDatagram(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> name = BytesArgument(info, 0);
    const std::span<uint8_t> message = BytesArgument(info, 1);
    const LocalAddress target = AddressOf(info.Env(), name);
    const int fd = OpenSocket(info.Env(), 0);
    const ssize_t sent =
        sendto(fd, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, target.Get(), target.length);
    const int failure = sent < 0 ? errno : 0;
    close(fd);
    if (failure != 0)
        throw SystemFailure(info.Env(), "send a datagram", failure);
}

// (address: Uint8Array): a Descriptor, each read(2) of which takes one datagram and does not wait for any (EAGAIN)
Napi::Value ReceiveDatagrams(const Napi::CallbackInfo &info) {
    const LocalAddress own = AddressOf(info.Env(), BytesArgument(info, 0));
    const int fd = OpenSocket(info.Env(), SOCK_NONBLOCK);
    if (bind(fd, own.Get(), own.length) != 0) {
        const int failure = errno;
        close(fd);
        throw SystemFailure(info.Env(), "bind a local socket", failure);
    }
    return Descriptor::Own(info.Env(), fd);
}

} // namespace

void DefineDatagramFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("sendDatagram", Napi::Function::New<SendDatagram>(env, "sendDatagram"));
    exports.Set("receiveDatagrams", Napi::Function::New<ReceiveDatagrams>(env, "receiveDatagrams"));
}

} // namespace ringcap
