// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/booth.h"
#include "e2e/crowd.h"
#include "e2e/listener.h"
#include "e2e/plainbroker.h"
#include "e2e/programs.h"

#include <boost/json/array.hpp>

#include <QTest>

#include <algorithm>
#include <random>

using namespace brewline::e2e;
using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr int visitors = 8;
constexpr int manyTokens = 1'000'000;
constexpr int fewTokens = 300;

int killsAsked()
{
    bool isNumber = false;
    const int kills = qEnvironmentVariableIntValue("BREWLINE_KILLS", &isNumber);
    return isNumber ? kills : 50;
}

/// How far an order has come.
int rank(const std::string &state)
{
    const QStringList states{u"started"_s, u"submitted"_s, u"making"_s, u"ready"_s};
    return int(states.indexOf(QString::fromStdString(state)));
}

/// What the messages of one audience told of each order: sequences, and in which detail-types.
class Audience {
public:
    void hear(const Heard &heard)
    {
        const json::object order = heard.detail();
        const std::string id = textOf(order, "orderId");
        if (id.empty())
            return;
        std::int64_t &known = m_known[id];
        const std::int64_t sequence = numberOf(order, "sequence");
        if (sequence > known + 1)
            m_gaps.append(
                QString::fromStdString(id + ": " + std::to_string(sequence) + " after " + std::to_string(known)));
        known = std::max(known, sequence);
    }

    [[nodiscard]] std::int64_t known(const std::string &id) const
    {
        const auto found = m_known.find(id);
        return found == m_known.end() ? 0 : found->second;
    }
    [[nodiscard]] QStringList gaps() const { return m_gaps; }

private:
    std::map<std::string, std::int64_t> m_known;
    QStringList m_gaps;
};

std::vector<json::object> ordersOf(const Booth &booth, const std::string &event)
{
    const auto client = booth.as(booth.organiser());
    std::vector<json::object> orders;
    std::string after;
    do {
        const json::object page =
            client->get("/v1/events/" + event + "/orders?limit=200" + (after.empty() ? "" : "&after=" + after)).json();
        for (const json::value &order : page.at("orders").as_array())
            orders.push_back(order.as_object());
        after = textOf(page, "next");
    } while (!after.empty());
    return orders;
}

} // namespace

class TestKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingAcknowledgedIsEverLost();
    void brokerNeverOutlivesItsBackend();

private:
    int between(int low, int high) { return std::uniform_int_distribution(low, high)(m_random); }
    void compare(const Booth &booth, const Knowledge &known);

    std::mt19937 m_random;
};

void TestKill::initTestCase()
{
    const QByteArray given = qgetenv("BREWLINE_SEED");
    const unsigned seed = given.isEmpty() ? std::random_device()() : given.toUInt();
    qInfo("Seed: BREWLINE_SEED=%u", seed);
    m_random.seed(seed);
}

/// Whether the backend has all that it acknowledged, and nothing twice.
void TestKill::compare(const Booth &booth, const Knowledge &known)
{
    std::map<std::string, json::object> stored;
    std::vector<std::int64_t> numbers;
    std::size_t normalOrders = 0;
    std::size_t limitedOrders = 0;
    for (const std::string &event : {std::string("ABC"), std::string("FEW")}) {
        for (const json::object &order : ordersOf(booth, event)) {
            stored[textOf(order, "id")] = order;
            ++(event == "ABC" ? normalOrders : limitedOrders);
            if (event == "ABC" && numberOf(order, "number") > 0)
                numbers.push_back(numberOf(order, "number"));
        }
    }
    for (const auto &[id, acknowledged] : known.orders) {
        const auto found = stored.find(id);
        QVERIFY2(found != stored.end(), id.c_str());
        QVERIFY(numberOf(found->second, "sequence") >= acknowledged.sequence);
        QVERIFY(rank(textOf(found->second, "state")) >= rank(acknowledged.state));
        QCOMPARE(numberOf(found->second, "number"), acknowledged.number);
    }
    QCOMPARE(normalOrders, known.scans.size());
    QCOMPARE(limitedOrders, std::size_t(known.limitedOrders));
    std::sort(numbers.begin(), numbers.end());
    QCOMPARE(numbers.size(), normalOrders);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        QCOMPARE(numbers[i], std::int64_t(i + 1));
    const auto tokensLeft = [&](const std::string &event) {
        return numberOf(booth.as({})->get("/v1/events/" + event).json().at("round").as_object(), "tokensLeft");
    };
    QCOMPARE(tokensLeft("ABC"), std::int64_t(manyTokens - normalOrders));
    QCOMPARE(tokensLeft("FEW"), std::int64_t(fewTokens - limitedOrders));
    QVERIFY(limitedOrders <= std::size_t(fewTokens));
}

