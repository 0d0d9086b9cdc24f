// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/eventcatalog.h"
#include "application/processdefinitions.h"
#include "application/store.h"
#include "contracts/orderview.h"
#include "core/clock.h"
#include "core/random.h"
#include "domain/actor.h"
#include "domain/orderchange.h"

#include <functional>
#include <string>
#include <vector>

namespace brewline::application {

/// One page of a list of orders.
struct OrderPage {
    std::vector<OrderView> orders;
    std::optional<OrderId> next; ///< give it as OrderFilter::after for the following page; nothing on the last one
    Timestamp serverTime;
};

/// What people do with orders. Every member function may be called from any thread, returns at once and calls \a done
/// once, on a thread of the store.
class OrderService {
public:
    template<typename T>
    using Done = std::function<void(Result<T>)>;

    /// All of these must outlive the service and every call under way.
    OrderService(Store &store, const EventCatalog &events, ProcessDefinitions &definitions, Random &random,
                 const Clock &clock);

    /// Takes a token of the code that was scanned and starts an order. Errors: InvalidCode, OrderAlreadyOpen,
    /// DailyLimit, NoTokensLeft (nothing happened); ShopClosed, ShopPaused, ShopFull (the order is kept as refused and
    /// its token was given back).
    void scan(const domain::Actor &actor, const EventId &event, const std::string &code,
              const std::string &idempotencyKey, Done<OrderView> done);

    /// Claims, completes, cancels, ... as the table of changes says; a repeated request is answered like the first.
    /// For OrderAction::Submit the drink is checked against the menu (InvalidField with pointer, SoldOut).
    void change(const domain::Actor &actor, const OrderId &id, const domain::ChangeRequest &request,
                Done<OrderView> done);

    /// NotFound also for an order that is none of the actor's business.
    void order(const domain::Actor &actor, const OrderId &id, Done<OrderView> done);
    void ordersOfEvent(const domain::Actor &actor, const EventId &event, const OrderFilter &filter,
                       Done<OrderPage> done);
    void ordersOfActor(const domain::Actor &actor, const OrderFilter &filter, Done<OrderPage> done);

    /// \a order as \a actor may see it: a display is told nothing about who ordered but what the event allows.
    [[nodiscard]] boost::json::object representation(const OrderView &order, const domain::Actor &actor) const;

private:
    Store &m_store;
    const EventCatalog &m_events;
    ProcessDefinitions &m_definitions;
    Random &m_random;
    const Clock &m_clock;
};

} // namespace brewline::application
