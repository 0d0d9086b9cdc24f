// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/fanout.h"

#include "contracts/detailtype.h"
#include "contracts/envelope.h"
#include "contracts/orderview.h"
#include "contracts/topics.h"
#include "core/logging.h"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace brewline::application {

namespace json = boost::json;

namespace {

json::value textOrNull(const std::string &text)
{
    return text.empty() ? json::value() : json::value(text);
}

/// What extensions written for Serverlesspresso expect in the detail of an order's message.
json::object classicDetail(const OrderView &order)
{
    json::object detail{{"eventId", order.event.text()}, {"orderId", order.id.text()}, {"userId", order.user.text()}};
    if (order.number)
        detail["orderNumber"] = *order.number;
    detail["sequence"] = order.sequence;
    if (!order.item.empty()) {
        detail["drinkOrder"] = json::object{{"userId", order.user.text()},
                                            {"drink", order.itemName.empty() ? order.item : order.itemName},
                                            {"modifiers", json::array(order.options.begin(), order.options.end())},
                                            {"icon", textOrNull(order.icon)}};
    }
    return detail;
}

json::object boardDetail(const OrderView &order, const domain::Event &event, const json::value *tokensLeft)
{
    json::object detail{{"eventId", order.event.text()},
                        {"orderId", order.id.text()},
                        {"sequence", order.sequence},
                        {"order", toBoardJson(order, domain::nameOnBoard(event, order.name))}};
    if (order.number)
        detail["orderNumber"] = *order.number;
    if (tokensLeft)
        detail["tokensLeft"] = *tokensLeft;
    return detail;
}

std::vector<OutgoingMessage> orderMessages(const OutboxRecord &record, const domain::Event &event)
{
    json::error_code broken;
    json::monotonic_resource memory; // one row after the other: freeing each value singly costs more than reading it
    const json::value parsed = json::parse(record.body, broken, &memory);
    const json::object *body = broken ? nullptr : parsed.if_object();
    const json::value *orderJson = body ? body->if_contains("order") : nullptr;
    const json::value *types = body ? body->if_contains("detailTypes") : nullptr;
    const auto order = orderJson && orderJson->is_object()
                           ? orderViewFromJson(orderJson->get_object())
                           : Result<OrderView>(failure(ErrorCode::Internal, "no order"));
    const bool typed =
        types && types->is_array() && !types->get_array().empty() &&
        std::ranges::all_of(types->get_array(), [](const json::value &type) { return type.is_string(); });
    if (!order || !typed) {
        qCCritical(lcMessaging, "Outbox row %lld cannot be read and is passed over.",
                   static_cast<long long>(record.id));
        return {};
    }
    const json::array &detailTypes = types->get_array();
    const std::string id = record.order.text() + ':' + std::to_string(record.sequence);
    // Copies share their id; the one that speaks for the whole change is its last detail-type.
    const auto envelope = [&](std::string messageId, std::string_view detailType, std::string_view detail) {
        return serialize({std::move(messageId), detailType, event.id, record.time, record.id, detail});
    };
    const std::string_view last = detailTypes.back().get_string();

    json::object detail = classicDetail(*order);
    detail["detailTypes"] = detailTypes;
    detail["order"] = *orderJson;
    const std::string whole = json::serialize(detail);
    const std::string forBoard = json::serialize(boardDetail(*order, event, body->if_contains("tokensLeft")));
    std::vector<OutgoingMessage> messages;
    messages.reserve(detailTypes.size() + 3);
    for (const json::value &type : detailTypes) {
        const std::string_view detailType = type.get_string();
        messages.push_back(
            {topics::bus(event.id, detailType), envelope(id + ':' + std::string(detailType), detailType, whole)});
    }
    messages.push_back({topics::board(event.id), envelope(id, last, forBoard)});
    std::string forPeople = envelope(id, last, whole);
    messages.push_back({topics::staff(event.id), forPeople});
    messages.push_back({topics::user(event.id, order->user), std::move(forPeople)});
    return messages;
}

std::vector<OutgoingMessage> codeMessages(const OutboxRecord &record, const domain::Event &event)
{
    json::error_code broken;
    json::value parsed = json::parse(record.body, broken);
    json::object detail = broken || !parsed.is_object() ? json::object() : std::move(parsed.get_object());
    detail["eventId"] = event.id.text();
    const std::string payload = serialize({"code:" + std::to_string(record.id), detailtype::codeChanged, event.id,
                                           record.time, record.id, json::serialize(detail)});
    return {{topics::bus(event.id, detailtype::codeChanged), payload}, {topics::board(event.id), payload}};
}

} // namespace

std::vector<OutgoingMessage> fanOut(const OutboxRecord &record, const domain::Event &event, const EventView *shop)
{
    switch (record.kind) {
    case OutboxKind::OrderChanged:
        return orderMessages(record, event);
    case OutboxKind::CodeChanged:
        return codeMessages(record, event);
    case OutboxKind::ShopChanged:
        break;
    }
    if (!shop)
        return {};
    OutgoingMessage retained = shopMessage(*shop, record.id);
    OutgoingMessage onBus{topics::bus(event.id, detailtype::configChanged), retained.payload};
    return {std::move(retained), std::move(onBus)};
}

OutgoingMessage shopMessage(const EventView &shop, std::int64_t stream)
{
    json::object detail = toJson(shop);
    detail["eventId"] = shop.id.text();
    return {topics::shop(shop.id),
            serialize({"shop:" + shop.id.text() + ':' + std::to_string(stream) + ':' +
                           std::to_string(toMilliseconds(shop.serverTime)),
                       detailtype::configChanged, shop.id, shop.serverTime, stream, json::serialize(detail)}),
            true};
}

OutgoingMessage pulseMessage(const EventId &event, Timestamp now, const NewestStreams &newest)
{
    json::object streams;
    for (const auto &[topic, stream] : newest)
        streams[topic] = stream;
    return {topics::pulse(event),
            json::serialize(json::object{{"serverTime", toRfc3339(now)}, {"streams", std::move(streams)}})};
}

} // namespace brewline::application
