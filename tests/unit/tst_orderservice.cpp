// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

#include <set>

using namespace brewline;
using namespace std::chrono_literals;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;
using test::Bar;
using test::outcome;
using Words = std::vector<std::string>;

class OrderServiceTest : public QObject {
    Q_OBJECT

private:
    static std::unique_ptr<Bar> openBar(domain::Event event = test::smallEvent())
    {
        auto bar = std::make_unique<Bar>(std::move(event));
        (void)bar->setState(true);
        return bar;
    }

private Q_SLOTS:
    void anOrderLivesFromScanToCollectionAsTheTableSays()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const std::string code = bar->code();
        (void)bar->told();

        auto order = bar->scanCode(ada, code);
        QVERIFY(order);
        QCOMPARE(order->state, std::string("started"));
        QVERIFY(!order->number);
        QCOMPARE(order->deadline, std::optional(bar->clock.now() + 300s));
        QCOMPARE(bar->told(), (Words{"Validator.NewOrder OrderProcessor.WorkflowStarted"}));

        bar->clock.advance(10s);
        order = bar->drink(ada, *order, "latte", {"vanilla", "oat"});
        QVERIFY(order);
        QCOMPARE(order->state, std::string("submitted"));
        QCOMPARE(order->number.value_or(0), 1);
        QCOMPARE(order->position.value_or(0), 1);
        QCOMPARE(order->itemName, std::string("Latte"));
        QCOMPARE(order->options, (Words{"oat", "vanilla"}));
        QCOMPARE(order->name, std::string("Ada"));
        QCOMPARE(order->deadline, std::optional(bar->clock.now() + 900s));
        QCOMPARE(bar->told(), (Words{"OrderProcessor.WaitingProduction OrderManager.WaitingCompletion"}));

        bar->clock.advance(60s);
        order = bar->change(bo, *order, OrderAction::Claim);
        QVERIFY(order);
        QCOMPARE(order->state, std::string("making"));
        QCOMPARE(order->barista, std::string("Bo"));
        QCOMPARE(order->deadline, std::optional(bar->clock.now() + 900s));
        QCOMPARE(bar->told(), (Words{"OrderManager.MakeOrder"}));

        bar->clock.advance(60s);
        order = bar->change(bo, *order, OrderAction::Complete);
        QVERIFY(order);
        QCOMPARE(order->state, std::string("ready"));
        QVERIFY(!order->position);
        QCOMPARE(order->deadline, std::optional(bar->clock.now() + 600s));
        QCOMPARE(bar->told(), (Words{"OrderManager.OrderCompleted QueueService.OrderCompleted"}));

