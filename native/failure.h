// Errors of system calls as JavaScript errors: { message, code: "EPERM", errno: 1, operation: "bpf_link_create", log }.
#pragma once

#include <napi.h>

#include <string>

namespace ringcap {

// Makes the error of a failed call. errno_value is positive. log holds further messages of the kernel or of libbpf, and
// may be empty.
Napi::Error SystemFailure(Napi::Env env, const std::string &operation, int errno_value, const std::string &log = "");

// "EPERM" for 1, and for a number without a name "errno 524" or "libbpf 4005".
std::string ErrorCode(int errno_value);

// Collects libbpf's own messages. TakeLibbpfLog() returns those of this thread since its last call.
void CollectLibbpfLog();
std::string TakeLibbpfLog();

} // namespace ringcap
