// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/poller.h"

#include <string>
#include <string_view>

namespace brewline::bench {

/// A connection to the loopback with what was read and what waits to be written.
class Stream : private Poller::Handler {
public:
    explicit Stream(Poller &poller);
    ~Stream() override;
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    bool connect(std::uint16_t port);
    [[nodiscard]] bool isOpen() const { return m_socket >= 0; }
    void write(std::string_view bytes);

protected:
    /// Some of \a bytes may belong to what is not whole yet; returns how many were used up.
    virtual std::size_t received(std::string_view bytes) = 0;
    /// The other side closed the connection, or it broke.
    virtual void closed() = 0;

private:
    void readable(bool closing) override;
    void writable() override;
    void close();

    Poller &m_poller;
    int m_socket = -1;
    std::string m_input;
    std::string m_output;
};

} // namespace brewline::bench
