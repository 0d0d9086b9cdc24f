// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::brokerauth {

/// The secret that signs and checks tokens (HS256).
using Key = std::array<unsigned char, 32>;

/// What a token says of its bearer.
struct Claims {
    std::string sub;
    std::string role;
    std::string event;
    std::int64_t exp = 0;               ///< seconds since 1970; from this moment on the token is void
    std::vector<std::string> publish;   ///< `acl.pub`: filters of the topics it may publish to
    std::vector<std::string> subscribe; ///< `acl.sub`: filters that cover what it may subscribe to
};

/// \a now in milliseconds since 1970.
bool hasExpired(const Claims &claims, std::int64_t now);

/// The claims of a JSON Web Token whose signature, algorithm (HS256, nothing else), expiry and form are good; or a few
/// words, without anything of the token in them, on what is wrong. \a now in milliseconds since 1970.
tl::expected<Claims, std::string> readToken(std::string_view token, const Key &key, std::int64_t now);

/// Reads the claims' JSON text; signature and expiry are not looked at.
tl::expected<Claims, std::string> readClaims(const char *json);

} // namespace brewline::brokerauth
