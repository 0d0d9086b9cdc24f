// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "openstore.h"
#include "records.h"

#include <QTest>

#include <limits>

using namespace brewline;
using namespace brewline::application;
using namespace brewline::test;
using domain::OrderState;

namespace {

constexpr Timestamp earliest = timestampFromMilliseconds(std::numeric_limits<std::int64_t>::min());
constexpr Timestamp latest = timestampFromMilliseconds(std::numeric_limits<std::int64_t>::max());
const std::string awkward = "Zoë 漢字 ☕😀 'quoted\" \\ \n\t % ; --";

domain::Order fullOrder(int number)
{
    auto order = newOrder(number);
    order.state = OrderState::Collected;
    order.number = std::numeric_limits<std::int64_t>::max();
    order.drink = {"latte", {"oat", awkward, "decaf"}, awkward, awkward};
    order.ownerName = awkward;
    order.barista = UserId("mo");
    order.baristaName = awkward;
    order.reason = awkward;
    order.uncollected = true;
    order.submittedAt = earliest;
    order.claimedAt = latest;
    order.completedAt = timestampFromMilliseconds(0);
    order.endedAt = timestampFromMilliseconds(-1);
    order.deadline = latest;
    order.sequence = std::numeric_limits<std::int64_t>::max() - 1;
    return order;
}

domain::Order orderIn(int number, OrderState state, std::optional<std::int64_t> called = {})
{
    auto order = newOrder(number);
    order.state = state;
    order.number = called;
    return order;
}

std::vector<OrderId> ids(const std::vector<domain::Order> &orders)
{
    std::vector<OrderId> result;
    for (const auto &order : orders)
        result.push_back(order.id);
    return result;
}

} // namespace

class StoreOrdersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenStore>(); }
    void cleanup() { m_open.reset(); }

    void ordersComeBackAsTheyWere()
    {
        const std::vector<domain::Order> all{newOrder(1), fullOrder(2)};
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (const auto &order : all)
                tx.insertOrder(order);
        }));
        m_open->reopen();
        for (const auto &order : all)
            QVERIFY(m_open->ask<std::optional<domain::Order>>([&](Reader &r) { return r.order(order.id); }) == order);
        QVERIFY(m_open->ask<bool>([&](Reader &r) { return r.order(OrderId("unknown")).has_value(); }) == false);
    }

    void everyChangeableColumnOfAnOrderIsUpdated()
    {
        auto order = newOrder(1);
        QVERIFY(m_open->change([&](Transaction &tx) { tx.insertOrder(order); }));
        auto changed = fullOrder(1);
        changed.bucket = BucketId("other");
        changed.execution = ExecutionId("other");
        changed.sequence = order.sequence + 1;
        QVERIFY(m_open->change([&](Transaction &tx) { tx.updateOrder(changed); }));
        QVERIFY(m_open->ask<std::optional<domain::Order>>([&](Reader &r) { return r.order(order.id); }) == changed);
        order.sequence = changed.sequence + 1;
        QVERIFY(m_open->change([&](Transaction &tx) { tx.updateOrder(order); }));
        QVERIFY(m_open->ask<std::optional<domain::Order>>([&](Reader &r) { return r.order(order.id); }) == order);
    }

    void anUpdateOfAnotherSequenceChangesNothing()
    {
        const auto order = newOrder(1);
        bool sameSequence = true;
        bool skippedSequence = true;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertOrder(order);
            auto changed = order;
            changed.reason = "lost";
            sameSequence = tx.updateOrder(changed);
            changed.sequence += 2;
            skippedSequence = tx.updateOrder(changed);
        }));
        QVERIFY(!sameSequence);
        QVERIFY(!skippedSequence);
        QVERIFY(m_open->ask<std::optional<domain::Order>>([&](Reader &r) { return r.order(order.id); }) == order);
    }

    void listsArePagedByCreation()
    {
        std::vector<OrderId> created;
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (const int number : {3, 1, 2, 5, 4}) { // ids do not decide, nor does a shared millisecond
                auto order = newOrder(number);
                order.createdAt = morning;
                order.owner = UserId("ada");
                tx.insertOrder(order);
                created.push_back(order.id);
            }
            auto elsewhere = newOrder(9);
            elsewhere.event = EventId("DEF");
            tx.insertOrder(elsewhere);
        }));
        for (const bool byOwner : {false, true}) {
            const auto list = [&](const OrderFilter &filter) {
                return m_open->ask<std::vector<OrderId>>([&](Reader &r) {
                    return ids(byOwner ? r.ordersOf(UserId("ada"), filter) : r.orders(booth, filter));
                });
            };
            QVERIFY(list({.states = {}, .after = {}, .limit = 50}) == created);
            QVERIFY(list({.states = {}, .after = {}, .limit = 2}) ==
                    std::vector<OrderId>(created.begin(), created.begin() + 2));
            QVERIFY(list({.states = {}, .after = created[1], .limit = 2}) ==
                    std::vector<OrderId>(created.begin() + 2, created.begin() + 4));
            QVERIFY(list({.states = {OrderState::Started}, .after = created[3], .limit = 50}) ==
                    std::vector<OrderId>{created[4]});
            QVERIFY(list({.states = {}, .after = created[4], .limit = 50}) == std::vector<OrderId>{});
            QVERIFY(list({.states = {}, .after = OrderId("unknown"), .limit = 50}) == std::vector<OrderId>{});
        }
    }

    void listsShowTheStatesAskedFor()
    {
        const std::vector<OrderState> all{OrderState::Started,  OrderState::Submitted, OrderState::Making,
                                          OrderState::Ready,    OrderState::Collected, OrderState::Cancelled,
                                          OrderState::TimedOut, OrderState::Refused};
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (int i = 0; i < static_cast<int>(all.size()); ++i) {
                auto order = orderIn(i, all[static_cast<std::size_t>(i)]);
                order.owner = UserId("ada");
                tx.insertOrder(order);
            }
        }));
        const std::vector<std::vector<OrderState>> choices{{OrderState::Ready},
                                                           {OrderState::Submitted, OrderState::Making},
                                                           {OrderState::Ready, OrderState::Refused},
                                                           all};
        for (const auto &states : choices) {
            std::vector<OrderState> fromEvent;
            std::vector<OrderState> fromOwner;
            QVERIFY(!m_open->read([&](Reader &r) {
                for (const auto &order : r.orders(booth, {.states = states, .after = {}, .limit = 50}))
                    fromEvent.push_back(order.state);
                for (const auto &order : r.ordersOf(UserId("ada"), {.states = states, .after = {}, .limit = 50}))
                    fromOwner.push_back(order.state);
            }));
            QVERIFY(fromEvent == states);
            QVERIFY(fromOwner == states);
        }
    }

    void anOpenOrderIsFoundUntilItsCupIsReady()
    {
        const auto ask = [&] {
            return m_open->ask<std::optional<OrderId>>(
                [](Reader &r) { return r.openOrderOf(booth, newOrder(1).owner); });
        };
        auto order = newOrder(1);
        QVERIFY(m_open->change([&](Transaction &tx) { tx.insertOrder(order); }));
        QVERIFY(ask() == order.id);
        QVERIFY(m_open->ask<bool>([](Reader &r) {
            return r.openOrderOf(EventId("DEF"), newOrder(1).owner) || r.openOrderOf(booth, UserId("other"));
        }) == false);
        for (const auto &[state, isOpen] : {std::pair(OrderState::Submitted, true), std::pair(OrderState::Making, true),
                                            std::pair(OrderState::Ready, false), std::pair(OrderState::Making, true),
                                            std::pair(OrderState::Cancelled, false)}) {
            order.state = state;
            ++order.sequence;
            QVERIFY(m_open->change([&](Transaction &tx) { tx.updateOrder(order); }));
            QVERIFY(ask() == (isOpen ? std::optional(order.id) : std::nullopt));
        }
    }

    void openOrdersAndThoseBeforeANumberAreCounted()
    {
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertOrder(orderIn(1, OrderState::Started));
            tx.insertOrder(orderIn(2, OrderState::Submitted, 12));
            tx.insertOrder(orderIn(3, OrderState::Making, 10));
            tx.insertOrder(orderIn(4, OrderState::Ready, 9));
            tx.insertOrder(orderIn(5, OrderState::Collected, 8));
            auto elsewhere = orderIn(6, OrderState::Making, 1);
            elsewhere.event = EventId("DEF");
            tx.insertOrder(elsewhere);
        }));
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOpenOrders(booth, 20); }) == 3);
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOpenOrders(booth, 2); }) == 2);
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOpenOrders(booth, 0); }) == 0);
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOrdersBefore(booth, 13); }) == 2);
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOrdersBefore(booth, 12); }) == 1);
        QVERIFY(m_open->ask<int>([](Reader &r) { return r.countOrdersBefore(booth, 10); }) == 0);
    }

    void drinksOfAVisitorLeaveOutThoseThatWereNotHad()
    {
        QVERIFY(m_open->change([&](Transaction &tx) {
            const std::vector<OrderState> states{OrderState::Started,   OrderState::Ready,    OrderState::Collected,
                                                 OrderState::Cancelled, OrderState::TimedOut, OrderState::Refused};
            for (int i = 0; i < static_cast<int>(states.size()); ++i) {
                auto order = orderIn(i, states[static_cast<std::size_t>(i)]);
                order.owner = UserId("ada");
                tx.insertOrder(order);
            }
        }));
        const auto drinks = [&](const EventId &where, Timestamp since) {
            return m_open->ask<int>([&](Reader &r) { return r.drinksOf(where, UserId("ada"), since); });
        };
        QVERIFY(drinks(booth, morning) == 3);
        QVERIFY(drinks(booth, morning + Milliseconds(2)) == 1);
        QVERIFY(drinks(booth, morning + Milliseconds(9)) == 0);
        QVERIFY(drinks(EventId("DEF"), morning) == 0);
    }

    void numbersRiseByOnePerEventAndARolledBackOneIsUsedAgain()
    {
        std::vector<std::int64_t> numbers;
        const auto take = [&](const EventId &where, Verdict verdict) {
            return m_open->write([&, verdict](Transaction &tx) {
                numbers.push_back(tx.nextOrderNumber(where));
                return verdict;
            });
        };
        QVERIFY(!take(booth, Verdict::Commit));
        QVERIFY(!take(booth, Verdict::Rollback));
        QVERIFY(!take(booth, Verdict::Commit));
        QVERIFY(!take(EventId("DEF"), Verdict::Commit));
        m_open->reopen();
        QVERIFY(!take(booth, Verdict::Commit));
        QVERIFY((numbers == std::vector<std::int64_t>{1, 2, 2, 1, 3}));
    }

    void bucketsComeBackAndOnlyNewerOnesAreTaken()
    {
        const auto first = newBucket(0, 10);
        const auto second = newBucket(1, 5);
        auto overlapping = newBucket(2, 5);
        overlapping.startsAt = second.endsAt - Milliseconds(1);
        auto sameStart = newBucket(3, 5);
        sameStart.startsAt = second.startsAt;
        auto elsewhere = overlapping;
        elsewhere.event = EventId("DEF");
        std::vector<bool> taken;
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (const auto &bucket : {first, second, overlapping, sameStart, first, elsewhere})
                taken.push_back(tx.insertBucket(bucket));
        }));
        QVERIFY((taken == std::vector<bool>{true, true, false, false, false, true}));
        using Bucket = std::optional<domain::CodeBucket>;
        QVERIFY(m_open->ask<Bucket>([&](Reader &r) { return r.newestBucket(booth, Timestamp::max()); }) == Bucket(second));
        QVERIFY(m_open->ask<Bucket>([&](Reader &r) { return r.bucket(first.id); }) == Bucket(first));
        QVERIFY(m_open->ask<Bucket>([&](Reader &r) { return r.bucketByCode(first.code); }) == Bucket(first));
        QVERIFY(m_open->ask<Bucket>([&](Reader &r) { return r.bucketByCode("unknown"); }) == Bucket());
        QVERIFY(m_open->ask<Bucket>([&](Reader &r) { return r.newestBucket(EventId("XYZ"), Timestamp::max()); }) == Bucket());
    }

    void tokensStayBetweenNoneAndAll()
    {
        const auto bucket = newBucket(0, 2);
        std::vector<bool> answers;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertBucket(bucket);
            answers.push_back(tx.returnToken(bucket.id));
            for (int i = 0; i < 3; ++i)
                answers.push_back(tx.takeToken(bucket.id));
            for (int i = 0; i < 3; ++i)
                answers.push_back(tx.returnToken(bucket.id));
            answers.push_back(tx.takeToken(BucketId("unknown")));
        }));
        QVERIFY((answers == std::vector<bool>{false, true, true, false, true, true, false, false}));
    }

    void shopAndItemStatesAreKeptAndReplaced()
    {
        const domain::ShopState paused{true, true, awkward, latest};
        const domain::ShopState closed{};
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.shopState(booth).has_value(); }) == false);
        for (const auto &state : {paused, closed}) {
            QVERIFY(m_open->change([&](Transaction &tx) { tx.setShopState(booth, state); }));
            QVERIFY(m_open->ask<std::optional<domain::ShopState>>([](Reader &r) { return r.shopState(booth); }) ==
                    state);
        }
        using Items = std::map<std::string, domain::ItemState>;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.setItemState(booth, "latte", {true, 7});
            tx.setItemState(booth, awkward, {false, {}});
            tx.setItemState(booth, "latte", {false, 0});
            tx.setItemState(EventId("DEF"), "tea", {true, 1});
        }));
        QVERIFY(m_open->ask<Items>([](Reader &r) { return r.itemStates(booth); }) ==
                (Items{{"latte", {false, 0}}, {awkward, {false, {}}}}));
        QVERIFY(m_open->ask<std::optional<domain::ItemState>>([](Reader &r) { return r.itemState(booth, awkward); }) ==
                domain::ItemState(false, {}));
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.itemState(booth, "tea").has_value(); }) == false);
    }

private:
    std::unique_ptr<OpenStore> m_open;
};

QTEST_GUILESS_MAIN(StoreOrdersTest)
#include "tst_storeorders.moc"
