#include "failure.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>

#include "error_name.h"

namespace ringcap {

namespace {

thread_local std::string libbpf_log;

int AppendToLog(enum libbpf_print_level level, const char *format, va_list arguments) {
    if (level == LIBBPF_DEBUG)
        return 0;
    char line[1024] = "";
    const int length = vsnprintf(line, sizeof(line), format, arguments);
    libbpf_log += line;
    return length;
}

std::string TextOf(int errno_value) {
    char text[128];
    libbpf_strerror(errno_value, text, sizeof(text));
    return text;
}

} // namespace

// libbpf has error numbers of its own, beyond those of the kernel.
std::string ErrorCode(int errno_value) {
    if (errno_value >= __LIBBPF_ERRNO__START)
        return "libbpf " + std::to_string(errno_value);
    const char *name = ErrorName(errno_value);
    return name != nullptr ? name : "errno " + std::to_string(errno_value);
}

Napi::Error SystemFailure(Napi::Env env, const std::string &operation, int errno_value, const std::string &log) {
    const std::string code = ErrorCode(errno_value);
    Napi::Error error = Napi::Error::New(env, operation + ": " + code + " (" + TextOf(errno_value) + ")");
    error.Set("code", Napi::String::New(env, code));
    error.Set("errno", Napi::Number::New(env, errno_value));
    error.Set("operation", Napi::String::New(env, operation));
    error.Set("log", Napi::String::New(env, log));
    return error;
}

void CollectLibbpfLog() {
    libbpf_set_print(AppendToLog);
    libbpf_log.clear();
}

std::string TakeLibbpfLog() {
    std::string log;
    log.swap(libbpf_log);
    return log;
}

} // namespace ringcap
