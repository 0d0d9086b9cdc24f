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

namespace {

std::string repeated(std::string_view text, int times)
{
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

std::string drinkOf(const OrderView &order)
{
    return "/v1/orders/" + order.id.text() + "/drink";
}

} // namespace

/// Requests of good form whose values do not fit.
class tst_api_values : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;

    std::string pairingCode()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga"));
        return m_api->send(Method::Post, "/v1/events/ABC/pairings", organiser, R"({"role":"display"})").member("code");
    }

    ApiAnswer guest(const std::string &token, const json::object &body)
    {
        return m_api->send(Method::Post, "/v1/auth/guest", token, json::serialize(body));
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void textIsCountedInCharacters()
    {
        QCOMPARE(guest({}, {{"event", "ABC"}, {"name", repeated("ø", 40)}}).status(), 201);
        QCOMPARE(guest({}, {{"event", "ABC"}, {"name", repeated("☕", 40)}}).status(), 201);
    }

    void whatLooksLikeJsonInANameStaysAName()
    {
        const std::string name = "Ada\",\"role\":\"barista";
        const ApiAnswer answer = guest({}, {{"event", "ABC"}, {"name", name}});
        const json::object user = answer.json().at("user").as_object();
        QCOMPARE(std::string(user.at("name").as_string()), name);
        QCOMPARE(std::string(user.at("role").as_string()), std::string("customer"));
        const Actor actor = m_api->bar.accounts.authenticate(answer.member("token")).value();
        QCOMPARE(actor.name, name);
        QVERIFY(actor.role == Role::Customer);
    }

    void onlyVisitorsOfAKioskNeedNoName()
    {
        const std::string noName = "422 invalid-field /name";
        const json::object nameless{{"event", "ABC"}};
        QCOMPARE(guest({}, nameless).outcome(), noName);
        QCOMPARE(guest(m_api->tokenOf(m_api->enrol(Role::Customer, "Ada")), nameless).outcome(), noName);
        QCOMPARE(guest(m_api->tokenOf(m_api->enrol(Role::Kiosk, "K", "XYZ")), nameless).outcome(), noName);
        QCOMPARE(guest(m_api->tokenOf(m_api->enrol(Role::Kiosk, "K")), nameless).outcome(), std::string("201"));
    }

    void drinksThatTheMenuDoesNotHaveAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("outcome");
        QTest::newRow("item") << QByteArray(R"({"item":"mate"})") << QByteArray("422 invalid-field /item");
        QTest::newRow("option") << QByteArray(R"({"item":"latte","options":["oat","gold"]})")
                                << QByteArray("422 invalid-field /options/1");
        QTest::newRow("other item's option")
            << QByteArray(R"({"item":"espresso","options":["oat"]})") << QByteArray("422 invalid-field /options/0");
        QTest::newRow("two of one") << QByteArray(R"({"item":"latte","options":["oat","skimmed"]})")
                                    << QByteArray("422 invalid-field /options");
        QTest::newRow("twice the same") << QByteArray(R"({"item":"latte","options":["vanilla","vanilla"]})")
                                        << QByteArray("422 invalid-field /options/1");
        QTest::newRow("none of those needed")
            << QByteArray(R"({"item":"tea"})") << QByteArray("422 invalid-field /options");
    }

    void drinksThatTheMenuDoesNotHaveAreRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, outcome);
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string target = drinkOf(m_api->bar.scan(ada).value());
        const std::string before = m_api->everything();
        QCOMPARE(m_api->send(Method::Put, target, m_api->tokenOf(ada), body.toStdString()).outcome(),
                 outcome.toStdString());
        QCOMPARE(m_api->everything(), before);
    }

    void soldOutIsAConflict()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string barista = m_api->tokenOf(m_api->enrol(Role::Barista, "Bo"));
        const std::string target = drinkOf(m_api->bar.scan(ada).value());
        QCOMPARE(m_api->send(Method::Patch, "/v1/events/ABC/menu/latte", barista, R"({"stock":0})").status(), 200);
        const std::string before = m_api->everything();
        QCOMPARE(m_api->send(Method::Put, target, m_api->tokenOf(ada), R"({"item":"latte"})").outcome(),
                 std::string("409 sold-out /item"));
        QCOMPARE(m_api->everything(), before);
    }

    void rolesThatCannotBePairedAreRefused()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga"));
        for (const char *role : {"customer", "boss", "Barista", "backend"}) {
            QCOMPARE(m_api
                         ->send(Method::Post, "/v1/events/ABC/pairings", organiser,
                                json::serialize(json::object{{"role", role}}))
                         .outcome(),
                     std::string("422 invalid-field /role"));
        }
    }

    void codesCountOnceAndNotForever()
    {
        const std::string used = json::serialize(json::object{{"code", pairingCode()}});
        const std::string late = json::serialize(json::object{{"code", pairingCode()}});
        const std::string refused = "422 invalid-pairing-code /code";
        QCOMPARE(m_api->send(Method::Post, "/v1/auth/pair", {}, used).status(), 201);
        QCOMPARE(m_api->send(Method::Post, "/v1/auth/pair", {}, used).outcome(), refused);
        const std::string scan = json::serialize(json::object{{"code", m_api->bar.code()}});
        m_api->bar.clock.advance(std::chrono::minutes(11));
        QCOMPARE(m_api->send(Method::Post, "/v1/auth/pair", {}, late).outcome(), refused);
        const std::string ada = m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"));
        QCOMPARE(m_api->send(Method::Post, "/v1/events/ABC/orders", ada, scan).outcome(),
                 std::string("422 invalid-code /code"));
    }

    void wrongQueriesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("query");
        for (const char *query :
             {"limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=5x", "limit=1e2", "state=cold",
              "state=", "state=ready,", "state=,ready", "state=Ready", "after=1", "after="})
            QTest::newRow(query) << QByteArray(query);
    }

    void wrongQueriesAreRefused()
    {
        QFETCH(QByteArray, query);
        const std::string barista = m_api->tokenOf(m_api->enrol(Role::Barista, "Bo"));
        for (const char *list : {"/v1/events/ABC/orders?", "/v1/me/orders?"}) {
            const ApiAnswer answer = m_api->get(list + query.toStdString(), barista);
            QCOMPARE(answer.outcome(), std::string("422 invalid-field"));
            const std::string name = query.left(query.indexOf('=')).toStdString();
            QVERIFY2(answer.member("detail").find(name) != std::string::npos, answer.body().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(tst_api_values)
#include "tst_api_values.moc"
