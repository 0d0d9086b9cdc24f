// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/uuid.h"

#include "core/secret.h"

namespace brewline {

std::string uuidV7(Timestamp now, Random &random)
{
    auto bytes = random.bytes<16>();
    const auto milliseconds = std::uint64_t(toMilliseconds(now));
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = std::uint8_t(milliseconds >> (8 * (5 - i)));
    bytes[6] = std::uint8_t(0x70 | (bytes[6] & 0x0f));
    bytes[8] = std::uint8_t(0x80 | (bytes[8] & 0x3f));
    std::string text = toHex(bytes);
    for (const std::size_t dash : {8u, 13u, 18u, 23u})
        text.insert(dash, 1, '-');
    return text;
}

bool isUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !digit)
            return false;
    }
    return true;
}

} // namespace brewline
