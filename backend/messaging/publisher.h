// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/eventcatalog.h"
#include "application/eventviews.h"
#include "application/fanout.h"
#include "application/store.h"
#include "core/clock.h"
#include "core/random.h"
#include "mqtt/backoff.h"
#include "mqtt/client.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace brewline::messaging {

/// Brings the outbox to the broker: rows in order, each to all its topics with QoS 1; a row is erased once the broker
/// has acknowledged all its messages. When the connection is lost or a message refused it begins again at the oldest
/// row, so receivers may hear a change twice but never miss one. Puts the retained state of each event again after
/// every connect, and sends the pulse. Lives in the main thread.
class Publisher : public QObject {
    Q_OBJECT
public:
    struct Setup {
        application::Store &store;
        const application::EventCatalog &events;
        const Clock &clock;
        Random &random;
        std::string user;                                                             ///< user name at the broker
        std::function<std::string()> password;                                        ///< a fresh one for each connect
        std::function<std::optional<application::BrokerAddress>()> addressForClients; ///< told in the shop state
        std::function<std::vector<UserId>()> revokedUsers; ///< told to the broker after each connect
    };

    /// What \a setup refers to must outlive the publisher and the store's threads.
    explicit Publisher(Setup setup, QObject *parent = nullptr);
    ~Publisher() override;

    /// Connects to the broker and stays connected until stop(). Calling it again moves to another broker.
    void start(const std::string &host, std::uint16_t port);
    /// Publishes what is left for at most \a grace, then takes leave and emits stopped().
    void stop(Milliseconds grace);

    /// Says that the outbox has grown. Any thread may call.
    void noteOutboxGrew();
    /// Tells the broker to end the connections of \a user. Any thread may call.
    void revoke(const UserId &user);

    [[nodiscard]] bool isConnected() const { return m_connected; }

Q_SIGNALS:
    void connectedChanged(bool connected);
    void stopped();

private:
    struct Row {
        EventId event;
        std::vector<std::string> sharedTopics; ///< "shop", "board", "staff" that hear of it
        int unacknowledged = 0;
    };
    struct Batch {
        std::vector<application::OutboxRecord> rows;
        std::map<EventId, EventView> shops; ///< of events whose shop state is to be sent
    };

    void connectNow();
    void onConnected();
    void onLost(const QString &why);
    void onPublished(int packetId, int reasonCode);
    void pump();
    void take(Result<Batch> batch);
    void publishRow(const application::OutboxRecord &record, const Batch &batch);
    void finishRow(std::int64_t id);
    void eraseFinished();
    void noteStaleShop(const EventId &event);
    void refreshShops();
    void publishShop(const EventView &shop);
    void publishRevocation(const std::vector<UserId> &users);
    void beatPulse();
    void checkDrained();

    Setup m_setup;
    std::unique_ptr<mqtt::Client> m_client;
    mqtt::Backoff m_backoff;
    std::string m_host;
    std::uint16_t m_port = 0;
    bool m_started = false;
    bool m_stopping = false;
    bool m_isGone = false;
    bool m_connected = false;
    std::uint64_t m_epoch = 0; ///< one more with each connection: answers to an older one's questions are dropped

    std::int64_t m_lastRead = 0;
    bool m_reading = false;
    bool m_mayHaveMore = false;                      ///< the outbox may hold rows beyond m_lastRead
    std::map<std::int64_t, Row> m_rows;              ///< published, not acknowledged whole
    std::unordered_map<int, std::int64_t> m_packets; ///< packet id -> row
    std::vector<std::int64_t> m_finished;            ///< acknowledged, not erased yet
    bool m_erasing = false;

    std::map<EventId, application::NewestStreams> m_newest;
    std::set<EventId> m_staleShops;
    std::set<EventId> m_unknownEvents; ///< that were complained about
    QTimer m_retry;
    QTimer m_pump;
    QTimer m_pulse;
    QTimer m_shopRefresh;
    QTimer m_grace;
};

} // namespace brewline::messaging
