// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "broker-auth/token.h"

#include <jwt.h>

#include <cstdint>
#include <string>
#include <vector>

namespace brewline::test {

/// 32 bytes that are the same in every test.
brokerauth::Key testKey();
/// Another key, of a forger.
brokerauth::Key foreignKey();

/// Wall-clock time.
std::int64_t nowInSeconds();

/// What to put into a token; the defaults make a good one.
struct TokenRecipe {
    std::string sub = "ada";
    std::vector<std::string> publish = {};
    std::vector<std::string> subscribe = {};
    std::int64_t exp = nowInSeconds() + 3600;
    jwt_alg_t algorithm = JWT_ALG_HS256;
    brokerauth::Key key = testKey();
    /// Claims to replace or add, as the text of a JSON object.
    std::string claims = "{}";
};

std::string makeToken(const TokenRecipe &recipe);

} // namespace brewline::test
