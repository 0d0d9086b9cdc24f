// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/scheduler.h"

#include "core/logging.h"

#include <algorithm>

namespace brewline::service {

namespace {

using namespace std::chrono_literals;

constexpr auto cleanUpInterval = 1h;
/// A burst of changes is looked at once; deadlines are whole seconds, so nobody notices.
constexpr auto settling = 50ms;
/// After a look that failed, and as the longest sleep: a timer that sleeps for days would drift.
constexpr auto retry = 1s;
constexpr auto longestSleep = 60s;

} // namespace

Scheduler::Scheduler(application::Timekeeper &timekeeper, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_timekeeper(timekeeper)
    , m_clock(clock)
{
    m_alarm.setSingleShot(true);
    m_alarm.setTimerType(Qt::PreciseTimer);
    connect(&m_alarm, &QTimer::timeout, this, &Scheduler::look);
    m_heart.setInterval(heartbeat);
    connect(&m_heart, &QTimer::timeout, this, [this] { m_timekeeper.beat([](Result<bool>) {}); });
    m_broom.setInterval(cleanUpInterval);
    connect(&m_broom, &QTimer::timeout, this, [this] { m_timekeeper.cleanUp(); });
}

void Scheduler::start()
{
    m_running = true;
    m_heart.start();
    m_broom.start();
    m_timekeeper.cleanUp();
    look();
}

void Scheduler::stop()
{
    m_running = false;
    m_alarm.stop();
    m_heart.stop();
    m_broom.stop();
}

void Scheduler::noteDeadlinesChanged()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_lookAgain = m_looking;
            if (m_running && !m_looking && (!m_alarm.isActive() || m_alarm.remainingTimeAsDuration() > settling))
                m_alarm.start(settling);
        },
        Qt::QueuedConnection);
}

void Scheduler::look()
{
    if (!m_running || m_looking)
        return;
    m_looking = true;
    m_timekeeper.runDue([this](Result<std::optional<Timestamp>> next) {
        QMetaObject::invokeMethod(
            this,
            [this, next = std::move(next)] {
                m_looking = false;
                if (!m_running)
                    return;
                if (!next)
                    qCWarning(lcService, "Deadlines cannot be looked at now: %s", next.error().detail.c_str());
                if (m_lookAgain)
                    m_alarm.start(settling);
                else if (!next)
                    m_alarm.start(retry);
                else
                    sleepUntil(*next);
                m_lookAgain = false;
            },
            Qt::QueuedConnection);
    });
}

void Scheduler::sleepUntil(std::optional<Timestamp> next)
{
    if (!next)
        return;
    m_alarm.start(std::clamp<Milliseconds>(*next - m_clock.now(), 0ms, longestSleep));
}

} // namespace brewline::service
