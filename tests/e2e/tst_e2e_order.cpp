// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/answers.h"
#include "e2e/booth.h"
#include "e2e/listener.h"
#include "e2e/programs.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <QFile>
#include <QTest>

#include <algorithm>
#include <set>

using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

/// Those of \a names that \a object has no member for. More members may come with time, so these are not counted.
QStringList missing(const json::object &object, const QString &names)
{
    QStringList missed;
    for (const QString &name : names.split(u' ')) {
        if (!object.contains(name.toStdString()))
            missed.append(name);
    }
    return missed;
}

const QString orderNames =
    u"id event number state item itemName icon options name note createdAt submittedAt claimedAt "
    "completedAt endedAt deadline reason userId barista baristaId uncollected sequence position"_s;
const QString boardOrderNames =
    u"id event number state item itemName icon options name createdAt submittedAt claimedAt "
    "completedAt endedAt deadline sequence position"_s;

} // namespace

class TestOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readyLineAndFilesTellWhereItServes();
    void eventIsShownToEverybody();
    void devicesArePairedByCtl();
    void guestIsLetIn();
    void displayShowsTheCode();
    void scanStartsAnOrderWhenTheBarIsOpen();
    void drinkIsSubmitted();
    void baristaMakesItAndTheOwnerCollectsIt();
    void listsShowItToWhomItConcerns();
    void eachAudienceHearsItsView();
    void sequencesHaveNoGap();
    void pulseBeats();

private:
    std::string ctlPair(const QString &role);
    Person paired(const QString &role);

    std::unique_ptr<Booth> m_booth;
    Person m_display;
    Person m_barista;
    Person m_extension;
    Person m_ada;
    std::unique_ptr<Listener> m_staff = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_board = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_bus = std::make_unique<Listener>();
    std::unique_ptr<Listener> m_user = std::make_unique<Listener>();
    std::string m_code;
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

void TestOrder::initTestCase()
{
    m_booth = std::make_unique<Booth>();
    QVERIFY(m_booth->backend().start());
}

void TestOrder::readyLineAndFilesTellWhereItServes()
{
    BackendProcess &backend = m_booth->backend();
    const json::object line = backend.readyLine();
    QCOMPARE(missing(line, u"ready http mqtt"_s), QStringList());
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
    QCOMPARE(missing(event, u"id name language timezone open paused reason reopensAt full serverTime round menu "
                            "limits estimate queue mqtt"_s),
             QStringList());
    QCOMPARE(textOf(event, "id"), "ABC");
    QVERIFY(isTime(event, "serverTime"));
    QCOMPARE(event.at("open"), json::value(false));
    QCOMPARE(event.at("round"), json::value(nullptr));
    QCOMPARE(event.at("estimate"), json::value(nullptr));
    QCOMPARE(event.at("mqtt"), json::value({{"port", m_booth->backend().mqttPort()}, {"tls", false}}));
    QCOMPARE(missing(event.at("limits").as_object(),
                     u"maxOrdersInQueue maxOrdersPerUser drinksPerCode codeSeconds customerTimeoutSeconds "
                     "baristaTimeoutSeconds"_s),
             QStringList());
    const json::object latte = event.at("menu").as_array().at(1).as_object();
    QCOMPARE(missing(latte, u"id name names description allergens icon available stock optionGroups"_s), QStringList());
    const json::object group = latte.at("optionGroups").as_array().at(0).as_object();
    QCOMPARE(missing(group, u"id name names required max choices"_s), QStringList());
    QCOMPARE(missing(group.at("choices").as_array().at(0).as_object(), u"id name names"_s), QStringList());
    const Answer again = m_booth->as({})->get("/v1/events/ABC", {{"If-None-Match", answer.headers.at("etag")}});
    QCOMPARE(again.status, 304);
    QVERIFY(isProblem(m_booth->as({})->get("/v1/events/XYZ"), 404, "not-found"));
}

void TestOrder::devicesArePairedByCtl()
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
}

