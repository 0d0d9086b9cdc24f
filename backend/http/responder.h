// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/response.h"

#include <functional>
#include <memory>

namespace brewline::http {

/// The way back to the client that sent one request. Copies stand for the same answer: the first send() wins, later
/// ones are ignored; when the last copy goes unanswered the client gets a 500, so no request hangs for a mistake.
/// Copies may be used from any thread, and may outlive the connection and the server: then nothing happens.
class Responder {
public:
    using Sink = std::function<void(Response)>;

    /// \a sink gets the answer, exactly once, in the thread that gives it. It must not throw.
    explicit Responder(Sink sink);

    void send(Response response) const;
    [[nodiscard]] bool isAnswered() const;

private:
    class Exchange;
    std::shared_ptr<Exchange> m_exchange;
};

} // namespace brewline::http
