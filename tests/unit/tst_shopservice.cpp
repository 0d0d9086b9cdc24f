// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using application::CodeView;
using application::OutboxKind;
using domain::Actor;
using test::Bar;
using test::outcome;

class ShopServiceTest : public QObject {
    Q_OBJECT

private:
    static Result<CodeView> codeFor(Bar &bar, const Actor &actor)
    {
        return test::await<CodeView>([&](auto done) { bar.shop.currentCode(actor, bar.event().id, done); });
    }

    static Result<EventView> setState(Bar &bar, const Actor &actor, const domain::ShopState &state)
    {
        return test::await<EventView>([&](auto done) { bar.shop.setState(actor, bar.event().id, state, done); });
    }

    static Result<EventView> changeItem(Bar &bar, const Actor &actor, const std::string &item,
                                        const application::ItemChange &change)
    {
        return test::await<EventView>(
            [&](auto done) { bar.shop.changeItem(actor, bar.event().id, item, change, done); });
    }

private Q_SLOTS:
    void twoDisplaysThatAskAtOnceGetTheSameCode()
    {
        Bar bar;
        std::mutex mutex;
        std::vector<std::string> codes;
        for (int i = 0; i < 20; ++i) {
            bar.shop.currentCode(bar.actor(Role::Display, "TV"), bar.event().id, [&](const Result<CodeView> &view) {
                const std::lock_guard guard(mutex);
                codes.push_back(view ? view->code : outcome(view));
            });
        }
        const auto answered = [&] {
            const std::lock_guard guard(mutex);
            return codes.size();
        };
        QTRY_COMPARE(answered(), std::size_t(20));
        for (const std::string &code : codes)
            QCOMPARE(code, codes.front());
        QCOMPARE(bar.newOutbox().size(), std::size_t(1));
    }

    void aCodeIsSecretFreshAndWhole()
    {
        Bar bar;
        const auto first = codeFor(bar, bar.actor(Role::Display, "TV"));
        QVERIFY(domain::normalizedCode(first->code) == first->code);
        QCOMPARE(first->tokensLeft, 10);
        QCOMPARE(first->tokensTotal, 10);
        QCOMPARE(first->endsAt, first->startsAt + 300s);
        QCOMPARE(first->url, "HTTP://BAR.EXAMPLE:8080/O/" + first->code);
        bar.clock.advance(300s - 1ms);
        QCOMPARE(codeFor(bar, bar.actor(Role::Display, "TV"))->code, first->code);
        bar.clock.advance(1ms);
        const auto second = codeFor(bar, bar.actor(Role::Display, "TV"));
        QVERIFY(second->code != first->code);
        QCOMPARE(second->startsAt, bar.clock.now());
    }

    void thePathOfAPublicUrlKeepsItsCase()
    {
        Bar bar;
        bar.shop.setPublicUrl("https://example.org/Bar/");
        const auto code = codeFor(bar, bar.actor(Role::Display, "TV"));
        QCOMPARE(code->url, "HTTPS://EXAMPLE.ORG/Bar/O/" + code->code);
    }

    void onlyDisplaysOfTheEventAreToldTheCode()
    {
        Bar bar;
        for (const Role role : {Role::Customer, Role::Kiosk, Role::Barista, Role::Organiser, Role::Extension})
            QCOMPARE(outcome(codeFor(bar, bar.actor(role, "X"))), std::string("forbidden"));
        Actor foreign = bar.actor(Role::Display, "TV");
        foreign.event = EventId("XYZ");
        QCOMPARE(outcome(codeFor(bar, foreign)), std::string("forbidden"));
        QVERIFY(!bar.bucket());
    }

    void lookingUpACodeSpendsNoToken()
    {
        Bar bar;
        const std::string code = bar.code();
        const auto eventOf = [&](const std::string &text) {
            return test::await<application::CodeOwner>([&](auto done) { bar.shop.eventOfCode(text, done); });
        };
        std::string lower = code;
        std::transform(lower.begin(), lower.end(), lower.begin(), ::tolower);
        QCOMPARE(eventOf(lower)->event.id.text(), std::string("ABC"));
        QVERIFY(eventOf(lower)->stillCounts);
        QCOMPARE(bar.bucket()->tokensLeft, 10);
        QCOMPARE(outcome(eventOf("3333333333")), std::string("not-found"));
        QCOMPARE(outcome(eventOf("no code")), std::string("not-found"));
        bar.clock.advance(1h);
        QVERIFY(!eventOf(code)->stillCounts);
    }

