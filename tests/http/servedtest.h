// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/rawclient.h"
#include "http/server.h"

#include <QObject>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brewline::test {

/// Responders that a handler keeps until a test lets them go.
class Shelf {
public:
    void put(http::Responder responder)
    {
        const std::lock_guard lock(m_mutex);
        m_responders.push_back(std::move(responder));
        m_filled.notify_all();
    }
    /// Waits until \a count lie there, and takes all.
    std::vector<http::Responder> take(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, std::chrono::seconds(10), [&] { return m_responders.size() >= count; });
        return std::exchange(m_responders, {});
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<http::Responder> m_responders;
};

http::Response text(std::string body);

inline const std::string getHello = "GET /hello HTTP/1.1\r\nHost: booth\r\n\r\n";

/// A test with a server on a free port of this machine, whose routes behave well and badly.
class ServedTest : public QObject {
protected:
    /// Starts the server anew, with \a limits.
    void serve(const http::Limits &limits);
    void endServer();
    /// The answer to \a request, sent on a connection of its own.
    [[nodiscard]] Answer ask(std::string_view request) const;

    std::unique_ptr<Shelf> m_shelf;
    const SystemClock m_clock;
    std::unique_ptr<http::Server> m_server;
    std::uint16_t m_port = 0;
    std::atomic<int> m_echoes = 0;

private:
    http::Router routes();
};

} // namespace brewline::test
