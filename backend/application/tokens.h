// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/time.h"
#include "domain/actor.h"

#include <string>
#include <string_view>

namespace brewline::application {

/// A token that was made for somebody.
struct IssuedToken {
    std::string token;
    Timestamp expiresAt;
};

/// Makes and checks bearer tokens. Implementations may be called from any thread.
class Tokens {
public:
    virtual ~Tokens() = default;
    virtual IssuedToken issue(const domain::Actor &actor, Timestamp now) = 0;
    /// Unauthenticated for a token that is not ours, TokenExpired for one that was.
    virtual Result<domain::Actor> verify(std::string_view token, Timestamp now) = 0;
};

} // namespace brewline::application
