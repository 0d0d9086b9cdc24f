// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/servedtest.h"

#include <QFile>
#include <QTest>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

using namespace brewline;
using namespace brewline::http;
using namespace brewline::test;
using namespace std::chrono_literals;

namespace {

std::size_t residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toULongLong() * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

/// Limits, deadlines, late and missing answers, and the server's own end.
class tst_HttpLimits : public ServedTest {
    Q_OBJECT

private Q_SLOTS:
    void init() { serve({}); }
    void cleanup() { endServer(); }

    void aHeadUpToTheLimitIsTakenAndBeyondItIsNot()
    {
        const auto withHead = [](std::size_t size) {
            std::string head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: ";
            head.append(size - head.size() - 4, 'x').append("\r\n\r\n");
            return head;
        };
        QCOMPARE(ask(withHead(16 * 1024)).status, 200);
        QCOMPARE(ask(withHead(16 * 1024 + 1)).status, 431);
        QCOMPARE(ask(withHead(500 * 1024)).status, 431);
        QCOMPARE(ask("GET /" + std::string(20 * 1024, 'a')).status, 431);
    }

    void aBodyUpToTheLimitIsTakenAndBeyondItIsNot()
    {
        const auto withBody = [](std::size_t size) {
            return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                   std::string(size, 'x');
        };
        QCOMPARE(ask(withBody(64 * 1024)).body.size(), std::size_t(64 * 1024));
        QCOMPARE(ask(withBody(64 * 1024 + 1)).status, 413);
        QCOMPARE(m_echoes, 1);
    }

    void aHugeBodyIsRefusedAndNotKept_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("announced") << QByteArray("Content-Length: 314572800\r\n\r\n");
        QTest::newRow("chunked") << QByteArray("Transfer-Encoding: chunked\r\n\r\n12C00000\r\n");
        QTest::newRow("in small chunks") << QByteArray("Transfer-Encoding: chunked\r\n\r\n");
    }

