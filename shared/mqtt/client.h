// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mqtt/message.h"

#include <QObject>
#include <QString>

#include <memory>
#include <string>

namespace brewline::mqtt {

/// A connection to an MQTT 5 broker, driven by the event loop of the thread it lives in; nothing blocks.
///
/// Signals are emitted from the event loop, never from inside a call to the client, so a slot may call any member and
/// may even destroy the client. After disconnected() or connectFailed() everything unacknowledged is forgotten and the
/// owner decides when to connect again (see Backoff).
///
/// Reason codes are those of MQTT 5 (0 = good, >= 0x80 = refused), or LocalFailure when there is no answer of a broker.
class Client : public QObject {
    Q_OBJECT
public:
    static constexpr int LocalFailure = -1;   ///< network, name look-up or time-out; the text tells more
    static constexpr int NotConnected = -1;   ///< publish(): there is no connection
    static constexpr int InvalidMessage = -2; ///< publish(): topic or payload cannot be sent

    using QObject::QObject;

    /// Connects afresh; a connection or attempt under way is dropped without a signal.
    /// Ends in connected() or connectFailed().
    virtual void connectToBroker(const ConnectOptions &options) = 0;

    /// Takes leave of the broker, which then publishes no last will. What is unacknowledged is forgotten at once: no
    /// answer and no message follows, only disconnected(0) when there was a connection. An attempt under way ends
    /// without a signal.
    virtual void disconnectFromBroker() = 0;

    [[nodiscard]] virtual bool isConnected() const = 0;

    /// Asks for the messages of \a filter at most at \a qos; answered by subscribed(). Without a connection it does
    /// nothing.
    virtual void subscribe(const std::string &filter, int qos) = 0;
    virtual void unsubscribe(const std::string &filter) = 0;

    /// Sends \a message and returns its positive id, or NotConnected or InvalidMessage.
    /// QoS 1 messages leave in the order of the calls, as many at once as the broker takes; the others wait here, in
    /// a queue without bound: keep the number of unanswered ids in hand. QoS 0 is handed to the network at once.
    virtual int publish(const Message &message) = 0;

Q_SIGNALS:
    void connected();
    void connectFailed(int reasonCode, const QString &text);
    void disconnected(int reasonCode, const QString &reason);
    void messageReceived(const brewline::mqtt::Message &message);
    /// The broker answered for the QoS 1 message \a packetId; with \a reasonCode >= 0x80 it was *not* accepted.
    void published(int packetId, int reasonCode);
    /// \a reasonCode is the granted QoS, or >= 0x80 when the broker refused.
    void subscribed(const std::string &filter, int reasonCode);
};

/// The client of the MQTT library that this build uses.
std::unique_ptr<Client> makeClient();

} // namespace brewline::mqtt
