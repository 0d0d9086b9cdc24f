// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/booth.h"
#include "e2e/listener.h"
#include "e2e/programs.h"
#include "messaging/tokens.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <set>

using namespace brewline;
using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

using Names = QStringList;

/// The names of the members of \a object, sorted.
Names namesOf(const json::object &object)
{
    Names names;
    for (const auto &member : object)
        names.append(QString::fromUtf8(member.key().data(), qsizetype(member.key().size())));
    names.sort();
    return names;
}

Names sorted(const QString &words)
{
    Names names = words.split(u' ');
    names.sort();
    return names;
}

const QString orderNames =
    u"id event number state item itemName icon options name note createdAt submittedAt claimedAt "
    "completedAt endedAt deadline reason userId barista baristaId uncollected sequence position"_s;
const QString boardOrderNames =
    u"id event number state item itemName icon options name createdAt submittedAt claimedAt "
    "completedAt endedAt deadline sequence position"_s;

bool isTime(const json::object &object, std::string_view name)
{
    static const QRegularExpression rfc3339(u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"_s);
    return rfc3339.match(QString::fromStdString(textOf(object, name))).hasMatch();
}

/// Whether \a answer is the problem \a word as RFC 9457 has it.
bool isProblem(const Answer &answer, int status, const std::string &word)
{
    const json::object problem = answer.json();
    const auto type = answer.headers.find("content-type");
    const bool good = answer.status == status && type != answer.headers.end() &&
                      type->second == "application/problem+json" &&
                      textOf(problem, "type") == "urn:brewline:problem:" + word && !textOf(problem, "title").empty() &&
                      numberOf(problem, "status") == status;
    if (!good)
        qWarning("Not the problem %s: %d %s", word.c_str(), answer.status, answer.body.c_str());
    return good;
}

constexpr int notAuthorized = 0x87;
constexpr int firstRefusal = 0x80;

} // namespace

class TestOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readyLineAndFilesTellWhereItServes();
    void eventIsShownToEverybody();
    void orderGoesFromCodeToCollectedCup();
    void eachAudienceHearsItsView();
    void sequencesHaveNoGap();
    void customerMayReadThreeTopicsAndPublishNothing();
    void nobodyMayReadTopicsOfOtherAudiences_data();
    void nobodyMayReadTopicsOfOtherAudiences();
    void wildcardAndSharedSubscriptionsAreRefused_data();
    void wildcardAndSharedSubscriptionsAreRefused();
    void badTokensAreRefused_data();
    void badTokensAreRefused();
    void foreignOrdersAreNotFound();
    void pulseBeats();

private:
    std::string ctlPair(const QString &role);
    Person paired(const QString &role);
    QByteArray tokenKey();

    std::unique_ptr<Booth> m_booth;
    Person m_display;
    Person m_barista;
    Person m_extension;
    Person m_ada;
    std::unique_ptr<Listener> m_staff = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_board = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_bus = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_user = std::make_unique<Listener>();
    std::string m_order;
};

std::string TestOrder::ctlPair(const QString &role)
{
    const Ended ended = ctl(m_booth->backend().folder(), {u"pair"_s, u"--event"_s, u"ABC"_s, u"--role"_s, role});
    return ended.status == 0 ? ended.output.trimmed().toStdString() : std::string();
}

Person TestOrder::paired(const QString &role)
{
    const Answer answer =
        m_booth->as({})->post("/v1/auth/pair", json::object{{"code", ctlPair(role)}, {"device", role.toStdString()}});
    const json::object session = answer.json();
    if (answer.status != 201)
        return {};
    return {textOf(session.at("user").as_object(), "id"), textOf(session, "token")};
}