void TestOrder::guestIsLetIn()
{
    const Answer answer = m_booth->as({})->post("/v1/auth/guest", json::object{{"event", "ABC"}, {"name", "Ada"}});
    QCOMPARE(answer.status, 201);
    const json::object session = answer.json();
    QCOMPARE(missing(session, u"token expiresAt user"_s), QStringList());
    QVERIFY(isTime(session, "expiresAt"));
    const json::object user = session.at("user").as_object();
    QCOMPARE(textOf(user, "name"), "Ada");
    QCOMPARE(textOf(user, "role"), "customer");
    m_ada = {textOf(user, "id"), textOf(session, "token")};
    QVERIFY(m_user->connect(m_booth->backend().mqttPort(), m_ada));
    QCOMPARE(m_user->subscribe("brewline/ABC/user/" + m_ada.id), 1);
}

void TestOrder::displayShowsTheCode()
{
    const Answer answer = m_booth->as(m_display)->get("/v1/events/ABC/code");
    QCOMPARE(answer.status, 200);
    const json::object code = answer.json();
    QCOMPARE(numberOf(code, "tokensLeft"), 10);
    QCOMPARE(numberOf(code, "tokensTotal"), 10);
    QVERIFY(isTime(code, "startsAt") && isTime(code, "endsAt") && isTime(code, "serverTime"));
    m_code = textOf(code, "code");
    QCOMPARE(textOf(code, "url"), "HTTP://127.0.0.1:" + std::to_string(m_booth->backend().httpPort()) + "/O/" + m_code);
    const std::string lowerCase = QString::fromStdString(m_code).toLower().toStdString();
    for (const std::string &path : {"/o/" + m_code, "/O/" + m_code, "/o/" + lowerCase}) {
        const Answer page = m_booth->as({})->get(path);
        QCOMPARE(page.status, 200);
        QVERIFY(page.headers.at("content-type").starts_with("text/html"));
    }
    QVERIFY(isProblem(m_booth->as(m_ada)->get("/v1/events/ABC/code"), 403, "forbidden"));
}

void TestOrder::scanStartsAnOrderWhenTheBarIsOpen()
{
    const auto ada = m_booth->as(m_ada);
    const json::object body{{"code", m_code}};
    QVERIFY(isProblem(ada->post("/v1/events/ABC/orders", body), 409, "shop-closed"));
    QCOMPARE(ctl(m_booth->backend().folder(), {u"open"_s, u"ABC"_s}).status, 0);

    const Answer scanned = ada->post("/v1/events/ABC/orders", body);
    QCOMPARE(scanned.status, 201);
    const json::object order = scanned.json();
    m_order = textOf(order, "id");
    QCOMPARE(missing(order, orderNames), QStringList());
    QCOMPARE(textOf(order, "event"), "ABC");
    QCOMPARE(textOf(order, "state"), "started");
    QCOMPARE(textOf(order, "userId"), m_ada.id);
    QCOMPARE(textOf(order, "name"), "Ada");
    QCOMPARE(order.at("number"), json::value(nullptr));
    QCOMPARE(order.at("item"), json::value(nullptr));
    QCOMPARE(order.at("options"), json::value(json::array()));
    QCOMPARE(numberOf(order, "sequence"), 1);
    QVERIFY(isTime(order, "createdAt") && isTime(order, "deadline"));
    QCOMPARE(numberOf(m_booth->as(m_display)->get("/v1/events/ABC/code").json(), "tokensLeft"), 9);
    QVERIFY(isProblem(ada->post("/v1/events/ABC/orders", body), 409, "order-already-open"));
    const auto eve = m_booth->as(m_booth->guest("Eve"));
    QVERIFY(isProblem(eve->post("/v1/events/ABC/orders", json::object{{"code", "WRONG"}}), 422, "invalid-code"));
}

