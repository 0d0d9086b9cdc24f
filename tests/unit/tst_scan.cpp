// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

#include <atomic>

using namespace brewline;
using namespace std::chrono_literals;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;
using test::Bar;
using test::outcome;
using Words = std::vector<std::string>;

class ScanTest : public QObject {
    Q_OBJECT

private:
    static std::unique_ptr<Bar> openBar(domain::Event event = test::smallEvent())
    {
        auto bar = std::make_unique<Bar>(std::move(event));
        (void)bar->setState(true);
        return bar;
    }

private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(ScanTest)
#include "tst_scan.moc"
