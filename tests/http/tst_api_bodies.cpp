// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"
#include "support/printing.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QTest>

using namespace brewline;
using namespace brewline::test;
using domain::Actor;
using domain::OrderState;
using http::Method;
namespace json = boost::json;

namespace {

enum class Kind { Text, Texts, Boolean, Integer, Time };

/// A member of a body. Longest is in characters, or the highest number.
struct Field {
    std::string name;
    Kind kind = Kind::Text;
    bool required = false;
    int longest = 0;
};

/// A route that takes a body, and a body that it takes.
struct Route {
    const char *name;
    Method method;
    std::string target;
    std::optional<Role> caller; ///< nobody if there is none; a customer is the order's owner
    OrderState order;
    json::object good;
    std::vector<Field> fields;
    int goodStatus;
    bool mayBeAbsent = false;
};

using enum OrderState;

const std::vector<Route> &routes()
{
    const auto change = [](const char *action, OrderState from) {
        return Route{action, Method::Post, "/v1/orders/{order}/" + std::string(action), Role::Barista, from, {}, {},
                     200,    true};
    };
    static const std::vector<Route> all{
        {"guest",
         Method::Post,
         "/v1/auth/guest",
         {},
         Started,
         {{"event", "ABC"}, {"name", "Ada"}},
         {{"event", Kind::Text, true, 32}, {"name", Kind::Text, true, 40}},
         201},
        {"pair",
         Method::Post,
         "/v1/auth/pair",
         {},
         Started,
         {{"code", "{pairing}"}, {"device", "TV"}},
         {{"code", Kind::Text, true, 32}, {"device", Kind::Text, false, 40}},
         201},
        {"pairings",
         Method::Post,
         "/v1/events/ABC/pairings",
         Role::Organiser,
         Started,
         {{"role", "kiosk"}},
         {{"role", Kind::Text, true, 20}},
         201},
        {"revoke",
         Method::Post,
         "/v1/auth/revoke",
         Role::Organiser,
         Started,
         {{"user", "{owner}"}},
         {{"user", Kind::Text, false, 36}},
         204,
         true},
        {"scan",
         Method::Post,
         "/v1/events/ABC/orders",
         Role::Kiosk,
         Started,
         {{"code", "{code}"}},
         {{"code", Kind::Text, true, 40}},
         201},
        {"drink",
         Method::Put,
         "/v1/orders/{order}/drink",
         Role::Customer,
         Started,
         {{"item", "latte"}, {"options", {"oat"}}, {"name", "Ada"}, {"note", "hot"}},
         {{"item", Kind::Text, true, 32},
          {"options", Kind::Texts, false, 32},
          {"name", Kind::Text, false, 40},
          {"note", Kind::Text, false, 140}},
         200},
        {"cancel",
         Method::Post,
         "/v1/orders/{order}/cancel",
         Role::Customer,
         Started,
         {{"reason", "too late"}},
         {{"reason", Kind::Text, false, 140}},
         200,
         true},
        change("claim", Submitted),
        change("take-over", Making),
        change("release", Making),
        change("complete", Making),
        change("recall", Ready),
        change("collect", Ready),
        {"state",
         Method::Put,
         "/v1/events/ABC/state",
         Role::Barista,
         Started,
         {{"open", true}, {"paused", true}, {"reason", "beans"}, {"reopensAt", "2026-11-21T14:30:00Z"}},
         {{"open", Kind::Boolean, true},
          {"paused", Kind::Boolean},
          {"reason", Kind::Text, false, 140},
          {"reopensAt", Kind::Time, false, 40}},
         200},
        {"menu",
         Method::Patch,
         "/v1/events/ABC/menu/latte",
         Role::Barista,
         Started,
         {{"available", false}, {"stock", 7}},
         {{"available", Kind::Boolean}, {"stock", Kind::Integer, false, 1'000'000}},
         200},
    };
    return all;
}

/// A body that is not good, and how it is answered.
struct Bad {
    std::string body;
    std::string outcome;
};

std::string repeated(std::string_view text, std::size_t times)
{
    std::string result;
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

/// Values, as JSON, that \a field must not have, with what follows its name in the pointer.
std::vector<std::pair<std::string, std::string>> badValues(const Field &field)
{
    const auto quoted = [](const std::string &text) { return json::serialize(json::string(text)); };
    const auto tooLong = std::size_t(field.longest) + 1;
    std::vector<std::pair<std::string, std::string>> bad{{"{}", ""}};
    if (field.required)
        bad.emplace_back("null", "");
    switch (field.kind) {
    case Kind::Time:
        for (const char *text : {"tomorrow", "", "2026-11-21", "2026-13-45T99:00:00Z"})
            bad.emplace_back(quoted(text), "");
        [[fallthrough]];
    case Kind::Text:
        if (field.required)
            bad.emplace_back("\"\"", "");
        for (const char *value : {"7", "true", "[]", R"(["x"])"})
            bad.emplace_back(value, "");
        for (const char *value : {R"("a\u0000b")", R"("a\nb")", R"("\u007f")", R"("\u0085")", R"("\u001b[2J")"})
            bad.emplace_back(value, "");
        bad.emplace_back(quoted(repeated("x", tooLong)), "");
        bad.emplace_back(quoted(repeated("ø", tooLong)), "");
        break;
    case Kind::Texts:
        for (const char *value : {"7", "true", R"("oat")"})
            bad.emplace_back(value, "");
        bad.emplace_back(R"([7])", "/0");
        bad.emplace_back(R"(["oat",null])", "/1");
        bad.emplace_back(R"(["oat","a\tb"])", "/1");
        bad.emplace_back('[' + quoted(repeated("x", tooLong)) + ']', "/0");
        bad.emplace_back(R"(["x")" + repeated(R"(,"x")", 20) + ']', "");
        break;
    case Kind::Boolean:
        for (const char *value : {"1", "\"true\"", "[]"})
            bad.emplace_back(value, "");
        break;
    case Kind::Integer:
        for (const char *value : {"\"7\"", "true", "[]", "-1", "1.5", "1e30", "18446744073709551615"})
            bad.emplace_back(value, "");
        bad.emplace_back(std::to_string(tooLong), "");
        break;
    }
    return bad;
}

std::vector<Bad> badFields(const Route &route, const json::object &good)
{
    std::vector<Bad> bad;
    for (const Field &field : route.fields) {
        const std::string refusal = "422 invalid-field /" + field.name;
        for (const auto &[value, behind] : badValues(field)) {
            json::object body = good;
            body[field.name] = json::parse(value);
            bad.push_back({json::serialize(body), refusal + behind});
        }
        if (field.required) {
            json::object body = good;
            body.erase(field.name);
            bad.push_back({json::serialize(body), refusal});
        }
    }
    for (const auto &[name, pointer] :
         {std::pair("userId", "userId"), std::pair("a/b~c", "a~1b~0c"), std::pair("", "")}) {
        json::object body = good;
        body[name] = "x";
        bad.push_back({json::serialize(body), "422 invalid-field /" + std::string(pointer)});
    }
    return bad;
}

std::vector<Bad> badForms(const Route &route, const std::string &good)
{
    const std::string malformed = "400 malformed-request";
    std::vector<Bad> bad;
    for (const std::string &body : {std::string("{"),
                                    std::string("{\"a\":}"),
                                    std::string("{'a':1}"),
                                    std::string("nonsense"),
                                    std::string("[]"),
                                    '[' + good + ']',
                                    std::string("null"),
                                    std::string("7"),
                                    std::string("\"x\""),
                                    std::string(" "),
                                    good + "x",
                                    good + good,
                                    "\xef\xbb\xbf" + good,
                                    good.substr(0, good.size() - 1),
                                    std::string("{\"x\":\"\xff\"}"),
                                    std::string("{\"x\":\"\xc0\xaf\"}"),
                                    std::string("{\"x\":\"\xed\xa0\x80\"}"),
                                    std::string("{\"\xc3\":1}"),
                                    std::string(R"({"x":"\ud800"})"),
                                    std::string("{\"x\":\"a\nb\"}"),
                                    good + std::string(1, '\0'),
                                    "{\"x\":" + repeated("[", 32) + repeated("]", 32) + '}'})
        bad.push_back({body, malformed});
    if (!route.mayBeAbsent)
        bad.push_back({"", malformed});
    // 32 levels are read; that the member is not known is found out then.
    const std::string deepest = "\"x\":" + repeated("[", 31) + repeated("]", 31) + '}';
    bad.push_back(
        {good == "{}" ? '{' + deepest : good.substr(0, good.size() - 1) + ',' + deepest, "422 invalid-field /x"});
    return bad;
}

} // namespace

class tst_api_bodies : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;
    std::string m_order;
    Actor m_owner;
    Actor m_barista;

    /// The request to \a route, with an order and codes that are good for it, and \a good as its body says them.
    ApiRequest prepared(const Route &route, json::object &good)
    {
        m_owner = m_api->enrol(Role::Customer, "Ada");
        m_barista = m_api->enrol(Role::Barista, "Bo");
        m_order = m_api->bar.orderIn(route.order, m_owner, m_barista).id.text();
        good = route.good;
        for (auto &member : good) {
            if (member.value() == "{code}")
                member.value() = m_api->bar.code();
            else if (member.value() == "{owner}")
                member.value() = m_owner.id.text();
            else if (member.value() == "{pairing}")
                member.value() = pairingCode();
        }
        ApiRequest request{route.method, route.target};
        if (const auto at = request.target.find("{order}"); at != std::string::npos)
            request.target.replace(at, 7, m_order);
        if (route.caller)
            request.token = tokenFor(*route.caller);
        return request;
    }

    std::string tokenFor(Role role)
    {
        if (role == Role::Customer)
            return m_api->tokenOf(m_owner);
        return m_api->tokenOf(role == Role::Barista ? m_barista : m_api->enrol(role, "X"));
    }

    std::string pairingCode()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga"));
        return m_api->send(Method::Post, "/v1/events/ABC/pairings", organiser, R"({"role":"display"})").member("code");
    }

