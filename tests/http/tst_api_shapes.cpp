// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"
#include "support/printing.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <QTest>

#include <set>

using namespace brewline;
using namespace brewline::test;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;
using http::Method;
namespace json = boost::json;

namespace {

using enum OrderState;

/// What the API promises of an order, and the members added since; a display is told those of the first line alone.
const std::string boardMembers = "id event number state item itemName icon options createdAt submittedAt claimedAt "
                                 "completedAt endedAt deadline sequence position";
const std::string orderMembers = boardMembers + " userId name note reason barista baristaId uncollected";

std::string text(const json::value &value)
{
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

} // namespace

/// The members of answers, as clients rely on them.
class tst_api_shapes : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;

    std::string now() { return toRfc3339(m_api->bar.clock.now()); }
    std::string barista() { return m_api->tokenOf(m_api->enrol(Role::Barista, "Bo")); }

    /// The answer to GET /v1/events/ABC.
    json::object event() { return m_api->get("/v1/events/ABC").json(); }

    /// All pages of \a list, by following "next"; gives up after ten.
    std::vector<std::vector<std::string>> pages(const std::string &list, const std::string &token)
    {
        std::vector<std::vector<std::string>> all;
        for (std::string after; all.size() < 10;) {
            const ApiAnswer answer = m_api->get(list + after, token);
            all.emplace_back();
            const json::object page = answer.json();
            for (const json::value &order : page.at("orders").as_array())
                all.back().push_back(text(order.at("id")));
            const std::string next = answer.member("next");
            if (next == "null")
                break;
            after = "&after=" + next;
        }
        return all;
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void aGuestGetsASession()
    {
        const ApiAnswer answer = m_api->send(Method::Post, "/v1/auth/guest", {}, R"({"event":"ABC","name":"Ada"})");
        QCOMPARE(answer.status(), 201);
        QCOMPARE(answer.response.contentType, std::string("application/json"));
        QCOMPARE(answer.header("Cache-Control"), std::string("no-store"));
        QCOMPARE(memberNames(answer.json()), std::string("token expiresAt user"));
        const json::object user = answer.json().at("user").as_object();
        QCOMPARE(memberNames(user), std::string("id name role event"));
        QCOMPARE(text(user.at("name")), std::string("Ada"));
        QCOMPARE(text(user.at("role")), std::string("customer"));
        QVERIFY(timestampFromRfc3339(answer.member("expiresAt")) > m_api->bar.clock.now());
        QCOMPARE(m_api->get("/v1/me/orders", answer.member("token")).status(), 200);
    }

    void aDeviceIsPairedByACodeForPeople()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga", "*"));
        const ApiAnswer pairing =
            m_api->send(Method::Post, "/v1/events/ABC/pairings", organiser, R"({"role":"display"})");
        QCOMPARE(memberNames(pairing.json()), std::string("code expiresAt"));
        QCOMPARE(pairing.member("code").size(), std::size_t(9));
        QCOMPARE(pairing.member("code")[4], '-');
        QCOMPARE(pairing.member("expiresAt"), toRfc3339(m_api->bar.clock.now() + std::chrono::minutes(10)));
        const ApiAnswer session =
            m_api->send(Method::Post, "/v1/auth/pair", {},
                        json::serialize(json::object{{"code", pairing.member("code")}, {"device", "TV"}}));
        QCOMPARE(memberNames(session.json()), std::string("token expiresAt user"));
        QCOMPARE(text(session.json().at("user").at("role")), std::string("display"));
        QCOMPARE(m_api->get("/v1/events/ABC/code", session.member("token")).status(), 200);
        m_api->bar.clock.advance(std::chrono::seconds(60));
        const ApiAnswer fresh = m_api->call({Method::Post, "/v1/auth/refresh", session.member("token")});
        QCOMPARE(fresh.status(), 200);
        QCOMPARE(fresh.member("user"), session.member("user"));
        QVERIFY(fresh.member("expiresAt") > session.member("expiresAt"));
    }

