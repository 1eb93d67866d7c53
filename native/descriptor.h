// A file descriptor owned by a JavaScript object: closed by close(), or when the object is collected.
#pragma once

#include <napi.h>

#include <cstdint>

namespace ringcap {

// What a descriptor refers to. The addon must know it, because the kernel answers a question about a program with facts
// about a map where the descriptor is that of a map.
enum class DescriptorKind : uint8_t { any, map, program, link };

struct OwnedFd {
    int fd = -1;
    DescriptorKind kind = DescriptorKind::any;
};

class Descriptor : public Napi::ObjectWrap<Descriptor> {
  public:
    static Napi::Function Define(Napi::Env env);

    // Takes over fd, also when the function throws.
    static Napi::Value Own(Napi::Env env, int fd, DescriptorKind kind = DescriptorKind::any);
    // Makes a Descriptor of a duplicate of fd, for descriptors that libbpf owns.
    static Napi::Value Duplicate(Napi::Env env, int fd, DescriptorKind kind);
    // Returns the open descriptor behind a JavaScript value. Throws a TypeError for any other value, and for a
    // descriptor of another kind.
    static int FdOf(const Napi::Value &value, DescriptorKind kind = DescriptorKind::any);

    // Returns the descriptor as FdOf does, closes the JavaScript object, and leaves it to the caller to close the
    // descriptor.
    static int Take(const Napi::Value &value, DescriptorKind kind);

    explicit Descriptor(const Napi::CallbackInfo &info);
    ~Descriptor() override;

  private:
    static Descriptor *From(const Napi::Value &value);

    Napi::Value Fd(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    OwnedFd owned_;
};

} // namespace ringcap
