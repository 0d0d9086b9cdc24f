// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/detailtype.h"
#include "contracts/topics.h"
#include "support/bar.h"
#include "support/printing.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

using namespace brewline;
using namespace std::chrono_literals;
using application::OutboxKind;
using application::OutboxRecord;
using application::OutgoingMessage;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;
using test::Bar;

namespace json = boost::json;

class FanoutTest : public QObject {
    Q_OBJECT

private:
    static json::object parsed(const OutgoingMessage &message) { return json::parse(message.payload).as_object(); }

    /// Everything that is published for what is new in the outbox.
    static std::vector<OutgoingMessage> published(Bar &bar)
    {
        std::vector<OutgoingMessage> all;
        const EventView shop = bar.view().value();
        for (const OutboxRecord &record : bar.newOutbox()) {
            for (OutgoingMessage &message : application::fanOut(record, bar.event(), &shop))
                all.push_back(std::move(message));
        }
        return all;
    }

    static std::map<std::string, int> countByTopic(const std::vector<OutgoingMessage> &messages)
    {
        std::map<std::string, int> counts;
        for (const OutgoingMessage &message : messages)
            ++counts[message.topic];
        return counts;
    }

private Q_SLOTS:
    void eachAudienceHearsOnceAndTheBusOfEveryDetailType()
    {
        Bar bar;
        (void)bar.setState(true);
        const Actor ada = bar.actor(Role::Customer, "Ada");
        const std::string code = bar.code();
        (void)bar.newOutbox();
        (void)bar.scanCode(ada, code);
        const auto counts = countByTopic(published(bar));
        const std::map<std::string, int> expected{{"brewline/ABC/board", 1},
                                                  {"brewline/ABC/staff", 1},
                                                  {"brewline/ABC/user/" + ada.id.text(), 1},
                                                  {"brewline/ABC/bus/Validator.NewOrder", 1},
                                                  {"brewline/ABC/bus/OrderProcessor.WorkflowStarted", 1}};
        QVERIFY(counts == expected);
    }

    void theEnvelopeIsEventBridges()
    {
        Bar bar;
        (void)bar.setState(true);
        const Actor ada = bar.actor(Role::Customer, "Ada");
        const auto order = bar.drink(ada, bar.scan(ada).value(), "latte", {"oat"}).value();
        const auto messages = published(bar);
        const auto newest = std::find_if(messages.rbegin(), messages.rend(), [](const OutgoingMessage &sent) {
            return sent.topic.find("/user/") != std::string::npos;
        });
        QVERIFY(newest != messages.rend());
        const auto message = parsed(*newest);
        QCOMPARE(std::string(message.at("version").as_string()), std::string("0"));
        QCOMPARE(std::string(message.at("detail-type").as_string()), std::string("OrderManager.WaitingCompletion"));
        QCOMPARE(std::string(message.at("source").as_string()), std::string("brewline"));
        QCOMPARE(std::string(message.at("account").as_string()), std::string("ABC"));
        QCOMPARE(std::string(message.at("time").as_string()), std::string("2026-11-21T09:00:00.000Z"));
        QVERIFY(message.at("resources").as_array().empty());
        QVERIFY(!message.at("id").as_string().empty());
        const auto &detail = message.at("detail").as_object();
        QCOMPARE(std::string(detail.at("eventId").as_string()), std::string("ABC"));
        QCOMPARE(std::string(detail.at("orderId").as_string()), order.id.text());
        QCOMPARE(std::string(detail.at("userId").as_string()), ada.id.text());
        QCOMPARE(detail.at("orderNumber").as_int64(), 1);
        QCOMPARE(detail.at("sequence").as_int64(), 2);
        const auto &drink = detail.at("drinkOrder").as_object();
        QCOMPARE(std::string(drink.at("drink").as_string()), std::string("Latte"));
        QCOMPARE(std::string(drink.at("modifiers").as_array().front().as_string()), std::string("oat"));
        QCOMPARE(std::string(drink.at("userId").as_string()), ada.id.text());
        QVERIFY(drink.contains("icon"));
        QVERIFY(*orderViewFromJson(detail.at("order").as_object()) == order);
    }

