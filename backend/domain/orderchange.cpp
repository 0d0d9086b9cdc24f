// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/orderchange.h"

#include <array>
#include <initializer_list>
#include <utility>

namespace brewline::domain {

namespace {

constexpr auto actions = std::to_array<std::pair<OrderAction, std::string_view>>({
    {OrderAction::Submit, "drink"},
    {OrderAction::Claim, "claim"},
    {OrderAction::TakeOver, "take-over"},
    {OrderAction::Release, "release"},
    {OrderAction::Complete, "complete"},
    {OrderAction::Recall, "recall"},
    {OrderAction::Collect, "collect"},
    {OrderAction::Cancel, "cancel"},
});

constexpr unsigned in(std::initializer_list<OrderState> states)
{
    unsigned mask = 0;
    for (const OrderState state : states)
        mask |= 1u << unsigned(state);
    return mask;
}

constexpr bool contains(unsigned mask, OrderState state)
{
    return (mask & (1u << unsigned(state))) != 0;
}

/// One line of the table of changes.
struct Rule {
    OrderAction action;
    bool byOwner;
    bool byBarista;
    unsigned from;
    OrderState to;
};

using enum OrderState;

constexpr auto rules = std::to_array<Rule>({
    {OrderAction::Submit, true, false, in({Started}), Submitted},
    {OrderAction::Claim, false, true, in({Submitted}), Making},
    {OrderAction::TakeOver, false, true, in({Making}), Making},
    {OrderAction::Release, false, true, in({Making}), Submitted},
    {OrderAction::Complete, false, true, in({Submitted, Making}), Ready},
    {OrderAction::Recall, false, true, in({Ready}), Making},
    {OrderAction::Collect, true, true, in({Ready}), Collected},
    {OrderAction::Cancel, true, true, in({Started, Submitted, Making}), Cancelled},
});

const Rule &ruleFor(OrderAction action)
{
    for (const Rule &rule : rules) {
        if (rule.action == action)
            return rule;
    }
    return rules.front();
}

bool isOwner(const Order &order, const Actor &actor)
{
    return order.owner == actor.id;
}

bool isBarista(const Order &order, const Actor &actor)
{
    return actor.role == Role::Barista && actor.mayActIn(order.event);
}

Result<void> checkRights(const Order &order, const Rule &rule, const Actor &actor)
{
    if ((rule.byOwner && isOwner(order, actor)) || (rule.byBarista && isBarista(order, actor)))
        return {};
    if (!maySee(order, actor))
        return failure(ErrorCode::NotFound, "There is no such order.");
    return failure(
        ErrorCode::Forbidden,
        "Only " + std::string(rule.byBarista ? (rule.byOwner ? "its owner or a barista" : "a barista") : "its owner") +
            " can do that to an order.");
}

tl::unexpected<Error> wrongState(const Order &order, OrderAction action)
{
    std::string detail = "The order is " + std::string(toText(order.state));
    if (order.state == Making && !order.baristaName.empty())
        detail += " by " + order.baristaName;
    return tl::unexpected(Error{ErrorCode::WrongState,
                                detail + ", so \"" + std::string(toText(action)) + "\" is not possible now.",
                                {},
                                std::string(toText(order.state))});
}

/// Whether the order stands where \a request would bring it, by the same hand: a repeated tap or a retried request.
bool isRepeated(const Order &order, const ChangeRequest &request, const Actor &actor)
{
    switch (request.action) {
    case OrderAction::Submit:
        return contains(in({Submitted, Making, Ready, Collected}), order.state) && order.drink == request.drink;
    case OrderAction::Claim:
    case OrderAction::TakeOver:
        return order.state == Making && order.barista == actor.id;
    case OrderAction::Recall:
        return order.state == Making && order.completedAt.has_value();
    case OrderAction::Complete:
        return contains(in({Ready, Collected}), order.state);
    case OrderAction::Release:
    case OrderAction::Collect:
    case OrderAction::Cancel:
        return order.state == ruleFor(request.action).to;
    }
    return false;
}

void claimBy(Order &order, const Actor &actor, Timestamp now)
{
    order.barista = actor.id;
    order.baristaName = actor.name;
    order.claimedAt = now;
}

void write(Order &order, const ChangeRequest &request, const Actor &actor, Timestamp now)
{
    switch (request.action) {
    case OrderAction::Submit:
        order.drink = request.drink;
        order.submittedAt = now;
        break;
    case OrderAction::Claim:
    case OrderAction::TakeOver:
        claimBy(order, actor, now);
        break;
    case OrderAction::Release:
        order.barista = {};
        order.baristaName.clear();
        order.claimedAt.reset();
        order.completedAt.reset(); // The next who claims it did not recall it.
        break;
    case OrderAction::Complete:
        if (order.state == Submitted)
            claimBy(order, actor, now);
        order.completedAt = now;
        break;
    case OrderAction::Recall:
        claimBy(order, actor, now);
        break;
    case OrderAction::Collect:
        order.endedAt = now;
        break;
    case OrderAction::Cancel:
        order.reason = !request.reason.empty() ? request.reason : isOwner(order, actor) ? "customer" : "barista";
        order.endedAt = now;
        break;
    }
}

} // namespace

std::string_view toText(OrderAction action)
{
    for (const auto &[known, text] : actions) {
        if (known == action)
            return text;
    }
    return {};
}

std::optional<OrderAction> orderActionFromText(std::string_view text)
{
    for (const auto &[action, known] : actions) {
        if (known == text)
            return action;
    }
    return std::nullopt;
}

bool maySee(const Order &order, const Actor &actor)
{
    if (isOwner(order, actor))
        return true;
    const bool staff = actor.role == Role::Barista || actor.role == Role::Organiser || actor.role == Role::Display;
    return staff && actor.mayActIn(order.event);
}

Result<ChangeEffect> apply(Order &order, const ChangeRequest &request, const Actor &actor, Timestamp now)
{
    const Rule &rule = ruleFor(request.action);
    if (const auto allowed = checkRights(order, rule, actor); !allowed)
        return tl::unexpected(allowed.error());
    if (isRepeated(order, request, actor))
        return ChangeEffect::Repeated;
    const bool othersWork = request.action == OrderAction::Release && order.barista != actor.id;
    if (!contains(rule.from, order.state) || othersWork)
        return wrongState(order, request.action);
    write(order, request, actor, now);
    order.state = rule.to;
    return ChangeEffect::Done;
}

Result<void> apply(Order &order, const SystemChange &change, Timestamp now)
{
    const unsigned from = change.to == Refused     ? in({Started})
                          : change.to == TimedOut  ? in({Started, Submitted, Making})
                          : change.to == Collected ? in({Ready})
                                                   : 0u;
    if (!contains(from, order.state)) {
        return failure(ErrorCode::WrongState, "An order that is " + std::string(toText(order.state)) +
                                                  " cannot become " + std::string(toText(change.to)) + " by itself.");
    }
    order.state = change.to;
    order.reason = change.reason;
    order.uncollected = change.to == Collected;
    order.endedAt = now;
    return {};
}

} // namespace brewline::domain
