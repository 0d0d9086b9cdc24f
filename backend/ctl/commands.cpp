// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/commands.h"

#include "client/restclient.h"
#include "contracts/orderview.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <QUrlQuery>

#include <cstdio>

namespace brewline::ctl {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

using Done = std::function<void(Output)>;

/// Hands \a read of a good answer, or the error, to \a done.
template<typename Read>
client::RestClient::Done answering(Done done, Read read)
{
    return [done = std::move(done), read](Result<json::value> answer) {
        if (answer)
            done(read(*answer));
        else
            done(tl::unexpected(answer.error()));
    };
}

QString eventPath(const QString &event, const QString &rest = {})
{
    return "/v1/events/"_L1 + QString::fromLatin1(QUrl::toPercentEncoding(event)) + rest;
}

std::string textAt(const json::value &value, std::string_view name)
{
    const json::object *object = value.if_object();
    const json::value *member = object ? object->if_contains(name) : nullptr;
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

void pair(const CommandLine &line, client::RestClient &backend, Done done)
{
    const std::string role = line.option(u"role"_s).toStdString();
    backend.post(eventPath(line.option(u"event"_s), u"/pairings"_s), json::object{{"role", role}},
                 answering(std::move(done), [](const json::value &answer) { return textAt(answer, "code") + '\n'; }));
}

bool flagAt(const json::value &value, std::string_view name)
{
    const json::object *object = value.if_object();
    const json::value *member = object ? object->if_contains(name) : nullptr;
    return member && member->is_bool() && member->get_bool();
}

std::string stateSentence(const json::value &event)
{
    const std::string_view state = !flagAt(event, "open") ? "closed" : flagAt(event, "paused") ? "paused" : "open";
    return textAt(event, "name") + " is " + std::string(state) + ".\n";
}

void setState(const CommandLine &line, json::object state, client::RestClient &backend, Done done)
{
    if (const QString reason = line.option(u"reason"_s); !reason.isEmpty())
        state["reason"] = reason.toStdString();
    backend.put(eventPath(line.words.first(), u"/state"_s), state, answering(std::move(done), stateSentence));
}

/// Follows the pages of a list to its end, then hands the orders of all of them to \a done.
void collectOrders(const QString &path, QUrlQuery query, json::array collected, client::RestClient &backend,
                   std::function<void(Result<json::array>)> done)
{
    const QString address = path + u'?' + query.toString(QUrl::FullyEncoded);
    backend.get(address, [=, &backend](Result<json::value> answer) mutable {
        if (!answer)
            return done(tl::unexpected(answer.error()));
        json::object *page = answer->if_object();
        json::value *orders = page ? page->if_contains("orders") : nullptr;
        if (!orders || !orders->is_array())
            return done(failure(ErrorCode::Unreachable, "The answer is not a list of orders."));
        for (json::value &order : orders->get_array())
            collected.push_back(std::move(order));
        const std::string next = textAt(*answer, "next");
        if (next.empty())
            return done(std::move(collected));
        query.removeAllQueryItems(u"after"_s);
        query.addQueryItem(u"after"_s, QString::fromStdString(next));
        collectOrders(path, query, std::move(collected), backend, std::move(done));
    });
}

void listOrders(const CommandLine &line, client::RestClient &backend, Done done)
{
    QUrlQuery query;
    query.addQueryItem(u"limit"_s, u"200"_s);
    if (const QString states = line.option(u"state"_s); !states.isEmpty())
        query.addQueryItem(u"state"_s, states);
    const bool asJson = line.options.contains(u"json"_s);
    collectOrders(eventPath(line.words.first(), u"/orders"_s), query, {}, backend,
                  [asJson, done = std::move(done)](Result<json::array> orders) {
                      if (!orders)
                          return done(tl::unexpected(orders.error()));
                      done(asJson ? json::serialize(json::object{{"orders", *orders}}) + '\n' : orderTable(*orders));
                  });
}

std::string cell(const std::string &text, std::size_t width)
{
    std::string padded = text;
    const auto characters = std::size_t(QString::fromStdString(text).size());
    padded.append(characters < width ? width - characters : 0, ' ');
    return padded + "  ";
}

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all += (all.empty() ? "" : ", ") + text;
    return all;
}

} // namespace

std::string orderTable(const json::array &orders)
{
    if (orders.empty())
        return "No orders.\n";
    std::string table = cell("number", 6) + cell("state", 10) + cell("drink", 16) + cell("options", 20) +
                        cell("name", 16) + cell("barista", 16) + "since\n";
    for (const json::value &entry : orders) {
        const auto order = entry.is_object() ? orderViewFromJson(entry.get_object())
                                             : Result<OrderView>(failure(ErrorCode::Internal, {}));
        if (!order)
            continue;
        table += cell(order->number ? std::to_string(*order->number) : "-", 6) + cell(order->state, 10) +
                 cell(order->itemName.empty() ? "-" : order->itemName, 16) + cell(joined(order->options), 20) +
                 cell(order->name, 16) + cell(order->barista, 16) + toRfc3339(order->createdAt) + '\n';
    }
    return table;
}

void runCommand(const CommandLine &line, client::RestClient &backend, Done done)
{
    if (line.command == "pair"_L1)
        return pair(line, backend, std::move(done));
    if (line.command == "open"_L1)
        return setState(line, {{"open", true}}, backend, std::move(done));
    if (line.command == "close"_L1)
        return setState(line, {{"open", false}}, backend, std::move(done));
    if (line.command == "pause"_L1)
        return setState(line, {{"open", true}, {"paused", true}}, backend, std::move(done));
    if (line.command == "orders"_L1)
        return listOrders(line, backend, std::move(done));
    if (line.command == "status"_L1) {
        return backend.get(u"/readyz"_s, answering(std::move(done), [](const json::value &answer) {
                               return json::serialize(answer) + '\n';
                           }));
    }
    done(failure(ErrorCode::InvalidField,
                 "There is no command \"" + line.command.toStdString() + "\"; try \"brewlinectl help\"."));
}

} // namespace brewline::ctl
