// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/topics.h"
#include "support/printing.h"

#include <QTest>

#include <algorithm>

using namespace brewline;
using Filters = std::vector<std::string>;

namespace {

Filters sorted(Filters filters)
{
    std::sort(filters.begin(), filters.end());
    return filters;
}

} // namespace

class TopicsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areWrittenAsDocumented()
    {
        const EventId event("ABC");
        QCOMPARE(topics::shop(event), std::string("brewline/ABC/shop"));
        QCOMPARE(topics::board(event), std::string("brewline/ABC/board"));
        QCOMPARE(topics::staff(event), std::string("brewline/ABC/staff"));
        QCOMPARE(topics::user(event, UserId("u1")), std::string("brewline/ABC/user/u1"));
        QCOMPARE(topics::bus(event, "OrderManager.MakeOrder"), std::string("brewline/ABC/bus/OrderManager.MakeOrder"));
        QCOMPARE(topics::pulse(event), std::string("brewline/ABC/pulse"));
        QCOMPARE(topics::presence(event, "u1"), std::string("brewline/ABC/presence/u1"));
    }

    void aCustomerReadsShopPulseAndTheOwnUserTopicAndPublishesNothing()
    {
        const auto list = topics::accessList(Role::Customer, EventId("ABC"), UserId("u1"));
        QCOMPARE(sorted(list.subscribe), (Filters{"brewline/ABC/pulse", "brewline/ABC/shop", "brewline/ABC/user/u1"}));
        QVERIFY(list.publish.empty());
    }

    void aKioskReadsLikeACustomer()
    {
        const auto list = topics::accessList(Role::Kiosk, EventId("ABC"), UserId("k1"));
        QCOMPARE(sorted(list.subscribe), (Filters{"brewline/ABC/pulse", "brewline/ABC/shop", "brewline/ABC/user/k1"}));
        QVERIFY(list.publish.empty());
    }

    void aDisplayReadsTheBoardAndPublishesNothing()
    {
        const auto list = topics::accessList(Role::Display, EventId("ABC"), UserId("d1"));
        QCOMPARE(sorted(list.subscribe), (Filters{"brewline/ABC/board", "brewline/ABC/pulse", "brewline/ABC/shop"}));
        QVERIFY(list.publish.empty());
    }

    void aBaristaReadsTheStaffTopicAndPublishesItsOwnPresenceOnly()
    {
        const auto list = topics::accessList(Role::Barista, EventId("ABC"), UserId("b1"));
        QCOMPARE(sorted(list.subscribe),
                 (Filters{"brewline/ABC/presence/+", "brewline/ABC/pulse", "brewline/ABC/shop", "brewline/ABC/staff"}));
        QCOMPARE(list.publish, (Filters{"brewline/ABC/presence/b1"}));
    }

    void anExtensionReadsTheBusAndPublishesNothing()
    {
        const auto list = topics::accessList(Role::Extension, EventId("ABC"), UserId("e1"));
        QCOMPARE(sorted(list.subscribe), (Filters{"brewline/ABC/bus/#", "brewline/ABC/pulse", "brewline/ABC/shop"}));
        QVERIFY(list.publish.empty());
    }

    void anOrganiserOfAllEventsGetsOneLevelForTheEventOnly()
    {
        const auto list = topics::accessList(Role::Organiser, EventId("*"), UserId("o1"));
        for (const std::string &filter : list.subscribe) {
            QVERIFY2(filter.starts_with("brewline/+/"), filter.c_str());
            QVERIFY2(filter.find('#') == std::string::npos, filter.c_str());
            QVERIFY2(filter.find("/user/") == std::string::npos, filter.c_str());
        }
        QVERIFY(list.publish.empty());
    }

    void nobodyButTheBackendMayControlTheBroker()
    {
        for (const Role role :
             {Role::Customer, Role::Kiosk, Role::Display, Role::Barista, Role::Organiser, Role::Extension}) {
            const auto list = topics::accessList(role, EventId("ABC"), UserId("u1"));
            for (const auto &filters : {list.publish, list.subscribe}) {
                for (const std::string &filter : filters)
                    QVERIFY2(filter.starts_with("brewline/ABC/"), filter.c_str());
            }
        }
        const auto backend = topics::backendAccessList();
        QCOMPARE(std::count(backend.publish.begin(), backend.publish.end(), topics::brokerControl), 1);
    }

    void everyRoleHasAWord()
    {
        for (const Role role :
             {Role::Customer, Role::Kiosk, Role::Display, Role::Barista, Role::Organiser, Role::Extension})
            QVERIFY(roleFromText(toText(role)) == role);
        QVERIFY(!roleFromText("backend"));
        QVERIFY(!roleFromText(""));
        QVERIFY(!roleFromText("Barista"));
    }

    void everyErrorHasItsOwnWord()
    {
        // The last one of the list; what is appended behind it has to be looked for here, too.
        for (int i = 0; i <= int(ErrorCode::Unreachable); ++i)
            QVERIFY2(errorCodeFromSlug(slug(ErrorCode(i))) == ErrorCode(i), std::to_string(i).c_str());
        QVERIFY(!errorCodeFromSlug("no-such-error"));
    }
};

QTEST_GUILESS_MAIN(TopicsTest)
#include "tst_topics.moc"
