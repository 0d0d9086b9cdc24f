// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/shopservice.h"
#include "contracts/jsonreader.h"
#include "http/apisupport.h"
#include "http/codepage.h"

namespace brewline::http {

namespace json = boost::json;
using application::CodeView;
using application::ShopService;

namespace {

EventId eventOf(const Request &request)
{
    return EventId(std::string(request.pathParameter("event")));
}

void event(const ApiServices &services, const Request &request, const Responder &responder)
{
    services.shop.event(eventOf(request), answering<EventView>(services, responder, [request](const EventView &view) {
                            return snapshotResponse(request, toJson(view));
                        }));
}

void code(const ApiServices &services, const Request &request, const domain::Actor &actor, const Responder &responder)
{
    services.shop.currentCode(actor, eventOf(request),
                              answering<CodeView>(services, responder, [](const CodeView &view) {
                                  return jsonResponse(200, {{"code", view.code},
                                                            {"url", view.url},
                                                            {"tokensLeft", view.tokensLeft},
                                                            {"tokensTotal", view.tokensTotal},
                                                            {"startsAt", toRfc3339(view.startsAt)},
                                                            {"endsAt", toRfc3339(view.endsAt)},
                                                            {"serverTime", toRfc3339(view.serverTime)}});
                              }));
}

void setState(const ApiServices &services, const Request &request, const domain::Actor &actor,
              const Responder &responder)
{
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    domain::ShopState state;
    state.open = reader.boolean("open");
    state.paused = reader.optionalBoolean("paused").value_or(false);
    state.reason = reader.optionalText("reason", 140).value_or(std::string());
    if (const auto text = reader.optionalText("reopensAt", 40)) {
        state.reopensAt = timestampFromRfc3339(*text);
        if (!state.reopensAt)
            reader.refuse("reopensAt", "\"reopensAt\" must be a time such as 2026-11-21T14:30:00Z.");
    }
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.shop.setState(actor, eventOf(request), state,
                           answering<EventView>(services, responder,
                                                [](const EventView &view) { return jsonResponse(200, toJson(view)); }));
}

void changeItem(const ApiServices &services, const Request &request, const domain::Actor &actor,
                const Responder &responder)
{
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const application::ItemChange change{reader.optionalBoolean("available"),
                                         reader.optionalInteger("stock", 0, 1'000'000)};
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.shop.changeItem(actor, eventOf(request), std::string(request.pathParameter("item")), change,
                             answering<EventView>(services, responder, [](const EventView &view) {
                                 return jsonResponse(200, toJson(view));
                             }));
}

/// What a phone shows whose camera opened the QR code: a page for a person. It spends no token.
void codePage(const ApiServices &services, const Request &request, const Responder &responder)
{
    const PageLanguage language = pageLanguage(request.header("Accept-Language").value_or(std::string_view()));
    const std::string code(request.pathParameter("code"));
    services.shop.eventOfCode(
        code, [post = services.post, responder, language, code](Result<application::CodeOwner> owner) {
            post([responder, language, code, owner = std::move(owner)] {
                const bool unknown = !owner && owner.error().code == ErrorCode::NotFound;
                if (!owner && !unknown)
                    return responder.send(problem(owner.error()));
                const bool counts = owner && owner->stillCounts;
                responder.send({unknown ? 404 : 200,
                                "text/html; charset=utf-8",
                                counts ? codePageFor(owner->event, code, language) : expiredCodePage(language),
                                {{"Cache-Control", "no-store"},
                                 {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"Vary", "Accept-Language"}}});
            });
        });
}

} // namespace

void addShopRoutes(Router &router, const ApiServices &services)
{
    router.add(Method::Get, "/v1/events/{event}",
               [services](const Request &request, const Responder &responder) { event(services, request, responder); });
    // The QR code says it in upper case, people type it in lower case.
    for (const std::string_view pattern : {"/o/{code}", "/O/{code}"}) {
        router.add(Method::Get, pattern, [services](const Request &request, const Responder &responder) {
            codePage(services, request, responder);
        });
    }
    const auto add = [&](Method method, std::string_view pattern, auto handler) {
        router.add(method, pattern,
                   authenticated(services, [services, handler](const Request &request, const domain::Actor &actor,
                                                               const Responder &responder) {
                       handler(services, request, actor, responder);
                   }));
    };
    add(Method::Get, "/v1/events/{event}/code", code);
    add(Method::Put, "/v1/events/{event}/state", setState);
    add(Method::Patch, "/v1/events/{event}/menu/{item}", changeItem);
}

} // namespace brewline::http
