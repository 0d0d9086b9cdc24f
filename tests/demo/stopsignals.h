// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace brewline::demo {

/// Keeps SIGINT and SIGTERM from ending the program at once, so that it can put away what it started. One instance a
/// process, made before any thread is, and in the thread with the event loop.
class StopSignals : public QObject {
    Q_OBJECT
public:
    StopSignals();
    ~StopSignals() override;

    /// Whether a signal has come.
    [[nodiscard]] bool isStopRequested() const { return m_requested; }

    /// For event loops other than Qt's: readable when a signal has come; then call read().
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    void read();

    /// To be called in a new process before its program runs: signals that are blocked here would stay so there.
    static void unblockInChild();

Q_SIGNALS:
    void stopRequested();

private:
    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_requested = false;
};

} // namespace brewline::demo
