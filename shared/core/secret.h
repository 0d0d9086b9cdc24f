// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace brewline {

/// Compares two secrets in a time that depends on their lengths only.
bool constantTimeEquals(std::string_view a, std::string_view b);

/// SHA-256 of \a data as 64 lower-case hexadecimal digits: how tokens and codes are kept at rest.
std::string sha256Hex(std::string_view data);

/// Lower-case hexadecimal digits, two a byte.
std::string toHex(std::span<const std::uint8_t> bytes);

} // namespace brewline
