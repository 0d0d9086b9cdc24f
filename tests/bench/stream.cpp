// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/stream.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace brewline::bench {

Stream::Stream(Poller &poller)
    : m_poller(poller)
{
}

Stream::~Stream()
{
    close();
}

bool Stream::connect(std::uint16_t port)
{
    m_socket = connectToLoopback(port);
    if (m_socket >= 0)
        m_poller.add(m_socket, *this);
    return isOpen();
}

void Stream::write(std::string_view bytes)
{
    m_output.append(bytes);
    writable();
}

void Stream::writable()
{
    while (isOpen() && !m_output.empty()) {
        const ssize_t sent = ::send(m_socket, m_output.data(), m_output.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return; // EAGAIN is followed by a call of this, anything else by the end of the connection
        m_output.erase(0, std::size_t(sent));
    }
}

void Stream::readable(bool closing)
{
    std::array<char, 64 * 1024> buffer;
    while (isOpen()) {
        const ssize_t count = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (count > 0) {
            m_input.append(buffer.data(), std::size_t(count));
            m_input.erase(0, received(m_input));
            if (std::size_t(count) < buffer.size() && !closing)
                return; // what comes from now on is reported anew
        } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        } else {
            close();
            closed();
            return;
        }
    }
}

void Stream::close()
{
    if (!isOpen())
        return;
    m_poller.remove(m_socket);
    ::close(m_socket);
    m_socket = -1;
}

} // namespace brewline::bench
