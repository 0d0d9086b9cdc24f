// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/topics.h"
#include "core/clock.h"
#include "core/random.h"
#include "messaging/managedbroker.h"
#include "messaging/publisher.h"
#include "messaging/testbroker.h"
#include "messaging/tokens.h"
#include "support/bar.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <boost/json/parse.hpp>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace brewline;
using namespace brewline::test;
using namespace std::chrono_literals;
using domain::OrderState;
using messaging::ManagedBroker;
using messaging::Publisher;

namespace {

constexpr int patience = 15000; // ms

struct Heard {
    std::string topic;
    boost::json::object detail;
    bool retain = false;
};

/// A client that may hear everything and keeps it.
class Listener {
public:
    bool listen(std::uint16_t port, const std::string &filter = "brewline/#")
    {
        QObject::connect(m_client.get(), &mqtt::Client::messageReceived, m_client.get(),
                         [this](const mqtt::Message &it) {
                             const boost::json::value envelope = boost::json::parse(it.payload.toStdString());
                             const boost::json::value *detail = envelope.as_object().if_contains("detail");
                             heard.push_back({it.topic, (detail ? *detail : envelope).as_object(), it.retain});
                         });
        TokenRecipe recipe;
        recipe.sub = "listener";
        recipe.subscribe = {filter};
        return connectAndWait(*m_client, {"127.0.0.1", port, recipe.sub, recipe.sub, makeToken(recipe)}) &&
               subscribeAndWait(*m_client, filter) == 1;
    }

    [[nodiscard]] std::vector<Heard> on(const std::string &topic) const
    {
        std::vector<Heard> result;
        for (const Heard &it : heard) {
            if (it.topic == topic)
                result.push_back(it);
        }
        return result;
    }

    std::vector<Heard> heard;

private:
    std::unique_ptr<mqtt::Client> m_client = mqtt::makeClient();
};

} // namespace

class PublisherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bar = std::make_unique<Bar>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_rights = {"brewline/#", std::string(topics::brokerControl)};
        m_revoked.clear();
        m_publisher = std::make_unique<Publisher>(
            Publisher::Setup{m_bar->store, m_bar->events, m_bar->clock, m_random, "backend",
                             [this] {
                                 TokenRecipe recipe;
                                 recipe.sub = "backend";
                                 recipe.publish = m_rights;
                                 return makeToken(recipe);
                             },
                             [] { return std::optional<application::BrokerAddress>(); }, [this] { return m_revoked; }});
        m_hasStopped = false;
        connect(m_publisher.get(), &Publisher::stopped, this, [this] { m_hasStopped = true; });
        messaging::BrokerOptions options;
        options.folder = brokerFolder();
        options.address = u"127.0.0.1"_s;
        options.key = testKey();
        options.plugin = qEnvironmentVariable("BREWLINE_BIN") + u"/brewline-broker-auth.so"_s;
        auto broker = ManagedBroker::create(options, m_clock, m_random);
        QVERIFY(broker);
        m_broker = std::move(*broker);
        QSignalSpy ready(m_broker.get(), &ManagedBroker::ready);
        m_broker->start();
        QVERIFY(ready.wait(patience));
    }

    void cleanup()
    {
        if (!m_hasStopped) {
            m_publisher->stop(0ms);
            QTRY_VERIFY_WITH_TIMEOUT(m_hasStopped, patience);
        }
        // The store's threads answer in order: after these two nothing of the publisher's is left.
        m_bar->write([](application::Transaction &) {});
        (void)remaining();
        m_publisher.reset();
        m_broker.reset();
        m_bar.reset();
    }

    void eachChangeReachesItsAudiencesAndLeavesTheOutbox()
    {
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        QVERIFY(m_bar->setState(true));
        m_publisher->start("127.0.0.1", m_broker->port());
        const domain::Actor ada = m_bar->actor(Role::Customer, "Ada");
        const OrderView order = m_bar->orderIn(OrderState::Ready, ada, m_bar->actor(Role::Barista, "Bo"));
        m_publisher->noteOutboxGrew();
        QTRY_COMPARE_WITH_TIMEOUT(remaining(), 0U, patience);
        for (const char *audience : {"staff", "board"}) {
            const auto heard = ofOrder(listener, "brewline/ABC/" + std::string(audience), order);
            QVERIFY2(isGapless(heard, order.sequence), audience);
        }
        QVERIFY(isGapless(ofOrder(listener, topics::user(EventId("ABC"), ada.id), order), order.sequence));
    }

    void rowsOfAnOutageFollowInOrder()
    {
        Listener listener;
        QVERIFY(listener.listen(m_broker->port(), "brewline/ABC/board"));
        constexpr int count = 2000; // more than is under way at once, and what the broker queues for a slow subscriber
        appendRows(count);
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_COMPARE_WITH_TIMEOUT(remaining(), 0U, patience);
        QTRY_COMPARE_WITH_TIMEOUT(listener.on("brewline/ABC/board").size(), std::size_t(count), patience);
        const auto heard = listener.on("brewline/ABC/board");
        for (int i = 0; i < count; ++i)
            QCOMPARE(heard[std::size_t(i)].detail.at("n").to_number<int>(), i);
    }

    void brokerKilledInTheMiddleLosesNothing()
    {
        constexpr int count = 15000; // enough to be in the middle when the first are erased
        appendRows(count);
        connect(m_broker.get(), &ManagedBroker::ready, m_publisher.get(),
                [this](quint16 port) { m_publisher->start("127.0.0.1", port); });
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_VERIFY_WITH_TIMEOUT(remaining() < count, patience);
        const std::size_t before = remaining();
        QVERIFY(before > 0);
        QSignalSpy ready(m_broker.get(), &ManagedBroker::ready);
        QVERIFY(QDir(brokerFolder()).removeRecursively());
        ::kill(static_cast<pid_t>(m_broker->processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience);
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        QTRY_COMPARE_WITH_TIMEOUT(remaining(), 0U, patience);
        // The new broker has no memory: the retained state is there because it was published again.
        QTRY_VERIFY_WITH_TIMEOUT(!listener.on("brewline/ABC/shop").empty(), patience);
    }

    void retainedStateIsPutAgainAfterEachConnect()
    {
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_VERIFY_WITH_TIMEOUT(m_publisher->isConnected(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(hasRetainedShop(), patience);
        QSignalSpy ready(m_broker.get(), &ManagedBroker::ready);
        ::kill(static_cast<pid_t>(m_broker->processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(hasRetainedShop(), patience);
    }

    void shopStateFollowsItsChanges()
    {
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        m_publisher->start("127.0.0.1", m_broker->port());
        QVERIFY(m_bar->setState(true));
        m_publisher->noteOutboxGrew();
        QTRY_VERIFY_WITH_TIMEOUT(lastShopIsOpen(listener, true), patience);
        QVERIFY(m_bar->setState(false));
        m_publisher->noteOutboxGrew();
        QTRY_VERIFY_WITH_TIMEOUT(lastShopIsOpen(listener, false), patience);
    }

    void refusedRowIsNotTakenForSent()
    {
        m_rights = {"brewline/ABC/bus/#"}; // not the board
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        appendRows(5);
        QSignalSpy changed(m_publisher.get(), &Publisher::connectedChanged);
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_VERIFY_WITH_TIMEOUT(changed.count() >= 3, patience); // connected, lost, connected again
        QCOMPARE(remaining(), 5U);
        m_rights = {"brewline/#", std::string(topics::brokerControl)};
        QTRY_COMPARE_WITH_TIMEOUT(remaining(), 0U, patience);
        QTRY_COMPARE_WITH_TIMEOUT(listener.on("brewline/ABC/board").size(), 5U, patience);
    }

    void pulseBeatsEveryTwoSeconds()
    {
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_COMPARE_WITH_TIMEOUT(listener.on("brewline/ABC/pulse").size(), 2U, 6000);
        QVERIFY(!listener.on("brewline/ABC/pulse").front().retain);
    }

    void revokedUsersStayOutAfterABrokerRestart()
    {
        m_revoked = {UserId("mallory")};
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_VERIFY_WITH_TIMEOUT(!letsIn("mallory"), patience);
        QSignalSpy ready(m_broker.get(), &ManagedBroker::ready);
        ::kill(static_cast<pid_t>(m_broker->processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_publisher->isConnected(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!letsIn("mallory"), patience);
        QVERIFY(letsIn("ada"));
        m_publisher->revoke(UserId("ada"));
        QTRY_VERIFY_WITH_TIMEOUT(!letsIn("ada"), patience);
    }

    void stopPublishesWhatIsLeft()
    {
        Listener listener;
        QVERIFY(listener.listen(m_broker->port()));
        m_publisher->start("127.0.0.1", m_broker->port());
        QTRY_VERIFY_WITH_TIMEOUT(m_publisher->isConnected(), patience);
        appendRows(500);
        m_publisher->noteOutboxGrew();
        QSignalSpy stopped(m_publisher.get(), &Publisher::stopped);
        QCoreApplication::processEvents();
        m_publisher->stop(10s);
        QVERIFY(stopped.wait(patience));
        QCOMPARE(remaining(), 0U);
        QTRY_COMPARE_WITH_TIMEOUT(listener.on("brewline/ABC/board").size(), 500U, patience);
    }

private:
    [[nodiscard]] QString brokerFolder() const { return m_folder->filePath(u"broker"_s); }

    std::size_t remaining()
    {
        return m_bar->ask<std::size_t>([](application::Reader &reader) { return reader.outbox(0, 100000).size(); });
    }

    /// Rows that the bus and the board hear, numbered from 0.
    void appendRows(int count)
    {
        m_bar->write([count, now = m_bar->clock.now()](application::Transaction &transaction) {
            for (int i = 0; i < count; ++i) {
                application::OutboxRecord row;
                row.event = EventId("ABC");
                row.kind = application::OutboxKind::CodeChanged;
                row.body = "{\"n\":" + std::to_string(i) + "}";
                row.time = now;
                transaction.appendOutbox(row);
            }
        });
    }

    static std::vector<Heard> ofOrder(const Listener &listener, const std::string &topic, const OrderView &order)
    {
        std::vector<Heard> result;
        for (Heard &it : listener.on(topic)) {
            const auto *id = it.detail.if_contains("orderId");
            if (id && id->as_string() == order.id.text())
                result.push_back(std::move(it));
        }
        return result;
    }

    /// Whether \a heard are the changes 1, 2, ... up to \a last of one order.
    static bool isGapless(const std::vector<Heard> &heard, std::int64_t last)
    {
        std::int64_t expected = 1;
        for (const Heard &it : heard) {
            if (it.detail.at("sequence").to_number<std::int64_t>() != expected++)
                return false;
        }
        return expected == last + 1;
    }

    bool hasRetainedShop()
    {
        Listener late;
        if (!late.listen(m_broker->port()))
            return false;
        return QTest::qWaitFor(
            [&] {
                const auto shops = late.on("brewline/ABC/shop");
                return !shops.empty() && shops.front().retain;
            },
            200);
    }

    static bool lastShopIsOpen(const Listener &listener, bool open)
    {
        const auto shops = listener.on("brewline/ABC/shop");
        if (shops.empty())
            return false;
        return shops.back().detail.at("open").as_bool() == open;
    }

    bool letsIn(const std::string &sub)
    {
        TokenRecipe recipe;
        recipe.sub = sub;
        auto client = mqtt::makeClient();
        return connectAndWait(*client, {"127.0.0.1", m_broker->port(), sub, sub, makeToken(recipe)});
    }

    SystemClock m_clock;
    SystemRandom m_random;
    std::vector<std::string> m_rights;
    std::vector<UserId> m_revoked;
    bool m_hasStopped = false;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Bar> m_bar;
    std::unique_ptr<ManagedBroker> m_broker;
    std::unique_ptr<Publisher> m_publisher;
};

QTEST_GUILESS_MAIN(PublisherTest)
#include "tst_publisher.moc"
