// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/latencies.h"

#include <algorithm>
#include <cmath>

namespace brewline::bench {

void Latencies::add(std::chrono::nanoseconds duration)
{
    m_durations.push_back(std::chrono::duration_cast<Duration>(duration));
}

void Latencies::add(const Latencies &others)
{
    m_durations.insert(m_durations.end(), others.m_durations.begin(), others.m_durations.end());
}

Latencies::Duration Latencies::percentile(double percent) const
{
    if (m_durations.empty())
        return Duration(0);
    std::vector<Duration> sorted = m_durations;
    const auto rank = std::size_t(std::ceil(percent / 100 * double(sorted.size())));
    const auto place = sorted.begin() + std::ptrdiff_t(std::clamp(rank, std::size_t(1), sorted.size()) - 1);
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
}

} // namespace brewline::bench
