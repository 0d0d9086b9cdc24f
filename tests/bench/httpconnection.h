// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/stream.h"

#include <functional>

namespace brewline::bench {

/// A keep-alive HTTP/1.1 connection with one request at a time. It understands just what the backend sends: answers
/// with Content-Length.
class HttpConnection final : public Stream {
public:
    /// \a status is 0 when the connection ended instead of an answer; \a body is gone after the call.
    using Answer = std::function<void(int status, std::string_view body)>;

    HttpConnection(Poller &poller, Answer answer);

    /// Is answered once, at once when there is no connection any more.
    void send(std::string_view request);

private:
    std::size_t received(std::string_view bytes) override;
    void closed() override;

    Answer m_answer;
    bool m_waiting = false;
};

/// A whole request with a JSON body; \a token is the bearer token.
std::string httpRequest(std::string_view verb, std::string_view path, std::string_view token, std::string_view body,
                        std::string_view idempotencyKey = {});

} // namespace brewline::bench
