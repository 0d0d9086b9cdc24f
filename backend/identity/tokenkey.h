// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "core/result.h"

#include <array>
#include <cstdint>
#include <string>

namespace brewline::identity {

/// The secret with which tokens are signed; backend and broker share it through its file.
using TokenKey = std::array<std::uint8_t, 32>;

/// Reads the key in \a path, or makes one that only its owner can read. Never overwrites what is there:
/// InvalidConfiguration when the file has another size, other owners can read it, or it cannot be read or made.
Result<TokenKey> loadOrMakeTokenKey(const std::string &path, Random &random);

} // namespace brewline::identity