void TestOrder::drinkIsSubmitted()
{
    const auto ada = m_booth->as(m_ada);
    const std::string path = "/v1/orders/" + m_order + "/drink";
    const Answer beer = ada->put(path, json::object{{"item", "beer"}});
    QVERIFY(isProblem(beer, 422, "invalid-field"));
    QCOMPARE(textOf(beer.json(), "pointer"), "/item");
    const Answer unknownField = ada->put(path, json::object{{"item", "latte"}, {"size", "big"}});
    QVERIFY(isProblem(unknownField, 422, "invalid-field"));
    QCOMPARE(textOf(unknownField.json(), "pointer"), "/size");

    const json::object drink{{"item", "latte"}, {"options", json::array{"oat"}}, {"name", "Ada L"}};
    const Answer submitted = ada->put(path, drink);
    QCOMPARE(submitted.status, 200);
    const json::object order = submitted.json();
    QCOMPARE(textOf(order, "state"), "submitted");
    QCOMPARE(numberOf(order, "number"), 1);
    QCOMPARE(numberOf(order, "position"), 1);
    QCOMPARE(textOf(order, "item"), "latte");
    QCOMPARE(order.at("options"), json::value(json::array{"oat"}));
    QCOMPARE(textOf(order, "name"), "Ada L");
    QVERIFY(isTime(order, "submittedAt"));
    QCOMPARE(numberOf(order, "sequence"), 2);
    QCOMPARE(timeless(ada->put(path, drink).json()), timeless(order));
    QVERIFY(isProblem(ada->put(path, json::object{{"item", "espresso"}}), 409, "wrong-state"));
}

void TestOrder::baristaMakesItAndTheOwnerCollectsIt()
{
    const auto ada = m_booth->as(m_ada);
    const auto barista = m_booth->as(m_barista);
    const std::string path = "/v1/orders/" + m_order;
    QVERIFY(isProblem(ada->post(path + "/claim"), 403, "forbidden"));
    json::object order = barista->post(path + "/claim").json();
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
    QCOMPARE(timeless(ada->get(path).json()), timeless(order));
}

void TestOrder::listsShowItToWhomItConcerns()
{
    const json::object shown = m_booth->as(m_display)->get("/v1/orders/" + m_order).json();
    QCOMPARE(missing(shown, boardOrderNames), QStringList());
    for (const char *secret : {"userId", "note", "baristaId"})
        QVERIFY(!shown.contains(secret));
    QCOMPARE(shown.at("name"), json::value(nullptr)); // this event shows no names

    const auto ada = m_booth->as(m_ada);
    const json::object page = ada->get("/v1/me/orders").json();
    QCOMPARE(missing(page, u"orders next serverTime"_s), QStringList());
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
    QVERIFY(
        m_bus->hears([&](const Heard &heard) { return ofOrder(heard) && heard.type().ends_with("OrderFinished"); }));
    for (const Listener *listener : {m_staff.get(), m_user.get(), m_bus.get()}) {
        for (const Heard &heard : listener->heard()) {
            if (!ofOrder(heard))
                continue;
            QCOMPARE(
                missing(heard.json, u"version id detail-type source account time region resources stream detail"_s),
                QStringList());
            QCOMPARE(textOf(heard.json, "version"), "0");
            QCOMPARE(textOf(heard.json, "source"), "brewline");
            QVERIFY(isTime(heard.json, "time"));
            QCOMPARE(missing(heard.order(), orderNames), QStringList());
            QCOMPARE(textOf(heard.detail(), "eventId"), "ABC");
            QCOMPARE(textOf(heard.detail(), "userId"), m_ada.id);
        }
    }
    for (const Heard &heard : m_board->heard()) {
        const QByteArray text = QByteArray::fromStdString(json::serialize(heard.json));
        QVERIFY(!text.contains(m_ada.id.c_str()));
        QVERIFY(!text.contains("Ada"));
        QVERIFY(!text.contains(m_code.c_str()));
        if (ofOrder(heard))
            QCOMPARE(missing(heard.order(), boardOrderNames), QStringList());
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
    QCOMPARE(missing(classic, u"userId drink modifiers icon"_s), QStringList());
    QCOMPARE(numberOf(last->detail(), "orderNumber"), 1);
}

void TestOrder::sequencesHaveNoGap()
{
    const std::vector<std::int64_t> expected{1, 2, 3, 4, 5};
    QCOMPARE(m_staff->sequences("brewline/ABC/staff", m_order), expected);
    QCOMPARE(m_board->sequences("brewline/ABC/board", m_order), expected);
    QCOMPARE(m_user->sequences("brewline/ABC/user/" + m_ada.id, m_order), expected);
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
