// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/restclient.h"
#include "core/result.h"
#include "core/time.h"

#include <QEventLoop>
#include <QObject>

#include <functional>

namespace brewline::demo {

class StopSignals;

/// Lets the event loop run until something has happened, the patience is over or the user wants to stop.
class Wait {
public:
    explicit Wait(const StopSignals &signals);

    /// What is waited for has happened. May come before forAtMost().
    void finish();

    /// Whether finish() was called in time.
    bool forAtMost(Milliseconds patience);

private:
    const StopSignals &m_signals;
    QEventLoop m_loop;
    bool m_finished = false;
};

/// Makes the call \a start to the backend and waits for its answer.
Result<boost::json::value> await(const StopSignals &signals,
                                 const std::function<void(client::RestClient::Done)> &start);

} // namespace brewline::demo
