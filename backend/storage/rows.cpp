// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/rows.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace brewline::storage {

namespace {

std::vector<std::string> optionsFrom(const std::string &text)
{
    std::vector<std::string> options;
    if (text == "[]") // most drinks; worth not waking the parser for
        return options;
    const auto value = boost::json::parse(text);
    for (const auto &option : value.as_array())
        options.emplace_back(option.as_string());
    return options;
}

application::OutboxKind outboxKindFrom(const std::string &word)
{
    if (word == "shop")
        return application::OutboxKind::ShopChanged;
    return word == "code" ? application::OutboxKind::CodeChanged : application::OutboxKind::OrderChanged;
}

} // namespace

domain::Order orderFrom(const Rows &row)
{
    domain::Order order;
    order.id = OrderId(row.text(0));
    order.event = EventId(row.text(1));
    order.owner = UserId(row.text(2));
    order.bucket = BucketId(row.text(3));
    order.execution = ExecutionId(row.text(4));
    order.state = domain::orderStateFromText(row.text(5)).value_or(domain::OrderState::Refused);
    order.number = row.optionalNumber(6);
    order.drink.item = row.text(7);
    order.drink.options = optionsFrom(row.text(8));
    order.drink.name = row.text(9);
    order.drink.note = row.text(10);
    order.ownerName = row.text(11);
    order.barista = UserId(row.text(12));
    order.baristaName = row.text(13);
    order.reason = row.text(14);
    order.uncollected = row.flag(15);
    order.createdAt = row.time(16);
    order.submittedAt = row.optionalTime(17);
    order.claimedAt = row.optionalTime(18);
    order.completedAt = row.optionalTime(19);
    order.endedAt = row.optionalTime(20);
    order.deadline = row.optionalTime(21);
    order.sequence = row.number(22);
    return order;
}

domain::CodeBucket bucketFrom(const Rows &row)
{
    domain::CodeBucket bucket;
    bucket.id = BucketId(row.text(0));
    bucket.event = EventId(row.text(1));
    bucket.code = row.text(2);
    bucket.startsAt = row.time(3);
    bucket.endsAt = row.time(4);
    bucket.tokensTotal = row.count(5);
    bucket.tokensLeft = row.count(6);
    return bucket;
}

application::WaitRecord waitFrom(const Rows &row)
{
    application::WaitRecord wait;
    wait.execution = ExecutionId(row.text(0));
    wait.frame = static_cast<std::uint32_t>(row.number(1));
    wait.tokenHash = row.text(2);
    wait.purpose = row.text(3);
    wait.deadline = row.optionalTime(4);
    return wait;
}

application::OutboxRecord outboxFrom(const Rows &row)
{
    application::OutboxRecord message;
    message.id = row.number(0);
    message.event = EventId(row.text(1));
    message.kind = outboxKindFrom(row.text(2));
    message.order = OrderId(row.text(3));
    message.sequence = row.number(4);
    message.body = row.text(5);
    message.time = row.time(6);
    return message;
}

std::string optionsText(const std::vector<std::string> &options)
{
    boost::json::array array;
    for (const auto &option : options)
        array.emplace_back(option);
    return boost::json::serialize(array);
}

std::string_view toText(application::OutboxKind kind)
{
    switch (kind) {
    case application::OutboxKind::OrderChanged:
        return "order";
    case application::OutboxKind::ShopChanged:
        return "shop";
    case application::OutboxKind::CodeChanged:
        return "code";
    }
    return {};
}

Role storedRole(const std::string &word)
{
    return roleFromText(word).value_or(Role::Customer);
}

} // namespace brewline::storage
