// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contracts/orderview.h"
#include "demo/staging.h"
#include "mqtt/client.h"

#include <QObject>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace brewline::demo {

/// One change of an order, as a message told of it.
struct HeardChange {
    OrderView order;
    Timestamp time; ///< when it happened
};

/// All changes of one order that a listener heard of, in the order in which the messages came.
using Story = std::vector<HeardChange>;

/// Hears what is said at the broker about orders, in one topic, and that the bar closes. It takes nothing for granted:
/// what is missing, repeated, in a wrong order or cannot be read is noted.
class Listener : public QObject {
    Q_OBJECT
public:
    Listener(Account account, EventId event, std::string topic);

    /// Ends in listening() or failed().
    void start(const Address &address);

    [[nodiscard]] const Account &account() const { return m_account; }
    [[nodiscard]] const std::map<OrderId, Story> &stories() const { return m_stories; }
    [[nodiscard]] const std::vector<std::string> &faults() const { return m_faults; }
    [[nodiscard]] bool hasHeardOpening() const { return m_heardOpening; }
    [[nodiscard]] bool hasHeardClosing() const { return m_heardClosing; }
    /// Messages about orders so far.
    [[nodiscard]] int messages() const { return m_messages; }

Q_SIGNALS:
    void listening();
    void failed(const QString &sentence);
    void orderChanged(const brewline::OrderView &order);
    void closingHeard();

private:
    void subscribed(const std::string &filter, int reasonCode);
    void receive(const mqtt::Message &message);
    void receiveShop(const boost::json::object &detail);
    void receiveOrder(const boost::json::object &order, Timestamp time);
    void note(std::string fault);

    Account m_account;
    EventId m_event;
    std::string m_topic;
    std::unique_ptr<mqtt::Client> m_client;
    int m_granted = 0;
    int m_messages = 0;
    bool m_heardOpening = false;
    bool m_heardClosing = false;
    std::map<OrderId, Story> m_stories;
    std::vector<std::string> m_faults;
};

} // namespace brewline::demo
