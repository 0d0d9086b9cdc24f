// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/timekeeper.h"
#include "core/clock.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace brewline::service {

/// Sleeps until the earliest deadline and lets the timekeeper handle what is due; beats its heart and cleans up now
/// and then. Lives in the main thread.
class Scheduler : public QObject {
    Q_OBJECT
public:
    /// Outages are known as exactly as this.
    static constexpr std::chrono::seconds heartbeat{2};

    /// Both must outlive the scheduler and every call under way.
    Scheduler(application::Timekeeper &timekeeper, const Clock &clock, QObject *parent = nullptr);

    void start();
    void stop();

    /// Says that deadlines were set or moved. Any thread may call.
    void noteDeadlinesChanged();

private:
    void look();
    void sleepUntil(std::optional<Timestamp> next);

    application::Timekeeper &m_timekeeper;
    const Clock &m_clock;
    QTimer m_alarm;
    QTimer m_heart;
    QTimer m_broom;
    bool m_running = false;
    bool m_looking = false;
    bool m_lookAgain = false;
};

} // namespace brewline::service