    void theEventTellsAllThatVisitorsMayKnow()
    {
        m_api->bar.shop.setBroker(application::BrokerAddress{8883, true});
        (void)m_api->bar.code();
        const json::object answer = event();
        QCOMPARE(memberNames(answer), std::string("id name language timezone open paused reason reopensAt full "
                                                  "serverTime round menu limits estimate queue mqtt"));
        QCOMPARE(text(answer.at("serverTime")), now());
        QCOMPARE(text(answer.at("reason")), std::string("null"));
        QCOMPARE(text(answer.at("reopensAt")), std::string("null"));
        QCOMPARE(memberNames(answer.at("round").as_object()), std::string("tokensLeft endsAt nextAt"));
        QCOMPARE(memberNames(answer.at("limits").as_object()),
                 std::string("maxOrdersInQueue maxOrdersPerUser drinksPerCode codeSeconds customerTimeoutSeconds "
                             "baristaTimeoutSeconds"));
        QCOMPARE(json::serialize(answer.at("mqtt")), std::string(R"({"port":8883,"tls":true})"));
        const json::object latte = answer.at("menu").at(1).as_object();
        QCOMPARE(memberNames(latte),
                 std::string("id name names description allergens icon available stock optionGroups"));
        QCOMPARE(text(latte.at("stock")), std::string("2"));
        const json::object group = latte.at("optionGroups").at(0).as_object();
        QCOMPARE(memberNames(group), std::string("id name names required max choices"));
        QCOMPARE(memberNames(group.at("choices").at(0).as_object()), std::string("id name names"));
        QVERIFY(json::serialize(answer).find(m_api->bar.code()) == std::string::npos);
    }

    void withoutABrokerOrACodeTheEventSaysNull()
    {
        QCOMPARE(text(event().at("mqtt")), std::string("null"));
        QCOMPARE(text(event().at("round")), std::string("null"));
    }

    void changesOfTheShopAnswerWithTheEvent()
    {
        const std::string token = barista();
        const ApiAnswer state =
            m_api->send(Method::Put, "/v1/events/ABC/state", token,
                        R"({"open":true,"paused":true,"reason":"beans","reopensAt":"2026-11-21T10:00:00+01:00"})");
        QCOMPARE(state.json(), event());
        QCOMPARE(state.member("paused"), std::string("true"));
        QCOMPARE(state.member("reason"), std::string("beans"));
        QCOMPARE(state.member("reopensAt"), toRfc3339(timestampFromMilliseconds(1'795'251'600'000)));
        const ApiAnswer item =
            m_api->send(Method::Patch, "/v1/events/ABC/menu/latte", token, R"({"available":false,"stock":7})");
        QCOMPARE(item.json(), event());
        QCOMPARE(text(item.json().at("menu").at(1).at("available")), std::string("false"));
        QCOMPARE(text(item.json().at("menu").at(1).at("stock")), std::string("7"));
    }

    void aDisplayIsToldTheCode()
    {
        const std::string display = m_api->tokenOf(m_api->enrol(Role::Display, "TV"));
        const ApiAnswer answer = m_api->get("/v1/events/ABC/code", display);
        QCOMPARE(memberNames(answer.json()), std::string("code url tokensLeft tokensTotal startsAt endsAt serverTime"));
        QCOMPARE(answer.member("url"), "HTTP://BAR.EXAMPLE:8080/O/" + answer.member("code"));
        QCOMPARE(answer.member("tokensLeft"), std::string("1000"));
        QCOMPARE(answer.member("endsAt"), toRfc3339(m_api->bar.clock.now() + std::chrono::seconds(300)));
        QCOMPARE(answer.header("Cache-Control"), std::string("no-store"));
        QCOMPARE(m_api->get("/v1/events/ABC/code", display).json(), answer.json());
    }

