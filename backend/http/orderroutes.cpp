// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/orderservice.h"
#include "contracts/jsonreader.h"
#include "contracts/orderview.h"
#include "core/clock.h"
#include "core/uuid.h"
#include "http/apisupport.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace brewline::http {

namespace json = boost::json;
using application::OrderFilter;
using application::OrderPage;
using application::OrderService;
using domain::OrderAction;

namespace {

constexpr int defaultLimit = 50;
constexpr int highestLimit = 200;

json::object withServerTime(json::object order, const Clock &clock)
{
    order["serverTime"] = toRfc3339(clock.now());
    return order;
}

/// The order of the path; NotFound for what cannot be one.
Result<OrderId> orderIdOf(const Request &request)
{
    const std::string_view text = request.pathParameter("order");
    if (!isUuid(text))
        return failure(ErrorCode::NotFound, "There is no such order.");
    return OrderId(std::string(text));
}

/// Whoever changes an order may see it whole: only displays may not, and they change nothing.
std::function<void(Result<OrderView>)> answeringWithOrder(const ApiServices &services, const Responder &responder,
                                                          int status)
{
    return answering<OrderView>(services, responder, [status, &clock = services.clock](const OrderView &order) {
        return jsonResponse(status, withServerTime(toJson(order), clock));
    });
}

void scan(const ApiServices &services, const Request &request, const domain::Actor &actor, const Responder &responder)
{
    const auto key = idempotencyKeyOf(request);
    if (!key)
        return responder.send(problem(key.error()));
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    const std::string code = reader.text("code", 1, 40);
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.orders.scan(actor, EventId(std::string(request.pathParameter("event"))), code, *key,
                         answeringWithOrder(services, responder, 201));
}

void submit(const ApiServices &services, const Request &request, const domain::Actor &actor, const Responder &responder)
{
    const auto id = orderIdOf(request);
    if (!id)
        return responder.send(problem(id.error()));
    const auto body = bodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    domain::ChangeRequest change;
    change.action = OrderAction::Submit;
    change.drink.item = reader.text("item", 1, 32);
    change.drink.options = reader.textList("options", 20, 32);
    change.drink.name = reader.optionalText("name", 40).value_or(std::string());
    change.drink.note = reader.optionalText("note", 140).value_or(std::string());
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.orders.change(actor, *id, change, answeringWithOrder(services, responder, 200));
}

void change(const ApiServices &services, OrderAction action, const Request &request, const domain::Actor &actor,
            const Responder &responder)
{
    const auto id = orderIdOf(request);
    if (!id)
        return responder.send(problem(id.error()));
    const auto body = optionalBodyOf(request);
    if (!body)
        return responder.send(problem(body.error()));
    JsonReader reader(*body);
    domain::ChangeRequest change;
    change.action = action;
    if (action == OrderAction::Cancel)
        change.reason = reader.optionalText("reason", 140).value_or(std::string());
    if (const auto read = reader.finish(); !read)
        return responder.send(problem(read.error()));
    services.orders.change(actor, *id, change, answeringWithOrder(services, responder, 200));
}

void order(const ApiServices &services, const Request &request, const domain::Actor &actor, const Responder &responder)
{
    const auto id = orderIdOf(request);
    if (!id)
        return responder.send(problem(id.error()));
    services.orders.order(
        actor, *id,
        answering<OrderView>(
            services, responder,
            [&orders = services.orders, &clock = services.clock, request, actor](const OrderView &found) {
                return snapshotResponse(request, withServerTime(orders.representation(found, actor), clock));
            }));
}

Result<int> limitOf(const Request &request)
{
    const auto text = request.queryParameter("limit");
    if (!text)
        return defaultLimit;
    int limit = 0;
    const char *const end = text->data() + text->size();
    const auto [read, error] = std::from_chars(text->data(), end, limit);
    if (error != std::errc() || read != end || limit < 1 || limit > highestLimit)
        return failure(ErrorCode::InvalidField, "\"limit\" must be a whole number from 1 to 200.");
    return limit;
}

/// Adds the states that \a text names, separated by commas.
Result<void> readStates(std::string_view text, std::vector<domain::OrderState> &states)
{
    std::size_t comma = 0;
    do {
        comma = text.find(',');
        const std::string_view word = text.substr(0, comma);
        const auto state = domain::orderStateFromText(word);
        if (!state) {
            return failure(ErrorCode::InvalidField,
                           "\"state\" knows no \"" + std::string(word) +
                               "\"; use started, submitted, making, ready, collected, cancelled, timedOut or refused.");
        }
        if (std::find(states.begin(), states.end(), *state) == states.end())
            states.push_back(*state);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    } while (comma != std::string_view::npos);
    return {};
}

Result<OrderFilter> filterOf(const Request &request)
{
    OrderFilter filter;
    const auto limit = limitOf(request);
    if (!limit)
        return tl::unexpected(limit.error());
    filter.limit = *limit;
    if (const auto states = request.queryParameter("state")) {
        if (const auto read = readStates(*states, filter.states); !read)
            return tl::unexpected(read.error());
    }
    if (const auto after = request.queryParameter("after")) {
        if (!isUuid(*after))
            return failure(ErrorCode::InvalidField, "\"after\" must be the \"next\" of the page before.");
        filter.after = OrderId(std::string(*after));
    }
    return filter;
}

std::function<void(Result<OrderPage>)> answeringWithPage(const ApiServices &services, const Request &request,
                                                         const domain::Actor &actor, const Responder &responder)
{
    return answering<OrderPage>(
        services, responder, [&service = services.orders, request, actor](const OrderPage &page) {
            json::array orders;
            for (const OrderView &order : page.orders)
                orders.push_back(service.representation(order, actor));
            return snapshotResponse(request, {{"orders", std::move(orders)},
                                              {"next", page.next ? json::value(page.next->text()) : json::value()},
                                              {"serverTime", toRfc3339(page.serverTime)}});
        });
}

void ordersOfEvent(const ApiServices &services, const Request &request, const domain::Actor &actor,
                   const Responder &responder)
{
    const auto filter = filterOf(request);
    if (!filter)
        return responder.send(problem(filter.error()));
    services.orders.ordersOfEvent(actor, EventId(std::string(request.pathParameter("event"))), *filter,
                                  answeringWithPage(services, request, actor, responder));
}

void ordersOfActor(const ApiServices &services, const Request &request, const domain::Actor &actor,
                   const Responder &responder)
{
    const auto filter = filterOf(request);
    if (!filter)
        return responder.send(problem(filter.error()));
    services.orders.ordersOfActor(actor, *filter, answeringWithPage(services, request, actor, responder));
}

} // namespace

void addOrderRoutes(Router &router, const ApiServices &services)
{
    const auto add = [&](Method method, std::string_view pattern, auto handler) {
        router.add(method, pattern,
                   authenticated(services, [services, handler](const Request &request, const domain::Actor &actor,
                                                               const Responder &responder) {
                       handler(services, request, actor, responder);
                   }));
    };
    add(Method::Post, "/v1/events/{event}/orders", scan);
    add(Method::Get, "/v1/events/{event}/orders", ordersOfEvent);
    add(Method::Get, "/v1/me/orders", ordersOfActor);
    add(Method::Get, "/v1/orders/{order}", order);
    add(Method::Put, "/v1/orders/{order}/drink", submit);
    for (const OrderAction action :
         {OrderAction::Claim, OrderAction::TakeOver, OrderAction::Release, OrderAction::Complete, OrderAction::Recall,
          OrderAction::Collect, OrderAction::Cancel}) {
        add(Method::Post, "/v1/orders/{order}/" + std::string(domain::toText(action)),
            [action](const ApiServices &its, const Request &request, const domain::Actor &actor,
                     const Responder &responder) { change(its, action, request, actor, responder); });
    }
}

} // namespace brewline::http
