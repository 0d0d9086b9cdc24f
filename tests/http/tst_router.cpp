// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/headscanner.h"
#include "http/responsehead.h"
#include "http/router.h"
#include "http/target.h"

#include <QTest>

#include <optional>
#include <stdexcept>

using namespace brewline;
using namespace brewline::http;

namespace {

Handler saying(std::string text)
{
    return [text](const Request &, const Responder &responder) { responder.send({200, "text/plain", text}); };
}

Response ask(const Router &router, Method method, std::string path)
{
    std::optional<Response> answer;
    router.serve(Request{method, std::move(path)}, Responder([&](Response response) { answer = std::move(response); }));
    return answer.value_or(Response{0});
}

std::string allowedBy(const Response &response)
{
    for (const auto &[name, value] : response.headers) {
        if (name == "Allow")
            return value;
    }
    return {};
}

HeadScanner::Verdict verdictOn(std::string_view head)
{
    return HeadScanner().scan(head);
}

} // namespace

class tst_Router : public QObject {
    Q_OBJECT

private:
    Router m_router;
    Parameters m_parameters;

private Q_SLOTS:
    void initTestCase()
    {
        const Handler recording = [this](const Request &request, const Responder &responder) {
            m_parameters = request.pathParameters;
            responder.send({200, "text/plain", "order"});
        };
        m_router.add(Method::Get, "/v1/orders/{id}", recording);
        m_router.add(Method::Put, "/v1/orders/{id}/drink", recording);
        m_router.add(Method::Get, "/v1/orders/newest", saying("newest"));
        m_router.add(Method::Delete, "/v1/orders/{id}", saying("gone"));
        m_router.add(Method::Get, "/v1/events/{event}/menu/{item}", recording);
        m_router.add(Method::Get, "/", saying("root"));
        m_router.add(Method::Get, "/throws", [](const Request &, const Responder &) { throw std::runtime_error("x"); });
        m_router.add(Method::Get, "/forgets", [](const Request &, const Responder &) {});
    }

    void init() { m_parameters.clear(); }

    void placeholdersTakeOneSegmentEach()
    {
        QCOMPARE(ask(m_router, Method::Get, "/v1/events/ABC/menu/latte").status, 200);
        QCOMPARE(m_parameters, (Parameters{{"event", "ABC"}, {"item", "latte"}}));
        QCOMPARE(ask(m_router, Method::Get, "/v1/events/ABC/menu/latte/more").status, 404);
        QCOMPARE(ask(m_router, Method::Get, "/v1/events/ABC").status, 404);
    }

    void aPlaceholderIsNeverEmpty()
    {
        QCOMPARE(ask(m_router, Method::Get, "/v1/orders/").status, 404);
        QCOMPARE(ask(m_router, Method::Put, "/v1/orders//drink").status, 404);
    }

    void literalSegmentsGoBeforePlaceholders()
    {
        QCOMPARE(ask(m_router, Method::Get, "/v1/orders/newest").body, std::string("newest"));
        QCOMPARE(ask(m_router, Method::Put, "/v1/orders/newest/drink").body, std::string("order"));
        QCOMPARE(m_parameters, (Parameters{{"id", "newest"}}));
    }

    void anEncodedSlashDoesNotSplitASegment()
    {
        QCOMPARE(ask(m_router, Method::Get, "/v1/orders/a%2Fb%20%C3%A9").status, 200);
        QCOMPARE(m_parameters, (Parameters{{"id", "a/b \xC3\xA9"}}));
    }

    void theRootIsAPathToo()
    {
        QCOMPARE(ask(m_router, Method::Get, "/").body, std::string("root"));
        QCOMPARE(ask(m_router, Method::Get, "//").status, 404);
    }

