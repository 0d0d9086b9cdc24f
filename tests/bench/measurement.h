// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/orderload.h"
#include "core/time.h"

#include <string>

#include <sys/types.h>

namespace brewline::bench {

/// Processor seconds of the three that share the machine.
struct ProcessorUse {
    Milliseconds generator{0};
    Milliseconds backend{0};
    Milliseconds broker{0};

    ProcessorUse operator-(const ProcessorUse &before) const
    {
        return {generator - before.generator, backend - before.backend, broker - before.broker};
    }
};

/// Of this process, \a backend and the child of \a backend that is the broker, since their start.
ProcessorUse processorUse(pid_t backend);

/// One phase as it was seen from all sides.
struct Phase {
    LoadResult load;
    ProcessorUse use;
    Latencies lags;                 ///< from a change to its message
    Milliseconds lastMessage{0};    ///< from the last answer of all until the last message
    std::int64_t changes = 0;       ///< answered with success
    std::int64_t messages = 0;      ///< heard, each change once
    std::int64_t messageFaults = 0; ///< repeated, out of order or unreadable
};

/// What the run was asked for and what it brought.
struct Measurement {
    std::size_t visitors = 0;
    std::string folder;
    double commitsPerSecond = 0; ///< of the disk, see commitRate()
    Phase full;
    Phase half;
};

std::string table(const Measurement &measurement);
/// One line of JSON.
std::string jsonLine(const Measurement &measurement);

/// Whether all answers were good and every change was heard once.
bool isFlawless(const Measurement &measurement);

} // namespace brewline::bench