    void aClockThatIsSetBackStopsNoCodes()
    {
        Bar bar;
        const std::string early = bar.code();
        bar.clock.advance(-1h);
        const std::string code = bar.code();
        QVERIFY(code != early);
        QCOMPARE(bar.code(), code);
        QVERIFY(bar.scan(bar.actor(Role::Customer, "Ada"), code) || !bar.view()->open);
    }

    void theShopIsClosedUntilStaffOpensIt()
    {
        Bar bar;
        QVERIFY(!bar.view()->open);
        domain::ShopState state;
        state.open = true;
        for (const Role role : {Role::Customer, Role::Kiosk, Role::Display, Role::Extension})
            QCOMPARE(outcome(setState(bar, bar.actor(role, "X"), state)), std::string("forbidden"));
        QVERIFY(!bar.view()->open);
        QVERIFY(setState(bar, bar.actor(Role::Organiser, "Org"), state)->open);
        Actor foreign = bar.actor(Role::Barista, "Bo");
        foreign.event = EventId("XYZ");
        QCOMPARE(outcome(setState(bar, foreign, {})), std::string("forbidden"));
        QVERIFY(!setState(bar, bar.actor(Role::Barista, "Bo"), {})->open);
    }

    void aPauseSaysWhyAndUntilWhen()
    {
        Bar bar;
        const Actor bo = bar.actor(Role::Barista, "Bo");
        const auto paused = setState(bar, bo, {true, true, "Milk is on its way", bar.clock.now() + 600s});
        QVERIFY(paused->open && paused->paused);
        QCOMPARE(paused->reason, std::string("Milk is on its way"));
        QCOMPARE(paused->reopensAt, std::optional(bar.clock.now() + 600s));
        const auto open = setState(bar, bo, {true, false, "left over", bar.clock.now()});
        QVERIFY(open->reason.empty() && !open->reopensAt);
        QVERIFY(!setState(bar, bo, {false, true, {}, {}})->paused);
    }

    void eachChangeIsToldOnceAndNoChangeIsNot()
    {
        Bar bar;
        const Actor bo = bar.actor(Role::Barista, "Bo");
        (void)setState(bar, bo, {true, false, {}, {}});
        (void)setState(bar, bo, {true, false, {}, {}});
        const auto records = bar.newOutbox();
        QCOMPARE(records.size(), std::size_t(1));
        QCOMPARE(records.front().kind, OutboxKind::ShopChanged);
        (void)changeItem(bar, bo, "latte", {{}, 7});
        (void)changeItem(bar, bo, "latte", {{}, 7});
        QCOMPARE(bar.newOutbox().size(), std::size_t(1));
    }

    void staffChangesTheMenu()
    {
        Bar bar;
        const Actor bo = bar.actor(Role::Barista, "Bo");
        QCOMPARE(changeItem(bar, bo, "latte", {{}, 0})->menu.at(1).available, false);
        QCOMPARE(changeItem(bar, bo, "latte", {{}, 12})->menu.at(1).stock.value_or(-1), 12);
        const auto off = changeItem(bar, bo, "latte", {false, {}})->menu.at(1);
        QCOMPARE(off.available, false);
        QCOMPARE(off.stock.value_or(-1), 12);
        QCOMPARE(outcome(changeItem(bar, bo, "wine", {false, {}})), std::string("not-found"));
        QCOMPARE(outcome(changeItem(bar, bar.actor(Role::Customer, "Ada"), "latte", {true, {}})),
                 std::string("forbidden"));
        bar.store.reopen();
        QCOMPARE(bar.view()->menu.at(1).available, false);
    }

    void theViewTellsTheRoundQueueAndBroker()
    {
        Bar bar;
        (void)bar.setState(true);
        QVERIFY(!bar.view()->round);
        QVERIFY(!bar.view()->mqttPort);
        (void)bar.scan(bar.actor(Role::Customer, "Ada"));
        bar.shop.setBroker(application::BrokerAddress{1884, false});
        const auto view = bar.view();
        QCOMPARE(view->round->tokensLeft, 9);
        QCOMPARE(view->queue, 1);
        QCOMPARE(view->mqttPort, std::optional<std::uint16_t>(1884));
        QCOMPARE(view->serverTime, bar.clock.now());
        bar.clock.advance(300s);
        QVERIFY(!bar.view()->round);
    }

    void unknownEventsAreNotFound()
    {
        Bar bar;
        const auto view = test::await<EventView>([&](auto done) { bar.shop.event(EventId("XYZ"), done); });
        QCOMPARE(outcome(view), std::string("not-found"));
    }
};

QTEST_GUILESS_MAIN(ShopServiceTest)
#include "tst_shopservice.moc"
