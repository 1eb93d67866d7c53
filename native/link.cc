// bpf_link: a program attached to an interface. The kernel detaches it when the last descriptor is closed, so a killed
// process leaves nothing behind.
#include <bpf/bpf.h>
#include <napi.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// The part of struct bpf_link_info of Linux 6.6 and later that is read here (include/uapi/linux/bpf.h). Behind the
// common part, XDP and TCX links both begin with the interface index.
struct InterfaceLinkInfo {
    __u32 type;
    __u32 id;
    __u32 program_id;
    __u32 padding;
    __u32 interface_index;
    __u32 reserved[15];
};

// (program, interfaceIndex, attachType, flags)
Napi::Value CreateLink(const Napi::CallbackInfo &info) {
    LIBBPF_OPTS(bpf_link_create_opts, options, .flags = UnsignedArgument(info, 3));
    const int fd = bpf_link_create(DescriptorArgument(info, 0, DescriptorKind::program),
                                   static_cast<int>(UnsignedArgument(info, 1)),
                                   static_cast<enum bpf_attach_type>(UnsignedArgument(info, 2)), &options);
    if (fd < 0)
        throw SystemFailure(info.Env(), "bpf_link_create", errno);
    return Descriptor::Own(info.Env(), fd, DescriptorKind::link);
}

InterfaceLinkInfo Describe(const Napi::CallbackInfo &info) {
    InterfaceLinkInfo link = {};
    __u32 length = sizeof(link);
    if (bpf_obj_get_info_by_fd(DescriptorArgument(info, 0, DescriptorKind::link), &link, &length) != 0)
        throw SystemFailure(info.Env(), "ask the kernel about a link", errno);
    return link;
}

// (link): the interface index, 0 once the interface is gone
Napi::Value LinkInterface(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), Describe(info).interface_index);
}

// (link): the number of the link among all links of the host
Napi::Value LinkId(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), Describe(info).id);
}

// (link): detaches at once, whoever else holds the link. The kernel has already done it for an interface that is gone.
void DetachLink(const Napi::CallbackInfo &info) {
    const int result = bpf_link_detach(DescriptorArgument(info, 0, DescriptorKind::link));
    if (result != 0 && errno != ENOLINK)
        throw SystemFailure(info.Env(), "bpf_link_detach", errno);
}

// (link, program): replaces the program of the link between two packets. Throws ENOLINK when the interface is gone.
void UpdateLink(const Napi::CallbackInfo &info) {
    const int link = DescriptorArgument(info, 0, DescriptorKind::link);
    if (bpf_link_update(link, DescriptorArgument(info, 1, DescriptorKind::program), nullptr) != 0)
        throw SystemFailure(info.Env(), "bpf_link_update", errno);
}

// Detaches in the thread pool while JavaScript goes on. Node.js waits for the work before it ends a worker thread.
class Removal : public Napi::AsyncWorker {
  public:
    // Takes over link.
    Removal(Napi::Env env, int link)
        : Napi::AsyncWorker(env, "ringcap.RemoveLink"), deferred_(Napi::Promise::Deferred::New(env)), link_(link) {}
    ~Removal() override {
        if (link_ >= 0)
            close(link_);
    }
    Removal(const Removal &) = delete;
    Removal &operator=(const Removal &) = delete;

    Napi::Promise Promise() const {
        return deferred_.Promise();
    }

  protected:
    void Execute() override {
        if (bpf_link_detach(link_) != 0 && errno != ENOLINK)
            failure_ = errno;
        close(std::exchange(link_, -1));
    }
    void OnOK() override {
        if (failure_ != 0)
            deferred_.Reject(SystemFailure(Env(), "bpf_link_detach", failure_).Value());
        else
            deferred_.Resolve(Env().Undefined());
    }

  private:
    Napi::Promise::Deferred deferred_;
    int link_;
    int failure_ = 0;
};

// (link): detaches as detachLink does, closes the link, and returns a promise.
Napi::Value RemoveLink(const Napi::CallbackInfo &info) {
    DescriptorArgument(info, 0, DescriptorKind::link);
    auto *removal = new Removal(info.Env(), Descriptor::Take(info[0], DescriptorKind::link));
    const Napi::Promise promise = removal->Promise();
    removal->Queue();
    return promise;
}

} // namespace

void DefineLinkFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("createLink", Napi::Function::New<CreateLink>(env, "createLink"));
    exports.Set("linkInterface", Napi::Function::New<LinkInterface>(env, "linkInterface"));
    exports.Set("linkId", Napi::Function::New<LinkId>(env, "linkId"));
    exports.Set("updateLink", Napi::Function::New<UpdateLink>(env, "updateLink"));
    exports.Set("detachLink", Napi::Function::New<DetachLink>(env, "detachLink"));
    exports.Set("removeLink", Napi::Function::New<RemoveLink>(env, "removeLink"));
}

} // namespace ringcap
