// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/jwttokens.h"

#include "core/role.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace brewline::identity {

namespace json = boost::json;

namespace {

struct FreeJwt {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
    void operator()(char *text) const { std::free(text); } // libjwt hands out malloc memory
};

/// Longer ones are not ours; parsing them would be work for an attacker's benefit.
constexpr std::size_t longestToken = 4096;

/// Visitors come for a day; devices stay for an event and renew their token long before it ends.
Milliseconds lifetime(Role role)
{
    return role == Role::Customer ? std::chrono::hours(24) : std::chrono::hours(24 * 30);
}

std::int64_t toSeconds(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string textGrant(jwt_t *jwt, const char *name)
{
    const char *text = jwt_get_grant(jwt, name);
    return text ? text : std::string();
}

tl::unexpected<Error> notOurs()
{
    return failure(ErrorCode::Unauthenticated, "The token is not valid; sign in or pair the device again.");
}

} // namespace

JwtTokens::JwtTokens(const TokenKey &key)
    : m_key(key)
{
}

std::string JwtTokens::sign(const domain::Actor &actor, std::string_view role, const topics::AccessList &access,
                            Timestamp now, Timestamp expiresAt) const
{
    const json::object claims{
        {"sub", actor.id.text()},
        {"role", role},
        {"event", actor.event.text()},
        {"name", actor.name},
        {"iat", toSeconds(now)},
        {"exp", toSeconds(expiresAt)},
        {"acl", json::object{{"pub", json::array(access.publish.begin(), access.publish.end())},
                             {"sub", json::array(access.subscribe.begin(), access.subscribe.end())}}}};
    jwt_t *raw = nullptr;
    if (jwt_new(&raw) != 0)
        std::abort(); // Only when there is no memory left.
    const Jwt jwt(raw);
    jwt_add_grants_json(jwt.get(), json::serialize(claims).c_str());
    jwt_set_alg(jwt.get(), JWT_ALG_HS256, m_key.data(), int(m_key.size()));
    const std::unique_ptr<char, FreeText> text(jwt_encode_str(jwt.get()));
    return text ? std::string(text.get()) : std::string();
}

application::IssuedToken JwtTokens::issue(const domain::Actor &actor, Timestamp now)
{
    const Timestamp expiresAt = now + lifetime(actor.role);
    return {sign(actor, toText(actor.role), topics::accessList(actor.role, actor.event, actor.id), now, expiresAt),
            expiresAt};
}

std::string JwtTokens::issueForBackend(const std::string &user, Timestamp now) const
{
    domain::Actor backend;
    backend.id = UserId(user);
    backend.event = EventId("*");
    return sign(backend, "backend", topics::backendAccessList(), now, now + std::chrono::hours(24 * 30));
}

Result<domain::Actor> JwtTokens::verify(std::string_view token, Timestamp now)
{
    // libjwt reads up to the first zero byte and would not see what follows it.
    if (token.empty() || token.size() > longestToken || token.find('\0') != std::string_view::npos)
        return notOurs();
    jwt_t *raw = nullptr;
    if (jwt_decode(&raw, std::string(token).c_str(), m_key.data(), int(m_key.size())) != 0)
        return notOurs();
    const Jwt jwt(raw);
    // libjwt takes the algorithm from the token's own header and accepts expired tokens: both are checked here.
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256)
        return notOurs();
    const auto role = roleFromText(textGrant(jwt.get(), "role"));
    const long expires = jwt_get_grant_int(jwt.get(), "exp");
    domain::Actor actor;
    actor.id = UserId(textGrant(jwt.get(), "sub"));
    actor.event = EventId(textGrant(jwt.get(), "event"));
    actor.name = textGrant(jwt.get(), "name");
    if (!role || actor.id.isEmpty() || actor.event.isEmpty() || expires <= 0)
        return notOurs();
    actor.role = *role;
    if (toSeconds(now) >= expires)
        return failure(ErrorCode::TokenExpired, "The token has expired; sign in or pair the device again.");
    return actor;
}

} // namespace brewline::identity
