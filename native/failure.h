// Errors of system calls as JavaScript errors: { message, code: "EPERM", errno: 1, operation: "bpf_link_create", log }.
#pragma once

#include <napi.h>

#include <string>

namespace ringcap {

// The error of a failed call. errno_value is positive. log is what the kernel or libbpf said besides, and may be empty.
Napi::Error SystemFailure(Napi::Env env, const std::string &operation, int errno_value, const std::string &log = "");

// libbpf's own messages of this thread since the last call of TakeLibbpfLog.
void CollectLibbpfLog();
std::string TakeLibbpfLog();

} // namespace ringcap
