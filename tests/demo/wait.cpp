// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/wait.h"

#include "demo/stopsignals.h"

#include <QTimer>

#include <memory>
#include <optional>

namespace brewline::demo {

namespace {

// Longer than the client's own patience, so that its explanation arrives.
constexpr auto longestCall = std::chrono::seconds(15);

} // namespace

Wait::Wait(const StopSignals &signals)
    : m_signals(signals)
{
    QObject::connect(&signals, &StopSignals::stopRequested, &m_loop, &QEventLoop::quit);
}

void Wait::finish()
{
    m_finished = true;
    m_loop.quit();
}

bool Wait::forAtMost(Milliseconds patience)
{
    if (!m_finished && !m_signals.isStopRequested()) {
        QTimer::singleShot(patience, &m_loop, &QEventLoop::quit);
        m_loop.exec();
    }
    return m_finished;
}

Result<boost::json::value> await(const StopSignals &signals, const std::function<void(client::RestClient::Done)> &start)
{
    struct Call {
        explicit Call(const StopSignals &stop)
            : wait(stop)
        {
        }
        Wait wait;
        std::optional<Result<boost::json::value>> answer;
    };
    // Shared, as the answer may come after nobody waits for it any more.
    const auto call = std::make_shared<Call>(signals);
    start([call](Result<boost::json::value> answer) {
        call->answer = std::move(answer);
        call->wait.finish();
    });
    if (!call->wait.forAtMost(longestCall))
        return failure(ErrorCode::Unreachable, signals.isStopRequested() ? "Stopped." : "The backend does not answer.");
    return *std::move(call->answer);
}

} // namespace brewline::demo
