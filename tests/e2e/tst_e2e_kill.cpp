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
constexpr int patience = 20'000;

const EventLimits many{.maxOrdersInQueue = manyTokens, .drinksPerCode = manyTokens, .codeSeconds = 86'400};
const EventLimits few{.maxOrdersInQueue = manyTokens, .drinksPerCode = fewTokens, .codeSeconds = 86'400};

/// The environment variable BREWLINE_KILLS, or 50.
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

/// What the messages of one audience told of each order.
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

/// All that an external broker passes on.
class Hearing {
public:
    void hear(const Heard &heard)
    {
        if (heard.topic.ends_with("/staff")) {
            staff.hear(heard);
            notePromise(heard.detail());
        } else if (heard.topic.ends_with("/board")) {
            board.hear(heard);
        } else if (const Change change = changeOf(heard.detail()); !change.first.empty()) {
            m_told[change].insert(heard.topic.substr(heard.topic.rfind('/') + 1));
        }
    }

    /// Whether the bus had a message of each detail-type that a message to the staff named.
    [[nodiscard]] bool isBusComplete() const { return m_told == m_promised; }

    Audience staff;
    Audience board;

private:
    using Change = std::pair<std::string, std::int64_t>; ///< order and sequence

    static Change changeOf(const json::object &detail)
    {
        return {textOf(detail, "orderId"), numberOf(detail, "sequence")};
    }

    void notePromise(const json::object &detail)
    {
        const json::value *types = detail.if_contains("detailTypes");
        for (const json::value &type : types ? types->as_array() : json::array())
            m_promised[changeOf(detail)].insert(std::string(type.as_string()));
    }

    std::map<Change, std::set<std::string>> m_promised;
    std::map<Change, std::set<std::string>> m_told;
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

/// kill -9 at random moments under load. A run is repeated with the seed that it printed; the moments still differ a
/// little, as the processes do not run in step.
class TestKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingAcknowledgedIsEverLost();
    void brokerNeverOutlivesItsBackend();

private:
    int between(int low, int high) { return std::uniform_int_distribution(low, high)(m_random); }
    void killAgainAndAgain(BackendProcess &backend, Crowd &crowd, int kills);
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

/// Starts and kills it again and again, a fifth of the times before it serves; then lets it serve.
void TestKill::killAgainAndAgain(BackendProcess &backend, Crowd &crowd, int kills)
{
    int early = 0;
    for (int i = 0; i < kills; ++i) {
        backend.launch();
        const bool beforeItServes = between(1, 5) == 1;
        if (beforeItServes) {
            ++early;
            QTest::qWait(between(1, 60));
        } else {
            QVERIFY(backend.waitUntilReady());
            crowd.moveTo(backend.httpPort());
            QTest::qWait(between(1, 400));
        }
        backend.kill9();
        QTRY_VERIFY_WITH_TIMEOUT(processesWith(backend.folder().toUtf8()).isEmpty(), 2000);
    }
    QVERIFY(backend.start());
    crowd.moveTo(backend.httpPort());
    crowd.finish();
    const Knowledge known = crowd.knowledge();
    qInfo("%d kills (%d before it served), %d answered requests, %zu orders", kills, early, known.requests,
          known.orders.size());
    QVERIFY2(known.faults.empty(), known.faults.empty() ? "" : known.faults.front().c_str());
}

void TestKill::nothingAcknowledgedIsEverLost()
{
    // A broker that lives on, and with it a subscriber: what it misses was never published.
    PlainBroker broker;
    QVERIFY(broker.start());
    Booth booth(many);
    booth.addEvent("FEW", few);
    booth.backend().setOption(u"--broker"_s, broker.url());
    QVERIFY(booth.open());
    Listener listener;
    Hearing hearing;
    listener.handOver([&](const Heard &heard) { hearing.hear(heard); });
    QVERIFY(listener.connect(broker.port(), {"listener", {}}));
    for (const char *filter : {"brewline/+/staff", "brewline/+/board", "brewline/+/bus/#"})
        QCOMPARE(listener.subscribe(filter), 1);

    Crowd crowd(visitors, {booth.code(), booth.code("FEW"), booth.pair("barista", "Bo").token});
    booth.backend().kill9();
    killAgainAndAgain(booth.backend(), crowd, killsAsked());
    const Knowledge known = crowd.knowledge();
    compare(booth, known);
    for (const auto &[id, acknowledged] : known.orders) {
        QTRY_COMPARE_WITH_TIMEOUT(hearing.staff.known(id), acknowledged.sequence, patience);
        QTRY_COMPARE_WITH_TIMEOUT(hearing.board.known(id), acknowledged.sequence, patience);
    }
    QTRY_VERIFY_WITH_TIMEOUT(hearing.isBusComplete(), patience);
    QCOMPARE(hearing.staff.gaps(), QStringList());
    QCOMPARE(hearing.board.gaps(), QStringList());
}

void TestKill::brokerNeverOutlivesItsBackend()
{
    Booth booth(many);
    booth.addEvent("FEW", few);
    QVERIFY(booth.open());
    Crowd crowd(visitors, {booth.code(), booth.code("FEW"), booth.pair("barista", "Bo").token});
    booth.backend().kill9();
    killAgainAndAgain(booth.backend(), crowd, std::max(1, killsAsked() / 5));
    compare(booth, crowd.knowledge());
    QVERIFY(brokerOf(booth.backend().processId()) != 0);
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_e2e_kill.moc"
