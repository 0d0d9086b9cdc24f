// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"

#include <atomic>

namespace brewline::test {

/// A clock that stands still until it is told to go on. Any thread may ask it.
class FakeClock final : public Clock {
public:
    /// Saturday, 2026-11-21T09:00:00Z unless told otherwise.
    explicit FakeClock(Timestamp start = timestampFromMilliseconds(1'795'251'600'000))
        : m_now(toMilliseconds(start))
    {
    }

    [[nodiscard]] Timestamp now() const override { return timestampFromMilliseconds(m_now); }
    void advance(Milliseconds by) { m_now += by.count(); }
    void set(Timestamp now) { m_now = toMilliseconds(now); }

private:
    std::atomic<std::int64_t> m_now;
};

} // namespace brewline::test