    void anOrderHasItsShapeFromScanToCollection()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const std::string owner = m_api->tokenOf(ada);
        const std::string bo = barista();
        ApiAnswer order = m_api->send(Method::Post, "/v1/events/ABC/orders", owner,
                                      json::serialize(json::object{{"code", m_api->bar.code()}}));
        QCOMPARE(order.status(), 201);
        QCOMPARE(memberNames(order.json()), orderMembers + " serverTime");
        QCOMPARE(order.member("state"), std::string("started"));
        QCOMPARE(order.member("number"), std::string("null"));
        QCOMPARE(order.member("sequence"), std::string("1"));
        QCOMPARE(order.member("deadline"), toRfc3339(m_api->bar.clock.now() + std::chrono::seconds(300)));
        const std::string path = "/v1/orders/" + order.member("id");

        const std::string drink = R"({"item":"latte","options":["vanilla","oat"],"name":"A","note":"hot"})";
        order = m_api->send(Method::Put, path + "/drink", owner, drink);
        QCOMPARE(order.status(), 200);
        QCOMPARE(memberNames(order.json()), orderMembers + " serverTime");
        QCOMPARE(order.member("number"), std::string("1"));
        QCOMPARE(order.member("position"), std::string("1"));
        QCOMPARE(order.member("itemName"), std::string("Latte"));
        QCOMPARE(order.member("options"), std::string(R"(["oat","vanilla"])"));
        QCOMPARE(order.member("name"), std::string("A"));
        QCOMPARE(order.member("note"), std::string("hot"));
        QCOMPARE(order.member("submittedAt"), now());

