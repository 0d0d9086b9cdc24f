// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "http/limits.h"
#include "http/router.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace brewline::http {

class Connection;

/// What all workers of a server share.
struct Site {
    Site(Limits theLimits, Router theRouter, const Clock &theClock);

    /// A connection is gone; wakes waitUntilEmpty() after the last.
    void leave();
    bool waitUntilEmpty(std::chrono::milliseconds patience);

    const Limits limits;
    const Router router;
    const Clock &clock; ///< for Date, which must agree with the times in bodies
    std::atomic<std::size_t> connectionLimit;
    std::atomic<std::size_t> open = 0; ///< connections accepted and not closed yet
    std::atomic<bool> stopping = false;

private:
    std::mutex m_mutex;
    std::condition_variable m_empty;
};

/// One io thread's share of the server: its connections never leave it, so they need no locks. Only post() and
/// adopt() may be called from other threads.
///
/// Deadlines are swept a few times per shortest timeout rather than kept as a timer per request: at thousands of
/// requests a second a timer each costs more than the requests.
class Worker : public std::enable_shared_from_this<Worker> {
public:
    explicit Worker(std::shared_ptr<Site> site);
    ~Worker();

    /// Takes over an accepted socket of this worker's context; one \a tooMany is answered with 503.
    void adopt(boost::asio::ip::tcp::socket socket, bool tooMany);
    void remove(Connection &connection);
    /// Closes the connections that wait for a request; the others close after their answer.
    void finishSoon();
    void closeAll();

    [[nodiscard]] const Site &site() const { return *m_site; }
    boost::asio::io_context &context() { return m_context; }
    /// The value for the Date field.
    const std::string &date();
    void run() { m_context.run(); }
    void release() { m_guard.reset(); }

private:
    void armTick();
    void tick();

    std::shared_ptr<Site> m_site;
    boost::asio::io_context m_context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_guard;
    boost::asio::steady_timer m_tick;
    bool m_ticking = false;
    std::vector<std::shared_ptr<Connection>> m_connections;
    std::time_t m_dateSecond = -1;
    std::string m_date;
};

} // namespace brewline::http
