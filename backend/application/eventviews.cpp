// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/eventviews.h"

namespace brewline::application {

namespace {

MenuItemView viewOf(const domain::MenuItem &item, const domain::ItemState &state)
{
    MenuItemView view;
    view.id = item.id;
    view.name = item.name;
    view.names = item.names;
    view.description = item.description;
    view.allergens = item.allergens;
    view.icon = item.icon;
    view.available = state.canBeOrdered();
    view.stock = state.stock;
    for (const domain::OptionGroup &group : item.optionGroups) {
        OptionGroupView groupView{group.id, group.name, group.names, group.required, group.max, {}};
        for (const domain::Choice &choice : group.choices)
            groupView.choices.push_back({choice.id, choice.name, choice.names});
        view.optionGroups.push_back(std::move(groupView));
    }
    return view;
}

std::optional<RoundView> currentRound(const domain::Event &event, Reader &reader, Timestamp now)
{
    const auto bucket = reader.newestBucket(event.id, now);
    if (!bucket || !bucket->isCurrent(now))
        return std::nullopt;
    return RoundView{bucket->tokensLeft, bucket->endsAt, bucket->endsAt};
}

} // namespace

domain::ItemState itemStateOf(const domain::Event &event, const domain::MenuItem &item, Reader &reader)
{
    return reader.itemState(event.id, item.id).value_or(domain::ItemState{item.available, item.stock});
}

EventView viewOf(const domain::Event &event, Reader &reader, Timestamp now, std::optional<BrokerAddress> broker)
{
    const domain::ShopState shop = reader.shopState(event.id).value_or(domain::ShopState{});
    const int queue = reader.countOpenOrders(event.id, 100'000);
    EventView view;
    view.id = event.id;
    view.name = event.name;
    view.language = event.language;
    view.timezone = event.timezone;
    view.open = shop.open;
    view.paused = shop.paused;
    view.reason = shop.reason;
    view.reopensAt = shop.reopensAt;
    view.full = queue >= event.limits.maxOrdersInQueue;
    view.serverTime = now;
    view.round = currentRound(event, reader, now);
    view.queue = queue;
    const auto changed = reader.itemStates(event.id);
    for (const domain::MenuItem &item : event.menu.items) {
        const auto state = changed.find(item.id);
        view.menu.push_back(
            viewOf(item, state == changed.end() ? domain::ItemState{item.available, item.stock} : state->second));
    }
    const domain::Limits &limits = event.limits;
    view.limits = {limits.maxOrdersInQueue,   limits.maxOrdersPerUser,        limits.drinksPerCode,
                   limits.codePeriod.count(), limits.customerTimeout.count(), limits.baristaTimeout.count()};
    if (broker) {
        view.mqttPort = broker->port;
        view.mqttTls = broker->tls;
    }
    return view;
}

OrderView viewOf(const domain::Event &event, const domain::Order &order, Reader &reader)
{
    OrderView view;
    view.id = order.id;
    view.event = order.event;
    view.user = order.owner;
    view.number = order.number;
    view.state = domain::toText(order.state);
    view.item = order.drink.item;
    if (const domain::MenuItem *item = event.menu.find(order.drink.item)) {
        view.itemName = item->name;
        view.icon = item->icon;
    }
    view.options = order.drink.options;
    view.name = order.drink.name.empty() ? order.ownerName : order.drink.name;
    view.note = order.drink.note;
    view.reason = order.reason;
    view.barista = order.baristaName;
    view.baristaId = order.barista.text();
    view.uncollected = order.uncollected;
    const bool queued = order.state == domain::OrderState::Submitted || order.state == domain::OrderState::Making;
    if (queued && order.number)
        view.position = reader.countOrdersBefore(order.event, *order.number) + 1;
    view.createdAt = order.createdAt;
    view.submittedAt = order.submittedAt;
    view.claimedAt = order.claimedAt;
    view.completedAt = order.completedAt;
    view.endedAt = order.endedAt;
    view.deadline = order.deadline;
    view.sequence = order.sequence;
    return view;
}

} // namespace brewline::application
