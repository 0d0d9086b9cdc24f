// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brewline {

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

constexpr Timestamp timestampFromMilliseconds(std::int64_t sinceEpoch)
{
    return Timestamp(Milliseconds(sinceEpoch));
}

constexpr std::int64_t toMilliseconds(Timestamp time)
{
    return time.time_since_epoch().count();
}

/// RFC 3339 in UTC with milliseconds, e.g. "2026-11-21T09:30:00.125Z".
std::string toRfc3339(Timestamp time);

/// Reads RFC 3339 with any offset and 0 to 9 fractional digits (those beyond milliseconds are cut off).
std::optional<Timestamp> timestampFromRfc3339(std::string_view text);

} // namespace brewline
