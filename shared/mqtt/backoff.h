// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "core/time.h"

namespace brewline::mqtt {

/// How long to wait before trying again: doubles from \a first to \a longest; each delay is shortened by a random part
/// of up to a half, so that clients that lost one broker together do not come back together.
class Backoff {
public:
    /// \a random must outlive this object.
    explicit Backoff(Random &random, Milliseconds first = Milliseconds(200), Milliseconds longest = Seconds(5));

    [[nodiscard]] Milliseconds next();
    /// To be called after a success.
    void reset();

private:
    Random &m_random;
    Milliseconds m_first;
    Milliseconds m_longest;
    Milliseconds m_current;
};

} // namespace brewline::mqtt
