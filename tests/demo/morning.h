// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/barista.h"
#include "demo/listener.h"
#include "demo/visitor.h"

#include <memory>
#include <vector>

namespace brewline::demo {

class StopSignals;
class Staging;

/// One short morning at the bar: a TV, two baristas, and the visitors of the script, one after the other at the screen
/// and all at once at the counter.
class Morning : public QObject {
    Q_OBJECT
public:
    Morning(const Address &address, EventId event, const StopSignals &signals);
    ~Morning() override;

    /// Lets everybody in, opens the bar, plays the script, closes the bar and waits until everybody has heard of that.
    /// What the visitors met is not judged here. Errors are sentences for the user.
    [[nodiscard]] Result<void> run(const QByteArray &organiserToken);

    [[nodiscard]] const std::vector<std::unique_ptr<Visitor>> &visitors() const { return m_visitors; }
    [[nodiscard]] const std::vector<std::unique_ptr<Barista>> &baristas() const { return m_baristas; }
    [[nodiscard]] const Listener &display() const { return *m_display; }
    /// All orders of the event, as the backend told at the end.
    [[nodiscard]] const std::vector<OrderView> &snapshot() const { return m_snapshot; }

private:
    [[nodiscard]] Result<void> admit(Staging &staging);
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] Result<void> play();
    [[nodiscard]] Result<void> close();
    [[nodiscard]] Result<void> takeSnapshot();
    void addVisitor(const Part &part, const Account &account);
    void nextArrives();
    [[nodiscard]] Barista &makerOf(const OrderView &order);
    [[nodiscard]] std::vector<Listener *> listeners();
    [[nodiscard]] std::string whoIsStillThere() const;
    [[nodiscard]] tl::unexpected<Error> gaveUp(const std::string &sentence) const;

    Address m_address;
    EventId m_event;
    const StopSignals &m_signals;
    std::unique_ptr<Listener> m_display;
    std::vector<std::unique_ptr<Barista>> m_baristas;
    std::vector<std::unique_ptr<Visitor>> m_visitors;
    std::size_t m_arrived = 0;
    std::string m_code;
    QString m_lost; ///< why a connection to the broker ended
    std::vector<OrderView> m_snapshot;
};

} // namespace brewline::demo
