// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace brewline::demo {

/// A process as /proc tells of it.
struct ProcessEntry {
    pid_t id = 0;
    pid_t parent = 0;
    std::string name;              ///< at most 15 characters
    Milliseconds processorTime{0}; ///< user and system time of all its threads so far

    friend bool operator==(const ProcessEntry &, const ProcessEntry &) = default;
};

/// The process \a id; its id is 0 when there is none, or only its remains that nobody has waited for.
ProcessEntry processEntry(pid_t id);

/// The children of \a parent that run now.
std::vector<ProcessEntry> childrenOf(pid_t parent);

} // namespace brewline::demo
