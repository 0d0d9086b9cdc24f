// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/servedtest.h"

#include <QRegularExpression>
#include <QTest>

#include <string>
#include <thread>

using namespace brewline;
using namespace brewline::test;

/// What the server makes of the bytes of requests, good and bad.
class tst_HttpServer : public ServedTest {
    Q_OBJECT

private Q_SLOTS:
    void init() { serve({}); }
    void cleanup() { endServer(); }

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
};

QTEST_GUILESS_MAIN(tst_HttpServer)
#include "tst_httpserver.moc"