QByteArray TestOrder::tokenKey()
{
    QFile file(m_booth->backend().file(u"token.key"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestOrder::initTestCase()
{
    m_booth = std::make_unique<Booth>();
    QVERIFY(m_booth->backend().start());
}

void TestOrder::readyLineAndFilesTellWhereItServes()
{
    BackendProcess &backend = m_booth->backend();
    const json::object line = backend.readyLine();
    QCOMPARE(namesOf(line), sorted(u"ready http mqtt"_s));
    QCOMPARE(textOf(line, "http"), "http://127.0.0.1:" + std::to_string(backend.httpPort()));
    QCOMPARE(textOf(line, "mqtt"), "mqtt://127.0.0.1:" + std::to_string(backend.mqttPort()));
    QFile description(backend.file(u"backend.json"_s));
    QVERIFY(description.open(QIODevice::ReadOnly));
    QCOMPARE(description.readAll().trimmed().toStdString(), json::serialize(line));
    const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    for (const QString &name : {u"organiser.token"_s, u"token.key"_s, u"brewline.db"_s})
        QCOMPARE(QFile::permissions(backend.file(name)), ownerOnly);
}

void TestOrder::eventIsShownToEverybody()
{
    const Answer answer = m_booth->as({})->get("/v1/events/ABC");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.headers.contains("date"));
    QVERIFY(answer.headers.contains("etag"));
    const json::object event = answer.json();
    QCOMPARE(namesOf(event),
             sorted(u"id name language timezone open paused reason reopensAt full serverTime round menu "
                    "limits estimate queue mqtt"_s));
    QCOMPARE(textOf(event, "id"), "ABC");
    QVERIFY(isTime(event, "serverTime"));
    QCOMPARE(event.at("open"), json::value(false));
    QCOMPARE(event.at("round"), json::value(nullptr));
    QCOMPARE(event.at("estimate"), json::value(nullptr));
    QCOMPARE(event.at("mqtt"), json::value({{"port", m_booth->backend().mqttPort()}, {"tls", false}}));
    QCOMPARE(namesOf(event.at("limits").as_object()),
             sorted(u"maxOrdersInQueue maxOrdersPerUser drinksPerCode codeSeconds customerTimeoutSeconds "
                    "baristaTimeoutSeconds"_s));
    const json::object latte = event.at("menu").as_array().at(1).as_object();
    QCOMPARE(namesOf(latte), sorted(u"id name names description allergens icon available stock optionGroups"_s));
    const json::object group = latte.at("optionGroups").as_array().at(0).as_object();
    QCOMPARE(namesOf(group), sorted(u"id name names required max choices"_s));
    QCOMPARE(namesOf(group.at("choices").as_array().at(0).as_object()), sorted(u"id name names"_s));
    const Answer again = m_booth->as({})->get("/v1/events/ABC", {{"If-None-Match", answer.headers.at("etag")}});
    QCOMPARE(again.status, 304);
    QVERIFY(isProblem(m_booth->as({})->get("/v1/events/XYZ"), 404, "not-found"));
}

void TestOrder::orderGoesFromCodeToCollectedCup()
{
    m_display = paired(u"display"_s);
    m_barista = paired(u"barista"_s);
    m_extension = paired(u"extension"_s);
    QVERIFY(!m_display.token.empty() && !m_barista.token.empty() && !m_extension.token.empty());
    const std::uint16_t port = m_booth->backend().mqttPort();
    QVERIFY(m_staff->connect(port, m_barista));
    QCOMPARE(m_staff->subscribe("brewline/ABC/staff"), 1);
    QVERIFY(m_board->connect(port, m_display));
    QCOMPARE(m_board->subscribe("brewline/ABC/board"), 1);
    QVERIFY(m_bus->connect(port, m_extension));
    QCOMPARE(m_bus->subscribe("brewline/ABC/bus/#"), 1);

    const auto display = m_booth->as(m_display);
    const auto barista = m_booth->as(m_barista);
    const Answer guestAnswer = m_booth->as({})->post("/v1/auth/guest", json::object{{"event", "ABC"}, {"name", "Ada"}});
    QCOMPARE(guestAnswer.status, 201);
    const json::object session = guestAnswer.json();
    QCOMPARE(namesOf(session), sorted(u"token expiresAt user"_s));
    QVERIFY(isTime(session, "expiresAt"));
    const json::object user = session.at("user").as_object();
    QCOMPARE(namesOf(user), sorted(u"id name role event"_s));
    QCOMPARE(textOf(user, "name"), "Ada");
    QCOMPARE(textOf(user, "role"), "customer");
    m_ada = {textOf(user, "id"), textOf(session, "token")};
    const auto ada = m_booth->as(m_ada);
    QVERIFY(m_user->connect(port, m_ada));
    QCOMPARE(m_user->subscribe("brewline/ABC/user/" + m_ada.id), 1);

    const Answer codeAnswer = display->get("/v1/events/ABC/code");
    QCOMPARE(codeAnswer.status, 200);
    const json::object code = codeAnswer.json();
    QCOMPARE(namesOf(code), sorted(u"code url tokensLeft tokensTotal startsAt endsAt serverTime"_s));
    QCOMPARE(numberOf(code, "tokensLeft"), 10);
    QCOMPARE(numberOf(code, "tokensTotal"), 10);
    QVERIFY(isTime(code, "startsAt") && isTime(code, "endsAt"));
    const std::string text = textOf(code, "code");
    QCOMPARE(textOf(code, "url"), "HTTP://127.0.0.1:" + std::to_string(m_booth->backend().httpPort()) + "/O/" + text);
    for (const std::string &path :
         {"/o/" + text, "/O/" + text, "/o/" + QString::fromStdString(text).toLower().toStdString()}) {
        const Answer page = m_booth->as({})->get(path);
        QCOMPARE(page.status, 200);
        QVERIFY(page.headers.at("content-type").starts_with("text/html"));
    }

    const json::object scanBody{{"code", text}};
    QVERIFY(isProblem(ada->post("/v1/events/ABC/orders", scanBody), 409, "shop-closed"));
    QCOMPARE(ctl(m_booth->backend().folder(), {u"open"_s, u"ABC"_s}).status, 0);

    const Answer scanned = ada->post("/v1/events/ABC/orders", scanBody);
    QCOMPARE(scanned.status, 201);
    json::object order = scanned.json();
    m_order = textOf(order, "id");
    QCOMPARE(namesOf(order), sorted(orderNames));
    QCOMPARE(textOf(order, "event"), "ABC");
    QCOMPARE(textOf(order, "state"), "started");
    QCOMPARE(textOf(order, "userId"), m_ada.id);
    QCOMPARE(textOf(order, "name"), "Ada");
    QCOMPARE(order.at("number"), json::value(nullptr));
    QCOMPARE(order.at("item"), json::value(nullptr));
    QCOMPARE(order.at("options"), json::value(json::array()));
    QCOMPARE(numberOf(order, "sequence"), 1);
    QVERIFY(isTime(order, "createdAt") && isTime(order, "deadline"));
    QCOMPARE(numberOf(display->get("/v1/events/ABC/code").json(), "tokensLeft"), 9);
    QVERIFY(isProblem(ada->post("/v1/events/ABC/orders", scanBody), 409, "order-already-open"));
    QVERIFY(
        isProblem(m_booth->as(m_booth->guest("Eve"))->post("/v1/events/ABC/orders", json::object{{"code", "WRONG"}}),
                  422, "invalid-code"));

    const std::string path = "/v1/orders/" + m_order;
    QVERIFY(isProblem(ada->put(path + "/drink", json::object{{"item", "beer"}}), 422, "invalid-field"));
    QCOMPARE(textOf(ada->put(path + "/drink", json::object{{"item", "beer"}}).json(), "pointer"), "/item");
    QVERIFY(
        isProblem(ada->put(path + "/drink", json::object{{"item", "latte"}, {"size", "big"}}), 422, "invalid-field"));
    const json::object drink{{"item", "latte"}, {"options", json::array{"oat"}}, {"name", "Ada L"}};
    const Answer submitted = ada->put(path + "/drink", drink);
    QCOMPARE(submitted.status, 200);
    order = submitted.json();
    QCOMPARE(textOf(order, "state"), "submitted");
    QCOMPARE(numberOf(order, "number"), 1);
    QCOMPARE(numberOf(order, "position"), 1);
    QCOMPARE(textOf(order, "item"), "latte");
    QCOMPARE(order.at("options"), json::value(json::array{"oat"}));
    QCOMPARE(textOf(order, "name"), "Ada L");
    QVERIFY(isTime(order, "submittedAt"));
    QCOMPARE(numberOf(order, "sequence"), 2);
    QCOMPARE(ada->put(path + "/drink", drink).status, 200);
    QVERIFY(isProblem(ada->put(path + "/drink", json::object{{"item", "espresso"}}), 409, "wrong-state"));

    QVERIFY(isProblem(ada->post(path + "/claim"), 403, "forbidden"));
    order = barista->post(path + "/claim").json();
    QCOMPARE(textOf(order, "state"), "making");
    QCOMPARE(textOf(order, "barista"), "barista");
    QCOMPARE(textOf(order, "baristaId"), m_barista.id);
    QVERIFY(isTime(order, "claimedAt"));
    order = barista->post(path + "/complete").json();
    QCOMPARE(textOf(order, "state"), "ready");
    QVERIFY(isTime(order, "completedAt"));
    QCOMPARE(order.at("position"), json::value(nullptr));
    order = ada->post(path + "/collect").json();
    QCOMPARE(textOf(order, "state"), "collected");
    QVERIFY(isTime(order, "endedAt"));
    QCOMPARE(order.at("uncollected"), json::value(false));
    QCOMPARE(numberOf(order, "sequence"), 5);
    QVERIFY(isProblem(barista->post(path + "/recall"), 409, "wrong-state"));

    QCOMPARE(json::serialize(ada->get(path).json()), json::serialize(order));
    QCOMPARE(namesOf(display->get(path).json()), sorted(boardOrderNames));
    const json::object page = ada->get("/v1/me/orders").json();
    QCOMPARE(namesOf(page), sorted(u"orders next serverTime"_s));
    // The scan at the closed bar is remembered, too.
    std::set<std::string> states;
    for (const json::value &mine : page.at("orders").as_array())
        states.insert(textOf(mine.as_object(), "state"));
    QCOMPARE(page.at("orders").as_array().size(), std::size_t(2));
    QVERIFY(states == (std::set<std::string>{"collected", "refused"}));
    QVERIFY(isProblem(ada->get("/v1/events/ABC/orders"), 403, "forbidden"));
    const Ended listed = ctl(m_booth->backend().folder(), {u"orders"_s, u"ABC"_s});
    QCOMPARE(listed.status, 0);
    QVERIFY(listed.output.contains(u"collected"_s) && listed.output.contains(u"Ada L"_s));
}

void TestOrder::eachAudienceHearsItsView()
{
    for (Listener *listener : {m_staff.get(), m_board.get(), m_user.get(), m_bus.get()})
        QVERIFY(listener->hearsOf(m_order, "collected"));
    const auto ofOrder = [&](const Heard &heard) { return textOf(heard.order(), "id") == m_order; };
    for (const Listener *listener : {m_staff.get(), m_user.get(), m_bus.get()}) {
        for (const Heard &heard : listener->heard()) {
            if (!ofOrder(heard))
                continue;
            QCOMPARE(namesOf(heard.json),
                     sorted(u"version id detail-type source account time region resources stream detail"_s));
            QCOMPARE(textOf(heard.json, "version"), "0");
            QCOMPARE(textOf(heard.json, "source"), "brewline");
            QVERIFY(isTime(heard.json, "time"));
            QCOMPARE(namesOf(heard.order()), sorted(orderNames));
            QCOMPARE(textOf(heard.detail(), "eventId"), "ABC");
            QCOMPARE(textOf(heard.detail(), "userId"), m_ada.id);
        }
    }
    for (const Heard &heard : m_board->heard()) {
        const QByteArray text = QByteArray::fromStdString(json::serialize(heard.json));
        QVERIFY(!text.contains(m_ada.id.c_str()));
        QVERIFY(!text.contains("Ada")); // this event shows no names
        QVERIFY(!text.contains(textOf(m_booth->as(m_display)->get("/v1/events/ABC/code").json(), "code").c_str()));
        if (ofOrder(heard))
            QCOMPARE(namesOf(heard.order()), sorted(boardOrderNames));
    }
    QStringList types;
    for (const Heard &heard : m_bus->heard()) {
        if (ofOrder(heard)) {
            QCOMPARE(heard.topic, "brewline/ABC/bus/" + heard.type());
            types.append(QString::fromStdString(heard.type()));
        }
    }
    QCOMPARE(types.join(u' '),
             u"Validator.NewOrder OrderProcessor.WorkflowStarted OrderProcessor.WaitingProduction "
             "OrderManager.WaitingCompletion OrderManager.MakeOrder OrderManager.OrderCompleted "
             "QueueService.OrderCompleted OrderManager.OrderCollected OrderProcessor.OrderFinished"_s);
    const auto last = std::find_if(m_bus->heard().rbegin(), m_bus->heard().rend(), ofOrder);
    const json::object classic = last->detail().at("drinkOrder").as_object();
    QCOMPARE(namesOf(classic), sorted(u"userId drink modifiers icon"_s));
    QCOMPARE(numberOf(last->detail(), "orderNumber"), 1);
}

void TestOrder::sequencesHaveNoGap()
{
    const std::vector<std::int64_t> expected{1, 2, 3, 4, 5};
    QCOMPARE(m_staff->sequences("brewline/ABC/staff", m_order), expected);
    QCOMPARE(m_board->sequences("brewline/ABC/board", m_order), expected);
    QCOMPARE(m_user->sequences("brewline/ABC/user/" + m_ada.id, m_order), expected);
}

void TestOrder::customerMayReadThreeTopicsAndPublishNothing()
{
    Listener customer;
    QVERIFY(customer.connect(m_booth->backend().mqttPort(), m_ada));
    for (const std::string &topic : {std::string("shop"), std::string("pulse"), "user/" + m_ada.id})
        QCOMPARE(customer.subscribe("brewline/ABC/" + topic), 1);
    QVERIFY(customer.hears([](const Heard &heard) {
        return heard.retained && heard.topic == "brewline/ABC/shop" && heard.type() == "ConfigService.ConfigChanged" &&
               heard.detail().at("open") == json::value(true);
    }));
    for (const std::string &topic :
         {std::string("shop"), std::string("pulse"), std::string("board"), std::string("staff"), "user/" + m_ada.id,
          "presence/" + m_ada.id, std::string("bus/Validator.NewOrder")})
        QCOMPARE(customer.publish("brewline/ABC/" + topic, "{}"), notAuthorized);
    QCOMPARE(customer.publish("$CONTROL/brewline/v1", R"({"revoke":["x"]})"), notAuthorized);
    QVERIFY(customer.isConnected());
}

void TestOrder::nobodyMayReadTopicsOfOtherAudiences_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("topic");
    const auto row = [](const char *role, const char *topic) {
        QTest::addRow("%s %s", role, topic) << QString::fromLatin1(role) << QString::fromLatin1(topic);
    };
    for (const char *topic : {"board", "staff", "user/somebody", "bus/Validator.NewOrder", "presence/somebody"})
        row("customer", topic);
    for (const char *topic : {"staff", "user/somebody", "bus/Validator.NewOrder"})
        row("display", topic);
    for (const char *topic : {"user/somebody", "bus/Validator.NewOrder"})
        row("barista", topic);
    for (const char *topic : {"staff", "board", "user/somebody"})
        row("extension", topic);
}

void TestOrder::nobodyMayReadTopicsOfOtherAudiences()
{
    QFETCH(const QString, role);
    QFETCH(const QString, topic);
    const Person person = role == u"customer"_s  ? m_ada
                          : role == u"display"_s ? m_display
                          : role == u"barista"_s ? m_barista
                                                 : m_extension;
    Listener listener;
    QVERIFY(listener.connect(m_booth->backend().mqttPort(), person));
    QCOMPARE(listener.subscribe("brewline/ABC/" + topic.toStdString()), notAuthorized);
    QCOMPARE(listener.subscribe("brewline/XYZ/shop"), notAuthorized);
}

void TestOrder::wildcardAndSharedSubscriptionsAreRefused_data()
{
    QTest::addColumn<QString>("filter");
    for (const char *filter :
         {"#", "+/#", "brewline/#", "brewline/ABC/#", "brewline/+/shop", "brewline/ABC/+", "brewline/ABC/user/+",
          "$share/g/brewline/ABC/shop", "$share/g/#", "$SYS/#", "$CONTROL/#", "brewline/ABC/shop/#"})
        QTest::addRow("%s", filter) << QString::fromLatin1(filter);
}

void TestOrder::wildcardAndSharedSubscriptionsAreRefused()
{
    QFETCH(const QString, filter);
    Listener customer;
    QVERIFY(customer.connect(m_booth->backend().mqttPort(), m_ada));
    QVERIFY(customer.subscribe(filter.toStdString()) >= firstRefusal);
}

void TestOrder::badTokensAreRefused_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("problem");
    const std::string sub = m_ada.id;
    const std::vector<std::string> topics{"brewline/ABC/shop"};
    brewline::brokerauth::Key key{};
    const QByteArray bytes = tokenKey();
    QCOMPARE(bytes.size(), qsizetype(key.size()));
    std::copy(bytes.begin(), bytes.end(), key.begin());
    const auto row = [](const char *name, const std::string &token, const char *problem = "unauthenticated") {
        QTest::addRow("%s", name) << QString::fromStdString(token) << QString::fromLatin1(problem);
    };
    const std::int64_t later = test::nowInSeconds() + 3600;
    row("forged", test::makeToken({sub, {}, topics, later, JWT_ALG_HS256, test::foreignKey()}));
    row("expired", test::makeToken({sub, {}, topics, test::nowInSeconds() - 2, JWT_ALG_HS256, key}), "token-expired");
    row("signed with HS384", test::makeToken({sub, {}, topics, later, JWT_ALG_HS384, key}));
    row("signed with HS512", test::makeToken({sub, {}, topics, later, JWT_ALG_HS512, key}));
    row("not signed", test::makeToken({sub, {}, topics, later, JWT_ALG_NONE, key}));
    row("cut", m_ada.token.substr(0, m_ada.token.rfind('.')));
    row("garbage", "garbage");
    // Another's claims under the customer's own signature.
    row("claims exchanged",
        m_barista.token.substr(0, m_barista.token.rfind('.')) + m_ada.token.substr(m_ada.token.rfind('.')));
    row("empty signature", m_ada.token.substr(0, m_ada.token.rfind('.') + 1));
}

