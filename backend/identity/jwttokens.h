// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/tokens.h"
#include "contracts/topics.h"
#include "identity/tokenkey.h"

namespace brewline::identity {

/// JSON Web Tokens signed with HS256, valid for HTTP and as the password at the broker. Claims: sub, role, event, name,
/// iat, exp (seconds) and acl {pub, sub} in the form that EMQX accepts too. Immutable, so any thread may use it.
class JwtTokens final : public application::Tokens {
public:
    explicit JwtTokens(const TokenKey &key);

    application::IssuedToken issue(const domain::Actor &actor, Timestamp now) override;
    Result<domain::Actor> verify(std::string_view token, Timestamp now) override;

    /// The password of the backend's own connection to the broker, whose user name is \a user.
    [[nodiscard]] std::string issueForBackend(const std::string &user, Timestamp now) const;

private:
    [[nodiscard]] std::string sign(const domain::Actor &actor, std::string_view role, const topics::AccessList &access,
                                   Timestamp now, Timestamp expiresAt) const;

    TokenKey m_key;
};

} // namespace brewline::identity
