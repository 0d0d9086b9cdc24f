// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "http/apisupport.h"

namespace brewline::http {

namespace json = boost::json;

namespace {

void alive(const ApiServices &services, const Responder &responder)
{
    responder.send(jsonResponse(200, {{"alive", true}, {"serverTime", toRfc3339(services.clock.now())}}));
}

/// Ready means that orders can be taken and heard of: the storage answers and the broker is connected.
void ready(const ApiServices &services, const Responder &responder)
{
    services.probeStore([services, responder](bool storage) {
        const bool broker = services.brokerConnected();
        responder.send(jsonResponse(storage && broker ? 200 : 503, {{"ready", storage && broker},
                                                                    {"storage", storage},
                                                                    {"broker", broker},
                                                                    {"serverTime", toRfc3339(services.clock.now())}}));
    });
}

} // namespace

void addHealthRoutes(Router &router, const ApiServices &services)
{
    // How the backend fares is nobody's business on the hall's network, unless somebody shows a token.
    const auto add = [&](std::string_view pattern, auto handler) {
        router.add(Method::Get, pattern, [services, handler](const Request &request, const Responder &responder) {
            if (!request.loopback) {
                if (const auto actor = actorOf(request, services.accounts); !actor)
                    return responder.send(problem(actor.error()));
            }
            handler(services, responder);
        });
    };
    add("/healthz", alive);
    add("/readyz", ready);
}

} // namespace brewline::http
