// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "messaging/brokerconfiguration.h"
#include "mqtt/backoff.h"

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include <cstdint>
#include <memory>

class QTcpSocket;

namespace brewline::messaging {

/// Runs a mosquitto of the backend's own: starts it, starts it again when it dies (on the same port), and ends it.
///
/// Must be made and used on the main thread: the kernel kills the broker as soon as the *thread* that started it ends,
/// which is how the broker never outlives the backend, whatever kills that. Nothing blocks, except the destructor for
/// the moment it takes to kill a broker that still runs.
class ManagedBroker final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY(ManagedBroker)
public:
    /// InvalidConfiguration when mosquitto, its plugin or the address are not usable. \a clock and \a random must
    /// outlive the broker.
    static Result<std::unique_ptr<ManagedBroker>> create(BrokerOptions options, const Clock &clock, Random &random);
    ~ManagedBroker() override;

    /// Starts the broker; ends in ready(), or failed() when it cannot start.
    void start();

    /// Ends the broker (SIGTERM, after 2 s SIGKILL) and stopped() follows.
    void stop();

    /// Where it listens; 0 before the first ready() when the port was left to be chosen.
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] qint64 processId() const; ///< 0 when it does not run

Q_SIGNALS:
    /// It serves: after the first start and again after each restart. Retained messages and revocations of before are
    /// gone then.
    void ready(quint16 port);
    /// It died and will be started again.
    void died();
    /// The first start failed; \a sentence says why and what to do. It is not tried again.
    void failed(const QString &sentence);
    void stopped();

private:
    enum class State { Stopped, Starting, Running, Waiting, Stopping };

    ManagedBroker(BrokerOptions options, const Clock &clock, Random &random);

    void launch();
    void readLog();
    void noteLine(const QString &line);
    void probe();
    void becomeReady();
    void ended();
    void startFailed(const QString &sentence);
    void restartLater();
    [[nodiscard]] QString reasonOfEnd() const;

    BrokerOptions m_options;
    const Clock &m_clock;
    mqtt::Backoff m_backoff;
    State m_state = State::Stopped;
    bool m_choosesPort = false;
    int m_portsTried = 0;
    bool m_hasServed = false;
    QProcess m_process;
    QString m_complaint; // the last error the broker wrote
    std::unique_ptr<QTcpSocket> m_probe;
    QElapsedTimer m_servingSince;
    QTimer m_restartTimer;
    QTimer m_startTimeout;
    QTimer m_killTimer;
};

} // namespace brewline::messaging
