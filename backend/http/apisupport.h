// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/accountservice.h"
#include "core/result.h"
#include "domain/actor.h"
#include "http/api.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/responder.h"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>

/// What all handlers of the API have in common.
namespace brewline::http {

/// An answer with \a body as JSON; never kept by caches.
Response jsonResponse(int status, const boost::json::object &body);

/// The same for a snapshot: with an ETag over \a body without its serverTime, and 304 when the client has it already.
Response snapshotResponse(const Request &request, const boost::json::object &body);

/// The request's body as an object. UnsupportedMediaType, or MalformedRequest.
Result<boost::json::object> bodyOf(const Request &request);
/// Likewise for a body that may be absent.
Result<boost::json::object> optionalBodyOf(const Request &request);

/// The Idempotency-Key, empty without one; InvalidField when it is not 1 to 128 visible ASCII characters.
Result<std::string> idempotencyKeyOf(const Request &request);

/// The bearer of the request's token.
Result<domain::Actor> actorOf(const Request &request, const application::AccountService &accounts);
/// Nothing without an Authorization header.
Result<std::optional<domain::Actor>> optionalActorOf(const Request &request,
                                                     const application::AccountService &accounts);

using ActorHandler = std::function<void(const Request &, const domain::Actor &, const Responder &)>;

/// A handler that lets only bearers of valid tokens through.
Handler authenticated(const ApiServices &services, ActorHandler handler);

/// A completion that answers with \a render of a good result on an HTTP thread, or with the problem.
template<typename T, typename Render>
std::function<void(Result<T>)> answering(const ApiServices &services, const Responder &responder, Render render)
{
    return [post = services.post, responder, render](Result<T> result) {
        if (!result) {
            responder.send(problem(result.error()));
            return;
        }
        post([responder, render, value = *std::move(result)] { responder.send(render(value)); });
    };
}

void addAccountRoutes(Router &router, const ApiServices &services);
void addShopRoutes(Router &router, const ApiServices &services);
void addOrderRoutes(Router &router, const ApiServices &services);
void addHealthRoutes(Router &router, const ApiServices &services);

} // namespace brewline::http
