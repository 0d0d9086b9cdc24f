// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/orderview.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace brewline {

namespace json = boost::json;

namespace {

json::value timeOrNull(const std::optional<Timestamp> &time)
{
    return time ? json::value(toRfc3339(*time)) : json::value();
}

json::value numberOrNull(const std::optional<std::int64_t> &number)
{
    return number ? json::value(*number) : json::value();
}

json::value textOrNull(const std::string &text)
{
    return text.empty() ? json::value() : json::value(text);
}

std::string textOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> numberOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::optional<Timestamp> timeOf(const json::object &object, std::string_view name)
{
    return timestampFromRfc3339(textOf(object, name));
}

json::object sharedMembers(const OrderView &order)
{
    return {{"id", order.id.text()},
            {"event", order.event.text()},
            {"number", numberOrNull(order.number)},
            {"state", order.state},
            {"item", textOrNull(order.item)},
            {"itemName", textOrNull(order.itemName)},
            {"icon", textOrNull(order.icon)},
            {"options", json::array(order.options.begin(), order.options.end())},
            {"createdAt", toRfc3339(order.createdAt)},
            {"submittedAt", timeOrNull(order.submittedAt)},
            {"claimedAt", timeOrNull(order.claimedAt)},
            {"completedAt", timeOrNull(order.completedAt)},
            {"endedAt", timeOrNull(order.endedAt)},
            {"deadline", timeOrNull(order.deadline)},
            {"sequence", order.sequence},
            {"position", numberOrNull(order.position)}};
}

} // namespace

json::object toJson(const OrderView &order)
{
    json::object object = sharedMembers(order);
    object["userId"] = order.user.text();
    object["name"] = textOrNull(order.name);
    object["note"] = textOrNull(order.note);
    object["reason"] = textOrNull(order.reason);
    object["barista"] = textOrNull(order.barista);
    object["baristaId"] = textOrNull(order.baristaId);
    object["uncollected"] = order.uncollected;
    return object;
}

json::object toBoardJson(const OrderView &order, std::string_view name)
{
    json::object object = sharedMembers(order);
    object["name"] = name.empty() ? json::value() : json::value(name);
    return object;
}

Result<OrderView> orderViewFromJson(const json::object &object)
{
    OrderView order;
    order.id = OrderId(textOf(object, "id"));
    order.event = EventId(textOf(object, "event"));
    order.state = textOf(object, "state");
    const auto created = timeOf(object, "createdAt");
    const auto sequence = numberOf(object, "sequence");
    if (order.id.isEmpty() || order.event.isEmpty() || order.state.empty() || !created || !sequence)
        return failure(ErrorCode::InvalidField, "An order needs id, event, state, createdAt and sequence.");
    order.createdAt = *created;
    order.sequence = *sequence;
    order.user = UserId(textOf(object, "userId"));
    order.number = numberOf(object, "number");
    order.item = textOf(object, "item");
    order.itemName = textOf(object, "itemName");
    order.icon = textOf(object, "icon");
    if (const json::value *options = object.if_contains("options"); options && options->is_array()) {
        for (const json::value &option : options->get_array()) {
            if (option.is_string())
                order.options.emplace_back(option.get_string());
        }
    }
    order.name = textOf(object, "name");
    order.note = textOf(object, "note");
    order.reason = textOf(object, "reason");
    order.barista = textOf(object, "barista");
    order.baristaId = textOf(object, "baristaId");
    if (const json::value *uncollected = object.if_contains("uncollected"); uncollected && uncollected->is_bool())
        order.uncollected = uncollected->get_bool();
    order.position = numberOf(object, "position");
    order.submittedAt = timeOf(object, "submittedAt");
    order.claimedAt = timeOf(object, "claimedAt");
    order.completedAt = timeOf(object, "completedAt");
    order.endedAt = timeOf(object, "endedAt");
    order.deadline = timeOf(object, "deadline");
    return order;
}

} // namespace brewline