    void aHugeBodyIsRefusedAndNotKept()
    {
        QFETCH(QByteArray, head);
        const bool small = QByteArray(QTest::currentDataTag()) == "in small chunks";
        const std::string piece =
            small ? std::string("400\r\n") + std::string(1024, 'x') + "\r\n" : std::string(1'000'000, 'x');
        const std::size_t before = residentBytes();
        RawClient client(m_port);
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + head.toStdString());
        std::size_t sent = 0;
        while (sent < 314'572'800 && client.send(piece))
            sent += piece.size();
        QVERIFY2(sent < 50'000'000, "The server took the body instead of closing.");
        QCOMPARE(client.receive().status, 413);
        QVERIFY(residentBytes() < before + 20'000'000);
        QCOMPARE(m_echoes, 0);
    }

    void chunksOfFramingAloneAreRefused()
    {
        RawClient client(m_port);
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "1;" + std::string(8000, 'e') + "\r\nx\r\n";
        int sent = 0;
        while (sent < 10'000 && client.send(chunk))
            ++sent;
        QVERIFY(sent < 10'000);
        QCOMPARE(client.receive().status, 413);
    }

    void aSlowHeadIsTimedOut()
    {
        serve({.headTimeout = 100ms});
        RawClient client(m_port);
        client.send("GET /hello HTTP/1.1\r\nHost:");
        const Answer answer = client.receive();
        QCOMPARE(answer.status, 408);
        QVERIFY(client.isClosedByServer());
    }

    void drippingBytesDoesNotHoldAConnection()
    {
        serve({.headTimeout = 200ms});
        RawClient client(m_port);
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
        std::thread dripping([&] {
            for (int i = 0; i < 100 && client.send("X: y\r\n"); ++i)
                std::this_thread::sleep_for(20ms);
        });
        const auto start = std::chrono::steady_clock::now();
        const Answer answer = client.receive();
        const auto took = std::chrono::steady_clock::now() - start;
        dripping.join();
        QCOMPARE(answer.status, 408);
        QVERIFY(took < 1500ms);
    }

    void aSlowBodyIsTimedOut()
    {
        serve({.bodyTimeout = 100ms});
        QCOMPARE(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc").status, 408);
        QCOMPARE(m_echoes, 0);
    }

    void silentAndIdleConnectionsAreClosed()
    {
        serve({.headTimeout = 100ms, .idleTimeout = 100ms});
        RawClient silent(m_port);
        QVERIFY(silent.isClosedByServer());
        RawClient idle(m_port);
        idle.send(getHello);
        QCOMPARE(idle.receive().status, 200);
        QVERIFY(idle.isClosedByServer());
    }

    void aClientThatDoesNotReadIsClosed()
    {
        serve({.writeTimeout = 200ms});
        RawClient client(m_port);
        client.setReceiveBuffer(4096);
        client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY_WITH_TIMEOUT(!client.send(getHello), 10'000);
    }

    void aHandlerThatNeverAnswersIs503()
    {
        serve({.answerTimeout = 100ms});
        QTest::ignoreMessage(QtWarningMsg, "A request was not answered in time");
        const Answer read = ask("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(read.status, 503);
        QCOMPARE(read.field("Retry-After"), std::string("1"));
        QTest::ignoreMessage(QtWarningMsg, "A request was not answered in time");
        const Answer change = ask("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(change.status, 503);
        QVERIFY(change.body.find("outcome-unknown") != std::string::npos);
        for (const Responder &late : m_shelf->take(2))
            late.send(text("too late"));
        QCOMPARE(ask(getHello).status, 200);
    }

    void aHandlerMayAnswerLaterFromAnotherThread()
    {
        RawClient client(m_port);
        client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + getHello);
        std::thread([responders = m_shelf->take(1)] {
            for (const Responder &responder : responders)
                responder.send(text("later"));
        }).join();
        QCOMPARE(client.receive().body, std::string("later"));
        QCOMPARE(client.receive().body, std::string("hello"));
    }

    void onlyTheFirstOfTwoAnswersIsSent()
    {
        RawClient client(m_port);
        client.send("GET /twice HTTP/1.1\r\nHost: a\r\n\r\n" + getHello);
        QCOMPARE(client.receive().body, std::string("first"));
        QCOMPARE(client.receive().body, std::string("hello"));
    }

    void aForgottenAnswerIsA500() { QCOMPARE(ask("GET /forgets HTTP/1.1\r\nHost: a\r\n\r\n").status, 500); }

    void aHandlerThatThrowsIsA500AndTheConnectionGoesOn()
    {
        QTest::ignoreMessage(QtCriticalMsg, "A handler failed: on purpose");
        RawClient client(m_port);
        client.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n" + getHello);
        QCOMPARE(client.receive().status, 500);
        QCOMPARE(client.receive().status, 200);
    }

    void clientsThatHangUpBeforeTheirAnswerHarmNobody()
    {
        constexpr std::size_t clients = 200;
        for (std::size_t i = 0; i < clients; ++i) {
            RawClient client(m_port);
            client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
            if (i % 2 == 0)
                client.reset();
        }
        std::vector<Responder> responders;
        while (responders.size() < clients) {
            auto more = m_shelf->take(1);
            QVERIFY(!more.empty());
            std::move(more.begin(), more.end(), std::back_inserter(responders));
        }
        std::thread first([&] {
            for (std::size_t i = 0; i < responders.size(); i += 2)
                responders[i].send(text("to nobody"));
        });
        for (std::size_t i = 1; i < responders.size(); i += 2)
            responders[i].send(text(std::string(100'000, 'n')));
        first.join();
        responders.clear();
        QCOMPARE(ask(getHello).status, 200);
    }

    void aResponderMayOutliveTheServer()
    {
        RawClient client(m_port);
        client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto responders = m_shelf->take(1);
        QCOMPARE(responders.size(), std::size_t(1));
        m_server.reset();
        responders.front().send(text("to nobody"));
        QVERIFY(client.isClosedByServer());
    }

    void stopLetsAnswersInFlightFinish()
    {
        RawClient busy(m_port);
        busy.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient idle(m_port);
        idle.send(getHello);
        QCOMPARE(idle.receive().status, 200);
        const auto responders = m_shelf->take(1);
        std::thread stopping([this] { m_server->stop(10s); });
        QVERIFY(idle.isClosedByServer());
        m_server->post([to = responders.front()] { to.send(text("finished")); });
        const Answer answer = busy.receive();
        QCOMPARE(answer.body, std::string("finished"));
        QCOMPARE(answer.field("Connection"), std::string("close"));
        QVERIFY(busy.isClosedByServer());
        busy.close();
        stopping.join();
        QVERIFY(!RawClient(m_port).isConnected());
    }

    void stopDoesNotWaitLongerThanItsGrace()
    {
        RawClient client(m_port);
        client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto responders = m_shelf->take(1);
        QTest::ignoreMessage(QtWarningMsg, "Closing 1 connections that did not finish in time");
        const auto start = std::chrono::steady_clock::now();
        m_server->stop(100ms);
        QVERIFY(std::chrono::steady_clock::now() - start < 3s);
        QVERIFY(client.isClosedByServer());
    }

    void connectionsBeyondTheLimitGet503()
    {
        serve({.connections = 3});
        std::vector<RawClient> kept;
        for (int i = 0; i < 3; ++i) {
            kept.emplace_back(m_port);
            kept.back().send(getHello);
            QCOMPARE(kept.back().receive().status, 200);
        }
        const Answer refused = ask(getHello);
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.field("Connection"), std::string("close"));
        QCOMPARE(refused.field("Retry-After"), std::string("1"));
        kept.back().send(getHello);
        QCOMPARE(kept.back().receive().status, 200);
        kept.clear();
        QTRY_COMPARE(ask(getHello).status, 200);
    }

    void twoThousandConnectionsAreServedAndMoreRefused()
    {
        rlimit descriptors{};
        getrlimit(RLIMIT_NOFILE, &descriptors);
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
        if (descriptors.rlim_cur < 5000)
            QSKIP("Too few descriptors are allowed here for both ends of 2,000 connections.");
        std::vector<RawClient> clients;
        for (int i = 0; i < 2000; ++i) {
            clients.emplace_back(m_port);
            QVERIFY(clients.back().send(getHello));
        }
        for (RawClient &client : clients)
            QCOMPARE(client.receive().status, 200);
        for (int i = 0; i < 300; ++i) {
            RawClient tooMuch(m_port);
            tooMuch.send(getHello);
            const int status = tooMuch.receive().status;
            QVERIFY(status == 503 || status == 0);
        }
        for (RawClient &client : clients)
            client.send(getHello);
        for (RawClient &client : clients)
            QCOMPARE(client.receive().status, 200);
    }

    void aTakenPortIsSaidSo()
    {
        Server second({}, Router(), m_clock);
        const auto port = second.listen("127.0.0.1", m_port);
        QVERIFY(!port);
        QCOMPARE(port.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(port.error().detail.find("another program has it") != std::string::npos);
    }

    void anAddressThatIsNoneIsSaidSo()
    {
        for (const char *address : {"booth", "", "127.0.0.1.5", "300.1.1.1"}) {
            Server server({}, Router(), m_clock);
            const auto port = server.listen(address, 0);
            QVERIFY(!port);
            QCOMPARE(port.error().code, ErrorCode::InvalidConfiguration);
        }
        Server server({}, Router(), m_clock);
        QVERIFY(server.listen("192.0.2.1", 0).error().detail.find("does not have that address") != std::string::npos);
    }

    void postRunsOnAThreadOfTheServer()
    {
        std::promise<std::thread::id> ran;
        m_server->post([&] { ran.set_value(std::this_thread::get_id()); });
        QVERIFY(ran.get_future().get() != std::this_thread::get_id());
        m_server->stop(0ms);
        auto kept = std::make_shared<int>(1);
        m_server->post([kept] {});
        QCOMPARE(kept.use_count(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_HttpLimits)
#include "tst_httplimits.moc"
