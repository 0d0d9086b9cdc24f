// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mqtt/backoff.h"

#include <algorithm>

namespace brewline::mqtt {

Backoff::Backoff(Random &random, Milliseconds first, Milliseconds longest)
    : m_random(random)
    , m_first(first)
    , m_longest(longest)
    , m_current(first)
{
}

Milliseconds Backoff::next()
{
    const Milliseconds whole = m_current;
    m_current = std::min(m_current * 2, m_longest);
    return whole - (whole / 2) * m_random.below(256) / 255;
}

void Backoff::reset()
{
    m_current = m_first;
}

} // namespace brewline::mqtt
