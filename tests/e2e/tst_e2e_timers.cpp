// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "e2e/booth.h"
#include "e2e/listener.h"

#include <QTest>

using namespace brewline;
using namespace brewline::e2e;
namespace json = boost::json;

namespace {

constexpr EventLimits hasty{.customerTimeoutSeconds = 2, .baristaTimeoutSeconds = 2, .pickupTimeoutSeconds = 1};

Timestamp timeOf(const json::object &object, std::string_view name)
{
    return timestampFromRfc3339(textOf(object, name)).value_or(Timestamp());
}

} // namespace

/// Deadlines of one and two seconds on a real clock.
class TestTimers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void visitorWhoChoosesNothingLosesThePlace();
    void orderThatNobodyMakesTimesOut();
    void claimGivesTheBaristaTimeAgain();
    void readyCupIsCollectedByItself();
    void outageIsNotChargedToPeople();

private:
    std::int64_t tokensLeft();

    std::unique_ptr<Booth> m_booth;
    Person m_barista;
    std::unique_ptr<Listener> m_staff = std::make_unique<Listener>();
};

void TestTimers::initTestCase()
{
    m_booth = std::make_unique<Booth>(hasty);
    QVERIFY(m_booth->open());
    m_barista = m_booth->pair("barista", "Bo");
    QVERIFY(m_staff->connect(m_booth->backend().mqttPort(), m_barista));
    QCOMPARE(m_staff->subscribe("brewline/ABC/staff"), 1);
    QVERIFY(!m_booth->code().empty());
}

std::int64_t TestTimers::tokensLeft()
{
    return numberOf(m_booth->as({})->get("/v1/events/ABC").json().at("round").as_object(), "tokensLeft");
}

void TestTimers::visitorWhoChoosesNothingLosesThePlace()
{
    const std::int64_t before = tokensLeft();
    const Person ada = m_booth->guest("Ada");
    Listener own;
    QVERIFY(own.connect(m_booth->backend().mqttPort(), ada));
    QCOMPARE(own.subscribe("brewline/ABC/user/" + ada.id), 1);
    const json::object order = m_booth->scan(ada);
    const std::string id = textOf(order, "id");
    QCOMPARE(tokensLeft(), before - 1);
    QVERIFY(own.hearsOf(id, "timedOut"));
    QVERIFY(m_staff->hearsOf(id, "timedOut"));
    QCOMPARE(own.heard().back().type(), "OrderProcessor.OrderTimeOut");
    const json::object ended = m_booth->look(id);
    QCOMPARE(textOf(ended, "state"), "timedOut");
    QCOMPARE(textOf(ended, "reason"), "customer");
    QCOMPARE(tokensLeft(), before);
    const Milliseconds late = timeOf(ended, "endedAt") - timeOf(order, "deadline");
    QVERIFY(late >= Milliseconds(0) && late < Milliseconds(2000));
    const Answer tooLate = m_booth->as(ada)->put("/v1/orders/" + id + "/drink", json::object{{"item", "espresso"}});
    QCOMPARE(tooLate.status, 409);
    QCOMPARE(tooLate.problem(), "wrong-state");
}

void TestTimers::orderThatNobodyMakesTimesOut()
{
    const std::int64_t before = tokensLeft();
    const std::string id = textOf(m_booth->submit(m_booth->guest("Ada")), "id");
    QVERIFY(m_staff->hearsOf(id, "timedOut"));
    QCOMPARE(textOf(m_booth->look(id), "reason"), "barista");
    QCOMPARE(tokensLeft(), before - 1); // its drink was ordered, so the token is spent
    QCOMPARE(m_booth->change(m_barista, id, "claim").status, 409);
}

void TestTimers::claimGivesTheBaristaTimeAgain()
{
    const json::object order = m_booth->submit(m_booth->guest("Ada"));
    const std::string id = textOf(order, "id");
    QTest::qWait(300); // so that a deadline that moved is told from one that did not
    const json::object claimed = m_booth->change(m_barista, id, "claim").json();
    QVERIFY(timeOf(claimed, "deadline") - timeOf(order, "deadline") >= Milliseconds(250));
    QVERIFY(m_staff->hearsOf(id, "timedOut"));
    const json::object ended = m_booth->look(id);
    QVERIFY(timeOf(ended, "endedAt") >= timeOf(claimed, "deadline"));
}

void TestTimers::readyCupIsCollectedByItself()
{
    const Person ada = m_booth->guest("Ada");
    const std::string id = textOf(m_booth->submit(ada), "id");
    QCOMPARE(m_booth->change(m_barista, id, "complete").status, 200);
    QVERIFY(m_staff->hearsOf(id, "collected"));
    QCOMPARE(m_staff->heard().back().type(), "OrderProcessor.OrderFinished");
    const json::object ended = m_booth->look(id);
    QCOMPARE(ended.at("uncollected"), json::value(true));
    QCOMPARE(m_booth->change(ada, id, "collect").status, 200); // it stands there already
    const std::vector<std::int64_t> expected{1, 2, 3, 4};
    QCOMPARE(m_staff->sequences("brewline/ABC/staff", id), expected);
}

void TestTimers::outageIsNotChargedToPeople()
{
    const EventLimits limits{.customerTimeoutSeconds = 4};
    Booth booth(limits);
    QVERIFY(booth.open());
    const Person ada = booth.guest("Ada");
    const json::object order = booth.scan(ada);
    const std::string id = textOf(order, "id");
    const Person eve = booth.guest("Eve");
    const json::object submitted = booth.submit(eve);
    const SystemClock clock;
    const Timestamp diedAt = clock.now();
    booth.backend().kill9();
    QTRY_VERIFY_WITH_TIMEOUT(clock.now() > timeOf(order, "deadline") + Milliseconds(500), 10'000);
    const Milliseconds away = clock.now() - diedAt;
    QVERIFY(booth.backend().start());

    const json::object found = booth.look(id);
    QCOMPARE(textOf(found, "state"), "started");
    const Milliseconds moved = timeOf(found, "deadline") - timeOf(order, "deadline");
    QVERIFY2(moved >= away, std::to_string(moved.count()).c_str());
    // Its heart beats every two seconds, so the outage may seem that much longer; and starting takes time, too.
    QVERIFY2(moved < away + Milliseconds(6000), std::to_string(moved.count()).c_str());
    const json::object other = booth.look(textOf(submitted, "id"));
    QCOMPARE((timeOf(other, "deadline") - timeOf(submitted, "deadline")).count(), moved.count());
    const Answer drink = booth.as(ada)->put("/v1/orders/" + id + "/drink", json::object{{"item", "espresso"}});
    QCOMPARE(drink.status, 200);
}

QTEST_GUILESS_MAIN(TestTimers)
#include "tst_e2e_timers.moc"
