// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/booth.h"
#include "e2e/listener.h"
#include "e2e/plainbroker.h"
#include "e2e/programs.h"

#include <QDir>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr int patience = 15'000;

bool isOpenShop(const Heard &heard)
{
    return heard.topic == "brewline/ABC/shop" && heard.detail().at("open") == json::value(true);
}

} // namespace

class TestBroker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedBrokerComesBackWithItsState_data();
    void killedBrokerComesBackWithItsState();
    void shortFreezeLosesNothing();
    void longFreezeIsNoticedAndOvercome();
    void nothingIsLostWhileTheBrokerIsAway();
    void externalBrokerMayComeLater();
    void garbageOnItsPortHarmsNobody();
    void brokerDiesWithTheBackend();

private:
    static bool isReady(Booth &booth) { return booth.as({})->get("/readyz").status == 200; }
};

void TestBroker::killedBrokerComesBackWithItsState_data()
{
    QTest::addColumn<bool>("isFolderDeleted");
    QTest::newRow("killed") << false;
    QTest::newRow("killed and its folder deleted") << true;
}

void TestBroker::killedBrokerComesBackWithItsState()
{
    QFETCH(const bool, isFolderDeleted);
    Booth booth;
    QVERIFY(booth.open());
    const Person barista = booth.pair("barista", "Bo");
    const Person ada = booth.guest("Ada");
    const std::uint16_t port = booth.backend().mqttPort();
    Listener listener;
    QVERIFY(listener.connect(port, barista));
    const pid_t broker = brokerOf(booth.backend().processId());
    QVERIFY(broker > 0);
    if (isFolderDeleted)
        QVERIFY(QDir(booth.backend().file(u"broker"_s)).removeRecursively());
    QCOMPARE(::kill(broker, SIGKILL), 0);
    QTRY_VERIFY(!listener.isConnected());
    // Orders are taken all the same.
    const std::string id = textOf(booth.submit(ada), "id");
    QVERIFY(!id.empty());

    QVERIFY(listener.reconnect(port, barista));
    QCOMPARE(listener.subscribe("brewline/ABC/staff"), 1);
    QCOMPARE(listener.subscribe("brewline/ABC/shop"), 1);
    QVERIFY(listener.hears(isOpenShop));
    Listener late;
    QVERIFY(late.connect(port, barista));
    QCOMPARE(late.subscribe("brewline/ABC/shop"), 1);
    QVERIFY(late.hears([](const Heard &heard) { return heard.retained && isOpenShop(heard); }));
    QTRY_VERIFY_WITH_TIMEOUT(isReady(booth), patience);
    QVERIFY(brokerOf(booth.backend().processId()) != broker);
    QCOMPARE(booth.change(barista, id, "claim").status, 200);
    QVERIFY(listener.hearsOf(id, "making"));
    const json::object event = booth.as({})->get("/v1/events/ABC").json();
    QCOMPARE(numberOf(event.at("mqtt").as_object(), "port"), port);
}

void TestBroker::shortFreezeLosesNothing()
{
    Booth booth;
    QVERIFY(booth.open());
    const Person barista = booth.pair("barista", "Bo");
    Listener listener;
    QVERIFY(listener.connect(booth.backend().mqttPort(), barista));
    QCOMPARE(listener.subscribe("brewline/ABC/staff"), 1);
    const pid_t broker = brokerOf(booth.backend().processId());
    QCOMPARE(::kill(broker, SIGSTOP), 0);
    const std::string id = textOf(booth.submit(booth.guest("Ada")), "id");
    QCOMPARE(booth.change(barista, id, "claim").status, 200);
    QCOMPARE(booth.change(barista, id, "complete").status, 200);
    QCOMPARE(::kill(broker, SIGCONT), 0);
    QVERIFY(listener.hearsOf(id, "ready"));
    const std::vector<std::int64_t> expected{1, 2, 3, 4};
    QCOMPARE(listener.sequences("brewline/ABC/staff", id), expected);
}

void TestBroker::longFreezeIsNoticedAndOvercome()
{
    Booth booth;
    QVERIFY(booth.open());
    const Person barista = booth.pair("barista", "Bo");
    const pid_t broker = brokerOf(booth.backend().processId());
    QCOMPARE(::kill(broker, SIGSTOP), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!isReady(booth), patience);
    const std::string id = textOf(booth.submit(booth.guest("Ada")), "id");
    QVERIFY(!id.empty());
    QCOMPARE(::kill(broker, SIGCONT), 0);
    QTRY_VERIFY_WITH_TIMEOUT(isReady(booth), patience);
    Listener listener;
    QVERIFY(listener.reconnect(booth.backend().mqttPort(), barista));
    QCOMPARE(listener.subscribe("brewline/ABC/staff"), 1);
    QCOMPARE(booth.change(barista, id, "claim").status, 200);
    QVERIFY(listener.hearsOf(id, "making"));
}

