// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mqtt/client.h"
#include "mqtt/mosquittoconnection.h"

#include <QSocketNotifier>
#include <QStringList>
#include <QTimer>

#include <cstddef>
#include <deque>
#include <memory>
#include <unordered_map>

namespace brewline::mqtt {

/// Client on libmosquitto, driven by QSocketNotifier. Each connection has a fresh handle of the library, so that
/// nothing of an earlier connection is sent again behind the owner's back.
class MosquittoClient final : public Client {
    Q_OBJECT
    Q_DISABLE_COPY(MosquittoClient)
public:
    explicit MosquittoClient(QObject *parent = nullptr);
    ~MosquittoClient() override;

    void connectToBroker(const ConnectOptions &options) override;
    void disconnectFromBroker() override;
    [[nodiscard]] bool isConnected() const override;
    void subscribe(const std::string &filter, int qos) override;
    void unsubscribe(const std::string &filter) override;
    int publish(const Message &message) override;

private:
    enum class State { Idle, Resolving, Connecting, Connected, Leaving };

    struct Waiting {
        int id = 0;
        Message message;
    };

    /// A notifier may be destroyed inside its own signal only later, but must stop watching at once.
    struct LaterDeleter {
        void operator()(QSocketNotifier *notifier) const;
    };
    using Notifier = std::unique_ptr<QSocketNotifier, LaterDeleter>;

    void resolve();
    void tryNextAddress();
    void watchSocket();
    void readSocket();
    void writeSocket();
    void tick();
    void forgetClosedSocket();

    /// Delivers what the library noted, sends what may be sent and watches for what is missing. May destroy *this.
    void process();
    void scheduleProcess();
    void handle(const ConnectAnswer &answer);
    void handle(const PublishAnswer &answer);
    void handle(const SubscribeAnswer &answer);
    void handle(const ConnectionLost &lost);
    void handle(const Message &message);
    void sendWaiting();
    bool sendOne(const Waiting &waiting);

    void drop();
    void fail(int reasonCode, const QString &text);
    void lose(int reasonCode, const QString &reason);

    State m_state = State::Idle;
    ConnectOptions m_options;
    QStringList m_addresses; // still to be tried
    QString m_lastError;
    int m_lookup = -1;
    std::unique_ptr<MosquittoConnection> m_connection;
    Notifier m_readNotifier;
    Notifier m_writeNotifier;
    QTimer m_ticker;
    QTimer m_leaveTimeout;
    unsigned m_generation = 0; // counts connections, to notice that a slot has ended the one being processed
    bool m_processScheduled = false;

    int m_lastId = 0;
    std::size_t m_window = 0;
    std::deque<Waiting> m_waiting;
    std::unordered_map<int, int> m_inFlight;              // library's 16 bit id -> ours
    std::unordered_map<int, std::string> m_subscriptions; // library's id -> filter, until answered
    std::deque<std::pair<int, int>> m_refusedHere;        // our id, reason: never reached the network
    std::deque<std::pair<std::string, int>> m_badFilters; // filter, reason: never reached the network
};

} // namespace brewline::mqtt
