// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/apibar.h"
#include "support/printing.h"

#include <QTest>

#include <array>
#include <map>

using namespace brewline;
using namespace brewline::test;
using domain::Actor;
using domain::OrderState;
using http::Method;

namespace {

constexpr std::array<std::string_view, 16> callers{
    "nobody",           "an expired token",    "a forged token",      "an altered token",
    "the owner",        "another customer",    "a customer of XYZ",   "a kiosk",
    "a kiosk of XYZ",   "a display",           "a display of XYZ",    "a barista",
    "a barista of XYZ", "an organiser of all", "an organiser of XYZ", "an extension",
};

/// One route and what each caller gets for a good request. Order is the state that the order is in before.
struct Row {
    const char *name;
    Method method;
    std::string target;
    std::string body;
    std::optional<OrderState> order;
    std::array<int, callers.size()> expected;
};

using enum OrderState;

// clang-format off
const std::vector<Row> &rights()
{
    static const std::vector<Row> rows{
        //                                                                   none exp  forg altr | ownr othr XYZ  kios XYZ  disp XYZ  bari XYZ  orga XYZ  ext
        {"guest", Method::Post, "/v1/auth/guest", R"({"event":"ABC","name":"Ada"})", {},
                                                                            {201, 401, 401, 401,   201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201}},
        {"pair", Method::Post, "/v1/auth/pair", R"({"code":"{pairing}","device":"TV"})", {},
                                                                            {201, 201, 201, 201,   201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201}},
        {"pairings", Method::Post, "/v1/events/ABC/pairings", R"({"role":"display"})", {},
                                                                            {401, 401, 401, 401,   403, 403, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403}},
        {"refresh", Method::Post, "/v1/auth/refresh", "", {},               {401, 401, 401, 401,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"revoke oneself", Method::Post, "/v1/auth/revoke", "", {},         {401, 401, 401, 401,   204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204}},
        {"revoke the owner", Method::Post, "/v1/auth/revoke", R"({"user":"{owner}"})", {},
                                                                            {401, 401, 401, 401,   204, 404, 404, 404, 404, 404, 404, 404, 404, 204, 404, 404}},
        {"event", Method::Get, "/v1/events/ABC", "", {},                    {200, 200, 200, 200,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"code", Method::Get, "/v1/events/ABC/code", "", {},                {401, 401, 401, 401,   403, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403, 403}},
        {"code page", Method::Get, "/o/{code}", "", {},                     {200, 200, 200, 200,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"scan", Method::Post, "/v1/events/ABC/orders", R"({"code":"{code}"})", {},
                                                                            {401, 401, 401, 401,   201, 201, 403, 201, 403, 403, 403, 403, 403, 403, 403, 403}},
        {"drink", Method::Put, "/v1/orders/{order}/drink", R"({"item":"espresso"})", Started,
                                                                            {401, 401, 401, 401,   200, 404, 404, 404, 404, 403, 404, 403, 404, 403, 404, 404}},
        {"claim", Method::Post, "/v1/orders/{order}/claim", "", Submitted,  {401, 401, 401, 401,   403, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"take over", Method::Post, "/v1/orders/{order}/take-over", "", Making,
                                                                            {401, 401, 401, 401,   403, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"release", Method::Post, "/v1/orders/{order}/release", "", Making, {401, 401, 401, 401,   403, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"complete", Method::Post, "/v1/orders/{order}/complete", "", Making,
                                                                            {401, 401, 401, 401,   403, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"recall", Method::Post, "/v1/orders/{order}/recall", "", Ready,    {401, 401, 401, 401,   403, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"collect", Method::Post, "/v1/orders/{order}/collect", "", Ready,  {401, 401, 401, 401,   200, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"cancel started", Method::Post, "/v1/orders/{order}/cancel", "", Started,
                                                                            {401, 401, 401, 401,   200, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"cancel making", Method::Post, "/v1/orders/{order}/cancel", R"({"reason":"gone"})", Making,
                                                                            {401, 401, 401, 401,   200, 404, 404, 404, 404, 403, 404, 200, 404, 403, 404, 404}},
        {"order", Method::Get, "/v1/orders/{order}", "", Submitted,         {401, 401, 401, 401,   200, 404, 404, 404, 404, 200, 404, 200, 404, 200, 404, 404}},
        {"own orders", Method::Get, "/v1/me/orders", "", Submitted,         {401, 401, 401, 401,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"orders", Method::Get, "/v1/events/ABC/orders", "", Submitted,     {401, 401, 401, 401,   403, 403, 403, 403, 403, 200, 403, 200, 403, 200, 403, 403}},
        {"state", Method::Put, "/v1/events/ABC/state", R"({"open":false})", {},
                                                                            {401, 401, 401, 401,   403, 403, 403, 403, 403, 403, 403, 200, 403, 200, 403, 403}},
        {"menu", Method::Patch, "/v1/events/ABC/menu/latte", R"({"stock":9})", {},
                                                                            {401, 401, 401, 401,   403, 403, 403, 403, 403, 403, 403, 200, 403, 200, 403, 403}},
        {"alive", Method::Get, "/healthz", "", {},                          {401, 401, 401, 401,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"ready", Method::Get, "/readyz", "", {},                           {401, 401, 401, 401,   200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    };
    return rows;
}
// clang-format on

std::string replaced(std::string text, std::string_view placeholder, const std::string &value)
{
    if (const auto at = text.find(placeholder); at != std::string::npos)
        text.replace(at, placeholder.size(), value);
    return text;
}

/// The claims of \a claims under the signature of \a signature.
std::string mixed(const std::string &claims, const std::string &signature)
{
    return claims.substr(0, claims.rfind('.')) + signature.substr(signature.rfind('.'));
}

/// Everybody who may come to the bar; the owner is new for each request, the others stay.
class People {
public:
    explicit People(ApiBar &api)
        : barista(api.enrol(Role::Barista, "Bo"))
        , owner(api.enrol(Role::Customer, "Ada"))
        , m_api(api)
    {
    }

    std::string token(std::size_t caller)
    {
        const auto ofNew = [&](Role role, const char *event) { return m_api.tokenOf(m_api.enrol(role, "X", event)); };
        switch (caller) {
        case 0:
            return {};
        case 1: // of the one who may do most, were it valid
            return m_api.bar.tokens.issue(barista, m_api.bar.clock.now() - std::chrono::hours(24 * 30)).token;
        case 2:
            return identity::JwtTokens(identity::TokenKey{1}).issue(barista, m_api.bar.clock.now()).token;
        case 3:
            return mixed(m_api.tokenOf(barista), m_api.tokenOf(owner));
        case 4:
            return m_api.tokenOf(owner);
        case 5:
            return ofNew(Role::Customer, "ABC");
        case 6:
            return ofNew(Role::Customer, "XYZ");
        case 7:
            return ofNew(Role::Kiosk, "ABC");
        case 8:
            return ofNew(Role::Kiosk, "XYZ");
        case 9:
            return ofNew(Role::Display, "ABC");
        case 10:
            return ofNew(Role::Display, "XYZ");
        case 11:
            return m_api.tokenOf(barista);
        case 12:
            return ofNew(Role::Barista, "XYZ");
        case 13:
            return ofNew(Role::Organiser, "*");
        case 14:
            return ofNew(Role::Organiser, "XYZ");
        default:
            return ofNew(Role::Extension, "ABC");
        }
    }

    const Actor barista;
    const Actor owner;

private:
    ApiBar &m_api;
};

} // namespace

class tst_api_rights : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ApiBar> m_api;

    std::string pairingCode()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga", "*"));
        return m_api->send(Method::Post, "/v1/events/ABC/pairings", organiser, R"({"role":"display"})").member("code");
    }

    /// What is wrong with the answer that \a caller gets; nothing when all is well.
    std::string complaint(const Row &row, std::size_t caller)
    {
        People people(*m_api);
        const std::string order =
            row.order ? m_api->bar.orderIn(*row.order, people.owner, people.barista).id.text() : "";
        const auto filled = [&](std::string text) {
            text = replaced(std::move(text), "{order}", order);
            text = replaced(std::move(text), "{owner}", people.owner.id.text());
            text = replaced(std::move(text), "{code}", m_api->bar.code());
            return text.find("{pairing}") == std::string::npos ? text
                                                               : replaced(std::move(text), "{pairing}", pairingCode());
        };
        ApiRequest request{row.method, filled(row.target), people.token(caller)};
        if (!row.body.empty())
            request.body = filled(row.body);
        const std::string before = m_api->everything();
        const ApiAnswer answer = m_api->call(request);

        static const std::map<int, std::string> problems{
            {401, "401 unauthenticated"}, {403, "403 forbidden"}, {404, "404 not-found"}};
        const int expected = row.expected[caller];
        std::string outcome = expected == 401 && caller == 1 ? "401 token-expired" : std::to_string(expected);
        if (const auto problem = problems.find(expected); problem != problems.end() && outcome.size() == 3)
            outcome = problem->second;
        if (answer.outcome() != outcome)
            return std::string(callers[caller]) + " gets " + answer.outcome() + " instead of " + outcome;
        if (expected >= 400 && m_api->everything() != before)
            return std::string(callers[caller]) + " was refused, and yet something changed";
        return {};
    }

private Q_SLOTS:
    void init() { m_api = std::make_unique<ApiBar>(); }
    void cleanup() { m_api.reset(); }

    void everyRouteKnowsWhoMayUseIt_data()
    {
        QTest::addColumn<std::size_t>("row");
        for (std::size_t i = 0; i < rights().size(); ++i)
            QTest::newRow(rights()[i].name) << i;
    }

    void everyRouteKnowsWhoMayUseIt()
    {
        QFETCH(std::size_t, row);
        std::string complaints;
        for (std::size_t caller = 0; caller < callers.size(); ++caller) {
            (void)m_api->bar.setState(true);
            if (const std::string wrong = complaint(rights()[row], caller); !wrong.empty())
                complaints += wrong + "; ";
        }
        QCOMPARE(complaints, std::string());
    }

    void anOrderThatDoesNotExistIsNotFoundByAnybody_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("an id that nobody has") << QByteArray("018f0000-0000-7000-8000-000000000000");
        QTest::newRow("no id at all") << QByteArray("7");
        QTest::newRow("SQL") << QByteArray("'%20OR%20'1'%3D'1");
        QTest::newRow("a pattern") << QByteArray("%25");
    }

    void anOrderThatDoesNotExistIsNotFoundByAnybody()
    {
        QFETCH(QByteArray, id);
        (void)m_api->bar.orderIn(Started, m_api->enrol(Role::Customer, "Ada"), m_api->enrol(Role::Barista, "Bo"));
        const std::string barista = m_api->tokenOf(m_api->enrol(Role::Barista, "Bo"));
        for (const Row &row : rights()) {
            if (!row.order || row.target.find("{order}") == std::string::npos)
                continue;
            ApiRequest request{row.method, replaced(row.target, "{order}", id.toStdString()), barista};
            if (!row.body.empty())
                request.body = row.body;
            QCOMPARE(m_api->call(request).outcome(), std::string("404 not-found"));
        }
    }

    void whatIsNotThereIsNotFound()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga", "*"));
        const std::string customer = m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"));
        const std::string nothing = "404 not-found";
        QCOMPARE(m_api->get("/v1/events/NOPE").outcome(), nothing);
        QCOMPARE(m_api->get("/v1/events/NOPE/orders", organiser).outcome(), nothing);
        QCOMPARE(m_api->send(Method::Post, "/v1/events/NOPE/orders", customer, R"({"code":"x"})").outcome(), nothing);
        QCOMPARE(m_api->send(Method::Put, "/v1/events/NOPE/state", organiser, R"({"open":true})").outcome(), nothing);
        QCOMPARE(m_api->send(Method::Patch, "/v1/events/ABC/menu/mate", organiser, "{}").outcome(), nothing);
        QCOMPARE(m_api->send(Method::Post, "/v1/events/NOPE/pairings", organiser, R"({"role":"kiosk"})").outcome(),
                 nothing);
        QCOMPARE(m_api->send(Method::Post, "/v1/auth/revoke", organiser, R"({"user":"nobody"})").outcome(), nothing);
        QCOMPARE(m_api->get("/v1/orders", organiser).outcome(), nothing);
    }

    void aCodeOpensNoOtherEvent()
    {
        const std::string visitor = m_api->tokenOf(m_api->enrol(Role::Customer, "Xi", "XYZ"));
        const std::string body = "{\"code\":\"" + m_api->bar.code() + "\"}";
        const std::string before = m_api->everything();
        QCOMPARE(m_api->send(Method::Post, "/v1/events/XYZ/orders", visitor, body).outcome(),
                 std::string("422 invalid-code /code"));
        QCOMPARE(m_api->everything(), before);
    }

    void onlyItsKioskLetsGuestsIntoAnEventThatWantsNone()
    {
        domain::Event event = ApiBar::roomyEvent();
        event.guestsAllowed = false;
        m_api = std::make_unique<ApiBar>(event);
        const auto guestBy = [&](const std::string &token) {
            return m_api->send(Method::Post, "/v1/auth/guest", token, R"({"event":"ABC","name":"Ada"})").outcome();
        };
        QCOMPARE(guestBy({}), std::string("403 forbidden"));
        QCOMPARE(guestBy(m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"))), std::string("403 forbidden"));
        QCOMPARE(guestBy(m_api->tokenOf(m_api->enrol(Role::Kiosk, "K", "XYZ"))), std::string("403 forbidden"));
        QCOMPARE(guestBy(m_api->tokenOf(m_api->enrol(Role::Kiosk, "K"))), std::string("201"));
    }

    void aGuestIsAlwaysACustomerOfTheEventThatWasAsked()
    {
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga", "*"));
        const ApiAnswer answer =
            m_api->send(Method::Post, "/v1/auth/guest", organiser, R"({"event":"ABC","name":"Ada"})");
        const Actor guest = m_api->bar.accounts.authenticate(answer.member("token")).value();
        QCOMPARE(std::string(toText(guest.role)), std::string("customer"));
        QCOMPARE(guest.event.text(), std::string("ABC"));
    }

    void aRevokedTokenOpensNothing()
    {
        const Actor barista = m_api->enrol(Role::Barista, "Bo");
        const std::string token = m_api->tokenOf(barista);
        QCOMPARE(m_api->get("/v1/events/ABC/orders", token).outcome(), std::string("200"));
        QCOMPARE(m_api->call({Method::Post, "/v1/auth/revoke", token}).status(), 204);
        QCOMPARE(m_api->get("/v1/events/ABC/orders", token).outcome(), std::string("401 unauthenticated"));
        QCOMPARE(m_api->call({Method::Post, "/v1/auth/refresh", token}).outcome(), std::string("401 unauthenticated"));
        QCOMPARE(m_api->get("/v1/events/ABC", token).status(), 200);
    }

    void listsHoldOnlyWhatIsOnesOwn()
    {
        const Actor ada = m_api->enrol(Role::Customer, "Ada");
        (void)m_api->bar.orderIn(Submitted, ada, ada);
        const ApiAnswer own = m_api->get("/v1/me/orders", m_api->tokenOf(ada));
        QCOMPARE(own.json().at("orders").as_array().size(), std::size_t(1));
        const ApiAnswer others = m_api->get("/v1/me/orders", m_api->tokenOf(m_api->enrol(Role::Customer, "Eve")));
        QCOMPARE(others.member("orders"), std::string("[]"));
        const std::string organiser = m_api->tokenOf(m_api->enrol(Role::Organiser, "Olga", "*"));
        QCOMPARE(m_api->get("/v1/events/XYZ/orders", organiser).member("orders"), std::string("[]"));
    }

    void onlyTheBaristaWhoClaimedAnOrderReleasesIt()
    {
        const Actor bo = m_api->enrol(Role::Barista, "Bo");
        const std::string other = m_api->tokenOf(m_api->enrol(Role::Barista, "Cy"));
        const OrderView order = m_api->bar.orderIn(Making, m_api->enrol(Role::Customer, "Ada"), bo);
        const std::string path = "/v1/orders/" + order.id.text();
        const ApiAnswer claim = m_api->call({Method::Post, path + "/claim", other});
        QCOMPARE(claim.outcome(), std::string("409 wrong-state"));
        QCOMPARE(claim.member("state"), std::string("making"));
        QCOMPARE(m_api->call({Method::Post, path + "/release", other}).outcome(), std::string("409 wrong-state"));
        QCOMPARE(m_api->call({Method::Post, path + "/take-over", other}).status(), 200);
        QCOMPARE(m_api->call({Method::Post, path + "/release", other}).status(), 200);
    }

    void aTokenIsTakenOnlyAsOneBearer_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("behind");
        QTest::addColumn<int>("status");
        QTest::newRow("as it should be") << QByteArray("Bearer ") << QByteArray() << 200;
        QTest::newRow("in any case") << QByteArray("bEARER ") << QByteArray() << 200;
        QTest::newRow("no scheme") << QByteArray() << QByteArray() << 401;
        QTest::newRow("another scheme") << QByteArray("Basic ") << QByteArray() << 401;
        QTest::newRow("something behind it") << QByteArray("Bearer ") << QByteArray(" x") << 401;
        QTest::newRow("a fourth part") << QByteArray("Bearer ") << QByteArray(".x") << 401;
    }

    void aTokenIsTakenOnlyAsOneBearer()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, behind);
        QFETCH(int, status);
        const std::string token = m_api->tokenOf(m_api->enrol(Role::Customer, "Ada"));
        ApiRequest request{.target = "/v1/me/orders"};
        request.headers = {{"Authorization", before.toStdString() + token + behind.toStdString()}};
        QCOMPARE(m_api->call(request).status(), status);
        request.headers.push_back(request.headers.front());
        QCOMPARE(m_api->call(request).status(), 401);
    }
};

QTEST_GUILESS_MAIN(tst_api_rights)
#include "tst_api_rights.moc"