void TestOrder::badTokensAreRefused()
{
    QFETCH(const QString, token);
    QFETCH(const QString, problem);
    const Person impostor{m_ada.id, token.toStdString()};
    const auto client = m_booth->as(impostor);
    QVERIFY(isProblem(client->get("/v1/me/orders"), 401, problem.toStdString()));
    QVERIFY(isProblem(client->post("/v1/events/ABC/orders", json::object{{"code", "x"}}), 401, problem.toStdString()));
    Listener listener;
    QVERIFY(!listener.connect(m_booth->backend().mqttPort(), impostor));
    QVERIFY(listener.lastReason() >= firstRefusal);
}

void TestOrder::foreignOrdersAreNotFound()
{
    const auto eve = m_booth->as(m_booth->guest("Eve"));
    const std::string path = "/v1/orders/" + m_order;
    QVERIFY(isProblem(eve->get(path), 404, "not-found"));
    QVERIFY(isProblem(eve->put(path + "/drink", json::object{{"item", "espresso"}}), 404, "not-found"));
    for (const char *action : {"claim", "take-over", "release", "complete", "recall", "collect", "cancel"})
        QVERIFY(isProblem(eve->post(path + '/' + action), 404, "not-found"));
    QVERIFY(isProblem(m_booth->as({})->get(path), 401, "unauthenticated"));
    QVERIFY(isProblem(m_booth->as(m_display)->post(path + "/collect"), 403, "forbidden"));
    // Under another user name a good token opens nothing at the broker either.
    Listener listener;
    QVERIFY(!listener.connect(m_booth->backend().mqttPort(), {m_barista.id, m_ada.token}));
}

void TestOrder::pulseBeats()
{
    Listener listener;
    QVERIFY(listener.connect(m_booth->backend().mqttPort(), m_ada));
    QCOMPARE(listener.subscribe("brewline/ABC/pulse"), 1);
    std::int64_t newest = 0;
    for (const Heard &heard : m_staff->heard())
        newest = std::max(newest, numberOf(heard.json, "stream"));
    QVERIFY(listener.hears([newest](const Heard &heard) {
        return !heard.retained && isTime(heard.json, "serverTime") &&
               numberOf(heard.json.at("streams").as_object(), "staff") == newest;
    }));
}

QTEST_GUILESS_MAIN(TestOrder)
#include "tst_e2e_order.moc"
