// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace brewline::bench {

/// Durations, all of them kept, so that percentiles are exact.
class Latencies {
public:
    using Duration = std::chrono::microseconds;

    void add(std::chrono::nanoseconds duration);
    void add(const Latencies &others);
    void clear() { m_durations.clear(); }
    [[nodiscard]] std::size_t count() const { return m_durations.size(); }

    /// The smallest duration that \a percent of all do not exceed; 0 when there are none. 100 is the longest.
    [[nodiscard]] Duration percentile(double percent) const;

private:
    std::vector<Duration> m_durations;
};

} // namespace brewline::bench
