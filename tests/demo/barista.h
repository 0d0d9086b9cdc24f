// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/restclient.h"
#include "demo/listener.h"
#include "demo/script.h"

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace brewline::demo {

/// A barista with a tablet: knows of the orders only what is said in the staff topic, makes one drink at a time and
/// tries for the next one as soon as a hand is free. Two of them do not speak with each other: the backend decides.
class Barista : public QObject {
    Q_OBJECT
public:
    Barista(Account account, const EventId &event, const QUrl &server);

    /// Somebody stands at the counter for the cup of \a order.
    void handOut(const OrderView &order);
    /// Somebody brings the cup of \a order back.
    void makeAgain(const OrderView &order);
    /// Closes the bar.
    void closeBar();

    [[nodiscard]] Listener &listener() { return m_listener; }
    [[nodiscard]] const Listener &listener() const { return m_listener; }
    [[nodiscard]] client::RestClient &backend() { return m_backend; }
    [[nodiscard]] const std::vector<std::string> &problems() const { return m_problems; }
    [[nodiscard]] int cupsMade() const { return m_cupsMade; }
    /// How often the other one was faster.
    [[nodiscard]] int timesBeaten() const { return m_timesBeaten; }

private:
    using Then = std::function<void()>;

    void lookForWork();
    [[nodiscard]] const Story *nextToClaim() const;
    [[nodiscard]] const Story *nextToTakeOver() const;
    [[nodiscard]] bool mayTry(const OrderView &order) const;
    void claim(const Story &story);
    void takeOver(const OrderView &order);
    void make(const OrderId &id);
    /// Does something to an order with both hands; \a then comes after it was done.
    void act(const OrderId &id, const QString &action, Then then);
    void beFree();

    EventId m_event;
    client::RestClient m_backend;
    Listener m_listener;
    std::deque<Then> m_atCounter;
    std::map<OrderId, std::int64_t> m_tried; ///< the sequence at which it was tried for; not twice at the same
    std::set<OrderId> m_letGo;               ///< handed back, or left to the other one
    bool m_busy = false;
    int m_cupsMade = 0;
    int m_timesBeaten = 0;
    std::vector<std::string> m_problems;
};

} // namespace brewline::demo