void TestKill::nothingAcknowledgedIsEverLost()
{
    // A broker that lives on, and with it a subscriber: what it misses was never published.
    PlainBroker broker;
    QVERIFY(broker.start());
    const EventLimits many{.maxOrdersInQueue = manyTokens, .drinksPerCode = manyTokens, .codeSeconds = 86'400};
    EventLimits few = many;
    few.drinksPerCode = fewTokens;
    Booth booth(many);
    booth.addEvent("FEW", few);
    BackendProcess &backend = booth.backend();
    backend.setOption(u"--broker"_s, broker.url());
    QVERIFY(booth.open());

    Listener listener;
    Audience staff;
    Audience board;
    std::map<std::string, Audience> bus;
    std::map<std::pair<std::string, std::int64_t>, std::set<std::string>> promised;
    std::map<std::pair<std::string, std::int64_t>, std::set<std::string>> told;
    listener.handOver([&](const Heard &heard) {
        const json::object detail = heard.detail();
        const std::pair key(textOf(detail, "orderId"), numberOf(detail, "sequence"));
        if (heard.topic.ends_with("/staff")) {
            staff.hear(heard);
            if (const json::value *types = detail.if_contains("detailTypes")) {
                for (const json::value &type : types->as_array())
                    promised[key].insert(std::string(type.as_string()));
            }
        } else if (heard.topic.ends_with("/board")) {
            board.hear(heard);
        } else if (!key.first.empty()) {
            told[key].insert(heard.topic.substr(heard.topic.rfind('/') + 1));
        }
    });
    QVERIFY(listener.connect(broker.port(), {"listener", {}}));
    for (const char *filter : {"brewline/+/staff", "brewline/+/board", "brewline/+/bus/#"})
        QCOMPARE(listener.subscribe(filter), 1);

    const std::string code = booth.code();
    const std::string limitedCode = booth.code("FEW");
    const std::string barista = booth.pair("barista", "Bo").token;
    Crowd crowd(visitors, {code, limitedCode, barista});
    crowd.moveTo(backend.httpPort());
    const int kills = killsAsked();
    int early = 0;
    for (int i = 0; i < kills; ++i) {
        const bool beforeItServes = i > 0 && between(1, 5) == 1;
        if (i > 0) {
            backend.launch();
            if (beforeItServes) {
                ++early;
                QTest::qWait(between(1, 60));
                backend.kill9();
                continue;
            }
            QVERIFY(backend.waitUntilReady());
            crowd.moveTo(backend.httpPort());
        }
        QTest::qWait(between(1, 400));
        backend.kill9();
    }
    QVERIFY(backend.start());
    crowd.moveTo(backend.httpPort());
    crowd.finish();
    const Knowledge known = crowd.knowledge();
    qInfo("%d kills (%d before it served), %d answered requests, %zu orders", kills, early, known.requests,
          known.orders.size());
    QVERIFY2(known.faults.empty(), known.faults.empty() ? "" : known.faults.front().c_str());
    compare(booth, known);

    for (const auto &[id, acknowledged] : known.orders) {
        QTRY_COMPARE_WITH_TIMEOUT(staff.known(id), numberOf(booth.look(id), "sequence"), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(board.known(id), staff.known(id), 20'000);
    }
    QCOMPARE(staff.gaps(), QStringList());
    QCOMPARE(board.gaps(), QStringList());
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), promised.size(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(told == promised, 20'000);
}

void TestKill::brokerNeverOutlivesItsBackend()
{
    const EventLimits many{.maxOrdersInQueue = manyTokens, .drinksPerCode = manyTokens, .codeSeconds = 86'400};
    EventLimits few = many;
    few.drinksPerCode = fewTokens;
    Booth booth(many);
    booth.addEvent("FEW", few);
    QVERIFY(booth.open());
    BackendProcess &backend = booth.backend();
    const std::string code = booth.code();
    const std::string limitedCode = booth.code("FEW");
    const std::string barista = booth.pair("barista", "Bo").token;
    Crowd crowd(visitors, {code, limitedCode, barista});
    for (int i = 0; i < std::max(1, killsAsked() / 5); ++i) {
        if (i > 0)
            QVERIFY(backend.start());
        crowd.moveTo(backend.httpPort());
        QVERIFY(brokerOf(backend.processId()) != 0);
        QTest::qWait(between(1, 400));
        backend.kill9();
        QTRY_VERIFY_WITH_TIMEOUT(processesWith(backend.folder().toUtf8()).isEmpty(), 2000);
    }
    QVERIFY(backend.start());
    crowd.moveTo(backend.httpPort());
    crowd.finish();
    const Knowledge known = crowd.knowledge();
    QVERIFY2(known.faults.empty(), known.faults.empty() ? "" : known.faults.front().c_str());
    compare(booth, known);
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_e2e_kill.moc"
