// The filter on the host, for a batch of packets at a time.
#pragma once

#include <napi.h>

#include <memory>

#include "host_filter_program.h"

namespace ringcap {

// The arguments (filter: Uint8Array, networkKeys: Uint8Array, linkType: number) from `first` on.
std::unique_ptr<HostFilterProgram> HostFilterArguments(const Napi::CallbackInfo &info, size_t first);

class HostFilter : public Napi::ObjectWrap<HostFilter> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (filter: Uint8Array, networkKeys: Uint8Array, linkType: number)
    explicit HostFilter(const Napi::CallbackInfo &info);

  private:
    Napi::Value Match(const Napi::CallbackInfo &info);

    std::unique_ptr<HostFilterProgram> program_;
};

} // namespace ringcap
