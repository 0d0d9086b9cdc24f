// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/jsonreader.h"
#include "core/role.h"
#include "http/apisupport.h"

namespace brewline::http {

namespace json = boost::json;
using application::AccountService;
using application::Pairing;
using application::Session;

namespace {

constexpr std::size_t longestName = 40;

Response sessionResponse(int status, const Session &session)
{
    return jsonResponse(status, {{"token", session.token.token},
                                 {"expiresAt", toRfc3339(session.token.expiresAt)},
                                 {"user", json::object{{"id", session.user.id.text()},
                                                       {"name", session.user.name},
                                                       {"role", toText(session.user.role)},
                                                       {"event", session.user.event.text()}}}});
}

void guest(const ApiServices &services, const Request &request, const Responder &responder)
{
    const auto kiosk = optionalActorOf(request, services.accounts);
    if (!kiosk)
        return responder.send(problem(kiosk.error()));
    const auto key = idempotencyKeyOf(request);
    if (!key)
        return responder.send(problem(key.error()));
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const EventId event(reader.text("event", 1, 32));
    // In front of a kiosk nobody needs to say a name: the number is called.
    const bool atKiosk = *kiosk && (*kiosk)->role == Role::Kiosk && (*kiosk)->mayActIn(event);
    const std::size_t shortestName = atKiosk ? 0 : 1;
    const std::string name = reader.text("name", shortestName, longestName);
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.accounts.guest(
        *kiosk, event, name, *key,
        answering<Session>(services, responder, [](const Session &session) { return sessionResponse(201, session); }));
}

void pair(const ApiServices &services, const Request &request, const Responder &responder)
{
    const auto key = idempotencyKeyOf(request);
    if (!key)
        return responder.send(problem(key.error()));
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const std::string code = reader.text("code", 1, 32);
    const std::string device = reader.text("device", 0, longestName);
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.accounts.pair(code, device, *key, answering<Session>(services, responder, [](const Session &session) {
                               return sessionResponse(201, session);
                           }));
}

void createPairing(const ApiServices &services, const Request &request, const domain::Actor &actor,
                   const Responder &responder)
{
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const auto role = roleFromText(reader.text("role", 1, 20));
    if (!role)
        reader.refuse("role", "\"role\" must be kiosk, display, barista, organiser or extension.");
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.accounts.createPairing(
        actor, EventId(std::string(request.pathParameter("event"))), *role,
        answering<Pairing>(services, responder, [](const Pairing &pairing) {
            return jsonResponse(201, {{"code", pairing.code}, {"expiresAt", toRfc3339(pairing.expiresAt)}});
        }));
}

void refresh(const ApiServices &services, const Request &, const domain::Actor &actor, const Responder &responder)
{
    services.accounts.refresh(actor, answering<Session>(services, responder, [](const Session &session) {
                                  return sessionResponse(200, session);
                              }));
}

/// Without a body one's own tokens end; organisers may name somebody else.
void revoke(const ApiServices &services, const Request &request, const domain::Actor &actor, const Responder &responder)
{
    const auto body = optionalBodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const auto user = reader.optionalText("user", 36);
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.accounts.revoke(actor, user ? UserId(*user) : actor.id,
                             answering<UserId>(services, responder, [](const UserId &) { return Response{204}; }));
}

} // namespace

void addAccountRoutes(Router &router, const ApiServices &services)
{
    router.add(Method::Post, "/v1/auth/guest",
               [services](const Request &request, const Responder &responder) { guest(services, request, responder); });
    router.add(Method::Post, "/v1/auth/pair",
               [services](const Request &request, const Responder &responder) { pair(services, request, responder); });
    const auto add = [&](std::string_view pattern, auto handler) {
        router.add(Method::Post, pattern,
                   authenticated(services, [services, handler](const Request &request, const domain::Actor &actor,
                                                               const Responder &responder) {
                       handler(services, request, actor, responder);
                   }));
    };
    add("/v1/auth/refresh", refresh);
    add("/v1/auth/revoke", revoke);
    add("/v1/events/{event}/pairings", createPairing);
}

} // namespace brewline::http