    void copiesShareTheirIdAndRepetitionsAreTheSame()
    {
        Bar bar;
        (void)bar.setState(true);
        (void)bar.scan(bar.actor(Role::Customer, "Ada"));
        const EventView shop = bar.view().value();
        for (const OutboxRecord &record : bar.newOutbox()) {
            const auto first = application::fanOut(record, bar.event(), &shop);
            const auto again = application::fanOut(record, bar.event(), &shop);
            QCOMPARE(first.size(), again.size());
            std::set<std::string> audienceIds;
            for (std::size_t i = 0; i < first.size(); ++i) {
                QCOMPARE(first.at(i).topic, again.at(i).topic);
                QCOMPARE(first.at(i).payload, again.at(i).payload);
                QCOMPARE(parsed(first.at(i)).at("stream").as_int64(), record.id);
                if (record.kind == OutboxKind::OrderChanged && first.at(i).topic.find("/bus/") == std::string::npos)
                    audienceIds.emplace(parsed(first.at(i)).at("id").as_string());
            }
            QCOMPARE(audienceIds.size(), std::size_t(record.kind == OutboxKind::OrderChanged ? 1 : 0));
        }
    }

    void onlyTheShopsStateIsRetained()
    {
        Bar bar;
        (void)bar.setState(true);
        (void)bar.scan(bar.actor(Role::Customer, "Ada"));
        bool sawShop = false;
        for (const OutgoingMessage &message : published(bar)) {
            QCOMPARE(message.retain, message.topic == "brewline/ABC/shop");
            sawShop = sawShop || message.retain;
        }
        QVERIFY(sawShop);
    }

    void nothingSecretLeavesWithAnyMessage()
    {
        // A whole morning with everything in it; afterwards every message is searched for every secret.
        domain::Event event = test::smallEvent();
        event.limits.maxOrdersInQueue = 3;
        Bar bar(event);
        (void)bar.setState(true);
        std::set<std::string> codes;
        std::set<std::string> users;
        std::vector<OutgoingMessage> all;
        const auto collect = [&] {
            for (OutgoingMessage &message : published(bar))
                all.push_back(std::move(message));
        };
        const Actor bo = bar.actor(Role::Barista, "Bo");
        for (int i = 0; i < 6; ++i) {
            const Actor ada = bar.actor(i == 5 ? Role::Kiosk : Role::Customer, "Nickname" + std::to_string(i));
            users.insert(ada.id.text());
            codes.insert(bar.code());
            const auto order = bar.orderIn(OrderState::Ready, ada, bo);
            collect();
            if (i % 2 == 0)
                (void)bar.change(bo, order, OrderAction::Recall);
            if (i % 3 == 0)
                (void)bar.change(ada, order, OrderAction::Cancel, "changed my mind");
            collect();
            bar.clock.advance(i % 2 == 0 ? 1000s : 310s);
            (void)bar.runDue();
            collect();
        }
        (void)bar.setState(true, true);
        (void)bar.scan(bar.actor(Role::Customer, "Refused"));
        collect();
        all.push_back(application::shopMessage(bar.view().value(), 1));
        all.push_back(application::pulseMessage(bar.event().id, bar.clock.now(), {{"shop", 1}}));

        // Task tokens, and hashes of secrets: nothing else in a message looks like them.
        const QRegularExpression secretHex(QStringLiteral("[0-9a-f]{32}"));
        std::set<std::string> topicsSeen;
        for (const OutgoingMessage &message : all) {
            topicsSeen.insert(message.topic);
            for (const std::string &code : codes)
                QVERIFY2(message.payload.find(code) == std::string::npos, message.payload.c_str());
            QVERIFY2(!secretHex.match(QString::fromStdString(message.payload)).hasMatch(), message.payload.c_str());
            if (message.topic.ends_with("/board") || message.retain || message.topic.ends_with("/pulse")) {
                for (const std::string &user : users)
                    QVERIFY2(message.payload.find(user) == std::string::npos, message.payload.c_str());
                QVERIFY2(message.payload.find("Nickname") == std::string::npos, message.payload.c_str());
                QVERIFY2(message.payload.find("userId") == std::string::npos, message.payload.c_str());
            }
        }
        QVERIFY(all.size() > 100);
        QVERIFY(topicsSeen.contains("brewline/ABC/bus/Validator.CodeChanged"));
        QVERIFY(topicsSeen.contains("brewline/ABC/bus/OrderProcessor.OrderTimeOut"));
        QVERIFY(topicsSeen.contains("brewline/ABC/bus/OrderProcessor.ShopNotReady"));
    }

