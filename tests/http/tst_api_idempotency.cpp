// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"
#include "support/printing.h"

#include <boost/json/serialize.hpp>

#include <QTest>

using namespace brewline;
using namespace brewline::test;
using domain::Actor;
using http::Method;
namespace json = boost::json;

class tst_api_idempotency : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;

    std::string pairingCode()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga"));
        return m_api->send(Method::Post, "/v1/events/ABC/pairings", organiser, R"({"role":"display"})").member("code");
    }

    ApiAnswer scan(const Actor &actor, const std::string &code, const std::string &key)
    {
        return m_api->call({.method = Method::Post,
                            .target = "/v1/events/ABC/orders",
                            .token = m_api->tokenOf(actor),
                            .body = json::serialize(json::object{{"code", code}}),
                            .headers = {{"Idempotency-Key", key}}});
    }

    ApiAnswer guest(const std::string &token, const json::object &body, const std::string &key = {})
    {
        ApiRequest request{Method::Post, "/v1/auth/guest", token, json::serialize(body)};
        if (!key.empty())
            request.headers = {{"Idempotency-Key", key}};
        return m_api->call(request);
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void keysThatAreNoneAreRefused_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("too long") << QByteArray(129, 'k');
        QTest::newRow("space") << QByteArray("a b");
        QTest::newRow("tab") << QByteArray("a\tb");
        QTest::newRow("not ASCII") << QByteArray("\xc3\xb8");
        QTest::newRow("delete") << QByteArray("a\x7f");
    }

    void keysThatAreNoneAreRefused()
    {
        QFETCH(QByteArray, key);
        const std::string ada = m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"));
        const std::vector<ApiRequest> creating{
            {Method::Post, "/v1/auth/guest", {}, R"({"event":"ABC","name":"Ada"})"},
            {Method::Post, "/v1/auth/pair", {}, json::serialize(json::object{{"code", pairingCode()}})},
            {Method::Post, "/v1/events/ABC/orders", ada, json::serialize(json::object{{"code", m_api->bar.code()}})}};
        for (ApiRequest request : creating) {
            const std::string before = m_api->everything();
            request.headers = {{"Idempotency-Key", key.toStdString()}};
            QCOMPARE(m_api->call(request).outcome(), std::string("422 invalid-field"));
            request.headers = {{"Idempotency-Key", "one"}, {"Idempotency-Key", "two"}};
            QCOMPARE(m_api->call(request).outcome(), std::string("422 invalid-field"));
            QCOMPARE(m_api->everything(), before);
            request.headers = {{"Idempotency-Key", std::string(128, 'k')}};
            QCOMPARE(m_api->call(request).status(), 201);
        }
    }

    void aRepeatedScanIsTheSameOrder()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string code = m_api->bar.code();
        const ApiAnswer first = scan(ada, code, "key");
        QCOMPARE(first.status(), 201);
        const std::string before = m_api->everything();
        const ApiAnswer second = scan(ada, code, "key");
        QCOMPARE(second.status(), 201);
        QCOMPARE(second.body(), first.body());
        QCOMPARE(m_api->everything(), before);
    }

    void aKeyBelongsToItsRequestAndItsPerson()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string code = m_api->bar.code();
        const ApiAnswer first = scan(ada, code, "key");
        const std::string before = m_api->everything();
        QCOMPARE(scan(ada, "another", "key").outcome(), std::string("422 idempotency-mismatch"));
        QCOMPARE(scan(ada, code, "another-key").outcome(), std::string("409 order-already-open"));
        QCOMPARE(m_api->everything(), before);
        const ApiAnswer others = scan(m_api->enrol(Role::Customer, "Eve"), code, "key");
        QCOMPARE(others.status(), 201);
        QVERIFY(others.member("id") != first.member("id"));
    }

    void aRefusalIsRepeatedToo()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string code = m_api->bar.code();
        (void)m_api->bar.setState(false);
        const ApiAnswer first = scan(ada, code, "key");
        QCOMPARE(first.outcome(), std::string("409 shop-closed"));
        (void)m_api->bar.setState(true);
        QCOMPARE(scan(ada, code, "key").body(), first.body());
        QCOMPARE(scan(ada, code, "new").status(), 201);
    }

    void aKioskThatAsksAgainGetsTheSameVisitor()
    {
        const std::string kiosk = m_api->tokenOf(m_api->enrol(Role::Kiosk, "K"));
        const json::object ada{{"event", "ABC"}, {"name", "Ada"}};
        const ApiAnswer first = guest(kiosk, ada, "key");
        const ApiAnswer second = guest(kiosk, ada, "key");
        QCOMPARE(second.status(), 201);
        QCOMPARE(second.member("user"), first.member("user"));
        QCOMPARE(guest(kiosk, {{"event", "ABC"}, {"name", "Eve"}}, "key").outcome(),
                 std::string("422 idempotency-mismatch"));
        const std::string other = m_api->tokenOf(m_api->enrol(Role::Kiosk, "L"));
        QVERIFY(guest(other, ada, "key").member("user") != first.member("user"));
    }

    void aDeviceWhoseAnswerWasLostCanPairAgain()
    {
        const std::string code = pairingCode();
        const auto pair = [&](const char *key, const char *device) {
            return m_api->call({.method = Method::Post,
                                .target = "/v1/auth/pair",
                                .body = json::serialize(json::object{{"code", code}, {"device", device}}),
                                .headers = {{"Idempotency-Key", key}}});
        };
        const ApiAnswer first = pair("key", "TV");
        QCOMPARE(first.status(), 201);
        QCOMPARE(pair("key", "TV").member("user"), first.member("user"));
        QCOMPARE(pair("key", "Thief").outcome(), std::string("422 idempotency-mismatch"));
        QCOMPARE(pair("other", "TV").outcome(), std::string("422 invalid-pairing-code /code"));
    }
};

QTEST_GUILESS_MAIN(tst_api_idempotency)
#include "tst_api_idempotency.moc"
