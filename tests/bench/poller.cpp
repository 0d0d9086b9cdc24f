// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/poller.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brewline::bench {

Poller::Poller()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
}

Poller::~Poller()
{
    ::close(m_epoll);
}

void Poller::add(int socket, Handler &handler)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &handler;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, socket, &event);
}

void Poller::remove(int socket)
{
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, socket, nullptr);
}

void Poller::poll(SteadyTime until)
{
    const auto left = std::max(until - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{seconds.count(),
                           std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds).count()};
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_pwait2(m_epoll, events.data(), int(events.size()), &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
        auto &handler = *static_cast<Handler *>(events[std::size_t(i)].data.ptr);
        const std::uint32_t what = events[std::size_t(i)].events;
        if (what & EPOLLOUT)
            handler.writable();
        const bool closing = (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        if (closing || (what & EPOLLIN))
            handler.readable(closing);
    }
}

int connectToLoopback(std::uint16_t port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return descriptor;
}

} // namespace brewline::bench
