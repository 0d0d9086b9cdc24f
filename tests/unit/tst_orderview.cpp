// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/orderview.h"
#include "support/printing.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QTest>

#include <set>

using namespace brewline;

namespace {

OrderView fullOrder()
{
    OrderView order;
    order.id = OrderId("order-1");
    order.event = EventId("ABC");
    order.user = UserId("secret-user");
    order.number = 42;
    order.state = "making";
    order.item = "latte";
    order.itemName = "Latte";
    order.icon = "latte-icon";
    order.options = {"oat", "vanilla"};
    order.name = "secret-name";
    order.note = "secret-note";
    order.reason = "secret-reason";
    order.barista = "secret-barista";
    order.baristaId = "secret-barista-id";
    order.uncollected = true;
    order.position = 3;
    order.createdAt = timestampFromMilliseconds(1'000);
    order.submittedAt = timestampFromMilliseconds(2'000);
    order.claimedAt = timestampFromMilliseconds(3'001);
    order.completedAt = timestampFromMilliseconds(4'000);
    order.endedAt = timestampFromMilliseconds(5'000);
    order.deadline = timestampFromMilliseconds(6'000);
    order.sequence = 7;
    return order;
}

OrderView freshOrder()
{
    OrderView order;
    order.id = OrderId("order-1");
    order.event = EventId("ABC");
    order.user = UserId("user");
    order.state = "started";
    order.sequence = 1;
    return order;
}

std::set<std::string> membersOf(const boost::json::object &object)
{
    std::set<std::string> names;
    for (const auto &member : object)
        names.emplace(member.key());
    return names;
}

} // namespace

class OrderViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead_data()
    {
        QTest::addColumn<bool>("full");
        QTest::newRow("every member") << true;
        QTest::newRow("a fresh one") << false;
    }
    void whatIsWrittenIsRead()
    {
        QFETCH(bool, full);
        const OrderView order = full ? fullOrder() : freshOrder();
        const auto parsed = boost::json::parse(boost::json::serialize(toJson(order)));
        const auto read = orderViewFromJson(parsed.as_object());
        QVERIFY(read);
        QVERIFY(*read == order);
    }

    void theShapeHasTheNamesOfTheApi()
    {
        const auto names = membersOf(toJson(freshOrder()));
        for (const char *name :
             {"id", "event", "number", "state", "item", "options", "name", "createdAt", "submittedAt", "claimedAt",
              "completedAt", "deadline", "barista", "sequence", "position"})
            QVERIFY2(names.contains(name), name);
    }

    void whatIsNotKnownYetIsNull()
    {
        const auto object = toJson(freshOrder());
        for (const char *name : {"number", "item", "name", "submittedAt", "claimedAt", "completedAt", "deadline",
                                 "barista", "position", "endedAt", "reason"})
            QVERIFY2(object.at(name).is_null(), name);
        QVERIFY(object.at("options").as_array().empty());
    }

    void theBoardDoesNotTellWhoOrdered()
    {
        const std::string text = boost::json::serialize(toBoardJson(fullOrder(), {}));
        QCOMPARE(text.find("secret"), std::string::npos);
        for (const char *name : {"userId", "note", "barista", "baristaId", "reason"})
            QVERIFY2(!toBoardJson(fullOrder(), {}).contains(name), name);
    }

    void theBoardShowsTheNameThatItIsGiven()
    {
        QVERIFY(toBoardJson(fullOrder(), "A.").at("name") == boost::json::value("A."));
        QVERIFY(toBoardJson(fullOrder(), {}).at("name").is_null());
    }

    void membersOfNewerBackendsAreLeftAlone()
    {
        auto object = toJson(freshOrder());
        object["fromTheFuture"] = {1, 2, 3};
        QVERIFY(orderViewFromJson(object));
    }

    void anOrderWithoutWhatEveryOrderHasIsRefused_data()
    {
        QTest::addColumn<QByteArray>("member");
        for (const char *name : {"id", "event", "state", "createdAt", "sequence"})
            QTest::newRow(name) << QByteArray(name);
    }
    void anOrderWithoutWhatEveryOrderHasIsRefused()
    {
        QFETCH(QByteArray, member);
        auto object = toJson(fullOrder());
        object.erase(member.toStdString());
        QCOMPARE(test::outcome(orderViewFromJson(object)), std::string("invalid-field"));
        object[member.toStdString()] = boost::json::array();
        QCOMPARE(test::outcome(orderViewFromJson(object)), std::string("invalid-field"));
    }
};

QTEST_GUILESS_MAIN(OrderViewTest)
#include "tst_orderview.moc"
