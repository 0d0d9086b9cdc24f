// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/token.h"

#include "broker-auth/json.h"
#include "broker-auth/topicfilter.h"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace brewline::brokerauth {

namespace {

constexpr std::size_t longestToken = 16384;
constexpr std::size_t longestSubject = 200;

struct JwtDeleter {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, JwtDeleter>;

struct TextDeleter {
    void operator()(char *text) const { std::free(text); }
};
using CText = std::unique_ptr<char, TextDeleter>;

tl::unexpected<std::string> refuse(const char *why)
{
    return tl::unexpected<std::string>(why);
}

bool isUsableSubject(const std::string &sub)
{
    return !sub.empty() && sub.size() <= longestSubject && sub.find_first_of("+#/") == std::string::npos;
}

/// False when \a list is not an array of valid filters.
bool readFilters(const json_t *list, std::vector<std::string> &filters)
{
    if (!json_is_array(list))
        return false;
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const auto filter = textOf(json_array_get(list, i));
        if (!filter || !isValidFilter(*filter))
            return false;
        filters.push_back(*filter);
    }
    return true;
}

} // namespace

bool hasExpired(const Claims &claims, std::int64_t now)
{
    return now / 1000 >= claims.exp;
}

tl::expected<Claims, std::string> readToken(std::string_view token, const Key &key, std::int64_t now)
{
    if (token.empty() || token.size() > longestToken)
        return refuse("there is no token, or it is too long");
    const std::string text(token);
    jwt_t *raw = nullptr;
    const int failed = jwt_decode(&raw, text.c_str(), key.data(), static_cast<int>(key.size()));
    const Jwt jwt(raw);
    if (failed || !jwt)
        return refuse("the token is malformed or not signed by us");
    // jwt_decode() is content with whatever algorithm the token itself names.
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256)
        return refuse("the token is not signed with HS256");
    const CText json(jwt_get_grants_json(jwt.get(), nullptr));
    if (!json)
        return refuse("the token has no claims");
    auto claims = readClaims(json.get());
    // Nor does jwt_decode() look at the expiry.
    if (claims && hasExpired(*claims, now))
        return refuse("the token has expired");
    return claims;
}

tl::expected<Claims, std::string> readClaims(const char *json)
{
    const Json root(json_loads(json, JSON_REJECT_DUPLICATES, nullptr));
    if (!json_is_object(root.get()))
        return refuse("the claims are not a JSON object");
    const auto sub = textOf(json_object_get(root.get(), "sub"));
    const auto role = textOf(json_object_get(root.get(), "role"));
    const auto event = textOf(json_object_get(root.get(), "event"));
    const json_t *exp = json_object_get(root.get(), "exp");
    const json_t *acl = json_object_get(root.get(), "acl");
    if (!sub || !isUsableSubject(*sub))
        return refuse("the claim sub is missing or unusable");
    if (!role || !event)
        return refuse("the claim role or event is missing");
    if (!json_is_integer(exp))
        return refuse("the claim exp is missing or not a whole number");
    Claims claims{*sub, *role, *event, json_integer_value(exp), {}, {}};
    if (!readFilters(json_object_get(acl, "pub"), claims.publish) ||
        !readFilters(json_object_get(acl, "sub"), claims.subscribe)) {
        return refuse("the claim acl is missing or has a bad filter");
    }
    return claims;
}

} // namespace brewline::brokerauth
