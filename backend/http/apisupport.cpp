// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apisupport.h"

#include "contracts/jsonreader.h"
#include "core/secret.h"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace brewline::http {

namespace json = boost::json;

namespace {

constexpr std::size_t longestIdempotencyKey = 128;

bool isJson(std::string_view mediaType)
{
    std::string type(mediaType.substr(0, mediaType.find(';')));
    while (!type.empty() && type.back() == ' ')
        type.pop_back();
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return type == "application/json";
}

/// Whether If-None-Match names \a etag. Weak comparison (RFC 9110, section 8.8.3.2).
bool matches(const Request &request, std::string_view etag)
{
    const auto wanted = request.header("If-None-Match");
    return wanted && (*wanted == "*" || wanted->find(etag) != std::string_view::npos);
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

Response jsonResponse(int status, const json::object &body)
{
    return {status, "application/json", json::serialize(body), {{"Cache-Control", "no-store"}}};
}

Response snapshotResponse(const Request &request, const json::object &body)
{
    json::object timeless = body;
    timeless.erase("serverTime");
    const std::string etag = '"' + sha256Hex(json::serialize(timeless)).substr(0, 32) + '"';
    if (matches(request, etag))
        return {304, {}, {}, {{"ETag", etag}, {"Cache-Control", "no-cache"}}};
    return {200, "application/json", json::serialize(body), {{"ETag", etag}, {"Cache-Control", "no-cache"}}};
}

Result<json::object> bodyOf(const Request &request)
{
    if (!isJson(request.header("Content-Type").value_or(std::string_view())))
        return failure(ErrorCode::UnsupportedMediaType, "Send the body as application/json.");
    return parseJsonObject(request.body);
}

Result<json::object> optionalBodyOf(const Request &request)
{
    if (request.body.empty())
        return json::object();
    return bodyOf(request);
}

Result<std::string> idempotencyKeyOf(const Request &request)
{
    const auto key = request.header("Idempotency-Key");
    if (!key)
        return std::string();
    const bool visible = std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7f; });
    const bool once = request.headers.count("Idempotency-Key") == 1;
    if (key->empty() || key->size() > longestIdempotencyKey || !visible || !once)
        return failure(ErrorCode::InvalidField,
                       "Idempotency-Key must be there once, with 1 to 128 visible ASCII characters.");
    return std::string(*key);
}

Result<domain::Actor> actorOf(const Request &request, const application::AccountService &accounts)
{
    constexpr std::string_view scheme = "Bearer ";
    const auto authorization = request.header("Authorization");
    if (!authorization)
        return failure(ErrorCode::Unauthenticated, "Send a token: Authorization: Bearer ...");
    const bool bearer =
        authorization->size() > scheme.size() && equalsIgnoringCase(authorization->substr(0, scheme.size()), scheme);
    if (!bearer || request.headers.count("Authorization") != 1)
        return failure(ErrorCode::Unauthenticated, "The Authorization header must be one \"Bearer\" and a token.");
    return accounts.authenticate(authorization->substr(scheme.size()));
}

Result<std::optional<domain::Actor>> optionalActorOf(const Request &request,
                                                     const application::AccountService &accounts)
{
    if (!request.header("Authorization"))
        return std::nullopt;
    auto actor = actorOf(request, accounts);
    if (!actor)
        return tl::unexpected(actor.error());
    return *std::move(actor);
}

Handler authenticated(const ApiServices &services, ActorHandler handler)
{
    return [&accounts = services.accounts, handler = std::move(handler)](const Request &request,
                                                                         const Responder &responder) {
        const auto actor = actorOf(request, accounts);
        if (actor)
            handler(request, *actor, responder);
        else
            responder.send(problem(actor.error()));
    };
}

void addApiRoutes(Router &router, const ApiServices &services)
{
    addAccountRoutes(router, services);
    addShopRoutes(router, services);
    addOrderRoutes(router, services);
    addHealthRoutes(router, services);
}

} // namespace brewline::http
