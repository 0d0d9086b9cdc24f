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
