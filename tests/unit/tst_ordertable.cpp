// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/orderview.h"
#include "ctl/commands.h"
#include "support/printing.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <QString>
#include <QTest>

using namespace brewline;
using namespace Qt::StringLiterals;

namespace {

OrderView order(std::int64_t number, const std::string &name)
{
    OrderView view;
    view.id = OrderId("order-" + std::to_string(number));
    view.event = EventId("ABC");
    view.number = number;
    view.state = "submitted";
    view.itemName = "Latte";
    view.options = {"oat", "vanilla"};
    view.name = name;
    view.sequence = 2;
    return view;
}

QStringList linesOf(const boost::json::array &orders)
{
    return QString::fromStdString(ctl::orderTable(orders)).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

class OrderTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneLineForEachOrderUnderTheHeads()
    {
        const QStringList lines = linesOf({toJson(order(9, "Ada")), toJson(order(10, "Eve"))});
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith(u"number"_s));
        QVERIFY(lines[1].startsWith(u"9 "_s));
        QVERIFY(lines[2].startsWith(u"10 "_s));
        QVERIFY(lines[1].contains(u"oat, vanilla"_s));
    }

    void columnsStandBelowEachOtherWhateverTheScript()
    {
        const QStringList lines =
            linesOf({toJson(order(1, "Ada")), toJson(order(2, "Øjvind Æ")), toJson(order(3, "عمر"))});
        const qsizetype since = lines[0].indexOf(u"since"_s);
        for (qsizetype i = 1; i < lines.size(); ++i)
            QCOMPARE(lines[i].indexOf(u"1970-01-01"_s), since);
    }

    void anOrderWithoutDrinkShowsDashes()
    {
        OrderView started = order(1, "Ada");
        started.number.reset();
        started.itemName.clear();
        started.options.clear();
        const QStringList lines = linesOf({toJson(started)});
        QVERIFY(lines[1].startsWith(u"- "_s));
    }

    void nothingIsSaidInWords() { QCOMPARE(ctl::orderTable({}), std::string("No orders.\n")); }

    void whatIsNoOrderIsLeftOut() { QCOMPARE(linesOf({5, boost::json::object(), toJson(order(1, "Ada"))}).size(), 2); }
};

QTEST_GUILESS_MAIN(OrderTableTest)
#include "tst_ordertable.moc"
