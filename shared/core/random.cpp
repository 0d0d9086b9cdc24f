// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"

#include <cerrno>
#include <cstdlib>

#include <sys/random.h>

namespace brewline {

unsigned Random::below(unsigned bound)
{
    // Rejection sampling: bytes beyond the largest multiple of bound would favour small numbers.
    const unsigned limit = 256 - 256 % bound;
    for (;;) {
        const unsigned byte = bytes<1>()[0];
        if (byte < limit)
            return byte % bound;
    }
}

std::string Random::text(std::size_t length, std::string_view alphabet)
{
    std::string result;
    result.reserve(length);
    for (std::size_t i = 0; i < length; ++i)
        result += alphabet[below(unsigned(alphabet.size()))];
    return result;
}

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
        if (got > 0)
            done += std::size_t(got);
        else if (errno != EINTR)
            std::abort(); // Going on with predictable keys would be worse than stopping.
    }
}

} // namespace brewline
