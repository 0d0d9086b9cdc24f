// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mqtt/message.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

struct mosquitto;

namespace brewline::mqtt {

/// What the broker or the network did; numbers as in MQTT 5 unless noted.
struct ConnectAnswer {
    int reasonCode = 0;
    int receiveMaximum = 65535; ///< QoS 1 messages the broker takes before it has acknowledged one
};
struct PublishAnswer {
    int mid = 0;
    int reasonCode = 0;
};
struct SubscribeAnswer {
    int mid = 0;
    int reasonCode = 0;
};
struct ConnectionLost {
    int reasonCode = 0; ///< >= 0x80: the broker's; else Client::LocalFailure
    std::string reason;
};
using MosquittoEvent = std::variant<ConnectAnswer, PublishAnswer, SubscribeAnswer, ConnectionLost, Message>;

/// One libmosquitto handle for one connection.
///
/// The library's callbacks run inside its own functions, where nearly nothing may be called; they are therefore only
/// noted here as events, to be taken after the call. No other thread is involved.
class MosquittoConnection {
public:
    explicit MosquittoConnection(const ConnectOptions &options);
    ~MosquittoConnection();
    MosquittoConnection(const MosquittoConnection &) = delete;
    MosquittoConnection &operator=(const MosquittoConnection &) = delete;

    /// Starts to connect to an address (not a name: the library's look-up blocks).
    /// Empty, or what prevented it.
    [[nodiscard]] std::string open(const std::string &address, std::uint16_t port, Seconds keepAlive);

    [[nodiscard]] int socket() const; ///< -1 when there is none (any more)
    [[nodiscard]] bool wantsToWrite() const;
    void read();
    void write();
    /// Keep-alive; to be called about once a second.
    void tick();

    /// Return a value of `mosq_err_t`; \a mid is set on success.
    int publish(const Message &message, int &mid);
    int subscribe(const std::string &filter, int qos, int &mid);
    int unsubscribe(const std::string &filter);
    void sayGoodbye();

    [[nodiscard]] std::vector<MosquittoEvent> takeEvents();

private:
    struct Deleter {
        void operator()(mosquitto *handle) const;
    };

    void installCallbacks();

    std::unique_ptr<mosquitto, Deleter> m_handle;
    std::vector<MosquittoEvent> m_events;
};

} // namespace brewline::mqtt
