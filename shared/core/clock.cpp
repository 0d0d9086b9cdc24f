// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <ctime>

namespace brewline {

namespace {

Milliseconds sinceBoot()
{
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return Milliseconds(std::int64_t(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000);
}

} // namespace

SystemClock::SystemClock()
    : m_wallAtStart(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()))
    , m_bootAtStart(sinceBoot())
{
}

Timestamp SystemClock::now() const
{
    return m_wallAtStart + (sinceBoot() - m_bootAtStart);
}

} // namespace brewline
