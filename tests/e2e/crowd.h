// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/booth.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace brewline::e2e {

/// What the backend acknowledged of one order.
struct Acknowledged {
    std::string state;
    std::int64_t sequence = 0;
    std::int64_t number = -1;
};

/// Everything that a crowd knows for sure.
struct Knowledge {
    std::map<std::string, Acknowledged> orders; ///< by id
    std::set<std::string> scans;                ///< Idempotency-Keys of scans that were answered with 201
    int limitedOrders = 0;                      ///< 201 for scans of the code with few tokens
    int requests = 0;                           ///< answered ones
    std::vector<std::string> faults;            ///< answers that should not have come
};

/// Visitors, each in a thread of its own, who drive orders from the scan to the finished cup as fast as the backend
/// lets them, whatever happens to it: an unanswered request is sent again until there is an answer.
class Crowd {
public:
    struct Entrance {
        std::string code;        ///< of the event ABC, with tokens for everybody
        std::string limitedCode; ///< of the event FEW
        std::string baristaToken;
    };

    Crowd(int visitors, Entrance entrance);
    /// Everybody leaves at once.
    ~Crowd();

    /// Tells where the backend serves from now on.
    void moveTo(std::uint16_t port);
    /// Waits until all are done with the order that they are at; the backend must serve.
    void finish();
    [[nodiscard]] Knowledge knowledge() const;

private:
    class Visitor;

    std::uint16_t portAfter(std::uint16_t failed);
    void close(bool atOnce);
    void note(const std::function<void(Knowledge &)> &what);

    Entrance m_entrance;
    mutable std::mutex m_mutex;
    std::condition_variable m_moved;
    std::uint16_t m_port = 0;
    bool m_closing = false;
    bool m_closed = false;
    Knowledge m_knowledge;
    std::vector<std::jthread> m_threads;
};

} // namespace brewline::e2e
