// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/ordertasks.h"

#include "domain/orderchange.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace brewline::application {

namespace json = boost::json;

namespace {

std::string_view textOf(const json::value &parameters, std::string_view name)
{
    const json::object *object = parameters.if_object();
    const json::value *value = object ? object->if_contains(name) : nullptr;
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

Result<json::value> getShop(const json::value &, const TaskScope &scope)
{
    const domain::ShopState shop = scope.transaction.shopState(scope.event.id).value_or(domain::ShopState{});
    const domain::Limits &limits = scope.event.limits;
    return json::object{{"open", shop.open},
                        {"paused", shop.paused},
                        {"accepting", shop.accepts()},
                        {"reason", shop.open ? "paused" : "closed"},
                        {"maxOrdersInQueue", limits.maxOrdersInQueue},
                        {"customerTimeoutSeconds", limits.customerTimeout.count()},
                        {"baristaTimeoutSeconds", limits.baristaTimeout.count()},
                        {"pickupTimeoutSeconds", limits.pickupTimeout.count()}};
}

/// Counts the others: the order itself is not stored before its first step has ended.
Result<json::value> countOpenOrders(const json::value &, const TaskScope &scope)
{
    return json::object{
        {"open", scope.transaction.countOpenOrders(scope.event.id, scope.event.limits.maxOrdersInQueue)}};
}

Result<json::value> updateOrder(const json::value &parameters, const TaskScope &scope)
{
    const auto state = domain::orderStateFromText(textOf(parameters, "state"));
    if (!state)
        return failure(ErrorCode::InvalidField, "orders.update needs a \"state\" to bring the order to.");
    const domain::SystemChange change{*state, std::string(textOf(parameters, "reason"))};
    const auto applied = domain::apply(scope.order, change, scope.transaction.now());
    if (!applied)
        return tl::unexpected(applied.error());
    return json::object{{"state", domain::toText(scope.order.state)}};
}

Result<json::value> nextNumber(const json::value &, const TaskScope &scope)
{
    if (!scope.order.number)
        scope.order.number = scope.transaction.nextOrderNumber(scope.event.id);
    return json::value(*scope.order.number);
}

Result<json::value> refundToken(const json::value &, const TaskScope &scope)
{
    const auto bucket = scope.transaction.bucket(scope.order.bucket);
    const bool refunded =
        bucket && bucket->isCurrent(scope.transaction.now()) && scope.transaction.returnToken(scope.order.bucket);
    if (refunded)
        scope.tokensChanged();
    return json::object{{"refunded", refunded}};
}

/// It becomes one level of a topic, so nothing may stand in it that has a meaning there.
bool isDetailType(std::string_view text)
{
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    };
    return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), allowed);
}

/// Without a detailType nothing is said: such a task only waits.
Result<json::value> putMessage(const json::value &parameters, const TaskScope &scope)
{
    const std::string_view detailType = textOf(parameters, "detailType");
    if (detailType.empty())
        return json::object();
    if (!isDetailType(detailType))
        return failure(ErrorCode::InvalidField, "\"detailType\" must have 1 to 100 of A-Z, a-z, 0-9, . - and _.");
    scope.announce(detailType);
    return json::object();
}

/// The parameters of EventBridge's PutEvents: Entries with a DetailType each.
Result<json::value> putEvents(const json::value &parameters, const TaskScope &scope)
{
    const json::object *object = parameters.if_object();
    const json::value *entries = object ? object->if_contains("Entries") : nullptr;
    if (!entries || !entries->is_array())
        return failure(ErrorCode::InvalidField, "events:putEvents needs \"Entries\", a list.");
    json::array results;
    for (const json::value &entry : entries->get_array()) {
        const std::string_view detailType = textOf(entry, "DetailType");
        if (!isDetailType(detailType)) {
            return failure(ErrorCode::InvalidField, "Each entry of events:putEvents needs a \"DetailType\" of 1 to 100 "
                                                    "of A-Z, a-z, 0-9, . - and _.");
        }
        scope.announce(detailType);
        results.push_back(json::object{{"EventId", scope.order.id.text()}});
    }
    return json::object{{"Entries", std::move(results)}, {"FailedEntryCount", 0}};
}

using Task = Result<json::value> (*)(const json::value &, const TaskScope &);

constexpr auto tasks = std::to_array<std::pair<std::string_view, Task>>({
    {"brewline:shop.get", getShop},
    {"brewline:orders.countOpen", countOpenOrders},
    {"brewline:orders.update", updateOrder},
    {"brewline:numbers.next", nextNumber},
    {"brewline:tokens.refund", refundToken},
    {"brewline:messages.put", putMessage},
    {"arn:aws:states:::events:putEvents", putEvents},
});

} // namespace

Result<json::value> performTask(std::string_view resource, const json::value &parameters, const TaskScope &scope)
{
    for (const auto &[name, task] : tasks) {
        if (name == resource)
            return task(parameters, scope);
    }
    return failure(ErrorCode::NotFound, "There is no task resource \"" + std::string(resource) + "\".");
}

std::string_view errorName(const Error &error)
{
    switch (error.code) {
    case ErrorCode::WrongState:
        return "Orders.WrongState";
    case ErrorCode::NotFound:
        return "States.TaskNotFound";
    case ErrorCode::InvalidField:
        return "States.ParameterPathFailure";
    default:
        return "States.TaskFailed";
    }
}

std::string purposeOf(const json::value &parameters)
{
    const std::string_view purpose = textOf(parameters, "purpose");
    return purpose.empty() ? "external" : std::string(purpose);
}

} // namespace brewline::application
