// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brewline::test {

/// An answer as it came over the wire; status 0 stands for none.
struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    /// The value of the field \a name (spelt as the server does), or an empty text.
    [[nodiscard]] std::string field(std::string_view name) const;
};

/// A TCP client that sends what it is told to, byte for byte. Waits at most ten seconds for anything.
class RawClient {
public:
    /// Connects to 127.0.0.1.
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(RawClient &&other) noexcept;
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    [[nodiscard]] bool isConnected() const { return m_socket >= 0; }
    /// Whether all of \a bytes could be sent.
    bool send(std::string_view bytes);
    /// The next answer, which has no body when it is \a toHead.
    Answer receive(bool toHead = false);
    /// Whether the server has closed and sent nothing more before.
    bool isClosedByServer();
    /// Closes so that the server sees a reset, not an orderly end.
    void reset();
    void close();
    void setReceiveBuffer(int bytes);

private:
    bool fill();

    int m_socket = -1;
    std::string m_received;
};

} // namespace brewline::test
