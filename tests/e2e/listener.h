// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/booth.h"
#include "mqtt/client.h"

#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace brewline::e2e {

/// One message as it came.
struct Heard {
    std::string topic;
    boost::json::object json; ///< empty when the payload is no JSON object
    bool retained = false;

    [[nodiscard]] std::string type() const;           ///< the envelope's detail-type
    [[nodiscard]] boost::json::object detail() const; ///< the envelope's detail
    [[nodiscard]] boost::json::object order() const;  ///< the detail's order
};

/// A client of the broker that keeps what it hears.
class Listener {
public:
    Listener();

    /// Whether the broker let \a person in. Tries once.
    bool connect(std::uint16_t port, const Person &person);
    /// Connects, again and again for 10 s.
    bool reconnect(std::uint16_t port, const Person &person);
    void leave();
    /// The broker's answer: the granted QoS, or >= 0x80 for a refusal; -2 when there was none.
    int subscribe(const std::string &filter);
    /// The broker's answer, 0 for good; -2 when there was none.
    int publish(const std::string &topic, const QByteArray &payload);

    [[nodiscard]] bool isConnected() const { return m_client->isConnected(); }
    [[nodiscard]] int lastReason() const { return m_lastReason; } ///< of the last refused connection
    [[nodiscard]] const std::vector<Heard> &heard() const { return m_heard; }
    void forget() { m_heard.clear(); }
    /// Messages are given to \a handler from now on, instead of being kept.
    void handOver(std::function<void(const Heard &)> handler) { m_handler = std::move(handler); }

    /// Whether a message that \a isWanted has come or comes within 10 s.
    bool hears(const std::function<bool(const Heard &)> &isWanted) const;
    /// Whether the order \a id has been heard of, or is within 10 s, in \a state.
    bool hearsOf(const std::string &id, const std::string &state) const;
    /// The sequences in which messages of \a topic told of order \a id.
    [[nodiscard]] std::vector<std::int64_t> sequences(const std::string &topic, const std::string &id) const;

private:
    std::unique_ptr<mqtt::Client> m_client;
    std::vector<Heard> m_heard;
    std::function<void(const Heard &)> m_handler;
    int m_lastReason = 0;
};

} // namespace brewline::e2e
