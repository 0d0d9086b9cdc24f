// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/orderchange.h"
#include "support/printing.h"

#include <QTest>

#include <array>
#include <sstream>

using namespace brewline;
using namespace brewline::domain;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp created = timestampFromMilliseconds(1'795'251'600'000);
constexpr Timestamp now = created + 1h;

const Actor owner{UserId("owner"), Role::Customer, EventId("ABC"), "Ada"};
const Actor mine{UserId("barista-1"), Role::Barista, EventId("ABC"), "Bo"};
const Actor other{UserId("barista-2"), Role::Barista, EventId("ABC"), "Cy"};

/// An order as it comes to \a state; from making on it is claimed by \a mine.
Order orderIn(OrderState state)
{
    Order order;
    order.id = OrderId("order-1");
    order.event = EventId("ABC");
    order.owner = owner.id;
    order.state = state;
    order.createdAt = created;
    order.sequence = 5;
    if (state == OrderState::Started || state == OrderState::Refused)
        return order;
    order.number = 7;
    order.drink = {"latte", {"oat"}, "Ada", {}};
    order.submittedAt = created + 1min;
    if (state == OrderState::Submitted)
        return order;
    order.barista = mine.id;
    order.baristaName = mine.name;
    order.claimedAt = created + 2min;
    if (state == OrderState::Ready || state == OrderState::Collected)
        order.completedAt = created + 3min;
    if (isEnded(state))
        order.endedAt = created + 4min;
    return order;
}

constexpr std::array allStates{OrderState::Started,   OrderState::Submitted, OrderState::Making,   OrderState::Ready,
                               OrderState::Collected, OrderState::Cancelled, OrderState::TimedOut, OrderState::Refused};
constexpr std::array allActions{OrderAction::Submit,   OrderAction::Claim,  OrderAction::TakeOver, OrderAction::Release,
                                OrderAction::Complete, OrderAction::Recall, OrderAction::Collect,  OrderAction::Cancel};

/// The table of changes, one line for each action and each hand: what becomes of an order in the state of the column.
/// A state's name: it goes there. "again": answered like the first time, nothing changes. "-": 409.
constexpr const char *tableOfChanges = R"(
action     by     started    submitted  making     ready      collected  cancelled  timedOut   refused
drink      owner  submitted  again      again      again      again      -          -          -
claim      mine   -          making     again      -          -          -          -          -
claim      other  -          making     -          -          -          -          -          -
take-over  mine   -          -          again      -          -          -          -          -
take-over  other  -          -          making     -          -          -          -          -
release    mine   -          again      submitted  -          -          -          -          -
release    other  -          again      -          -          -          -          -          -
complete   mine   -          ready      ready      again      again      -          -          -
complete   other  -          ready      ready      again      again      -          -          -
recall     mine   -          -          -          making     -          -          -          -
recall     other  -          -          -          making     -          -          -          -
collect    owner  -          -          -          collected  again      -          -          -
collect    mine   -          -          -          collected  again      -          -          -
collect    other  -          -          -          collected  again      -          -          -
cancel     owner  cancelled  cancelled  cancelled  -          -          again      -          -
cancel     mine   cancelled  cancelled  cancelled  -          -          again      -          -
cancel     other  cancelled  cancelled  cancelled  -          -          again      -          -
)";

struct Line {
    std::string action;
    std::string by;
    std::array<std::string, allStates.size()> outcomes;
};

std::vector<Line> linesOfTable()
{
    std::vector<Line> lines;
    std::istringstream table(tableOfChanges);
    for (std::string text; std::getline(table, text);) {
        std::istringstream words(text);
        Line line;
        if (!(words >> line.action >> line.by) || line.action == "action")
            continue;
        for (std::string &outcome : line.outcomes)
            words >> outcome;
        lines.push_back(line);
    }
    return lines;
}

std::string expectedOutcome(OrderAction action, const std::string &by, std::size_t state)
{
    for (const Line &line : linesOfTable()) {
        if (line.action == toText(action) && line.by == by)
            return line.outcomes.at(state);
    }
    return "forbidden";
}

ChangeRequest requestFor(OrderAction action)
{
    ChangeRequest request;
    request.action = action;
    request.drink = {"latte", {"oat"}, "Ada", {}};
    return request;
}

/// What became of \a order, in the words of the table.
std::string outcomeOf(Order &order, const ChangeRequest &request, const Actor &actor)
{
    const Order before = order;
    const auto effect = apply(order, request, actor, now);
    if (effect && *effect == ChangeEffect::Done)
        return std::string(toText(order.state));
    if (!(order == before))
        return "changed although it was not allowed";
    if (effect)
        return "again";
    return effect.error().code == ErrorCode::WrongState ? "-" : std::string(slug(effect.error().code));
}

} // namespace

class OrderChangeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTableIsComplete()
    {
        QCOMPARE(linesOfTable().size(), std::size_t(17));
        for (const Line &line : linesOfTable()) {
            QVERIFY2(orderActionFromText(line.action), line.action.c_str());
            for (const std::string &outcome : line.outcomes)
                QVERIFY(!outcome.empty());
        }
    }

    void ownerAndBaristasDoWhatTheTableSays_data()
    {
        QTest::addColumn<int>("action");
        QTest::addColumn<int>("state");
        QTest::addColumn<QByteArray>("by");
        for (const OrderAction action : allActions) {
            for (std::size_t state = 0; state < allStates.size(); ++state) {
                for (const char *by : {"owner", "mine", "other"}) {
                    QTest::addRow("%s %s by %s", toText(allStates.at(state)).data(), toText(action).data(), by)
                        << int(action) << int(state) << QByteArray(by);
                }
            }
        }
    }
    void ownerAndBaristasDoWhatTheTableSays()
    {
        QFETCH(int, action);
        QFETCH(int, state);
        QFETCH(QByteArray, by);
        Order order = orderIn(allStates.at(std::size_t(state)));
        const Actor &actor = by == "owner" ? owner : by == "mine" ? mine : other;
        QCOMPARE(outcomeOf(order, requestFor(OrderAction(action)), actor),
                 expectedOutcome(OrderAction(action), by.toStdString(), std::size_t(state)));
    }

    void whoSeesTheOrderButHasNoPartInItIsForbidden_data() { everyActionInEveryState(); }
    void whoSeesTheOrderButHasNoPartInItIsForbidden()
    {
        QFETCH(int, action);
        QFETCH(int, state);
        for (const Actor &actor : {Actor{UserId("d"), Role::Display, EventId("ABC"), "TV"},
                                   Actor{UserId("o"), Role::Organiser, EventId("ABC"), "Org"},
                                   Actor{UserId("o"), Role::Organiser, EventId("*"), "ctl"}}) {
            Order order = orderIn(OrderState(state));
            QCOMPARE(outcomeOf(order, requestFor(OrderAction(action)), actor), std::string("forbidden"));
        }
    }

    void toAllOthersTheOrderDoesNotExist_data() { everyActionInEveryState(); }
    void toAllOthersTheOrderDoesNotExist()
    {
        QFETCH(int, action);
        QFETCH(int, state);
        for (const Actor &actor : {Actor{UserId("x"), Role::Customer, EventId("ABC"), "Ada"},
                                   Actor{UserId("x"), Role::Kiosk, EventId("ABC"), "Kiosk"},
                                   Actor{UserId("x"), Role::Extension, EventId("ABC"), "Robot"},
                                   Actor{UserId("x"), Role::Barista, EventId("XYZ"), "Bo"},
                                   Actor{UserId("x"), Role::Display, EventId("XYZ"), "TV"},
                                   Actor{UserId("x"), Role::Organiser, EventId("XYZ"), "Org"}}) {
            Order order = orderIn(OrderState(state));
            QCOMPARE(outcomeOf(order, requestFor(OrderAction(action)), actor), std::string("not-found"));
        }
    }

    void aKioskThatOrderedIsTheOwner()
    {
        Order order = orderIn(OrderState::Started);
        order.owner = UserId("kiosk");
        const Actor kiosk{UserId("kiosk"), Role::Kiosk, EventId("ABC"), "Kiosk"};
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Submit), kiosk), std::string("submitted"));
    }

    void anotherDrinkIsNoRepetition_data()
    {
        QTest::addColumn<int>("part");
        QTest::newRow("item") << 0;
        QTest::newRow("options") << 1;
        QTest::newRow("name") << 2;
        QTest::newRow("note") << 3;
    }
    void anotherDrinkIsNoRepetition()
    {
        QFETCH(int, part);
        ChangeRequest request = requestFor(OrderAction::Submit);
        if (part == 0)
            request.drink.item = "tea";
        else if (part == 1)
            request.drink.options.clear(); // Extras of the drink before must not stick.
        else if (part == 2)
            request.drink.name = "Eve";
        else
            request.drink.note = "hot";
        Order order = orderIn(OrderState::Submitted);
        QCOMPARE(outcomeOf(order, request, owner), std::string("-"));
    }

    void aRecallIsRepeatedOnlyWhileTheCupIsBackInTheMaking()
    {
        Order order = orderIn(OrderState::Ready);
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Recall), other), std::string("making"));
        QCOMPARE(order.barista.text(), other.id.text());
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Recall), other), std::string("again"));
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Release), other), std::string("submitted"));
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Claim), mine), std::string("making"));
        QCOMPARE(outcomeOf(order, requestFor(OrderAction::Recall), mine), std::string("-"));
    }

    void aRecalledCupIsReadyAtItsSecondCompletion()
    {
        Order order = orderIn(OrderState::Ready);
        QVERIFY(apply(order, requestFor(OrderAction::Recall), mine, now));
        QVERIFY(apply(order, requestFor(OrderAction::Complete), mine, now + 1min));
        QCOMPARE(order.completedAt, std::optional(now + 1min));
        QCOMPARE(order.state, OrderState::Ready);
    }

    void theProblemTellsTheState()
    {
        Order order = orderIn(OrderState::Making);
        const auto refused = apply(order, requestFor(OrderAction::Claim), other, now);
        QVERIFY(!refused);
        QVERIFY(refused.error().detail.find("making by Bo") != std::string::npos);
    }

    void whoAndWhenAreNoted()
    {
        Order order = orderIn(OrderState::Started);
        order.number = 7;
        QVERIFY(apply(order, requestFor(OrderAction::Submit), owner, now));
        QCOMPARE(order.submittedAt, std::optional(now));
        QCOMPARE(order.drink.item, std::string("latte"));
        QVERIFY(apply(order, requestFor(OrderAction::Claim), mine, now + 1s));
        QCOMPARE(order.claimedAt, std::optional(now + 1s));
        QCOMPARE(order.baristaName, std::string("Bo"));
        QVERIFY(apply(order, requestFor(OrderAction::TakeOver), other, now + 2s));
        QCOMPARE(order.claimedAt, std::optional(now + 2s));
        QCOMPARE(order.baristaName, std::string("Cy"));
        QVERIFY(apply(order, requestFor(OrderAction::Release), other, now + 3s));
        QVERIFY(order.barista.isEmpty() && order.baristaName.empty() && !order.claimedAt);
        QVERIFY(apply(order, requestFor(OrderAction::Complete), mine, now + 4s));
        QCOMPARE(order.barista.text(), mine.id.text());
        QCOMPARE(order.completedAt, std::optional(now + 4s));
        QVERIFY(apply(order, requestFor(OrderAction::Collect), owner, now + 5s));
        QCOMPARE(order.endedAt, std::optional(now + 5s));
        QVERIFY(!order.uncollected);
        QCOMPARE(order.number.value_or(0), 7);
    }

    void aCancellationTellsWhoseItWas()
    {
        for (const auto &[actor, reason, expected] :
             {std::tuple{owner, "", "customer"}, std::tuple{mine, "", "barista"},
              std::tuple{mine, "no milk", "no milk"}}) {
            Order order = orderIn(OrderState::Submitted);
            ChangeRequest request = requestFor(OrderAction::Cancel);
            request.reason = reason;
            QVERIFY(apply(order, request, actor, now));
            QCOMPARE(order.reason, std::string(expected));
            QCOMPARE(order.endedAt, std::optional(now));
        }
    }

    void theClockChangesWhatTheTableSays_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<bool>("allowed");
        for (const OrderState from : allStates) {
            for (const OrderState to : allStates) {
                const bool allowed =
                    (from == OrderState::Started && (to == OrderState::Refused || to == OrderState::TimedOut)) ||
                    (from == OrderState::Submitted && to == OrderState::TimedOut) ||
                    (from == OrderState::Making && to == OrderState::TimedOut) ||
                    (from == OrderState::Ready && to == OrderState::Collected);
                QTest::addRow("%s to %s", toText(from).data(), toText(to).data()) << int(from) << int(to) << allowed;
            }
        }
    }
    void theClockChangesWhatTheTableSays()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(bool, allowed);
        Order order = orderIn(OrderState(from));
        const Order before = order;
        const auto changed = apply(order, SystemChange{OrderState(to), "why"}, now);
        QCOMPARE(test::outcome(changed), std::string(allowed ? "ok" : "wrong-state"));
        if (!allowed) {
            QVERIFY(order == before);
            return;
        }
        QCOMPARE(order.state, OrderState(to));
        QCOMPARE(order.endedAt, std::optional(now));
        QCOMPARE(order.uncollected, to == int(OrderState::Collected));
    }

    void everyStateAndActionHasItsWord()
    {
        for (const OrderState state : allStates)
            QVERIFY(orderStateFromText(toText(state)) == state);
        for (const OrderAction action : allActions)
            QVERIFY(orderActionFromText(toText(action)) == action);
        QVERIFY(!orderStateFromText("lost"));
        QVERIFY(!orderActionFromText("pay"));
    }

private:
    static void everyActionInEveryState()
    {
        QTest::addColumn<int>("action");
        QTest::addColumn<int>("state");
        for (const OrderAction action : allActions) {
            for (const OrderState state : allStates) {
                QTest::addRow("%s %s", toText(state).data(), toText(action).data()) << int(action) << int(state);
            }
        }
    }
};

QTEST_GUILESS_MAIN(OrderChangeTest)
#include "tst_orderchange.moc"
