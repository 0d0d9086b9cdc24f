// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/problem.h"
#include "http/rawclient.h"
#include "http/server.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace brewline;
using namespace brewline::http;
using namespace std::chrono_literals;
using test::Answer;
using test::RawClient;

namespace {

/// Responders that a handler keeps until a test lets them go.
class Shelf {
public:
    void put(Responder responder)
    {
        const std::lock_guard lock(m_mutex);
        m_responders.push_back(std::move(responder));
        m_filled.notify_all();
    }
    /// Waits until \a count lie there, and takes all.
    std::vector<Responder> take(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, 10s, [&] { return m_responders.size() >= count; });
        return std::exchange(m_responders, {});
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<Responder> m_responders;
};

Response text(std::string body)
{
    return {200, "text/plain", std::move(body)};
}

std::size_t residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toULongLong() * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

const std::string getHello = "GET /hello HTTP/1.1\r\nHost: booth\r\n\r\n";

} // namespace

class tst_HttpServer : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Shelf> m_shelf;
    std::unique_ptr<Server> m_server;
    std::uint16_t m_port = 0;
    std::atomic<int> m_echoes = 0;

    Router routes()
    {
        Router router;
        router.add(Method::Get, "/hello", [](const Request &, const Responder &to) { to.send(text("hello")); });
        router.add(Method::Get, "/big",
                   [](const Request &, const Responder &to) { to.send(text(std::string(64 * 1024 * 1024, 'b'))); });
        router.add(Method::Get, "/nothing", [](const Request &, const Responder &to) { to.send({204}); });
        router.add(Method::Get, "/later", [this](const Request &, Responder to) { m_shelf->put(std::move(to)); });
        router.add(Method::Post, "/later", [this](const Request &, Responder to) { m_shelf->put(std::move(to)); });
        router.add(Method::Get, "/throws",
                   [](const Request &, const Responder &) { throw std::runtime_error("on purpose"); });
        router.add(Method::Get, "/forgets", [](const Request &, const Responder &) {});
        router.add(Method::Get, "/twice", [](const Request &, const Responder &to) {
            to.send(text("first"));
            to.send(text("second"));
        });
        router.add(Method::Get, "/query", [](const Request &request, const Responder &to) {
            to.send(text(std::string(request.queryParameter("q").value_or("none"))));
        });
        router.add(Method::Get, "/peer", [](const Request &request, const Responder &to) {
            to.send(text(request.remoteAddress + (request.loopback ? " here" : " away")));
        });
        router.add(Method::Post, "/echo", [this](Request request, const Responder &to) {
            ++m_echoes;
            Response response = text(std::move(request.body));
            if (const auto trailer = request.header("X-Trailer"))
                response.headers.emplace_back("X-Seen", *trailer);
            to.send(std::move(response));
        });
        return router;
    }

    void serve(const Limits &limits)
    {
        m_server.reset();
        m_server = std::make_unique<Server>(limits, routes());
        const auto port = m_server->listen("127.0.0.1", 0);
        QVERIFY2(port.has_value(), port ? "" : port.error().detail.c_str());
        m_port = *port;
    }

    Answer ask(std::string_view request)
    {
        RawClient client(m_port);
        client.send(request);
        return client.receive();
    }

