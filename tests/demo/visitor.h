// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/restclient.h"
#include "demo/listener.h"
#include "demo/script.h"

#include <optional>

namespace brewline::demo {

/// A visitor who plays one part of the script: scans, chooses, and from then on does what the messages give reason to.
class Visitor : public QObject {
    Q_OBJECT
public:
    Visitor(const Part &part, Account account, const EventId &event, const QUrl &server);

    /// Stands before the screen that shows \a code.
    void arrive(const std::string &code);

    [[nodiscard]] const Part &part() const { return m_part; }
    [[nodiscard]] Listener &listener() { return m_listener; }
    [[nodiscard]] const Listener &listener() const { return m_listener; }
    [[nodiscard]] const std::vector<std::string> &problems() const { return m_problems; }
    [[nodiscard]] bool hasLeft() const { return m_left; }

Q_SIGNALS:
    /// The next one can come to the screen.
    void steppedAside();
    /// Stands at the counter for the cup of \a order.
    void wantsCup(const brewline::OrderView &order);
    /// Stands at the counter and is not content with \a order.
    void wantsItAgain(const brewline::OrderView &order);
    void left();

private:
    using Continue = std::function<void(const Result<boost::json::value> &)>;

    /// Wraps the end of a call: until it no message is reacted to.
    client::RestClient::Done afterCall(Continue then);
    void scan(const std::string &code, Continue then);
    void mistype();
    void tapTwice();
    void findNoTokenLeft();
    void noteScan(const Result<boost::json::value> &answer);
    void choose();
    void submit(const std::vector<std::string> &options, Continue then);
    void cancel();
    void react();
    void react(const OrderView &order);
    void complain(const std::string &what);
    void expect(const Result<boost::json::value> &answer, ErrorCode code, std::string_view pointer);
    void stepAside();
    void leave();
    [[nodiscard]] QString orderPath(const QString &rest) const;

    Part m_part;
    EventId m_event;
    client::RestClient m_backend;
    Listener m_listener;
    std::string m_code;
    std::optional<OrderId> m_order;
    int m_calls = 0; ///< under way
    std::int64_t m_reactedTo = 0;
    bool m_complained = false;
    bool m_aside = false;
    bool m_left = false;
    std::vector<std::string> m_problems;
};

} // namespace brewline::demo
