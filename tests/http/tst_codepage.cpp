// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/codebucket.h"
#include "http/apibar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace brewline::test;
using http::Method;

/// The page for people whose phone's camera opened the QR code.
class tst_codepage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;

    ApiAnswer page(const std::string &code, const std::string &language = {}, const std::string &folder = "/o/")
    {
        ApiRequest request{.target = folder + code};
        if (!language.empty())
            request.headers = {{"Accept-Language", language}};
        return m_api->call(request);
    }

    static bool holds(const ApiAnswer &answer, std::string_view text)
    {
        return answer.body().find(text) != std::string::npos;
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void itShowsTheBarAndTheCodeToType()
    {
        const std::string code = m_api->bar.code();
        const ApiAnswer answer = page(code);
        QCOMPARE(answer.status(), 200);
        QCOMPARE(answer.response.contentType, std::string("text/html; charset=utf-8"));
        QVERIFY(holds(answer, "<h1>Small bar</h1>"));
        QVERIFY(holds(answer, domain::spelledCode(code)));
        QVERIFY(holds(answer, "Latte"));
    }

    void anySpellingOfAddressAndCodeWillDo()
    {
        const std::string code = m_api->bar.code();
        std::string lower = code;
        for (char &c : lower)
            c = char(std::tolower(c));
        const std::string expected = page(code).body();
        for (const std::string &spelling : {lower, domain::spelledCode(code)}) {
            QCOMPARE(page(spelling).body(), expected);
            QCOMPARE(page(spelling, {}, "/O/").body(), expected);
        }
    }

    void lookingAtItSpendsNothing()
    {
        const std::string code = m_api->bar.code();
        const std::string before = m_api->everything();
        for (const Method method : {Method::Get, Method::Head})
            QCOMPARE(m_api->call({method, "/O/" + code}).status(), 200);
        QCOMPARE(m_api->everything(), before);
        QCOMPARE(m_api->bar.bucket()->tokensLeft, m_api->bar.bucket()->tokensTotal);
    }

    void itSpeaksTheLanguageOfThePhone_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("html");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("English") << QByteArray("en-GB,en;q=0.9") << QByteArray(R"(<html lang="en" dir="ltr">)")
                                 << QByteArray("Your code");
        QTest::newRow("Danish") << QByteArray("da-DK, da;q=0.9, en;q=0.8")
                                << QByteArray(R"(<html lang="da" dir="ltr">)") << QByteArray("Din kode");
        QTest::newRow("German") << QByteArray("de") << QByteArray(R"(<html lang="de" dir="ltr">)")
                                << QByteArray("Dein Code");
        QTest::newRow("Arabic") << QByteArray("ar-EG") << QByteArray(R"(<html lang="ar" dir="rtl">)")
                                << QByteArray("رمزك");
        QTest::newRow("in capitals") << QByteArray("DE-AT") << QByteArray(R"(<html lang="de" dir="ltr">)")
                                     << QByteArray("Dein Code");
        QTest::newRow("the first one we know") << QByteArray("fi, sv;q=0.9, da;q=0.8")
                                               << QByteArray(R"(<html lang="da" dir="ltr">)") << QByteArray("Din kode");
        QTest::newRow("none of ours") << QByteArray("fi") << QByteArray(R"(<html lang="en" dir="ltr">)")
                                      << QByteArray("Your code");
        QTest::newRow("only alike") << QByteArray("den, dax") << QByteArray(R"(<html lang="en" dir="ltr">)")
                                    << QByteArray("Your code");
        QTest::newRow("nonsense") << QByteArray(";;,,=,") << QByteArray(R"(<html lang="en" dir="ltr">)")
                                  << QByteArray("Your code");
    }

    void itSpeaksTheLanguageOfThePhone()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, html);
        QFETCH(QByteArray, word);
        const ApiAnswer answer = page(m_api->bar.code(), header.toStdString());
        QVERIFY(holds(answer, html.toStdString()));
        QVERIFY(holds(answer, word.toStdString()));
        QCOMPARE(answer.header("Vary"), std::string("Accept-Language"));
    }

    void drinksAreNamedInThatLanguageToo()
    {
        domain::Event event = ApiBar::roomyEvent();
        event.menu.items[1].names = {{"de", "Milchkaffee"}};
        m_api = std::make_unique<ApiBar>(event);
        QVERIFY(holds(page(m_api->bar.code(), "de"), "Milchkaffee"));
        QVERIFY(holds(page(m_api->bar.code(), "da"), "Latte"));
    }

    void namesCannotBecomeMarkup()
    {
        domain::Event event = ApiBar::roomyEvent();
        event.name = "<script>alert('x')</script> & \"friends\"";
        event.menu.items[0].name = "</li><img src=x onerror=alert(1)>";
        m_api = std::make_unique<ApiBar>(event);
        const ApiAnswer answer = page(m_api->bar.code());
        QVERIFY(!holds(answer, "<script"));
        QVERIFY(!holds(answer, "<img"));
        QVERIFY(holds(answer, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;friends&quot;"));
        const std::string policy = answer.header("Content-Security-Policy");
        QVERIFY(policy.find("default-src 'none'") != std::string::npos);
        QCOMPARE(answer.header("Referrer-Policy"), std::string("no-referrer"));
        QCOMPARE(answer.header("Cache-Control"), std::string("no-store"));
    }

    void aCodeThatHasRunOutSaysSo()
    {
        const std::string code = m_api->bar.code();
        m_api->bar.clock.advance(std::chrono::seconds(319));
        QVERIFY(holds(page(code), domain::spelledCode(code)));
        m_api->bar.clock.advance(std::chrono::seconds(1));
        const ApiAnswer answer = page(code);
        QCOMPARE(answer.status(), 200);
        QVERIFY(holds(answer, "This code has run out"));
        QVERIFY(!holds(answer, domain::spelledCode(code)));
        QVERIFY(holds(page(code, "ar"), R"(dir="rtl")"));
    }

    void aCodeThatNeverWasIsNotFound()
    {
        for (const char *code : {"AAAAAAAAAA", "x", "%3Cscript%3E", "%22%3E", "%F0%9F%8D%B5"}) {
            const ApiAnswer answer = page(code);
            QCOMPARE(answer.status(), 404);
            QCOMPARE(answer.response.contentType, std::string("text/html; charset=utf-8"));
            QVERIFY(!holds(answer, "<script"));
            QVERIFY(!holds(answer, "AAAAA"));
        }
        QCOMPARE(page("%ff").status(), 400);
    }

    void aClosedOrPausedBarSaysSo()
    {
        const std::string code = m_api->bar.code();
        (void)m_api->bar.setState(true, true);
        QVERIFY(holds(page(code), "Taking a short break"));
        (void)m_api->bar.setState(false);
        const ApiAnswer closed = page(code);
        QVERIFY(holds(closed, "Closed"));
        QVERIFY(!holds(closed, domain::spelledCode(code)));
    }

    void whatIsSoldOutIsMarked()
    {
        (void)m_api->send(Method::Patch, "/v1/events/ABC/menu/latte", m_api->tokenOf(m_api->enrol(Role::Barista, "Bo")),
                          R"({"available":false})");
        QVERIFY(holds(page(m_api->bar.code()), "<s>Latte</s> sold out"));
    }
};

QTEST_GUILESS_MAIN(tst_codepage)
#include "tst_codepage.moc"