void TestBroker::nothingIsLostWhileTheBrokerIsAway()
{
    // The gate lets the test decide when the backend finds the broker again: after the listener.
    PlainBroker broker;
    QVERIFY(broker.start());
    Gate gate(broker.port());
    gate.open();
    Booth booth;
    booth.backend().setOption(u"--broker"_s, gate.url());
    QVERIFY(booth.open());
    const Person barista = booth.pair("barista", "Bo");
    QTRY_VERIFY(isReady(booth));

    gate.shut();
    broker.kill();
    const std::string id = textOf(booth.submit(booth.guest("Ada")), "id");
    QCOMPARE(booth.change(barista, id, "claim").status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(!isReady(booth), patience);
    QCOMPARE(booth.change(barista, id, "complete").status, 200);
    // A restart in between makes no difference: what was not published waits in the database.
    booth.backend().kill9();
    QVERIFY(booth.backend().start());

    QVERIFY(broker.start());
    Listener listener;
    QVERIFY(listener.connect(broker.port(), {"listener", {}}));
    QCOMPARE(listener.subscribe("brewline/#"), 1);
    gate.open();
    QVERIFY(listener.hearsOf(id, "ready"));
    const std::vector<std::int64_t> expected{1, 2, 3, 4};
    QTRY_COMPARE(listener.sequences("brewline/ABC/staff", id), expected);
    QTRY_COMPARE(listener.sequences("brewline/ABC/board", id), expected);
    QVERIFY(listener.hears([](const Heard &heard) { return heard.topic == "brewline/ABC/shop"; }));
    QTRY_VERIFY_WITH_TIMEOUT(isReady(booth), patience);
}

void TestBroker::externalBrokerMayComeLater()
{
    PlainBroker broker;
    Booth booth;
    booth.backend().setOption(u"--broker"_s, broker.url());
    QVERIFY(booth.open());
    const std::string id = textOf(booth.submit(booth.guest("Ada")), "id");
    QVERIFY(!id.empty());
    const Answer ready = booth.as({})->get("/readyz");
    QCOMPARE(ready.status, 503);
    QCOMPARE(ready.json().at("storage"), json::value(true));
    QCOMPARE(ready.json().at("broker"), json::value(false));
    QVERIFY(broker.start());
    QTRY_VERIFY_WITH_TIMEOUT(isReady(booth), patience);
}

void TestBroker::garbageOnItsPortHarmsNobody()
{
    Booth booth;
    QVERIFY(booth.open());
    const std::uint16_t port = booth.backend().mqttPort();
    const Person barista = booth.pair("barista", "Bo");
    Listener listener;
    QVERIFY(listener.connect(port, barista));
    QCOMPARE(listener.subscribe("brewline/ABC/staff"), 1);
    const pid_t broker = brokerOf(booth.backend().processId());
    // An HTTP client that mistook the port sends garbage, too.
    HttpClient stray(port);
    QCOMPARE(stray.get("/").status, 0);
    for (const QByteArray &garbage :
         {QByteArray("\x10\xff\xff\xff\x7f", 5), QByteArray(70'000, '\xff'), QByteArray(10, '\0'),
          QByteArray("\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\xff\xff", 14)}) {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port);
        QVERIFY(socket.waitForConnected());
        socket.write(garbage);
        socket.flush();
    }
    const std::string id = textOf(booth.submit(booth.guest("Ada")), "id");
    QVERIFY(listener.hearsOf(id, "submitted"));
    QVERIFY(listener.isConnected());
    QCOMPARE(brokerOf(booth.backend().processId()), broker);
}

void TestBroker::brokerDiesWithTheBackend()
{
    Booth booth;
    QVERIFY(booth.open());
    const pid_t broker = brokerOf(booth.backend().processId());
    QVERIFY(broker > 0 && isAlive(broker));
    booth.backend().kill9();
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(broker), 2000);
    QVERIFY(processesWith(booth.backend().folder().toUtf8()).isEmpty());
}

QTEST_GUILESS_MAIN(TestBroker)
#include "tst_e2e_broker.moc"
