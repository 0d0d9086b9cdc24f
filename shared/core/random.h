// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace brewline {

/// Source of unpredictable bytes. Implementations may be called from any thread.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    template<std::size_t Size>
    std::array<std::uint8_t, Size> bytes()
    {
        std::array<std::uint8_t, Size> result;
        fill(result);
        return result;
    }

    /// A uniformly distributed whole number in [0, \a bound), without the bias of a plain remainder; 1 <= bound <= 256.
    unsigned below(unsigned bound);

    /// \a length characters drawn from \a alphabet (at most 256 characters).
    std::string text(std::size_t length, std::string_view alphabet);
};

/// The kernel's generator (getrandom(2)). Fit for keys and codes.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

} // namespace brewline
