// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "http/headscanner.h"
#include "http/requestparser.h"
#include "http/responder.h"
#include "http/target.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace brewline::http {

class Worker;

/// One client's connection: reads a request, has it answered, writes the answer, and again. Requests that arrive while
/// one is being answered wait in the buffer or in the kernel, so answers keep their order and memory its bound.
/// Lives in its worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(Worker &worker, boost::asio::ip::tcp::socket socket);

    void start();
    /// Answers 503 without having read anything, and closes.
    void refuse();
    void checkDeadline(std::chrono::steady_clock::time_point now);
    void finishSoon();
    void close();

    [[nodiscard]] std::size_t slot() const { return m_slot; }
    void setSlot(std::size_t slot) { m_slot = slot; }

private:
    enum class Phase {
        Idle,   ///< nothing of the next request has arrived
        Head,   ///< some of its head has
        Body,   ///< its head is whole
        Answer, ///< the handler has it
        Write,  ///< the answer is on its way
        Linger, ///< all is said; waiting for the client to close
        Closed,
    };

    void enter(Phase phase, std::chrono::milliseconds patience);
    void read();
    void onRead(const boost::system::error_code &error, std::size_t size);
    void process();
    bool findHead();
    void processHead();
    void beginBody();
    void processBody();
    void dispatchRequest();
    void answer(std::uint64_t exchange, Response response);
    void fail(const Error &error);
    void write(Response response);
    void onWritten(const boost::system::error_code &error);
    void nextRequest();
    void linger();

    Worker &m_worker;
    boost::asio::ip::tcp::socket m_socket;
    std::string m_remoteAddress;
    bool m_loopback = false;
    std::size_t m_slot = 0;

    Phase m_phase = Phase::Idle;
    std::chrono::steady_clock::time_point m_deadline;
    /// A read that was begun before a time-out may end later: until then its part of the buffer is taken.
    bool m_reading = false;
    boost::beast::flat_buffer m_buffer;
    HeadScanner m_scanner;
    std::optional<RequestParser> m_parser;
    Target m_target; ///< refers to the parser's target
    std::size_t m_bodyReceived = 0;
    std::size_t m_lingered = 0;

    std::uint64_t m_exchange = 0; ///< counts answers, so that a late one is known as such
    bool m_keepAlive = true;
    bool m_isHead = false;
    std::string m_headText;
    Response m_response;
};

} // namespace brewline::http
