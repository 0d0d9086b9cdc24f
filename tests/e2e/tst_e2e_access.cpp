// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/answers.h"
#include "e2e/booth.h"
#include "e2e/listener.h"
#include "messaging/tokens.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace brewline;
using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr int notAuthorized = 0x87;
constexpr int firstRefusal = 0x80;

} // namespace

/// Who may do what with which token, over HTTP and at the broker.
class TestAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void customerMayReadThreeTopicsAndPublishNothing();
    void nobodyMayReadTopicsOfOtherAudiences_data();
    void nobodyMayReadTopicsOfOtherAudiences();
    void wildcardAndSharedSubscriptionsAreRefused_data();
    void wildcardAndSharedSubscriptionsAreRefused();
    void badTokensAreRefused_data();
    void badTokensAreRefused();
    void foreignOrdersAreNotFound();

private:
    QByteArray tokenKey();

    std::unique_ptr<Booth> m_booth;
    Person m_display;
    Person m_barista;
    Person m_extension;
    Person m_ada;
    std::string m_order;
};

void TestAccess::initTestCase()
{
    m_booth = std::make_unique<Booth>();
    QVERIFY(m_booth->open());
    m_display = m_booth->pair("display", "TV");
    m_barista = m_booth->pair("barista", "Bo");
    m_extension = m_booth->pair("extension", "Printer");
    m_ada = m_booth->guest("Ada");
    m_order = textOf(m_booth->submit(m_ada), "id");
    QVERIFY(!m_order.empty());
}

QByteArray TestAccess::tokenKey()
{
    QFile file(m_booth->backend().file(u"token.key"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestAccess::customerMayReadThreeTopicsAndPublishNothing()
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

void TestAccess::nobodyMayReadTopicsOfOtherAudiences_data()
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

void TestAccess::nobodyMayReadTopicsOfOtherAudiences()
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

void TestAccess::wildcardAndSharedSubscriptionsAreRefused_data()
{
    QTest::addColumn<QString>("filter");
    for (const char *filter :
         {"#", "+/#", "brewline/#", "brewline/ABC/#", "brewline/+/shop", "brewline/ABC/+", "brewline/ABC/user/+",
          "$share/g/brewline/ABC/shop", "$share/g/#", "$SYS/#", "$CONTROL/#", "brewline/ABC/shop/#"})
        QTest::addRow("%s", filter) << QString::fromLatin1(filter);
}

void TestAccess::wildcardAndSharedSubscriptionsAreRefused()
{
    QFETCH(const QString, filter);
    Listener customer;
    QVERIFY(customer.connect(m_booth->backend().mqttPort(), m_ada));
    QVERIFY(customer.subscribe(filter.toStdString()) >= firstRefusal);
}

void TestAccess::badTokensAreRefused_data()
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

void TestAccess::badTokensAreRefused()
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

void TestAccess::foreignOrdersAreNotFound()
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

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_e2e_access.moc"