        for (const auto &[action, state] : {std::pair("claim", "making"), std::pair("complete", "ready"),
                                            std::pair("recall", "making"), std::pair("complete", "ready")}) {
            order = m_api->call({Method::Post, path + '/' + action, bo});
            QCOMPARE(order.member("state"), std::string(state));
            QCOMPARE(order.member("barista"), std::string("Bo"));
            // A late repetition of the drink is the same drink still.
            QCOMPARE(m_api->send(Method::Put, path + "/drink", owner, drink).body(), order.body());
        }
        order = m_api->call({Method::Post, path + "/collect", owner});
        QCOMPARE(order.member("state"), std::string("collected"));
        QCOMPARE(order.member("position"), std::string("null"));
        QCOMPARE(m_api->get(path, owner).json(), order.json());
    }

    void aDisplayNeverLearnsWhoOrdered()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const OrderView order = m_api->bar.orderIn(Making, ada, m_api->enrol(Role::Barista, "Bo"));
        const std::string display = m_api->tokenOf(m_api->enrol(Role::Display, "TV"));
        const ApiAnswer one = m_api->get("/v1/orders/" + order.id.text(), display);
        QCOMPARE(memberNames(one.json()), boardMembers + " name serverTime");
        QCOMPARE(one.member("name"), std::string("null"));
        const ApiAnswer list = m_api->get("/v1/events/ABC/orders", display);
        QCOMPARE(memberNames(list.json().at("orders").at(0).as_object()), boardMembers + " name");
        for (const ApiAnswer &answer : {one, list}) {
            QVERIFY(answer.body().find("Ada") == std::string::npos);
            QVERIFY(answer.body().find(ada.id.text()) == std::string::npos);
        }
    }

    void aListIsReadInPages()
    {
        std::vector<std::string> ids;
        const Actor kiosk = m_api->enrol(Role::Kiosk, "K");
        for (int i = 0; i < 7; ++i) {
            ids.push_back(m_api->bar.scan(kiosk).value().id.text());
            m_api->bar.clock.advance(Milliseconds(5));
        }
        for (const auto &[list, token] : {std::pair(std::string("/v1/events/ABC/orders"), barista()),
                                          std::pair(std::string("/v1/me/orders"), m_api->tokenOf(kiosk))}) {
            const ApiAnswer whole = m_api->get(list, token);
            QCOMPARE(memberNames(whole.json()), std::string("orders next serverTime"));
            QCOMPARE(whole.member("next"), std::string("null"));
            const auto read = pages(list + "?limit=3", token);
            QCOMPARE(read.size(), std::size_t(3));
            QCOMPARE(read[0], std::vector(ids.begin(), ids.begin() + 3));
            QCOMPARE(read[1], std::vector(ids.begin() + 3, ids.begin() + 6));
            QCOMPARE(read[2], std::vector(ids.begin() + 6, ids.end()));
            QCOMPARE(pages(list + "?limit=7", token).size(), std::size_t(1));
        }
    }

    void aListShowsTheStatesThatWereAsked()
    {
        const Actor bo = m_api->enrol(Role::Barista, "Bo");
        for (const OrderState state : {Started, Submitted, Making, Ready})
            (void)m_api->bar.orderIn(state, m_api->enrol(Role::Customer, "Ada"), bo);
        const auto states = [&](const std::string &query) {
            std::multiset<std::string> found;
            const json::object page = m_api->get("/v1/events/ABC/orders" + query, m_api->tokenOf(bo)).json();
            for (const json::value &order : page.at("orders").as_array())
                found.insert(text(order.at("state")));
            return found;
        };
        QCOMPARE(states(""), (std::multiset<std::string>{"started", "submitted", "making", "ready"}));
        QCOMPARE(states("?state=making"), (std::multiset<std::string>{"making"}));
        QCOMPARE(states("?state=submitted,ready,ready"), (std::multiset<std::string>{"submitted", "ready"}));
        QCOMPARE(states("?state=cancelled"), std::multiset<std::string>());
    }

    void fiftyOrdersAreAPageUnlessMoreAreAsked()
    {
        const Actor kiosk = m_api->enrol(Role::Kiosk, "K");
        for (int i = 0; i < 51; ++i)
            (void)m_api->bar.scan(kiosk);
        const std::string token = barista();
        QCOMPARE(m_api->get("/v1/events/ABC/orders", token).json().at("orders").as_array().size(), std::size_t(50));
        QCOMPARE(m_api->get("/v1/events/ABC/orders?limit=200", token).json().at("orders").as_array().size(),
                 std::size_t(51));
    }

    void snapshotsThatTheClientHasAreNotSentAgain()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const OrderView order = m_api->bar.orderIn(Started, ada, ada);
        const std::string owner = m_api->tokenOf(ada);
        for (const std::string &target :
             {std::string("/v1/events/ABC"), std::string("/v1/me/orders"), "/v1/orders/" + order.id.text()}) {
            const auto asking = [&](const std::string &known) {
                return m_api->call({.target = target, .token = owner, .headers = {{"If-None-Match", known}}});
            };
            const std::string etag = m_api->get(target, owner).header("ETag");
            QVERIFY(etag.size() > 2 && etag.front() == '"' && etag.back() == '"');
            m_api->bar.clock.advance(Milliseconds(1500)); // serverTime alone is no news
            for (const std::string &known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
                const ApiAnswer answer = asking(known);
                QCOMPARE(answer.status(), 304);
                QVERIFY(answer.body().empty());
                QCOMPARE(answer.header("ETag"), etag);
            }
            QCOMPARE(asking("\"x\"").status(), 200);
        }
        const std::string target = "/v1/orders/" + order.id.text();
        const std::string before = m_api->get(target, owner).header("ETag");
        (void)m_api->bar.drink(ada, order);
        QVERIFY(m_api->get(target, owner).header("ETag") != before);
    }

    void aConflictTellsTheState()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        const OrderView order = m_api->bar.orderIn(Started, ada, ada);
        const std::string path = "/v1/orders/" + order.id.text();
        (void)m_api->bar.change(ada, order, OrderAction::Cancel);
        for (const char *action : {"/claim", "/take-over", "/release", "/complete", "/recall", "/collect"}) {
            const ApiAnswer answer = m_api->call({Method::Post, path + action, barista()});
            QCOMPARE(answer.outcome(), std::string("409 wrong-state"));
            QCOMPARE(memberNames(answer.json()), std::string("type title status detail state"));
            QCOMPARE(answer.member("state"), std::string("cancelled"));
        }
        const ApiAnswer drink =
            m_api->send(Method::Put, path + "/drink", m_api->tokenOf(ada), R"({"item":"espresso"})");
        QCOMPARE(drink.outcome(), std::string("409 wrong-state"));
        QCOMPARE(drink.member("state"), std::string("cancelled"));
    }

    void refusedScansSayWhy()
    {
        domain::Event small = smallEvent();
        small.limits.drinksPerCode = 2;
        small.limits.maxOrdersInQueue = 1;
        small.limits.maxOrdersPerUser = 1;
        m_api = std::make_unique<ApiBar>(small);
        const auto scan = [&](const Actor &actor) {
            return m_api->send(Method::Post, "/v1/events/ABC/orders", m_api->tokenOf(actor),
                               json::serialize(json::object{{"code", m_api->bar.code()}}));
        };
        const auto outcome = [&](const Actor &actor) { return scan(actor).outcome(); };
        const auto visitor = [&] { return m_api->enrol(Role::Customer, "V"); };
        (void)m_api->bar.setState(false);
        QCOMPARE(outcome(visitor()), std::string("409 shop-closed"));
        (void)m_api->bar.setState(true, true);
        QCOMPARE(outcome(visitor()), std::string("409 shop-paused"));
        (void)m_api->bar.setState(true);
        const Actor ada = visitor();
        const ApiAnswer order = scan(ada);
        QCOMPARE(order.status(), 201);
        QCOMPARE(outcome(ada), std::string("409 order-already-open"));
        QCOMPARE(outcome(visitor()), std::string("409 shop-full"));
        const std::string path = "/v1/orders/" + order.member("id");
        (void)m_api->send(Method::Put, path + "/drink", m_api->tokenOf(ada), R"({"item":"espresso"})");
        QCOMPARE(m_api->call({Method::Post, path + "/complete", barista()}).status(), 200);
        QCOMPARE(outcome(ada), std::string("409 daily-limit"));
        QCOMPARE(outcome(visitor()), std::string("201"));
        QCOMPARE(outcome(visitor()), std::string("409 no-tokens-left"));
    }

    void problemsNameTheirKindForProgramsAndPeople()
    {
        const ApiAnswer unknown = m_api->get("/v1/nowhere");
        QCOMPARE(unknown.outcome(), std::string("404 not-found"));
        QCOMPARE(memberNames(unknown.json()), std::string("type title status detail"));
        const ApiAnswer field = m_api->send(Method::Post, "/v1/auth/guest", {}, R"({"event":"ABC","name":7})");
        QCOMPARE(memberNames(field.json()), std::string("type title status detail pointer"));
        QCOMPARE(m_api->call({Method::Delete, "/v1/events/ABC"}).outcome(), std::string("405 method-not-allowed"));
        QCOMPARE(m_api->call({Method::Delete, "/v1/events/ABC"}).header("Allow"), std::string("GET, HEAD, OPTIONS"));
    }

    void healthIsToldOnThisMachine()
    {
        const auto asked = [&](const char *target) { return m_api->call({.target = target, .loopback = true}); };
        QCOMPARE(memberNames(asked("/healthz").json()), std::string("alive serverTime"));
        QCOMPARE(asked("/readyz").status(), 200);
        QCOMPARE(memberNames(asked("/readyz").json()), std::string("ready storage broker serverTime"));
        m_api->brokerAnswers = false;
        QCOMPARE(asked("/readyz").status(), 503);
        QCOMPARE(asked("/readyz").member("broker"), std::string("false"));
        QCOMPARE(asked("/readyz").member("storage"), std::string("true"));
        m_api->brokerAnswers = true;
        m_api->storeAnswers = false;
        QCOMPARE(asked("/readyz").status(), 503);
        QCOMPARE(asked("/healthz").status(), 200);
    }
};

QTEST_GUILESS_MAIN(tst_api_shapes)
#include "tst_api_shapes.moc"
