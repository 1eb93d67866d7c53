// Alternative names of interfaces (ip link property add altname), which only netlink takes in full: an ioctl has room
// for 15 bytes.
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <napi.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// ALTIFNAMSIZ of include/uapi/linux/if.h, which C libraries leave out.
constexpr size_t ALTERNATIVE_NAME_SIZE = 128;

struct NameRequest {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr attribute;
    std::array<char, ALTERNATIVE_NAME_SIZE> name;
};

NameRequest RequestFor(const std::string &name) {
    NameRequest request = {};
    request.header.nlmsg_len = sizeof(request);
    request.header.nlmsg_type = RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    request.attribute.rta_type = IFLA_ALT_IFNAME;
    request.attribute.rta_len = RTA_LENGTH(name.size() + 1);
    std::copy(name.begin(), name.end(), request.name.begin());
    return request;
}

// Returns the index in the kernel's answer, or 0 where the answer is an error.
int IndexIn(const char *answer, ssize_t length) {
    struct nlmsghdr header;
    struct ifinfomsg link;
    if (length < static_cast<ssize_t>(NLMSG_HDRLEN + sizeof(link)))
        return 0;
    std::memcpy(&header, answer, sizeof(header));
    std::memcpy(&link, answer + NLMSG_HDRLEN, sizeof(link));
    return header.nlmsg_type == RTM_NEWLINK ? link.ifi_index : 0;
}

// (name: string): number
//
// The index of the interface that has the name or alternative name; 0 when there is none.
Napi::Value InterfaceIndexOf(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 0);
    if (name.empty() || name.size() >= ALTERNATIVE_NAME_SIZE || name.find('\0') != std::string::npos)
        return Napi::Number::New(info.Env(), 0);
    const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        throw SystemFailure(info.Env(), "open a netlink socket", errno);
    const NameRequest request = RequestFor(name);
    // Only the beginning of the answer is needed; the kernel cuts the rest.
    std::array<char, 256> answer;
    ssize_t length = send(fd, &request, sizeof(request), 0);
    if (length >= 0)
        length = recv(fd, answer.data(), answer.size(), 0);
    const int failure = errno;
    close(fd);
    if (length < 0)
        throw SystemFailure(info.Env(), "ask for the interface", failure);
    return Napi::Number::New(info.Env(), IndexIn(answer.data(), length));
}

} // namespace

void DefineInterfaceNameFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("interfaceIndexOf", Napi::Function::New<InterfaceIndexOf>(env, "interfaceIndexOf"));
}

} // namespace ringcap
