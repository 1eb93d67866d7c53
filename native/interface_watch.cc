// Says which interfaces leave this network namespace, because they are deleted or moved to another one. The source is
// the kernel's own notifications (rtnetlink(7)), which are right also where the kernel gives the index to a new
// interface.
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <napi.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// Bytes of the receive buffer, more than any message about a link has. The kernel cuts a longer message off, and the
// socket stays in order.
constexpr size_t buffer_size = 65536;

// (): a Descriptor that becomes readable when an interface of the namespace changes
Napi::Value CreateInterfaceWatch(const Napi::CallbackInfo &info) {
    const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0)
        throw SystemFailure(info.Env(), "open a netlink socket", errno);
    struct sockaddr_nl address = {};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK;
    if (bind(fd, reinterpret_cast<struct sockaddr *>(&address), sizeof(address)) != 0) {
        const int failure = errno;
        close(fd);
        throw SystemFailure(info.Env(), "listen for changes of interfaces", failure);
    }
    return Descriptor::Own(info.Env(), fd);
}

bool IsMove(const struct nlmsghdr *message, const struct ifinfomsg *link) {
    auto left = static_cast<int>(IFLA_PAYLOAD(message));
    for (const struct rtattr *attribute = IFLA_RTA(link); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == IFLA_NEW_NETNSID)
            return true;
    }
    return false;
}

// (watch): { removed: { index, moved }[], lost }
//
// Returns the interfaces that left the namespace since the last call.
// moved: whether the interface went to another namespace.
// lost: whether the socket had no room for some notifications.
Napi::Value TakeRemovedInterfaces(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::any);
    std::vector<uint8_t> buffer(buffer_size);
    Napi::Array removed = Napi::Array::New(info.Env());
    bool lost = false;
    for (;;) {
        struct sockaddr_nl sender = {};
        socklen_t sender_length = sizeof(sender);
        const ssize_t received =
            recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<struct sockaddr *>(&sender), &sender_length);
        if (received < 0 && errno == EINTR)
            continue;
        if (received < 0 && errno == ENOBUFS) {
            lost = true;
            continue;
        }
        if (received < 0 && errno == EAGAIN)
            break;
        if (received < 0)
            throw SystemFailure(info.Env(), "read changes of interfaces", errno);
        // Other processes may send to the socket too. Only the kernel has the port 0.
        if (sender.nl_pid != 0)
            continue;
        auto left = static_cast<uint32_t>(received);
        for (auto *message = reinterpret_cast<struct nlmsghdr *>(buffer.data()); NLMSG_OK(message, left);
             message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type != RTM_DELLINK || message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
                continue;
            const auto *link = static_cast<const struct ifinfomsg *>(NLMSG_DATA(message));
            // A port that leaves its bridge causes a message of that family.
            if (link->ifi_family != AF_UNSPEC)
                continue;
            Napi::Object interface = Napi::Object::New(info.Env());
            interface.Set("index", link->ifi_index);
            interface.Set("moved", IsMove(message, link));
            removed.Set(removed.Length(), interface);
        }
    }
    Napi::Object changes = Napi::Object::New(info.Env());
    changes.Set("removed", removed);
    changes.Set("lost", lost);
    return changes;
}

} // namespace

void DefineInterfaceWatchFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("createInterfaceWatch", Napi::Function::New<CreateInterfaceWatch>(env, "createInterfaceWatch"));
    exports.Set("takeRemovedInterfaces", Napi::Function::New<TakeRemovedInterfaces>(env, "takeRemovedInterfaces"));
}

} // namespace ringcap
