// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace brewline::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

/// One epoll instance: the generator's whole event loop, so that it takes as little as can be of what is measured.
class Poller {
public:
    /// What waits for a socket; must be removed before it is destroyed.
    class Handler {
    public:
        virtual ~Handler() = default;
        /// The socket may be read. Reported once for what has come: read all of it, and when \a closing to the end.
        virtual void readable(bool closing) = 0;
        /// The socket takes data again. Reported once.
        virtual void writable() {}
    };

    Poller();
    ~Poller();
    Poller(const Poller &) = delete;
    Poller &operator=(const Poller &) = delete;

    void add(int socket, Handler &handler);
    void remove(int socket);

    /// Waits until something happens or it is \a until, and calls the handlers.
    void poll(SteadyTime until);

private:
    int m_epoll = -1;
};

/// A connected, non-blocking TCP socket to a port of the loopback, or -1.
int connectToLoopback(std::uint16_t port);

} // namespace brewline::bench
