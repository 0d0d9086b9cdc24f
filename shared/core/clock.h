// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

namespace brewline {

/// Tells the time. Implementations may be called from any thread.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// Wall time at construction plus CLOCK_BOOTTIME since then, so that a clock that is set while the
/// program runs (by hand or by NTP) moves no deadline, and a suspended machine's time still counts.
class SystemClock final : public Clock {
public:
    SystemClock();
    [[nodiscard]] Timestamp now() const override;

private:
    Timestamp m_wallAtStart;
    Milliseconds m_bootAtStart;
};

} // namespace brewline