    static void addRoutes()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < routes().size(); ++i)
            QTest::newRow(routes()[i].name) << i;
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void wrongBodiesAreRefusedWithTheirPlace_data() { addRoutes(); }
    void wrongBodiesAreRefusedWithTheirPlace()
    {
        QFETCH(std::size_t, index);
        const Route &route = routes()[index];
        json::object good;
        ApiRequest request = prepared(route, good);
        const std::string before = m_api->everything();
        std::vector<Bad> all = badFields(route, good);
        for (Bad &bad : badForms(route, json::serialize(good)))
            all.push_back(std::move(bad));
        std::string complaints;
        for (const Bad &bad : all) {
            request.body = bad.body;
            if (const std::string outcome = m_api->call(request).outcome(); outcome != bad.outcome)
                complaints += bad.body + " gets " + outcome + " instead of " + bad.outcome + '\n';
        }
        QCOMPARE(complaints, std::string());
        QCOMPARE(m_api->everything(), before);
        request.body = json::serialize(good);
        QCOMPARE(m_api->call(request).status(), route.goodStatus);
    }

    void bodiesAreTakenAsJsonOnly_data() { addRoutes(); }
    void bodiesAreTakenAsJsonOnly()
    {
        QFETCH(std::size_t, index);
        const Route &route = routes()[index];
        json::object good;
        ApiRequest request = prepared(route, good);
        request.body = json::serialize(good);
        const std::string before = m_api->everything();
        for (const char *type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json",
                                 "application/problem+json", "text/plain; application/json"}) {
            request.contentType = type;
            QCOMPARE(m_api->call(request).outcome(), std::string("415 unsupported-media-type"));
        }
        QCOMPARE(m_api->everything(), before);
        request.contentType = "Application/JSON ; charset=utf-8";
        QCOMPARE(m_api->call(request).status(), route.goodStatus);
    }

    void aBodyMayBeAbsentWhereItsFieldsMay()
    {
        for (const Route &route : routes()) {
            if (!route.mayBeAbsent)
                continue;
            json::object good;
            ApiRequest request = prepared(route, good);
            QCOMPARE(m_api->call(request).status(), route.goodStatus);
        }
    }
};

QTEST_GUILESS_MAIN(tst_api_bodies)
#include "tst_api_bodies.moc"