    void aUsersTopicCarriesThatUsersOrdersOnly()
    {
        Bar bar;
        (void)bar.setState(true);
        const Actor ada = bar.actor(Role::Customer, "Ada");
        const Actor eve = bar.actor(Role::Customer, "Eve");
        (void)bar.scan(ada);
        (void)bar.scan(eve);
        for (const OutgoingMessage &message : published(bar)) {
            if (message.topic == topics::user(bar.event().id, ada.id))
                QVERIFY2(message.payload.find(eve.id.text()) == std::string::npos, message.payload.c_str());
        }
    }

    void theBoardHearsOfTokensAndOfNewCodesWithoutTheCode()
    {
        Bar bar;
        (void)bar.setState(true);
        const std::string code = bar.code();
        bool sawCode = false;
        for (const OutgoingMessage &message : published(bar)) {
            if (!message.topic.ends_with("/board"))
                continue;
            sawCode = true;
            QCOMPARE(std::string(parsed(message).at("detail-type").as_string()), std::string(detailtype::codeChanged));
            QCOMPARE(parsed(message).at("detail").at("tokensLeft").as_int64(), 10);
            QVERIFY(message.payload.find(code) == std::string::npos);
        }
        QVERIFY(sawCode);
        (void)bar.scan(bar.actor(Role::Customer, "Ada"));
        for (const OutgoingMessage &message : published(bar)) {
            if (message.topic.ends_with("/board"))
                QCOMPARE(parsed(message).at("detail").at("tokensLeft").as_int64(), 9);
        }
    }

    void namesReachTheBoardOnlyWhereTheEventAllows()
    {
        domain::Event event = test::smallEvent();
        event.namesOnBoard = domain::NamesOnBoard::Initial;
        Bar bar(event);
        (void)bar.setState(true);
        (void)bar.scan(bar.actor(Role::Customer, "Ada"));
        bool saw = false;
        for (const OutgoingMessage &message : published(bar)) {
            if (!message.topic.ends_with("/board") || message.payload.find("\"order\"") == std::string::npos)
                continue;
            saw = true;
            QCOMPARE(std::string(parsed(message).at("detail").at("order").at("name").as_string()), std::string("A."));
        }
        QVERIFY(saw);
    }

    void aRowThatCannotBeReadIsPassedOver_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("no order") << QByteArray(R"({"detailTypes":["A.B"]})");
        QTest::newRow("no detail-types") << QByteArray(R"({"order":{}})");
        QTest::newRow("detail-types that are no texts")
            << QByteArray(R"({"detailTypes":[5],"order":{"id":"o","event":"ABC",
            "state":"started","createdAt":"2026-11-21T09:00:00Z","sequence":1}})");
    }
    void aRowThatCannotBeReadIsPassedOver()
    {
        QFETCH(QByteArray, body);
        const OutboxRecord record{1, EventId("ABC"), OutboxKind::OrderChanged, OrderId("o"), 1, body.toStdString(), {}};
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(QStringLiteral("Outbox row 1")));
        QVERIFY(application::fanOut(record, test::smallEvent(), nullptr).empty());
    }

    void thePulseTellsTimeAndNewestStreams()
    {
        const auto pulse = application::pulseMessage(EventId("ABC"), timestampFromMilliseconds(0),
                                                     {{"shop", 3}, {"board", 5}, {"staff", 5}});
        QCOMPARE(pulse.topic, std::string("brewline/ABC/pulse"));
        QVERIFY(!pulse.retain);
        QCOMPARE(std::string(parsed(pulse).at("serverTime").as_string()), std::string("1970-01-01T00:00:00.000Z"));
        QCOMPARE(parsed(pulse).at("streams").at("board").as_int64(), 5);
    }
};

QTEST_GUILESS_MAIN(FanoutTest)
#include "tst_fanout.moc"
