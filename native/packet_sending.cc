#include "packet_sending.h"

#include <algorithm>
#include <cerrno>

#include "failure.h"

namespace ringcap {

namespace {

constexpr size_t frames_per_call = 64;
// The longest time of one call of send(), so that its caller learns how far it is.
constexpr int64_t slice = 250000000;
// How long a frame is offered to an interface that says that it has no room. A veth also says so of a frame that is
// longer than its other end accepts. After a frame was refused for that long, frames of its length and above are
// offered only once.
constexpr int64_t patience = 250000000;
constexpr int64_t pause_without_room = 200000;

// The errors that concern one frame, because it is too long or too short. Any other error would meet every frame.
bool IsOfTheFrame(int errno_value) {
    return errno_value == EMSGSIZE || errno_value == EINVAL;
}

bool IsWithoutRoom(int errno_value) {
    return errno_value == ENOBUFS || errno_value == EAGAIN || errno_value == ENOMEM;
}

} // namespace

void PacketSending::Execute() {
    PacedClock clock(socket_->stop_fd);
    const int64_t end = PacedClock::Now() + slice;
    const size_t count = batch_.messages.size();
    while (behind_ < count && failure_ == 0) {
        int64_t now = PacedClock::Now();
        const int64_t due = DueOf(behind_);
        if (due > now) {
            // The next call continues a long wait.
            if (!clock.WaitUntil(std::min(due, end)) || due > end)
                return;
            now = PacedClock::Now();
        } else if (now >= end || !clock.Sleep(0)) {
            return;
        }
        size_t group = 1;
        while (group < frames_per_call && behind_ + group < count && DueOf(behind_ + group) <= now)
            group++;
        Send(clock, group);
    }
}

void PacketSending::OnOK() {
    socket_->sending = false;
    Napi::Object result = Napi::Object::New(Env());
    result.Set("frames", static_cast<double>(behind_));
    result.Set("failure", failure_ == 0 ? Env().Undefined() : SystemFailure(Env(), "send", failure_).Value());
    deferred_.Resolve(result);
}

int64_t PacketSending::DueOf(size_t frame) const {
    return batch_.due.empty() ? 0 : batch_.start + static_cast<int64_t>(batch_.due[frame]);
}

void PacketSending::Send(const PacedClock &clock, size_t group) {
    const int64_t now = PacedClock::Now();
    const int sent = sendmmsg(socket_->fd, &batch_.messages[behind_], static_cast<unsigned>(group), MSG_DONTWAIT);
    if (sent > 0) {
        // sendmmsg reports the error that ended the group only to the next call, which offers the frame again.
        cut_short_ = static_cast<size_t>(sent) < group;
        CountSent(static_cast<size_t>(sent), now);
        return;
    }
    const int failure = errno;
    if (std::exchange(cut_short_, false) && failure == ENOBUFS)
        socket_->retried++;
    if (failure == EINTR)
        return;
    const size_t length = batch_.vectors[behind_].iov_len;
    if (IsWithoutRoom(failure) && length < socket_->refused_length) {
        if (socket_->waiting_since == 0)
            socket_->waiting_since = now;
        if (now - socket_->waiting_since < patience) {
            socket_->retried++;
            clock.Sleep(pause_without_room, failure == EAGAIN ? socket_->fd : -1);
            return;
        }
        socket_->refused_length = length;
    }
    if (!IsWithoutRoom(failure) && !IsOfTheFrame(failure)) {
        failure_ = failure;
        return;
    }
    socket_->waiting_since = 0;
    behind_++;
    const std::lock_guard<std::mutex> lock(socket_->mutex);
    socket_->errors[failure]++;
}

void PacketSending::CountSent(size_t sent, int64_t now) {
    uint64_t bytes = 0;
    for (size_t i = behind_; i < behind_ + sent; i++) {
        const size_t length = batch_.vectors[i].iov_len;
        bytes += length;
        if (length >= socket_->refused_length)
            socket_->refused_length = SIZE_MAX; // the interface was merely short of room
        if (batch_.due.empty())
            continue;
        const uint64_t late = static_cast<uint64_t>(std::max<int64_t>(0, now - DueOf(i)));
        socket_->paced++;
        socket_->lateness += late;
        if (late > socket_->lateness_max)
            socket_->lateness_max = late;
    }
    behind_ += sent;
    socket_->waiting_since = 0;
    socket_->sent += sent;
    socket_->bytes += bytes;
}

} // namespace ringcap
