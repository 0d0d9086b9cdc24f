// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace brewline::workflow::limits {

/// Inputs, results and outputs of states, as compact UTF-8 JSON.
inline constexpr std::size_t payloadBytes = 256 * 1024;
/// State transitions before a step yields, so that a loop does not hold up everybody else's transactions.
inline constexpr std::uint32_t transitionsOfAStep = 1000;
/// History entries of an execution.
inline constexpr std::uint32_t historyEntries = 25'000;
/// Iterations of a Map that run at a time, whatever its MaxConcurrency.
inline constexpr std::uint32_t concurrentIterations = 40;

/// \a seconds as milliseconds, bounded so that adding it to a point in time cannot overflow.
inline Milliseconds duration(double seconds)
{
    constexpr double longest = 1.0e11; // some 3,000 years
    return Milliseconds(std::llround(std::fmin(seconds, longest) * 1000));
}

} // namespace brewline::workflow::limits
