// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"

#include <mutex>
#include <random>

namespace brewline::test {

/// Bytes that are the same in each run with the same seed. Any thread may ask for them.
class FakeRandom final : public Random {
public:
    explicit FakeRandom(std::uint64_t seed = 1)
        : m_generator(seed)
    {
    }

    void fill(std::span<std::uint8_t> bytes) override
    {
        const std::lock_guard guard(m_mutex);
        for (std::uint8_t &byte : bytes)
            byte = std::uint8_t(m_generator() >> 56);
    }

private:
    std::mutex m_mutex;
    std::mt19937_64 m_generator;
};

} // namespace brewline::test