private Q_SLOTS:
    void init()
    {
        m_shelf = std::make_unique<Shelf>();
        m_echoes = 0;
        serve({});
    }

    void cleanup()
    {
        m_server.reset();
        m_shelf.reset();
    }

    void anAnswerCarriesTheFieldsEachAnswerHas()
    {
        const Answer answer = ask(getHello);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string("hello"));
        QCOMPARE(answer.field("Content-Type"), std::string("text/plain"));
        QCOMPARE(answer.field("Server"), std::string("Brewline"));
        QCOMPARE(answer.field("X-Content-Type-Options"), std::string("nosniff"));
        static const QRegularExpression date(
            QStringLiteral("^[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$"));
        QVERIFY(date.match(QString::fromStdString(answer.field("Date"))).hasMatch());
    }

    void aConnectionServesManyRequests()
    {
        RawClient client(m_port);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(client.send(getHello));
            QCOMPARE(client.receive().status, 200);
        }
    }

    void pipelinedRequestsAreAnsweredInTheirOrder()
    {
        RawClient client(m_port);
        std::string requests;
        for (int i = 0; i < 500; ++i)
            requests += "GET /query?q=" + std::to_string(i) + " HTTP/1.1\r\nHost: booth\r\n\r\n";
        requests +=
            "POST /echo HTTP/1.1\r\nHost: booth\r\nContent-Length: 3\r\n\r\nendGET /hello HTTP/1.1\r\nHost: b\r\n\r\n";
        std::thread sender([&] { client.send(requests); });
        for (int i = 0; i < 500; ++i)
            QCOMPARE(client.receive().body, std::to_string(i));
        QCOMPARE(client.receive().body, std::string("end"));
        QCOMPARE(client.receive().body, std::string("hello"));
        sender.join();
    }

    void aRequestMayArriveByteByByte()
    {
        RawClient client(m_port);
        const std::string request = "\r\nPOST /echo HTTP/1.1\r\nHost: booth\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: no\r\n\r\n";
        for (const char c : request)
            QVERIFY(client.send({&c, 1}));
        const Answer answer = client.receive();
        QCOMPARE(answer.body, std::string("abcde"));
        QVERIFY(answer.field("X-Seen").empty());
    }

    void theClientMayAskToClose()
    {
        RawClient client(m_port);
        client.send("GET /hello HTTP/1.1\r\nHost: booth\r\nConnection: close\r\n\r\n");
        const Answer answer = client.receive();
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.field("Connection"), std::string("close"));
        QVERIFY(client.isClosedByServer());
    }

    void http10ClosesUnlessToldOtherwise()
    {
        RawClient client(m_port);
        client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        QCOMPARE(client.receive().field("Connection"), std::string("keep-alive"));
        client.send("GET /hello HTTP/1.0\r\n\r\n");
        QCOMPARE(client.receive().field("Connection"), std::string("close"));
        QVERIFY(client.isClosedByServer());
    }

    void expectContinueIsToldToGoOn()
    {
        RawClient client(m_port);
        client.send("POST /echo HTTP/1.1\r\nHost: booth\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        QCOMPARE(client.receive().status, 100);
        client.send("body");
        QCOMPARE(client.receive().body, std::string("body"));
    }

    void expectContinueOfTooMuchIsRefusedInstead()
    {
        QCOMPARE(
            ask("POST /echo HTTP/1.1\r\nHost: booth\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n").status,
            413);
    }

    void headHasTheLengthWithoutTheBody()
    {
        RawClient client(m_port);
        client.send("HEAD /hello HTTP/1.1\r\nHost: booth\r\n\r\n" + getHello);
        const Answer head = client.receive(true);
        QCOMPARE(head.status, 200);
        QCOMPARE(head.field("Content-Length"), std::string("5"));
        QCOMPARE(client.receive().body, std::string("hello"));
    }

    void noContentHasNoLength()
    {
        const Answer answer = ask("GET /nothing HTTP/1.1\r\nHost: booth\r\n\r\n");
        QCOMPARE(answer.status, 204);
        QVERIFY(answer.field("Content-Length").empty());
    }

    void otherFormsOfTheTargetAreUnderstood()
    {
        QCOMPARE(ask("GET http://booth:80/hello HTTP/1.1\r\nHost: booth\r\n\r\n").body, std::string("hello"));
        QCOMPARE(ask("GET /query?q=%C3%A5+b HTTP/1.1\r\nHost: booth\r\n\r\n").body, std::string("\xC3\xA5 b"));
        QCOMPARE(ask("OPTIONS * HTTP/1.1\r\nHost: booth\r\n\r\n").status, 204);
        QCOMPARE(ask("BREW /hello HTTP/1.1\r\nHost: booth\r\n\r\n").status, 405);
        QCOMPARE(ask("CONNECT booth:80 HTTP/1.1\r\nHost: booth\r\n\r\n").status, 400);
    }

    void thePeersAddressIsKnown()
    {
        QCOMPARE(ask("GET /peer HTTP/1.1\r\nHost: booth\r\n\r\n").body, std::string("127.0.0.1 here"));
    }

    void malformedRequestsAreRefusedAndTheConnectionClosed_data()
    {
        QTest::addColumn<QByteArray>("request");
        const auto row = [](const char *name, const char *request) { QTest::newRow(name) << QByteArray(request); };
        row("length and chunked",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
            "\r\n0\r\n\r\n");
        row("chunked and length",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"
            "\r\n0\r\n\r\n");
        row("two lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
        row("equal lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
        row("list of lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello");
        row("signed length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello");
        row("negative length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello");
        row("huge length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nhello");
        row("unknown coding", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n");
        row("coding before chunked",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        row("chunked twice", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("chunked not last",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n");
        row("chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("chunk size no number",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n");
        row("chunk size too long", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                                   "\r\n11111111111111111111\r\nabc\r\n");
        row("chunk without its end",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n");
        row("chunk with bare LF",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\r\n0\r\n\r\n");
        row("folded field", "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n");
        row("bare LF", "GET /hello HTTP/1.1\nHost: a\n\n");
        row("bare CR", "GET /hello HTTP/1.1\r\nHost: a\rX: b\r\n\r\n");
        row("space before colon", "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n");
        row("space in field name", "GET /hello HTTP/1.1\r\nHost: a\r\nContent Length: 5\r\n\r\n");
        row("no host", "GET /hello HTTP/1.1\r\n\r\n");
        row("two hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        row("no version", "GET /hello\r\nHost: a\r\n\r\n");
        row("other version", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n");
        row("two spaces", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        row("no path", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n");
        row("control character", "GET /he\x01llo HTTP/1.1\r\nHost: a\r\n\r\n");
        row("TLS", "\x16\x03\x01\x02");
        row("bad query", "GET /query?q=%f HTTP/1.1\r\nHost: a\r\n\r\n");
        row("strange expectation", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n");
    }

    void malformedRequestsAreRefusedAndTheConnectionClosed()
    {
        QFETCH(QByteArray, request);
        RawClient client(m_port);
        client.send(request.toStdString());
        const Answer answer = client.receive();
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.field("Content-Type"), std::string("application/problem+json"));
        QCOMPARE(answer.field("Connection"), std::string("close"));
        QVERIFY(client.isClosedByServer());
        QCOMPARE(m_echoes, 0);
    }

    void pathsThatCannotBeReadAreRefused()
    {
        QCOMPARE(ask("GET /%C3%28 HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
        QCOMPARE(ask("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
        QCOMPARE(ask("GET /\xFF HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
    }

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
        responders.front().send(text("finished"));
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
        Server second({}, Router());
        const auto port = second.listen("127.0.0.1", m_port);
        QVERIFY(!port);
        QCOMPARE(port.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(port.error().detail.find("another program has it") != std::string::npos);
    }

    void anAddressThatIsNoneIsSaidSo()
    {
        for (const char *address : {"booth", "", "127.0.0.1.5", "300.1.1.1"}) {
            Server server({}, Router());
            const auto port = server.listen(address, 0);
            QVERIFY(!port);
            QCOMPARE(port.error().code, ErrorCode::InvalidConfiguration);
        }
        Server server({}, Router());
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

QTEST_GUILESS_MAIN(tst_HttpServer)
#include "tst_httpserver.moc"