    void pathsThatCannotBeReadAreRefused_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("cut escape") << QByteArray("/v1/orders/%4");
        QTest::newRow("no digits") << QByteArray("/v1/orders/%zz");
        QTest::newRow("NUL") << QByteArray("/v1/orders/%00");
        QTest::newRow("no UTF-8") << QByteArray("/v1/orders/%C3%28");
        QTest::newRow("overlong") << QByteArray("/v1/orders/%C0%AF");
        QTest::newRow("surrogate") << QByteArray("/v1/orders/%ED%A0%80");
        QTest::newRow("nowhere") << QByteArray("/nowhere/at/all/%FF");
    }

    void pathsThatCannotBeReadAreRefused()
    {
        QFETCH(QByteArray, path);
        QCOMPARE(ask(m_router, Method::Get, path.toStdString()).status, 400);
    }

    void anotherMethodGets405WithThoseAllowed()
    {
        const Response response = ask(m_router, Method::Post, "/v1/orders/1");
        QCOMPARE(response.status, 405);
        QCOMPARE(allowedBy(response), std::string("GET, HEAD, DELETE, OPTIONS"));
        QCOMPARE(ask(m_router, Method::Other, "/v1/orders/1").status, 405);
    }

    void optionsTellTheMethods()
    {
        const Response response = ask(m_router, Method::Options, "/v1/orders/1/drink");
        QCOMPARE(response.status, 204);
        QCOMPARE(allowedBy(response), std::string("PUT, OPTIONS"));
        QCOMPARE(ask(m_router, Method::Options, "*").status, 204);
        QCOMPARE(ask(m_router, Method::Get, "*").status, 400);
    }

    void headIsServedByTheHandlerForGet()
    {
        QCOMPARE(ask(m_router, Method::Head, "/v1/orders/newest").status, 200);
        QCOMPARE(ask(m_router, Method::Head, "/v1/orders/1/drink").status, 405);
    }

    void aHandlerThatThrowsIsA500()
    {
        QTest::ignoreMessage(QtCriticalMsg, "A handler failed: x");
        QCOMPARE(ask(m_router, Method::Get, "/throws").status, 500);
    }

    void aForgottenAnswerIsA500() { QCOMPARE(ask(m_router, Method::Get, "/forgets").status, 500); }

    void onlyTheFirstAnswerCounts()
    {
        int answers = 0;
        int status = 0;
        {
            const Responder responder([&](const Response &response) {
                ++answers;
                status = response.status;
            });
            const Responder copy = responder;
            QVERIFY(!copy.isAnswered());
            responder.send({201});
            copy.send({409});
            QVERIFY(copy.isAnswered());
        }
        QCOMPARE(answers, 1);
        QCOMPARE(status, 201);
    }

    void targetsOfAllFormsAreSplit()
    {
        QCOMPARE(splitTarget("/a/b?c=d")->path, std::string_view("/a/b"));
        QCOMPARE(splitTarget("/a/b?c=d")->query, std::string_view("c=d"));
        QCOMPARE(splitTarget("HTTP://booth:80/a?c")->path, std::string_view("/a"));
        QCOMPARE(splitTarget("http://booth?c")->path, std::string_view("/"));
        QCOMPARE(splitTarget("http://booth?c")->query, std::string_view("c"));
        QVERIFY(!splitTarget("booth:80"));
        QVERIFY(!splitTarget("http:///a"));
        QVERIFY(!splitTarget("ftp://booth/a"));
        QVERIFY(!splitTarget("/a#b"));
        QVERIFY(!splitTarget(""));
    }

    void queriesAreDecodedInTheirOrder()
    {
        QCOMPARE(queryParameters("state=ready&&after=a%26b+c&x&state=making").value(),
                 (Parameters{{"state", "ready"}, {"after", "a&b c"}, {"x", ""}, {"state", "making"}}));
        QVERIFY(!queryParameters("a=%"));
        QVERIFY(!queryParameters("%00=1"));
        QVERIFY(!queryParameters("a=%FF"));
    }

    void headsAreFoundHoweverTheyArrive()
    {
        const std::string_view head = "GET / HTTP/1.1\r\nHost: booth\r\n\r\nrest";
        HeadScanner scanner;
        for (std::size_t size = 1; size < head.size() - 4; ++size)
            QVERIFY(scanner.scan(head.substr(0, size)) == HeadScanner::Verdict::NeedMore);
        QVERIFY(scanner.scan(head) == HeadScanner::Verdict::Complete);
        QCOMPARE(scanner.length(), head.size() - 4);
    }

    void lenientHeadsAreRefused()
    {
        QVERIFY(verdictOn("GET / HTTP/1.1\nHost: a\n\n") == HeadScanner::Verdict::Malformed);
        QVERIFY(verdictOn("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n") == HeadScanner::Verdict::Malformed);
        QVERIFY(verdictOn("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n") == HeadScanner::Verdict::Malformed);
        QVERIFY(verdictOn("GET / HTTP/1.1\r\nHost : a\r\n\r\n") == HeadScanner::Verdict::Malformed);
        QVERIFY(verdictOn("GET / HTTP/1.1\r\nnothing\r\n\r\n") == HeadScanner::Verdict::Malformed);
        QVERIFY(verdictOn("\x16\x03\x01") == HeadScanner::Verdict::Malformed);
        using namespace std::string_view_literals;
        QVERIFY(verdictOn("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n"sv) == HeadScanner::Verdict::Malformed);
    }

    void aHeaderFieldCannotSmuggleAnother()
    {
        QTest::ignoreMessage(QtWarningMsg, "An answer's header field with a control character was left out");
        std::string head;
        writeHead(head, {200, {}, {}, {{"ETag", "a\r\nSet-Cookie: b"}, {"Vary", "Accept"}}},
                  {true, false, "now", "OK"});
        QVERIFY(head.find("Set-Cookie") == std::string::npos);
        QVERIFY(head.find("\r\nVary: Accept\r\n") != std::string::npos);
    }

    void datesAreInTheFormOfHttp() { QCOMPARE(httpDate(784111777), std::string("Sun, 06 Nov 1994 08:49:37 GMT")); }

    void headerFieldsAreFoundInAnyCase()
    {
        HeaderFields fields;
        fields.add("Accept-Language", "da");
        fields.add("accept-language", "ar");
        QCOMPARE(fields.find("ACCEPT-language"), std::optional<std::string_view>("da"));
        QCOMPARE(fields.count("Accept-Language"), std::size_t(2));
        QVERIFY(!fields.find("Accept"));
    }
};

QTEST_GUILESS_MAIN(tst_Router)
#include "tst_router.moc"