        order = bar->change(ada, *order, OrderAction::Collect);
        QVERIFY(order);
        QCOMPARE(order->state, std::string("collected"));
        QVERIFY(!order->uncollected);
        QVERIFY(!order->deadline);
        QCOMPARE(order->sequence, 5);
        QCOMPARE(bar->told(), (Words{"OrderManager.OrderCollected OrderProcessor.OrderFinished"}));
        QVERIFY(*bar->look(*order) == *order);
        QVERIFY(!bar->runDue());
    }

    void aSlipIsRecalledAndMadeAgain()
    {
        const auto bar = openBar();
        const Actor bo = bar->actor(Role::Barista, "Bo");
        auto order = bar->orderIn(OrderState::Ready, bar->actor(Role::Customer, "Ada"), bo);
        (void)bar->told();
        bar->clock.advance(599s);
        order = bar->change(bo, order, OrderAction::Recall).value();
        QCOMPARE(order.state, std::string("making"));
        QCOMPARE(order.deadline, std::optional(bar->clock.now() + 900s));
        QCOMPARE(bar->told(), (Words{"OrderManager.OrderRecalled"}));
        order = bar->change(bo, order, OrderAction::Complete).value();
        QCOMPARE(order.number.value_or(0), 1);
        QCOMPARE(order.deadline, std::optional(bar->clock.now() + 600s));
        QCOMPARE(bar->told(), (Words{"OrderManager.OrderCompleted QueueService.OrderCompleted"}));
        QCOMPARE(bar->change(bo, order, OrderAction::Collect)->state, std::string("collected"));
    }

    void aReleasedOrderCanBeTakenByAnother()
    {
        const auto bar = openBar();
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const Actor cy = bar->actor(Role::Barista, "Cy");
        auto order = bar->orderIn(OrderState::Making, bar->actor(Role::Customer, "Ada"), bo);
        (void)bar->told();
        QCOMPARE(outcome(bar->change(cy, order, OrderAction::Claim)), std::string("wrong-state"));
        QCOMPARE(outcome(bar->change(cy, order, OrderAction::Release)), std::string("wrong-state"));
        bar->clock.advance(10s);
        const auto deadline = bar->change(cy, order, OrderAction::TakeOver)->deadline;
        QCOMPARE(deadline, std::optional(bar->clock.now() + 900s));
        bar->clock.advance(10s);
        order = bar->change(cy, order, OrderAction::Release).value();
        QCOMPARE(order.state, std::string("submitted"));
        QVERIFY(order.barista.empty());
        QCOMPARE(order.deadline, deadline);
        QCOMPARE(bar->change(bo, order, OrderAction::Claim)->barista, std::string("Bo"));
        QCOMPARE(bar->told(), (Words{"OrderManager.MakeOrder", "OrderManager.UnmakeOrder", "OrderManager.MakeOrder"}));
    }

    void aClosedPausedOrFullShopRefusesAndGivesTheTokenBack_data()
    {
        QTest::addColumn<bool>("open");
        QTest::addColumn<bool>("paused");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("closed") << false << false << QByteArray("shop-closed") << QByteArray("closed");
        QTest::newRow("paused") << true << true << QByteArray("shop-paused") << QByteArray("paused");
        QTest::newRow("full") << true << false << QByteArray("shop-full") << QByteArray("full");
    }
    void aClosedPausedOrFullShopRefusesAndGivesTheTokenBack()
    {
        QFETCH(bool, open);
        QFETCH(bool, paused);
        QFETCH(QByteArray, error);
        QFETCH(QByteArray, reason);
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersInQueue = 1;
        const auto bar = openBar(event);
        QVERIFY(bar->scan(bar->actor(Role::Customer, "First")));
        (void)bar->setState(open, paused);
        (void)bar->told();

        const Actor ada = bar->actor(Role::Customer, "Ada");
        QCOMPARE(outcome(bar->scan(ada)), error.toStdString());
        QCOMPARE(bar->bucket()->tokensLeft, 9);
        QCOMPARE(bar->told(), (Words{"Validator.NewOrder OrderProcessor.ShopNotReady"}));
        const auto page =
            test::await<application::OrderPage>([&](auto done) { bar->orders.ordersOfActor(ada, {}, done); });
        QCOMPARE(page->orders.size(), std::size_t(1));
        QCOMPARE(page->orders.front().state, std::string("refused"));
        QCOMPARE(page->orders.front().reason, reason.toStdString());
        QVERIFY(!bar->change(ada, page->orders.front(), OrderAction::Cancel));
    }

    void readyCupsDoNotBlockCapacity()
    {
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersInQueue = 1;
        const auto bar = openBar(event);
        const Actor bo = bar->actor(Role::Barista, "Bo");
        auto order = bar->orderIn(OrderState::Making, bar->actor(Role::Customer, "Ada"), bo);
        QVERIFY(bar->view()->full);
        QCOMPARE(outcome(bar->scan(bar->actor(Role::Customer, "Eve"))), std::string("shop-full"));
        QVERIFY(bar->change(bo, order, OrderAction::Complete));
        QVERIFY(!bar->view()->full);
        QVERIFY(bar->scan(bar->actor(Role::Customer, "Fay")));
    }

    void theShopTellsWhenItGetsFullAndWhenItHasRoomAgain()
    {
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersInQueue = 2;
        const auto bar = openBar(event);
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto shopMessages = [&] {
            int count = 0;
            for (const auto &record : bar->newOutbox())
                count += record.kind == application::OutboxKind::ShopChanged;
            return count;
        };
        const auto first = bar->scan(ada);
        (void)shopMessages();
        const Actor eve = bar->actor(Role::Customer, "Eve");
        const auto second = bar->scan(eve);
        QCOMPARE(shopMessages(), 1);
        QVERIFY(bar->change(eve, *second, OrderAction::Cancel));
        QCOMPARE(shopMessages(), 1);
        QVERIFY(bar->change(ada, *first, OrderAction::Cancel));
        QCOMPARE(shopMessages(), 0);
    }

    void cancelledAtAnyTimeBeforeItIsReady_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("byOwner");
        QTest::addColumn<int>("tokensLeft");
        for (const bool byOwner : {true, false}) {
            const char *who = byOwner ? "owner" : "barista";
            QTest::addRow("started, by %s", who) << int(OrderState::Started) << byOwner << 10;
            QTest::addRow("submitted, by %s", who) << int(OrderState::Submitted) << byOwner << 9;
            QTest::addRow("making, by %s", who) << int(OrderState::Making) << byOwner << 9;
        }
    }
    void cancelledAtAnyTimeBeforeItIsReady()
    {
        QFETCH(int, state);
        QFETCH(bool, byOwner);
        QFETCH(int, tokensLeft);
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const auto order = bar->orderIn(OrderState(state), ada, bo);
        (void)bar->told();
        const auto cancelled = bar->change(byOwner ? ada : bo, order, OrderAction::Cancel);
        QVERIFY(cancelled);
        QCOMPARE(cancelled->state, std::string("cancelled"));
        QCOMPARE(cancelled->reason, std::string(byOwner ? "customer" : "barista"));
        QVERIFY(!cancelled->deadline);
        QCOMPARE(bar->bucket()->tokensLeft, tokensLeft);
        QCOMPARE(bar->told(), (Words{"OrderManager.OrderCancelled QueueService.OrderCancelled"}));
        QVERIFY(!bar->runDue());
        QVERIFY2(bar->scan(ada), "who cancelled can order again");
    }

    void anOrderThatWasCancelledBeforeItsDrinkBurnsNoNumber()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        auto order = bar->scan(ada);
        order = bar->change(ada, *order, OrderAction::Cancel);
        QVERIFY(!order->number);
        order = bar->scan(ada);
        QCOMPARE(bar->drink(ada, *order)->number.value_or(0), 1);
        const Actor eve = bar->actor(Role::Customer, "Eve");
        QCOMPARE(bar->drink(eve, *bar->scan(eve))->number.value_or(0), 2);
    }

    void aRefusedChangeBurnsNoNumber()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada);
        QCOMPARE(outcome(bar->drink(ada, *order, "wine")), std::string("invalid-field"));
        QCOMPARE(outcome(bar->drink(ada, *order, "latte", {"oat", "skimmed"})), std::string("invalid-field"));
        QCOMPARE(outcome(bar->drink(ada, *order, "tea")), std::string("invalid-field"));
        QCOMPARE(bar->look(*order)->sequence, 1);
        QCOMPARE(bar->drink(ada, *order, "tea", {"mint"})->number.value_or(0), 1);
    }

    void oneVisitorHasOneOpenOrder()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const Actor bo = bar->actor(Role::Barista, "Bo");
        auto order = bar->scan(ada).value();
        QCOMPARE(outcome(bar->scan(ada)), std::string("order-already-open"));
        QCOMPARE(bar->bucket()->tokensLeft, 9);
        order = bar->drink(ada, order).value();
        QCOMPARE(outcome(bar->scan(ada)), std::string("order-already-open"));
        QVERIFY(bar->change(bo, order, OrderAction::Complete));
        QVERIFY(bar->scan(ada));
    }

    void aDoubleTapWithAKeyGetsTheSameAnswer()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const std::string code = bar->code();
        const auto first = bar->scanCode(ada, code, "key-1");
        const auto again = bar->scanCode(ada, code, "key-1");
        QVERIFY(first && again);
        QVERIFY(*first == *again);
        QCOMPARE(bar->bucket()->tokensLeft, 9);
        QVERIFY(bar->drink(ada, *first));
        QVERIFY2(*bar->scanCode(ada, code, "key-1") == *first, "the first answer, not the present state");
        QCOMPARE(outcome(bar->scanCode(ada, code, "key-2")), std::string("order-already-open"));
    }

    void aRefusalIsRememberedByItsKey()
    {
        Bar bar; // closed
        const Actor ada = bar.actor(Role::Customer, "Ada");
        const std::string code = bar.code();
        QCOMPARE(outcome(bar.scanCode(ada, code, "key-1")), std::string("shop-closed"));
        (void)bar.setState(true);
        QCOMPARE(outcome(bar.scanCode(ada, code, "key-1")), std::string("shop-closed"));
        QVERIFY(bar.scanCode(ada, code, "key-2"));
    }

    void aKeyWithAnotherBodyIsRefused()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        QVERIFY(bar->scanCode(ada, bar->code(), "key-1"));
        QCOMPARE(outcome(bar->scanCode(ada, "3333333333", "key-1")), std::string("idempotency-mismatch"));
    }

    void aKeyIsItsOwnersAndForADay()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const Actor eve = bar->actor(Role::Customer, "Eve");
        const std::string code = bar->code();
        const auto first = bar->scanCode(ada, code, "key-1");
        const auto foreign = bar->scanCode(eve, code, "key-1");
        QVERIFY(first && foreign);
        QVERIFY(first->id != foreign->id);
        QVERIFY(bar->change(ada, *first, OrderAction::Cancel));
        bar->clock.advance(24h);
        const auto nextDay = bar->scanCode(ada, bar->code(), "key-1");
        QVERIFY(nextDay);
        QVERIFY(nextDay->id != first->id);
    }

    void aScanJustAfterTheRollOverTakesATokenOfTheOldCode()
    {
        const auto bar = openBar();
        const std::string old = bar->code();
        const BucketId oldBucket = bar->bucket()->id;
        bar->clock.advance(319s);
        const std::string fresh = bar->code();
        QVERIFY(fresh != old);
        QVERIFY(bar->scanCode(bar->actor(Role::Customer, "Ada"), old));
        QCOMPARE(bar->bucket()->tokensLeft, 10);
        const auto left = bar->ask<std::optional<domain::CodeBucket>>(
            [oldBucket](application::Reader &reader) { return reader.bucket(oldBucket); });
        QCOMPARE(left->tokensLeft, 9);
        bar->clock.advance(1s);
        QCOMPARE(outcome(bar->scanCode(bar->actor(Role::Customer, "Eve"), old)), std::string("invalid-code"));
    }

    void whatIsNoCodeOfThisEventIsInvalid_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("wrong") << QByteArray("3333333333");
        QTest::newRow("short") << QByteArray("333");
        QTest::newRow("injection") << QByteArray("' OR '1'='1");
    }
    void whatIsNoCodeOfThisEventIsInvalid()
    {
        QFETCH(QByteArray, code);
        const auto bar = openBar();
        const auto refused = bar->scanCode(bar->actor(Role::Customer, "Ada"), code.toStdString());
        QCOMPARE(outcome(refused), std::string("invalid-code"));
        QCOMPARE(refused.error().pointer, std::string("/code"));
    }

    void theCodeOfAnotherEventIsInvalid()
    {
        const auto bar = openBar();
        domain::Event second = test::smallEvent();
        second.id = EventId("XYZ");
        (void)bar->events.add(second);
        const Actor display{UserId("tv"), Role::Display, second.id, "TV"};
        const auto code =
            test::await<application::CodeView>([&](auto done) { bar->shop.currentCode(display, second.id, done); });
        QCOMPARE(outcome(bar->scanCode(bar->actor(Role::Customer, "Ada"), code->code)), std::string("invalid-code"));
    }

    void tokensNeverGoBelowZero()
    {
        domain::Event event = test::smallEvent();
        event.limits.drinksPerCode = 3;
        const auto bar = openBar(event);
        const std::string code = bar->code();
        std::atomic<int> started = 0;
        std::atomic<int> refused = 0;
        std::vector<Actor> visitors;
        for (int i = 0; i < 20; ++i)
            visitors.push_back(bar->actor(Role::Customer, "Visitor"));
        for (const Actor &visitor : visitors) {
            bar->orders.scan(visitor, bar->event().id, code, {}, [&](const Result<OrderView> &order) {
                (outcome(order) == "ok" ? started : refused) +=
                    outcome(order) == "ok" || outcome(order) == "no-tokens-left";
            });
        }
        QTRY_COMPARE(started + refused, 20);
        QCOMPARE(int(started), 3);
        QCOMPARE(bar->bucket()->tokensLeft, 0);
    }

    void aVisitorHasSoManyDrinksADay()
    {
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersPerUser = 2;
        event.timezone = "Europe/Copenhagen"; // an hour before UTC in November
        const auto bar = openBar(event);
        bar->clock.set(timestampFromRfc3339("2026-11-21T22:30:00Z").value());
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const auto cancelled = bar->scan(ada);
        QVERIFY(bar->change(ada, *cancelled, OrderAction::Cancel));
        for (int i = 0; i < 2; ++i)
            (void)bar->orderIn(OrderState::Ready, ada, bo);
        QCOMPARE(outcome(bar->scan(ada)), std::string("daily-limit"));
        bar->clock.set(timestampFromRfc3339("2026-11-21T22:59:59.999Z").value());
        QCOMPARE(outcome(bar->scan(ada)), std::string("daily-limit"));
        bar->clock.set(timestampFromRfc3339("2026-11-21T23:00:00Z").value());
        QVERIFY2(bar->scan(ada), "a new day has begun where the event is");
    }

    void aKioskIsNotOneVisitor()
    {
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersPerUser = 1;
        const auto bar = openBar(event);
        const Actor kiosk = bar->actor(Role::Kiosk, "Kiosk at the door");
        const auto first = bar->scan(kiosk);
        const auto second = bar->scan(kiosk);
        QVERIFY(first && second);
        QVERIFY2(bar->drink(kiosk, *first)->name.empty(), "nobody is called by the name of the kiosk");
    }

    void onlyVisitorsAndKiosksOfTheEventOrder()
    {
        const auto bar = openBar();
        for (const Role role : {Role::Display, Role::Barista, Role::Organiser, Role::Extension})
            QCOMPARE(outcome(bar->scan(bar->actor(role, "X"))), std::string("forbidden"));
        Actor stranger = bar->actor(Role::Customer, "Ada");
        stranger.event = EventId("XYZ");
        QCOMPARE(outcome(bar->scan(stranger)), std::string("forbidden"));
        QCOMPARE(bar->bucket()->tokensLeft, 10);
    }

    void stockCountsDownAndEndsInSoldOut()
    {
        const auto bar = openBar();
        const auto latteOf = [&] { return bar->view()->menu.at(1); };
        QCOMPARE(latteOf().stock.value_or(-1), 2);
        for (const char *name : {"Ada", "Eve"}) {
            const Actor visitor = bar->actor(Role::Customer, name);
            QVERIFY(bar->drink(visitor, *bar->scan(visitor), "latte"));
        }
        QCOMPARE(latteOf().stock.value_or(-1), 0);
        QVERIFY(!latteOf().available);
        const Actor late = bar->actor(Role::Customer, "Late");
        const auto order = bar->scan(late);
        const auto refused = bar->drink(late, *order, "latte");
        QCOMPARE(outcome(refused), std::string("sold-out"));
        QCOMPARE(refused.error().pointer, std::string("/item"));
        QVERIFY2(bar->drink(late, *order, "espresso"), "another drink can still be chosen");
    }

    void aRepeatedDrinkTakesOneCup()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada);
        const auto first = bar->drink(ada, *order, "latte", {"oat", "vanilla"});
        const auto again = bar->drink(ada, *order, "latte", {"vanilla", "oat"});
        QVERIFY(first && again);
        QVERIFY(*first == *again);
        QCOMPARE(bar->view()->menu.at(1).stock.value_or(-1), 1);
        QCOMPARE(outcome(bar->drink(ada, *order, "espresso")), std::string("wrong-state"));
    }

    void aCupThatNobodyBeganGoesBackToTheStock()
    {
        const auto bar = openBar();
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const auto stock = [&] { return bar->view()->menu.at(1).stock.value_or(-1); };
        const auto latte = [&] {
            const Actor visitor = bar->actor(Role::Customer, "Ada");
            return bar->drink(visitor, *bar->scan(visitor), "latte").value();
        };
        QVERIFY(bar->change(bo, latte(), OrderAction::Cancel));
        QCOMPARE(stock(), 2);

        const auto begun = latte();
        QVERIFY(bar->change(bo, begun, OrderAction::Claim));
        QVERIFY(bar->change(bo, begun, OrderAction::Cancel));
        QCOMPARE(stock(), 1);

        (void)latte();
        QCOMPARE(stock(), 0);
        bar->clock.advance(900s);
        (void)bar->runDue();
        QCOMPARE(stock(), 1);
    }

    void anUnavailableDrinkIsSoldOut()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada);
        const auto changed = test::await<EventView>([&](auto done) {
            bar->shop.changeItem(bar->actor(Role::Barista, "Bo"), bar->event().id, "espresso", {false, {}}, done);
        });
        QVERIFY(!changed->menu.front().available);
        QCOMPARE(outcome(bar->drink(ada, *order, "espresso")), std::string("sold-out"));
    }

    void strangersSeeNoOrder()
    {
        const auto bar = openBar();
        const auto order = bar->scan(bar->actor(Role::Customer, "Ada"));
        for (const Role role : {Role::Customer, Role::Kiosk, Role::Extension}) {
            const Actor stranger = bar->actor(role, "X");
            const auto seen = test::await<OrderView>([&](auto done) { bar->orders.order(stranger, order->id, done); });
            QCOMPARE(outcome(seen), std::string("not-found"));
            QCOMPARE(outcome(bar->change(stranger, *order, OrderAction::Cancel)), std::string("not-found"));
            const auto page = test::await<application::OrderPage>(
                [&](auto done) { bar->orders.ordersOfEvent(stranger, bar->event().id, {}, done); });
            QCOMPARE(outcome(page), std::string("forbidden"));
        }
        QCOMPARE(outcome(bar->change(bar->actor(Role::Barista, "Bo"), OrderView{}, OrderAction::Claim)),
                 std::string("not-found"));
    }

    void listsComeInPagesInTheOrderOfCreation()
    {
        const auto bar = openBar();
        std::vector<std::string> created;
        for (int i = 0; i < 5; ++i) {
            created.push_back(bar->scan(bar->actor(Role::Customer, "Ada"))->id.text());
            bar->clock.advance(1ms);
        }
        const Actor bo = bar->actor(Role::Barista, "Bo");
        std::vector<std::string> listed;
        application::OrderFilter filter;
        filter.limit = 2;
        filter.states = {OrderState::Started};
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = test::await<application::OrderPage>(
                [&](auto done) { bar->orders.ordersOfEvent(bo, bar->event().id, filter, done); });
            QVERIFY(page);
            for (const OrderView &order : page->orders)
                listed.push_back(order.id.text());
            if (!page->next)
                break;
            filter.after = *page->next;
        }
        QCOMPARE(listed, created);
    }

    void everyChangeRaisesTheSequenceByOneAndSendsOneMessage()
    {
        // Random hands on a few orders: what is refused must leave no trace, what is done must leave exactly one.
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const std::array hands{ada, bar->actor(Role::Barista, "Bo"), bar->actor(Role::Barista, "Cy"),
                               bar->actor(Role::Customer, "Eve")};
        OrderView order = bar->scan(ada).value();
        (void)bar->newOutbox();
        int done = 0;
        for (int i = 0; i < 400; ++i) {
            const Actor &hand = hands.at(bar->random.below(4));
            const auto action = OrderAction(bar->random.below(8));
            if (action == OrderAction::Cancel && bar->random.below(8) != 0)
                continue; // Most orders shall live for a while.
            const auto changed =
                action == OrderAction::Submit ? bar->drink(hand, order) : bar->change(hand, order, action);
            const auto outbox = bar->newOutbox();
            const auto stored = bar->look(order).value();
            if (changed && changed->sequence != order.sequence) {
                QCOMPARE(changed->sequence, order.sequence + 1);
                QCOMPARE(outbox.size(), std::size_t(1));
                QCOMPARE(outbox.front().sequence, changed->sequence);
                QVERIFY(stored == *changed);
                order = *changed;
                ++done;
            } else {
                QVERIFY(outbox.empty());
                QVERIFY(stored == order);
            }
            if (domain::isEnded(*domain::orderStateFromText(order.state))) {
                order = bar->scan(ada).value_or(order);
                (void)bar->newOutbox();
                bar->clock.advance(1s);
            }
            if (bar->bucket()->tokensLeft == 0)
                bar->clock.advance(300s);
        }
        QVERIFY2(done > 20, std::to_string(done).c_str());
    }

    void whatWasAcknowledgedIsThereAfterARestart()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->drink(ada, *bar->scan(ada)).value();
        bar->store.reopen();
        QVERIFY(*bar->look(order) == order);
        QCOMPARE(bar->change(bar->actor(Role::Barista, "Bo"), order, OrderAction::Complete)->state,
                 std::string("ready"));
    }

    void aProcessThatFailsChangesNothing()
    {
        Bar bar(test::smallEvent(),
                R"({"StartAt": "Break", "States": {"Break": {"Type": "Fail", "Error": "Broken"}}})");
        (void)bar.setState(true);
        const Actor ada = bar.actor(Role::Customer, "Ada");
        const std::string code = bar.code();
        (void)bar.newOutbox();
        QCOMPARE(outcome(bar.scanCode(ada, code)), std::string("internal"));
        QCOMPARE(bar.bucket()->tokensLeft, 10);
        QVERIFY(bar.newOutbox().empty());
        QCOMPARE(outcome(bar.scanCode(ada, code)), std::string("internal"));
    }
};

QTEST_GUILESS_MAIN(OrderServiceTest)
#include "tst_orderservice.moc"
