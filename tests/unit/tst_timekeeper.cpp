// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;
using test::Bar;
using test::outcome;
using Words = std::vector<std::string>;

class TimekeeperTest : public QObject {
    Q_OBJECT

private:
    static std::unique_ptr<Bar> openBar()
    {
        auto bar = std::make_unique<Bar>();
        (void)bar->setState(true);
        return bar;
    }

    static OrderView orderIn(Bar &bar, OrderState state)
    {
        return bar.orderIn(state, bar.actor(Role::Customer, "Ada"), bar.actor(Role::Barista, "Bo"));
    }

    static Result<Milliseconds> recover(Bar &bar)
    {
        return test::await<Milliseconds>([&](auto done) { bar.timekeeper.recover(done); });
    }

    static void beat(Bar &bar)
    {
        (void)test::await<bool>([&](auto done) { bar.timekeeper.beat(done); });
    }

    /// The backend beats, is away for \a length, and comes back.
    static Milliseconds outage(Bar &bar, Milliseconds length)
    {
        beat(bar);
        bar.clock.advance(length);
        bar.store.reopen();
        return recover(bar).value();
    }

private Q_SLOTS:
    void eachStateEndsAtItsDeadlineAndNotBefore_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QByteArray>("told");
        QTest::addColumn<int>("tokensLeft");
        const QByteArray timeOut("OrderProcessor.OrderTimeOut");
        QTest::newRow("no drink was chosen")
            << int(OrderState::Started) << 300 << QByteArray("timedOut") << QByteArray("customer") << timeOut << 10;
        QTest::newRow("nobody claimed it")
            << int(OrderState::Submitted) << 900 << QByteArray("timedOut") << QByteArray("barista") << timeOut << 9;
        QTest::newRow("nobody finished it")
            << int(OrderState::Making) << 900 << QByteArray("timedOut") << QByteArray("barista") << timeOut << 9;
        QTest::newRow("nobody collected it")
            << int(OrderState::Ready) << 600 << QByteArray("collected") << QByteArray("uncollected")
            << QByteArray("OrderProcessor.OrderTimeOut OrderProcessor.OrderFinished") << 9;
    }
    void eachStateEndsAtItsDeadlineAndNotBefore()
    {
        QFETCH(int, state);
        QFETCH(int, seconds);
        QFETCH(QByteArray, end);
        QFETCH(QByteArray, reason);
        QFETCH(QByteArray, told);
        QFETCH(int, tokensLeft);
        domain::Event event = test::smallEvent();
        event.limits.codePeriod = 3600s; // so that a token can go back
        Bar bar(event);
        (void)bar.setState(true);
        const auto order = orderIn(bar, OrderState(state));
        const Timestamp deadline = bar.clock.now() + Seconds(seconds);
        QCOMPARE(order.deadline, std::optional(deadline));
        (void)bar.told();

        bar.clock.set(deadline - 1ms);
        QCOMPARE(bar.runDue(), std::optional(deadline));
        QVERIFY(*bar.look(order) == order);
        QVERIFY(bar.told().empty());

        bar.clock.set(deadline);
        QCOMPARE(bar.runDue(), std::optional<Timestamp>());
        const auto ended = bar.look(order);
        QCOMPARE(ended->state, end.toStdString());
        QCOMPARE(ended->reason, reason.toStdString());
        QCOMPARE(ended->uncollected, end == "collected");
        QCOMPARE(ended->sequence, order.sequence + 1);
        QVERIFY(!ended->deadline);
        QCOMPARE(bar.told(), (Words{told.toStdString()}));
        QCOMPARE(bar.bucket()->tokensLeft, tokensLeft);
    }

    void aClaimRenewsTheDeadline()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Submitted);
        bar->clock.advance(899s);
        const auto claimed = bar->change(bar->actor(Role::Barista, "Bo"), order, OrderAction::Claim);
        QVERIFY(claimed);
        bar->clock.advance(899s);
        (void)bar->runDue();
        QCOMPARE(bar->look(order)->state, std::string("making"));
        bar->clock.advance(1s);
        (void)bar->runDue();
        QCOMPARE(bar->look(order)->state, std::string("timedOut"));
    }

    void aRepeatedClaimIsNoHeartbeat()
    {
        const auto bar = openBar();
        const Actor bo = bar->actor(Role::Barista, "Bo");
        const auto order = bar->orderIn(OrderState::Making, bar->actor(Role::Customer, "Ada"), bo);
        bar->clock.advance(100s);
        QVERIFY(*bar->change(bo, order, OrderAction::Claim) == order);
    }

    void manyDeadlinesHappenInOneCall()
    {
        domain::Event event = test::smallEvent();
        event.limits.drinksPerCode = 100;
        event.limits.maxOrdersInQueue = 100;
        Bar bar(event);
        (void)bar.setState(true);
        std::vector<OrderView> orders;
        for (int i = 0; i < 20; ++i)
            orders.push_back(bar.scan(bar.actor(Role::Customer, "Ada")).value());
        bar.clock.advance(301s);
        QVERIFY(!bar.runDue());
        for (const OrderView &order : orders)
            QCOMPARE(bar.look(order)->state, std::string("timedOut"));
    }

    void anOutageIsNotChargedToPeople_data()
    {
        QTest::addColumn<int>("state");
        QTest::newRow("customer") << int(OrderState::Started);
        QTest::newRow("barista, not claimed") << int(OrderState::Submitted);
        QTest::newRow("barista, claimed") << int(OrderState::Making);
    }
    void anOutageIsNotChargedToPeople()
    {
        QFETCH(int, state);
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState(state));
        bar->clock.advance(60s);
        QCOMPARE(outage(*bar, 600s), Milliseconds(600s));
        const Timestamp moved = *order.deadline + 600s;
        QCOMPARE(bar->runDue(), std::optional(moved));
        QCOMPARE(bar->look(order)->deadline, std::optional(moved));
        bar->clock.set(moved - 1ms);
        QCOMPARE(bar->runDue(), std::optional(moved));
        QCOMPARE(bar->look(order)->state, order.state);
        bar->clock.set(moved);
        QVERIFY(!bar->runDue());
        QCOMPARE(bar->look(order)->state, std::string("timedOut"));
        QVERIFY(historyHolds(*bar, order, "DeadlinesExtended"));
    }

    void timeInWhichNothingCouldBeWrittenIsNotChargedEither()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Submitted);
        (void)bar->runDue();
        bar->clock.advance(1000s); // the disk was full, or the machine slept
        QCOMPARE(bar->runDueAfterSilence(), std::optional(*order.deadline + 1000s));
        QCOMPARE(bar->look(order)->state, std::string("submitted"));
        QCOMPARE(bar->look(order)->deadline, std::optional(*order.deadline + 1000s));
    }

    void severalOutagesAddUp()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Submitted);
        (void)outage(*bar, 600s);
        (void)outage(*bar, 1200s);
        const Timestamp moved = *order.deadline + 1800s;
        QCOMPARE(bar->look(order)->deadline, std::optional(moved));
        bar->clock.set(moved - 1ms);
        QCOMPARE(bar->runDue(), std::optional(moved));
        bar->clock.set(moved);
        QVERIFY(!bar->runDue());
        QCOMPARE(bar->look(order)->state, std::string("timedOut"));
    }

    void aDrinkAfterAnOutageIsInTime()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada);
        (void)outage(*bar, 600s);
        const auto submitted = bar->drink(ada, *order);
        QVERIFY(submitted);
        QCOMPARE(submitted->deadline, std::optional(bar->clock.now() + 900s));
        QVERIFY(historyHolds(*bar, *order, "DeadlinesExtended"));
    }

    void anOutageBeforeAnOrderIsNoneOfItsBusiness()
    {
        const auto bar = openBar();
        (void)outage(*bar, 600s);
        const auto order = orderIn(*bar, OrderState::Submitted);
        QCOMPARE(order.deadline, std::optional(bar->clock.now() + 900s));
        QVERIFY(!historyHolds(*bar, order, "DeadlinesExtended"));
    }

    void aReadyCupIsCollectedInItsTimeWhateverTheOutage()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Ready);
        (void)outage(*bar, 300s);
        QCOMPARE(bar->runDue(), order.deadline);
        bar->clock.set(*order.deadline);
        QVERIFY(!bar->runDue());
        QCOMPARE(bar->look(order)->state, std::string("collected"));
    }

    void aCupThatIsRecalledAfterAnOutageHasTheBaristasWholeTime()
    {
        const auto bar = openBar();
        const Actor bo = bar->actor(Role::Barista, "Bo");
        auto order = bar->orderIn(OrderState::Ready, bar->actor(Role::Customer, "Ada"), bo);
        (void)outage(*bar, 300s);
        order = bar->change(bo, order, OrderAction::Recall).value();
        QCOMPARE(order.deadline, std::optional(bar->clock.now() + 900s));
        bar->clock.set(*order.deadline);
        QVERIFY(!bar->runDue());
        QCOMPARE(bar->look(order)->state, std::string("timedOut"));
    }

    void aQuickRestartMovesNothing()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Submitted);
        (void)outage(*bar, 999ms);
        QCOMPARE(bar->look(order)->deadline, order.deadline);
    }

    void aClockThatWentBackIsNoOutage()
    {
        const auto bar = openBar();
        const auto order = orderIn(*bar, OrderState::Submitted);
        QCOMPARE(outage(*bar, -3600s), Milliseconds(0));
        QCOMPARE(bar->look(order)->deadline, order.deadline);
    }

    void aFirstStartIsNoOutage()
    {
        Bar bar;
        QCOMPARE(recover(bar).value(), Milliseconds(0));
    }

    void aWaitThatCannotBeHandledIsPostponedAndBlocksNobody()
    {
        const auto bar = openBar();
        const auto good = bar->scan(bar->actor(Role::Customer, "Ada")).value();
        // Its event is not configured any more, and it was due before the other.
        bar->write([](application::Transaction &transaction) {
            domain::Order order;
            order.id = OrderId("orphan");
            order.event = EventId("GONE");
            order.execution = ExecutionId("orphans-execution");
            order.sequence = 1;
            transaction.insertOrder(order);
            transaction.insertExecution({order.execution, order.id, "hash", "{}", {}, false});
            transaction.insertWait({order.execution, 1, {}, "drink", transaction.now()});
        });
        bar->clock.advance(300s);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("orphan")));
        QCOMPARE(bar->runDue(), std::optional(bar->clock.now() + 60s));
        QCOMPARE(bar->look(good)->state, std::string("timedOut"));
    }

    void anAnswerThatComesBeforeTheTimerCounts()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada).value();
        bar->clock.advance(301s);
        QCOMPARE(bar->drink(ada, order)->state, std::string("submitted"));
        QCOMPARE(bar->runDue(), std::optional(bar->clock.now() + 900s));
        QCOMPARE(bar->look(order)->state, std::string("submitted"));
    }

    void anAnswerThatComesAfterTheTimerIsTooLate()
    {
        const auto bar = openBar();
        const Actor ada = bar->actor(Role::Customer, "Ada");
        const auto order = bar->scan(ada).value();
        bar->clock.advance(300s);
        (void)bar->runDue();
        QCOMPARE(outcome(bar->drink(ada, order)), std::string("wrong-state"));
    }

private:
    static bool historyHolds(Bar &bar, const OrderView &order, const std::string &type)
    {
        const auto history = bar.history(order);
        return std::any_of(history.begin(), history.end(), [&](const application::HistoryRecord &record) {
            return record.entries.find(type) != std::string::npos;
        });
    }
};

QTEST_GUILESS_MAIN(TimekeeperTest)
#include "tst_timekeeper.moc"
