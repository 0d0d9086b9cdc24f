// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/accountservice.h"
#include "application/eventcatalog.h"
#include "application/fanout.h"
#include "application/orderservice.h"
#include "application/processdefinitions.h"
#include "application/shopservice.h"
#include "application/timekeeper.h"
#include "identity/jwttokens.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakerandom.h"
#include "support/temporarystore.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::test {

/// An event "ABC" with an espresso, a latte of which two cups are left, and a tea that needs a choice.
domain::Event smallEvent();

/// A bar whose use cases run on the real store under a fake clock. Every member function waits for its answer.
class Bar {
public:
    /// \a definition is the order processor; the shipped one when empty.
    explicit Bar(domain::Event event = smallEvent(), std::string_view definition = {});

    FakeClock clock;
    FakeRandom random;
    TemporaryStore store{clock};
    application::EventCatalog events;
    application::ProcessDefinitions definitions;
    identity::JwtTokens tokens;
    application::AccountService accounts{store, events, tokens, random, clock};
    application::ShopService shop{store, events, random, clock};
    application::OrderService orders{store, events, definitions, random, clock};
    application::Timekeeper timekeeper{store, events, definitions, random, clock};

    [[nodiscard]] const domain::Event &event() const { return *events.find(m_event); }
    /// Somebody of this event who was not enrolled in the store.
    domain::Actor actor(Role role, const std::string &name);

    Result<EventView> setState(bool open, bool paused = false);
    Result<EventView> view();
    /// The code that a display shows now.
    std::string code();

    Result<OrderView> scan(const domain::Actor &actor, const std::string &key = {});
    Result<OrderView> scanCode(const domain::Actor &actor, const std::string &code, const std::string &key = {});
    Result<OrderView> drink(const domain::Actor &actor, const OrderView &order, const std::string &item = "espresso",
                            std::vector<std::string> options = {});
    Result<OrderView> change(const domain::Actor &actor, const OrderView &order, domain::OrderAction action,
                             const std::string &reason = {});
    /// An order of a new customer that was brought to \a state; Started, Submitted, Making or Ready.
    OrderView orderIn(domain::OrderState state, const domain::Actor &customer, const domain::Actor &barista);
    Result<OrderView> look(const OrderView &order);

    /// Lets what is due at the clock's time happen, and tells the next deadline. The backend has been alive all along.
    std::optional<Timestamp> runDue();
    /// Likewise, without a heartbeat since the last one.
    std::optional<Timestamp> runDueAfterSilence();

    /// What was written into the outbox since the last call.
    std::vector<application::OutboxRecord> newOutbox();
    /// The detail-types of the order messages since the last call, one text for each message, joined by " ".
    std::vector<std::string> told();

    /// What \a query finds.
    template<typename T>
    T ask(std::function<T(application::Reader &)> query)
    {
        return await<T>([&](auto done) {
                   application::ask<T>(
                       store, [query](application::Reader &reader) -> Result<T> { return query(reader); },
                       std::move(done));
               })
            .value();
    }
    void write(std::function<void(application::Transaction &)> command);
    std::optional<domain::CodeBucket> bucket();
    std::vector<application::HistoryRecord> history(const OrderView &order);

private:
    EventId m_event;
    std::int64_t m_outboxSeen = 0;
};

} // namespace brewline::test
