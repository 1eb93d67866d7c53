#pragma once

namespace ringcap {

// "EPERM" for 1, or nullptr for a number that is no error of Linux.
const char *ErrorName(int errno_value);

} // namespace ringcap
