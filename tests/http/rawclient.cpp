// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/rawclient.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace brewline::test {

std::string Answer::field(std::string_view name) const
{
    const std::string key = "\r\n" + std::string(name) + ": ";
    const std::size_t begin = head.find(key);
    if (begin == std::string::npos)
        return {};
    const std::size_t value = begin + key.size();
    return head.substr(value, head.find("\r\n", value) - value);
}

RawClient::RawClient(std::uint16_t port)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        close();
}

RawClient::~RawClient()
{
    close();
}

RawClient::RawClient(RawClient &&other) noexcept
    : m_socket(std::exchange(other.m_socket, -1))
    , m_received(std::move(other.m_received))
{
}

void RawClient::close()
{
    if (m_socket >= 0)
        ::close(std::exchange(m_socket, -1));
}

void RawClient::reset()
{
    const linger hard{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

void RawClient::setReceiveBuffer(int bytes)
{
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool RawClient::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::fill()
{
    std::array<char, 16384> bytes;
    const ssize_t size = ::recv(m_socket, bytes.data(), bytes.size(), 0);
    if (size <= 0)
        return false;
    m_received.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

Answer RawClient::receive(bool toHead)
{
    std::size_t end = 0;
    while ((end = m_received.find("\r\n\r\n")) == std::string::npos) {
        if (!fill())
            return {};
    }
    Answer answer;
    answer.head = m_received.substr(0, end + 4);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    m_received.erase(0, end + 4);
    const std::size_t length = toHead ? 0 : std::strtoul(answer.field("Content-Length").c_str(), nullptr, 10);
    while (m_received.size() < length) {
        if (!fill())
            return {};
    }
    answer.body = m_received.substr(0, length);
    m_received.erase(0, length);
    return answer;
}

bool RawClient::isClosedByServer()
{
    if (!m_received.empty())
        return false;
    char byte = 0;
    const ssize_t size = ::recv(m_socket, &byte, 1, 0);
    return size == 0 || (size < 0 && errno == ECONNRESET);
}

} // namespace brewline::test
