// The filters of a clsact qdisc in the order in which they run (rtnetlink(7), RTM_GETTFILTER): libbpf finds one by its
// name only.
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <napi.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// The kernel hands over at most 32 KiB at a time (net/netlink/af_netlink.c).
constexpr size_t buffer_size = 32768;

struct Request {
    struct nlmsghdr header;
    struct tcmsg message;
};

struct Filter {
    std::string kind;
    uint32_t chain = 0;
    uint32_t program_id = 0;
};

uint32_t NumberOf(const struct rtattr *attribute) {
    uint32_t number = 0;
    if (RTA_PAYLOAD(attribute) >= sizeof(number))
        std::memcpy(&number, RTA_DATA(attribute), sizeof(number));
    return number;
}

uint32_t ProgramIdOf(const struct rtattr *options) {
    auto left = static_cast<int>(RTA_PAYLOAD(options));
    for (auto *attribute = static_cast<const struct rtattr *>(RTA_DATA(options)); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == TCA_BPF_ID)
            return NumberOf(attribute);
    }
    return 0;
}

Filter FilterOf(const struct nlmsghdr *header, const struct tcmsg *message) {
    Filter filter;
    const struct rtattr *options = nullptr;
    auto left = static_cast<int>(TCA_PAYLOAD(header));
    for (const struct rtattr *attribute = TCA_RTA(message); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == TCA_KIND)
            filter.kind.assign(static_cast<const char *>(RTA_DATA(attribute)),
                               strnlen(static_cast<const char *>(RTA_DATA(attribute)), RTA_PAYLOAD(attribute)));
        else if (attribute->rta_type == TCA_CHAIN)
            filter.chain = NumberOf(attribute);
        else if (attribute->rta_type == TCA_OPTIONS)
            options = attribute;
    }
    // Each kind of filter has its own numbers of attributes.
    if (options != nullptr && filter.kind == "bpf")
        filter.program_id = ProgramIdOf(options);
    return filter;
}

class RouteSocket {
  public:
    explicit RouteSocket(Napi::Env env) : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
        if (fd_ < 0)
            throw SystemFailure(env, "open a netlink socket", errno);
    }
    ~RouteSocket() {
        close(fd_);
    }
    RouteSocket(const RouteSocket &) = delete;
    RouteSocket &operator=(const RouteSocket &) = delete;

    int Fd() const {
        return fd_;
    }

  private:
    int fd_;
};

// (interfaceIndex, egress): { priority, protocol (ETH_P_*), handle, kind, programId }[]
//
// Lists the filters. programId is 0 for filters of another kind than "bpf". The list is empty where there is no such
// qdisc.
Napi::Value ListClsact(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    const RouteSocket route(env);
    struct Request request = {};
    request.header.nlmsg_len = sizeof(request);
    request.header.nlmsg_type = RTM_GETTFILTER;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.message.tcm_ifindex = static_cast<int>(UnsignedArgument(info, 0));
    request.message.tcm_parent = TC_H_MAKE(TC_H_CLSACT, BooleanArgument(info, 1) ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
    if (send(route.Fd(), &request, sizeof(request), 0) < 0)
        throw SystemFailure(env, "ask for TC filters", errno);
    Napi::Array list = Napi::Array::New(env);
    std::vector<uint8_t> buffer(buffer_size);
    for (;;) {
        const ssize_t received = recv(route.Fd(), buffer.data(), buffer.size(), 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            throw SystemFailure(env, "read TC filters", received < 0 ? errno : EPIPE);
        auto left = static_cast<uint32_t>(received);
        for (auto *header = reinterpret_cast<struct nlmsghdr *>(buffer.data()); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
                return list;
            const auto *message = static_cast<const struct tcmsg *>(NLMSG_DATA(header));
            // Each priority has an entry without a handle in front of its filters.
            if (header->nlmsg_type != RTM_NEWTFILTER || message->tcm_handle == 0)
                continue;
            const Filter filter = FilterOf(header, message);
            // Packets reach other chains only through filters of chain 0.
            if (filter.chain != 0)
                continue;
            Napi::Object entry = Napi::Object::New(env);
            entry.Set("priority", TC_H_MAJ(message->tcm_info) >> 16);
            entry.Set("protocol", static_cast<uint32_t>(ntohs(static_cast<uint16_t>(TC_H_MIN(message->tcm_info)))));
            entry.Set("handle", message->tcm_handle);
            entry.Set("kind", filter.kind);
            entry.Set("programId", filter.program_id);
            list.Set(list.Length(), entry);
        }
    }
}

} // namespace

void DefineClsactFilterFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("listClsact", Napi::Function::New<ListClsact>(env, "listClsact"));
}

} // namespace ringcap
