// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "http/limits.h"
#include "http/router.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace brewline::http {

/// An HTTP/1.1 server on threads of its own. Its owner calls listen() and stop() from one thread, which is none of
/// the server's; post() may be called from any.
class Server {
public:
    /// \a clock must outlive the server.
    Server(Limits limits, Router router, const Clock &clock);
    /// Stops without grace.
    ~Server();
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    /// Listens on the IP address \a address ("::" for all of IPv4 and IPv6) and starts serving; port 0 picks a free
    /// one. Returns the port. InvalidConfiguration when that cannot be, for example for a port that is taken. Raises
    /// the process's soft limit of open files when the connections need it, and takes fewer when it may not.
    /// To be called once.
    Result<std::uint16_t> listen(const std::string &address, std::uint16_t port);

    /// Accepts no more connections, gives the answers in flight \a grace to finish, then closes all. Returns when no
    /// thread of the server is left; Responders that are still around do nothing from then on.
    void stop(std::chrono::milliseconds grace);

    /// Runs \a function on an io thread, soon; never after stop() has returned.
    void post(std::function<void()> function);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace brewline::http
