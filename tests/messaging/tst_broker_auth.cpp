// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/control.h"
#include "core/time.h"
#include "messaging/testbroker.h"
#include "messaging/tokens.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace brewline;
using namespace brewline::test;

namespace {

constexpr int notAuthorised = 0x87;
constexpr int administrativeAction = 0x98;

QByteArray configuration()
{
    return "allow_anonymous false\nallow_zero_length_clientid false\ncheck_retain_source false\nplugin " +
           qgetenv("BREWLINE_BIN") + "/brewline-broker-auth.so\nplugin_opt_key_file %DIR%/key\n";
}

/// A customer of event ABC.
TokenRecipe customer(const std::string &sub)
{
    TokenRecipe recipe;
    recipe.sub = sub;
    recipe.subscribe = {"brewline/ABC/shop", "brewline/ABC/pulse", "brewline/ABC/user/" + sub};
    return recipe;
}

TokenRecipe backend()
{
    TokenRecipe recipe;
    recipe.sub = "backend";
    recipe.publish = {"brewline/#", brokerauth::controlTopic};
    recipe.subscribe = {"brewline/#"};
    return recipe;
}

struct Ear {
    explicit Ear(mqtt::Client &client)
    {
        QObject::connect(&client, &mqtt::Client::messageReceived, &client,
                         [this](const mqtt::Message &message) { heard.push_back(message.payload); });
    }
    std::vector<QByteArray> heard;
};

} // namespace

class BrokerAuthTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_broker = std::make_unique<TestBroker>(configuration());
        QFile file(m_broker->path(u"key"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto key = testKey();
        file.write(reinterpret_cast<const char *>(key.data()), key.size());
        file.close();
        QVERIFY(m_broker->start());
    }

    void goodTokenConnects()
    {
        QCOMPARE(connectionResult(options(customer("ada"))), 0);
        QCOMPARE(connectionResult(options(customer("ada"), "ada-00ff00ff00ff00ff")), 0);
    }

    void badIdentityIsRefused_data()
    {
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QByteArray>("userName");
        QTest::addColumn<QByteArray>("clientId");
        const auto row = [](const char *name, auto change) {
            TokenRecipe recipe = customer("ada");
            change(recipe);
            QTest::newRow(name) << QByteArray::fromStdString(makeToken(recipe)) << QByteArray("ada")
                                << QByteArray("ada");
        };
        row("forged signature", [](auto &it) { it.key = foreignKey(); });
        row("no signature", [](auto &it) { it.algorithm = JWT_ALG_NONE; });
        row("HS512", [](auto &it) { it.algorithm = JWT_ALG_HS512; });
        row("expired", [](auto &it) { it.exp = nowInSeconds() - 1; });
        row("another's token", [](auto &it) { it.sub = "bob"; });
        const QByteArray good = QByteArray::fromStdString(makeToken(customer("ada")));
        QTest::newRow("another's name") << good << QByteArray("bob") << QByteArray("ada");
        QTest::newRow("another's client id") << good << QByteArray("ada") << QByteArray("bob");
        QTest::newRow("no name") << good << QByteArray() << QByteArray("ada");
        QTest::newRow("no client id") << good << QByteArray("ada") << QByteArray();
        QTest::newRow("no password") << QByteArray() << QByteArray("ada") << QByteArray("ada");
        QTest::newRow("rubbish") << QByteArray("x.y.z") << QByteArray("ada") << QByteArray("ada");
    }

    void badIdentityIsRefused()
    {
        QFETCH(QByteArray, password);
        QFETCH(QByteArray, userName);
        QFETCH(QByteArray, clientId);
        mqtt::ConnectOptions bad = m_broker->options(clientId.toStdString());
        bad.userName = userName.toStdString();
        bad.password = password.toStdString();
        QVERIFY(connectionResult(bad) >= 0x80);
        QCOMPARE(connectionResult(options(customer("ada"))), 0);
    }

    void persistentSessionIsRefused()
    {
        const QString token = QString::fromStdString(makeToken(customer("ada")));
        const QStringList arguments{u"-h"_s, u"127.0.0.1"_s,
                                    u"-p"_s, QString::number(m_broker->port()),
                                    u"-i"_s, u"ada"_s,
                                    u"-u"_s, u"ada"_s,
                                    u"-P"_s, token,
                                    u"-t"_s, u"brewline/ABC/shop"_s,
                                    u"-W"_s, u"1"_s,
                                    u"-E"_s};
        for (const QString &version : {u"5"_s, u"311"_s}) {
            QCOMPARE(QProcess::execute(u"mosquitto_sub"_s, arguments + QStringList{u"-V"_s, version}), 0);
            QVERIFY(QProcess::execute(u"mosquitto_sub"_s, arguments + QStringList{u"-V"_s, version, u"-c"_s}) != 0);
        }
    }

    void subscriptionIsGrantedOnlyWhenCovered()
    {
        auto ada = connected(customer("ada"));
        QVERIFY(ada);
        QCOMPARE(subscribeAndWait(*ada, "brewline/ABC/shop"), 1);
        QCOMPARE(subscribeAndWait(*ada, "brewline/ABC/user/ada"), 1);
        for (const char *foreign :
             {"brewline/ABC/user/bob", "brewline/ABC/user/+", "brewline/ABC/staff", "brewline/ABC/#", "brewline/+/shop",
              "#", "+/+/+", "$SYS/#", "$share/group/brewline/ABC/shop"})
            QVERIFY2(subscribeAndWait(*ada, foreign) == notAuthorised, foreign);
    }

    void wildcardWithinTheGrantIsGranted()
    {
        auto all = connected(backend());
        QVERIFY(all);
        QCOMPARE(subscribeAndWait(*all, "brewline/#"), 1);
        QCOMPARE(subscribeAndWait(*all, "brewline/+/shop"), 1);
        QCOMPARE(subscribeAndWait(*all, "#"), notAuthorised);
        QCOMPARE(subscribeAndWait(*all, "$share/g/brewline/ABC/shop"), notAuthorised);
    }

    void foreignPublicationIsRefusedWithAReason()
    {
        auto ada = connected(customer("ada"));
        auto all = connected(backend());
        QVERIFY(ada && all);
        Ear ear(*all);
        QCOMPARE(subscribeAndWait(*all, "brewline/#"), 1);
        QCOMPARE(publishAndWait(*ada, {"brewline/ABC/shop", "forged"}), notAuthorised);
        QCOMPARE(publishAndWait(*ada, {brokerauth::controlTopic, R"({"revoke":["backend"]})"}), notAuthorised);
        QVERIFY(publishAndWait(*all, {"brewline/ABC/shop", "real"}) < 0x80);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front(), QByteArray("real"));
    }

    void retainedStateReachesLaterCustomers()
    {
        auto all = connected(backend());
        QVERIFY(all);
        QVERIFY(publishAndWait(*all, {"brewline/ABC/shop", "open", 1, true}) < 0x80);
        all->disconnectFromBroker();
        auto ada = connected(customer("ada"));
        QVERIFY(ada);
        Ear ear(*ada);
        QCOMPARE(subscribeAndWait(*ada, "brewline/ABC/shop"), 1);
        QTRY_COMPARE(ear.heard.size(), 1U);
    }

    void secondConnectionOfTheSameSubjectTakesOver()
    {
        auto old = connected(customer("ada"));
        QVERIFY(old);
        QSignalSpy lost(old.get(), &mqtt::Client::disconnected);
        auto fresh = connected(customer("ada"));
        QVERIFY(fresh);
        QTRY_COMPARE(lost.count(), 1);
        // The newcomer has its rights, although the old one left after it came.
        Ear ear(*fresh);
        QCOMPARE(subscribeAndWait(*fresh, "brewline/ABC/shop"), 1);
        auto all = connected(backend());
        QVERIFY(publishAndWait(*all, {"brewline/ABC/shop", "x"}) < 0x80);
        QTRY_COMPARE(ear.heard.size(), 1U);
    }

    void idHeldByAnotherSubjectIsSafe()
    {
        auto ada = mqtt::makeClient();
        QVERIFY(connectAndWait(*ada, options(customer("ada"), "ada-00ff00ff00ff00ff")));
        QSignalSpy lost(ada.get(), &mqtt::Client::disconnected);
        QCOMPARE(connectionResult(options(customer("ada-00ff00ff00ff00ff"))), notAuthorised);
        QVERIFY(publishAndWait(*ada, {"still/here", "x"}) == notAuthorised);
        QCOMPARE(lost.count(), 0);
    }

    void revokedSubjectIsThrownOutAndStaysOut()
    {
        auto ada = connected(customer("ada"));
        auto bob = connected(customer("bob"));
        auto all = connected(backend());
        QVERIFY(ada && bob && all);
        QSignalSpy lost(ada.get(), &mqtt::Client::disconnected);
        QVERIFY(publishAndWait(*all, {brokerauth::controlTopic, R"({"revoke":["ada"]})"}) < 0x80);
        QTRY_COMPARE(lost.count(), 1);
        QCOMPARE(lost.first().at(0).toInt(), administrativeAction);
        QCOMPARE(connectionResult(options(customer("ada"))), notAuthorised);
        QVERIFY(bob->isConnected());
        QVERIFY(all->isConnected());
    }

    void senderMayRevokeItself()
    {
        auto all = connected(backend());
        QVERIFY(all);
        QSignalSpy lost(all.get(), &mqtt::Client::disconnected);
        all->publish({brokerauth::controlTopic, R"({"revoke":["backend"]})"});
        QTRY_COMPARE(lost.count(), 1);
        QCOMPARE(connectionResult(options(customer("ada"))), 0);
    }

    void malformedCommandChangesNothing()
    {
        auto all = connected(backend());
        auto ada = connected(customer("ada"));
        QVERIFY(all && ada);
        for (const char *bad : {"", "{", "[\"ada\"]", R"({"revoke":"ada"})"})
            publishAndWait(*all, {brokerauth::controlTopic, bad});
        QVERIFY(all->isConnected());
        QCOMPARE(subscribeAndWait(*ada, "brewline/ABC/shop"), 1);
    }

    void expiredTokenEndsTheConnectionAndItsLastWillIsHeard()
    {
        auto watcher = connected(backend());
        QVERIFY(watcher);
        Ear ear(*watcher);
        QCOMPARE(subscribeAndWait(*watcher, "brewline/ABC/presence/+"), 1);

        TokenRecipe brief = customer("ada");
        brief.exp = nowInSeconds() + 2;
        brief.publish = {"brewline/ABC/presence/ada"};
        auto it = options(brief);
        it.will = mqtt::Message{"brewline/ABC/presence/ada", "gone"};
        auto ada = mqtt::makeClient();
        QVERIFY(connectAndWait(*ada, it));
        QSignalSpy lost(ada.get(), &mqtt::Client::disconnected);
        QVERIFY(lost.wait(6000));
        QCOMPARE(lost.first().at(0).toInt(), administrativeAction);
        QTRY_COMPARE(ear.heard.size(), 1U);
    }

    void foreignLastWillIsNotPublished()
    {
        auto watcher = connected(backend());
        QVERIFY(watcher);
        Ear ear(*watcher);
        QCOMPARE(subscribeAndWait(*watcher, "brewline/#"), 1);
        auto it = options(customer("ada"));
        it.will = mqtt::Message{"brewline/ABC/shop", "forged"};
        auto ada = mqtt::makeClient();
        QVERIFY(connectAndWait(*ada, it));
        QVERIFY(publishAndWait(*watcher, {brokerauth::controlTopic, R"({"revoke":["ada"]})"}) < 0x80);
        QTRY_VERIFY(!ada->isConnected());
        QVERIFY(publishAndWait(*watcher, {"brewline/ABC/bus/x", "real"}) < 0x80);
        QTRY_COMPARE(ear.heard.size(), 1U);
        QCOMPARE(ear.heard.front(), QByteArray("real"));
    }

    void garbageOnThePortHarmsNobody_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
        QTest::newRow("zeros") << QByteArray(100000, '\0');
        QTest::newRow("ones") << QByteArray(100000, '\xff');
        QTest::newRow("huge CONNECT") << QByteArray("\x10\xff\xff\xff\x7f\x00\x04MQTT", 11);
        QTest::newRow("PUBLISH before CONNECT") << QByteArray("\x30\x05\x00\x01"
                                                              "axx",
                                                              7);
        QTest::newRow("half a CONNECT") << QByteArray("\x10\x20\x00\x04MQTT\x05\xc2", 10);
        QTest::newRow("name is not UTF-8") << QByteArray("\x10\x17\x00\x04MQTT\x05\xc2\x00\x05\x00\x00\x03"
                                                         "ada\x00\x02\xff\xfe\x00\x01x",
                                                         25);
    }

    void garbageOnThePortHarmsNobody()
    {
        QFETCH(QByteArray, bytes);
        auto ada = connected(customer("ada"));
        QVERIFY(ada);
        QTcpSocket stranger;
        stranger.connectToHost(u"127.0.0.1"_s, m_broker->port());
        stranger.write(bytes);
        QTRY_VERIFY(stranger.bytesToWrite() == 0 || stranger.state() != QAbstractSocket::ConnectedState);
        QCOMPARE(subscribeAndWait(*ada, "brewline/ABC/shop"), 1);
        QCOMPARE(connectionResult(options(customer("bob"))), 0);
        QVERIFY(m_broker->isRunning());
    }

    void brokerDoesNotStartWithoutAProperKey()
    {
        m_broker->kill();
        QFile file(m_broker->path(u"key"_s));
        QVERIFY(file.open(QIODevice::Append));
        file.write("x");
        file.close();
        QVERIFY(!m_broker->start());
    }

    void givenClockOffsetDatesTheTokens()
    {
        // Five hours ahead of the wall clock: tokens of the next hour have expired already.
        timespec boot{};
        clock_gettime(CLOCK_BOOTTIME, &boot);
        const std::int64_t offset = (nowInSeconds() + 5 * 3600 - boot.tv_sec) * 1000;
        TestBroker ahead(configuration() + "plugin_opt_clock_offset_ms " + QByteArray::number(qlonglong(offset)) +
                         "\n");
        QVERIFY(QFile::copy(m_broker->path(u"key"_s), ahead.path(u"key"_s)));
        QVERIFY(ahead.start());
        auto it = options(customer("ada"));
        it.port = ahead.port();
        QCOMPARE(connectionResult(it), notAuthorised);
    }

private:
    mqtt::ConnectOptions options(const TokenRecipe &recipe, const std::string &clientId = {})
    {
        mqtt::ConnectOptions result = m_broker->options(clientId.empty() ? recipe.sub : clientId);
        result.userName = recipe.sub;
        result.password = makeToken(recipe);
        return result;
    }

    std::unique_ptr<mqtt::Client> connected(const TokenRecipe &recipe)
    {
        auto client = mqtt::makeClient();
        return connectAndWait(*client, options(recipe)) ? std::move(client) : nullptr;
    }

    /// 0, or the reason code of the refusal.
    static int connectionResult(const mqtt::ConnectOptions &options)
    {
        auto client = mqtt::makeClient();
        QSignalSpy failed(client.get(), &mqtt::Client::connectFailed);
        if (connectAndWait(*client, options))
            return 0;
        return failed.isEmpty() ? -2 : failed.first().at(0).toInt();
    }

    std::unique_ptr<TestBroker> m_broker;
};

QTEST_GUILESS_MAIN(BrokerAuthTest)
#include "tst_broker_auth.moc"
