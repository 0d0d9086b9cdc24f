// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"

#include "core/uuid.h"
#include "http/target.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <future>
#include <memory>

namespace brewline::test {

namespace json = boost::json;

namespace {

constexpr std::string_view problemPrefix = "urn:brewline:problem:";

http::Request requestFor(const ApiRequest &asked)
{
    const auto target = http::splitTarget(asked.target);
    if (!target)
        qFatal("A test asks for \"%s\"", asked.target.c_str());
    http::Request request;
    request.method = asked.method;
    request.path = target->path;
    request.queryParameters = http::queryParameters(target->query).value();
    request.remoteAddress = asked.loopback ? "127.0.0.1" : "192.168.1.50";
    request.loopback = asked.loopback;
    if (!asked.token.empty())
        request.headers.add("Authorization", "Bearer " + asked.token);
    if (asked.body) {
        request.body = *asked.body;
        if (!asked.contentType.empty())
            request.headers.add("Content-Type", asked.contentType);
    }
    for (const auto &[name, value] : asked.headers)
        request.headers.add(name, value);
    return request;
}

} // namespace

std::string ApiAnswer::header(std::string_view name) const
{
    for (const auto &[known, value] : response.headers) {
        if (known == name)
            return value;
    }
    return {};
}

json::object ApiAnswer::json() const
{
    json::error_code error;
    const json::value value = json::parse(response.body, error);
    return !error && value.is_object() ? value.get_object() : json::object();
}

std::string ApiAnswer::member(std::string_view name) const
{
    const json::object object = json();
    const json::value *value = object.if_contains(name);
    if (!value)
        return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string ApiAnswer::outcome() const
{
    std::string text = std::to_string(status());
    if (status() < 400)
        return text;
    const std::string type = member("type");
    const bool formed = response.contentType == "application/problem+json" && type.starts_with(problemPrefix) &&
                        member("status") == text && !member("title").empty() && !member("detail").empty() &&
                        (status() == 401) == (header("WWW-Authenticate") == "Bearer");
    if (!formed)
        return text + " which is not a well-formed problem: " + response.contentType + ' ' + response.body;
    text += ' ' + type.substr(problemPrefix.size());
    return member("pointer").empty() ? text : text + ' ' + member("pointer");
}

std::string memberNames(const json::object &object)
{
    std::string names;
    for (const auto &member : object)
        names += (names.empty() ? "" : " ") + std::string(member.key());
    return names;
}

ApiBar::ApiBar(const domain::Event &event)
    : bar(event)
    , m_router(routes([](const std::function<void()> &function) { function(); }))
{
    domain::Event other = event;
    other.id = EventId("XYZ");
    other.name = "The other bar";
    (void)bar.events.add(other);
    (void)bar.setState(true);
}

domain::Event ApiBar::roomyEvent()
{
    domain::Event event = smallEvent();
    event.limits.drinksPerCode = 1'000;
    event.limits.maxOrdersInQueue = 1'000;
    return event;
}

http::Router ApiBar::routes(std::function<void(std::function<void()>)> post)
{
    http::Router router;
    http::addApiRoutes(router, {bar.orders, bar.shop, bar.accounts, bar.clock,
                                [this](const std::function<void(bool)> &told) { told(storeAnswers); },
                                [this] { return brokerAnswers; }, std::move(post)});
    return router;
}

ApiAnswer ApiBar::call(const ApiRequest &request)
{
    const auto answer = await<http::Response>([&](auto done) {
        m_router.serve(requestFor(request),
                       http::Responder([done](http::Response response) { done(std::move(response)); }));
    });
    return {answer.value_or(http::Response{0})};
}

ApiAnswer ApiBar::get(const std::string &target, const std::string &token)
{
    return call({.target = target, .token = token});
}

ApiAnswer ApiBar::send(http::Method method, const std::string &target, const std::string &token,
                       const std::string &body)
{
    return call({.method = method, .target = target, .token = token, .body = body});
}

domain::Actor ApiBar::enrol(Role role, const std::string &name, const std::string &event)
{
    const domain::Actor actor{UserId(uuidV7(bar.clock.now(), bar.random)), role, EventId(event), name};
    bar.write([&](application::Transaction &transaction) {
        transaction.insertUser({actor.id, actor.event, actor.role, actor.name, transaction.now()});
    });
    return actor;
}

std::string ApiBar::tokenOf(const domain::Actor &actor)
{
    return bar.tokens.issue(actor, bar.clock.now()).token;
}

std::string ApiBar::everything()
{
    return bar.ask<std::string>([now = bar.clock.now()](application::Reader &reader) {
        std::string text;
        for (const EventId &event : {EventId("ABC"), EventId("XYZ")}) {
            text += event.text() + '\n';
            for (const domain::Order &order : reader.orders(event, {{}, {}, 200})) {
                text += order.id.text() + ' ' + std::string(domain::toText(order.state)) + ' ' +
                        std::to_string(order.sequence) + '\n';
            }
            if (const auto bucket = reader.newestBucket(event, now))
                text += bucket->code + ' ' + std::to_string(bucket->tokensLeft) + '\n';
            if (const auto shop = reader.shopState(event)) {
                text += shop->open ? "open " : "closed ";
                text += (shop->paused ? "paused " : "") + shop->reason + '\n';
            }
            for (const auto &[item, state] : reader.itemStates(event))
                text += item + ' ' + (state.available ? '+' : '-') + std::to_string(state.stock.value_or(-1)) + '\n';
        }
        const auto outbox = reader.outbox(0, 100'000);
        text += "outbox " + std::to_string(outbox.empty() ? 0 : outbox.back().id) + '\n';
        return text + "revoked " + std::to_string(reader.revokedUsers().size()) + '\n';
    });
}

} // namespace brewline::test
