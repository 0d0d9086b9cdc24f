// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"
#include "messaging/testbroker.h"
#include "mqtt/backoff.h"
#include "mqtt/client.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace brewline;
using namespace brewline::test;

namespace {

std::unique_ptr<mqtt::Client> connectedClient(const TestBroker &broker, const std::string &id)
{
    auto client = mqtt::makeClient();
    if (!connectAndWait(*client, broker.options(id)))
        client.reset();
    return client;
}

/// Keeps what a client hears.
struct Ear {
    explicit Ear(mqtt::Client &client)
    {
        QObject::connect(&client, &mqtt::Client::messageReceived, &client,
                         [this](const mqtt::Message &message) { heard.push_back(message); });
    }
    std::vector<mqtt::Message> heard;
};

} // namespace

class MqttClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_broker = std::make_unique<TestBroker>("allow_anonymous true\nmax_queued_messages 0\n");
        QVERIFY(m_broker->start());
    }

    void connectsByAddressAndByName()
    {
        auto client = mqtt::makeClient();
        QVERIFY(connectAndWait(*client, m_broker->options("a")));
        // "localhost" may resolve to ::1 first, where this broker does not listen.
        auto byName = m_broker->options("b");
        byName.host = "localhost";
        QVERIFY(connectAndWait(*client, byName));
    }

    void refusedConnectionIsReported()
    {
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        auto options = m_broker->options("a");
        options.port = freePort();
        client->connectToBroker(options);
        QVERIFY(failed.wait());
        QCOMPARE(failed.first().at(0).toInt(), mqtt::Client::LocalFailure);
        QCOMPARE(failed.first().at(1).toString(), u"Connection refused"_s);
        QTest::qWait(0);
        QCOMPARE(failed.count(), 1);
    }

    void unknownHostIsReportedWithoutBlocking()
    {
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        auto options = m_broker->options("a");
        options.host = "no-such-host.invalid";
        QElapsedTimer clock;
        clock.start();
        client->connectToBroker(options);
        QVERIFY(clock.elapsed() < 200);
        QVERIFY(failed.wait(20000));
        QVERIFY(!failed.first().at(1).toString().isEmpty());
    }

    void serverThatNeverAnswersIsGivenUp()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        client->connectToBroker({"127.0.0.1", silent.serverPort(), "a"});
        QVERIFY(failed.wait(8000));
        QCOMPARE(failed.first().at(0).toInt(), mqtt::Client::LocalFailure);
    }

    void garbageFromTheServerEndsTheAttempt()
    {
        QTcpServer strange;
        QVERIFY(strange.listen(QHostAddress::LocalHost));
        connect(&strange, &QTcpServer::newConnection, &strange,
                [&] { strange.nextPendingConnection()->write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        client->connectToBroker({"127.0.0.1", strange.serverPort(), "a"});
        QVERIFY(failed.wait(8000));
        QVERIFY(!client->isConnected());
    }

    void wrongPasswordIsReportedWithItsReason()
    {
        TestBroker strict("allow_anonymous false\npassword_file %DIR%/passwords\n");
        QCOMPARE(QProcess::execute(u"mosquitto_passwd"_s,
                                   {u"-b"_s, u"-c"_s, strict.path(u"passwords"_s), u"ada"_s, u"secret"_s}),
                 0);
        QVERIFY(strict.start());
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        auto options = strict.options("a");
        options.userName = "ada";
        options.password = "guess";
        client->connectToBroker(options);
        QVERIFY(failed.wait());
        QCOMPARE(failed.first().at(0).toInt(), 0x87);
        options.password = "secret";
        QVERIFY(connectAndWait(*client, options));
    }

    void publicationIsAcknowledgedAndReceived()
    {
        auto sender = connectedClient(*m_broker, "sender");
        auto receiver = connectedClient(*m_broker, "receiver");
        QVERIFY(sender && receiver);
        Ear ear(*receiver);
        QCOMPARE(subscribeAndWait(*receiver, "shop/+"), 1);

        QSignalSpy answers(sender.get(), &mqtt::Client::published);
        const mqtt::Message message{"shop/a", QByteArray("x\0y", 3), 1, false};
        const int id = sender->publish(message);
        QVERIFY(id > 0);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front(), message);
        QTRY_COMPARE(answers.count(), 1);
        QCOMPARE(answers.first().at(0).toInt(), id);
        QCOMPARE(answers.first().at(1).toInt(), 0);
    }

    void nobodyListeningIsNoRefusal()
    {
        auto sender = connectedClient(*m_broker, "sender");
        QVERIFY(sender);
        QVERIFY(publishAndWait(*sender, {"shop/a", "x"}) < 0x80);
    }

    void unsubscribedTopicIsHeardNoMore()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        Ear ear(*client);
        QCOMPARE(subscribeAndWait(*client, "one"), 1);
        QCOMPARE(subscribeAndWait(*client, "two"), 1);
        client->unsubscribe("one");
        QVERIFY(publishAndWait(*client, {"one", "x"}) < 0x80);
        QVERIFY(publishAndWait(*client, {"two", "y"}) < 0x80);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front().topic, std::string("two"));
    }

    void retainedMessageAwaitsLaterSubscribers()
    {
        auto sender = connectedClient(*m_broker, "sender");
        QVERIFY(sender);
        QVERIFY(publishAndWait(*sender, {"shop", "open", 1, true}) < 0x80);
        auto late = connectedClient(*m_broker, "late");
        QVERIFY(late);
        Ear ear(*late);
        QCOMPARE(subscribeAndWait(*late, "shop"), 1);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QVERIFY(ear.heard.front().retain);
        QCOMPARE(ear.heard.front().payload, QByteArray("open"));
    }

    void messagesOfQosZeroArriveWithoutAnswer()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        Ear ear(*client);
        QSignalSpy answers(client.get(), &mqtt::Client::published);
        QCOMPARE(subscribeAndWait(*client, "pulse"), 1);
        QVERIFY(client->publish({"pulse", "x", 0}) > 0);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(answers.count(), 0);
    }

    void willIsPublishedForTheVanishedOnly()
    {
        auto watcher = connectedClient(*m_broker, "watcher");
        QVERIFY(watcher);
        Ear ear(*watcher);
        QCOMPARE(subscribeAndWait(*watcher, "presence/#"), 1);

        auto options = m_broker->options("polite");
        options.will = mqtt::Message{"presence/polite", "gone"};
        auto polite = mqtt::makeClient();
        QVERIFY(connectAndWait(*polite, options));
        QSignalSpy left(polite.get(), &mqtt::Client::disconnected);
        polite->disconnectFromBroker();
        QVERIFY(left.wait());
        QCOMPARE(left.first().at(0).toInt(), 0);

        // A second connection with the same id throws the first out, which is no leave-taking.
        options.clientId = "vanished";
        options.will = mqtt::Message{"presence/vanished", "gone"};
        auto vanished = mqtt::makeClient();
        QVERIFY(connectAndWait(*vanished, options));
        QSignalSpy thrownOut(vanished.get(), &mqtt::Client::disconnected);
        auto usurper = connectedClient(*m_broker, "vanished");
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front().topic, std::string("presence/vanished"));
        QTRY_COMPARE(thrownOut.count(), 1);
    }

    void burstArrivesWholeAndInOrder()
    {
        constexpr int count = 20000;
        auto sender = connectedClient(*m_broker, "sender");
        auto receiver = connectedClient(*m_broker, "receiver");
        QVERIFY(sender && receiver);
        int expected = 0;
        bool inOrder = true;
        connect(receiver.get(), &mqtt::Client::messageReceived, this,
                [&](const mqtt::Message &message) { inOrder = inOrder && message.payload.toInt() == expected++; });
        int answered = 0;
        connect(sender.get(), &mqtt::Client::published, this, [&](int, int reason) { answered += reason < 0x80; });
        QCOMPARE(subscribeAndWait(*receiver, "burst"), 1);

        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < count; ++i)
            QVERIFY(sender->publish({"burst", QByteArray::number(i)}) > 0);
        QTRY_COMPARE_WITH_TIMEOUT(answered, count, 20000);
        qInfo("%lld acknowledged a second", count * 1000LL / std::max<qint64>(1, clock.elapsed()));
        QTRY_COMPARE_WITH_TIMEOUT(expected, count, 20000);
        QVERIFY(inOrder);
    }

    void publishingInsideTheSlotsKeepsTheOrder()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        Ear ear(*client);
        QCOMPARE(subscribeAndWait(*client, "chain"), 1);
        int next = 0;
        connect(client.get(), &mqtt::Client::published, this, [&] {
            if (next < 60)
                client->publish({"chain", QByteArray::number(next++)});
        });
        client->publish({"chain", QByteArray::number(next++)});
        QTRY_COMPARE(ear.heard.size(), 60U);
        for (int i = 0; i < 60; ++i)
            QCOMPARE(ear.heard[static_cast<std::size_t>(i)].payload.toInt(), i);
    }

    void invalidMessagesAndFiltersAreRefusedHere()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        QCOMPARE(client->publish({"shop/#", "x"}), mqtt::Client::InvalidMessage);
        QCOMPARE(client->publish({"", "x"}), mqtt::Client::InvalidMessage);
        QCOMPARE(client->publish({"\xff", "x"}), mqtt::Client::InvalidMessage);
        QCOMPARE(subscribeAndWait(*client, "a/#/b"), 0x8f);
        QVERIFY(publishAndWait(*client, {"still", "alive"}) < 0x80);
    }

    void publishingWithoutConnectionIsRefused()
    {
        auto client = mqtt::makeClient();
        QCOMPARE(client->publish({"a", "x"}), mqtt::Client::NotConnected);
    }

    void brokerKilledInTheMiddleIsNoticedAndTheNextOneServed()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        QSignalSpy lost(client.get(), &mqtt::Client::disconnected);
        int answered = 0;
        connect(client.get(), &mqtt::Client::published, this, [&] {
            if (++answered == 100)
                m_broker->kill();
        });
        for (int i = 0; i < 5000; ++i)
            client->publish({"stream", QByteArray::number(i)});
        QTRY_COMPARE(lost.count(), 1);
        QCOMPARE(lost.first().at(0).toInt(), mqtt::Client::LocalFailure);
        QVERIFY(answered < 5000);

        // Nothing of the lost connection may follow into the new one.
        QVERIFY(m_broker->start());
        auto receiver = connectedClient(*m_broker, "receiver");
        QVERIFY(receiver);
        Ear ear(*receiver);
        QCOMPARE(subscribeAndWait(*receiver, "#"), 1);
        QVERIFY(connectAndWait(*client, m_broker->options("a")));
        QVERIFY(publishAndWait(*client, {"stream", "fresh"}) < 0x80);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front().payload, QByteArray("fresh"));
    }

    void frozenBrokerIsNoticedByKeepAlive()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        QSignalSpy lost(client.get(), &mqtt::Client::disconnected);
        m_broker->freeze();
        QVERIFY(lost.wait(15000));
        m_broker->thaw();
    }

    void clientMayBeDestroyedInsideItsSlots_data()
    {
        QTest::addColumn<int>("moment");
        QTest::newRow("connected") << 0;
        QTest::newRow("subscribed") << 1;
        QTest::newRow("published") << 2;
        QTest::newRow("received") << 3;
        QTest::newRow("disconnected") << 4;
        QTest::newRow("connectFailed") << 5;
    }

    void clientMayBeDestroyedInsideItsSlots()
    {
        QFETCH(int, moment);
        mqtt::Client *client = mqtt::makeClient().release();
        bool destroyed = false;
        const auto destroyAt = [&](int which) {
            if (which == moment && !std::exchange(destroyed, true))
                delete client;
        };
        connect(client, &mqtt::Client::connected, this, [&] {
            destroyAt(0);
            if (destroyed)
                return;
            client->subscribe("a", 1);
            for (int i = 0; i < 10; ++i)
                client->publish({"a", "x"});
        });
        connect(client, &mqtt::Client::subscribed, this, [&] { destroyAt(1); });
        connect(client, &mqtt::Client::published, this, [&] {
            destroyAt(2);
            if (moment == 4 && !destroyed)
                m_broker->kill();
        });
        connect(client, &mqtt::Client::messageReceived, this, [&] { destroyAt(3); });
        connect(client, &mqtt::Client::disconnected, this, [&] { destroyAt(4); });
        connect(client, &mqtt::Client::connectFailed, this, [&] { destroyAt(5); });
        if (moment == 5)
            m_broker->kill();
        client->connectToBroker(m_broker->options("a"));
        QTRY_VERIFY(destroyed);
    }

    void nothingIsAnsweredAfterLeaving()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        QSignalSpy left(client.get(), &mqtt::Client::disconnected);
        int answered = 0;
        connect(client.get(), &mqtt::Client::published, this, [&] {
            ++answered;
            client->disconnectFromBroker();
        });
        for (int i = 0; i < 20; ++i)
            client->publish({"a", "x"});
        QVERIFY(left.wait());
        QCOMPARE(answered, 1);
        QCOMPARE(left.first().at(0).toInt(), 0);
    }

    void reconnectingInsideTheSlotWorks()
    {
        auto client = connectedClient(*m_broker, "a");
        QVERIFY(client);
        int connections = 0;
        connect(client.get(), &mqtt::Client::connected, this, [&] {
            if (++connections < 5)
                client->connectToBroker(m_broker->options("a"));
        });
        client->connectToBroker(m_broker->options("a"));
        QTRY_COMPARE(connections, 5);
        QVERIFY(publishAndWait(*client, {"a", "x"}) < 0x80);
    }

    void backoffDoublesUpToItsLimitAndStartsAgain()
    {
        SystemRandom random;
        mqtt::Backoff backoff(random);
        for (const int whole : {200, 400, 800, 1600, 3200, 5000, 5000}) {
            const auto delay = backoff.next().count();
            QVERIFY2(delay >= whole / 2 && delay <= whole, qPrintable(QString::number(delay)));
        }
        backoff.reset();
        QVERIFY(backoff.next().count() <= 200);
    }

private:
    std::unique_ptr<TestBroker> m_broker;
};

QTEST_GUILESS_MAIN(MqttClientTest)
#include "tst_mqtt_client.moc"
