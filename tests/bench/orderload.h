// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/httpconnection.h"
#include "bench/latencies.h"
#include "core/time.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::bench {

/// The four requests of a whole order.
enum class Step : std::size_t { Scan, Drink, Claim, Complete };
inline constexpr std::array<std::string_view, 4> stepNames{"scan", "drink", "claim", "complete"};

/// What one phase brought.
struct LoadResult {
    double seconds = 0;                         ///< in which the orders below were finished
    std::int64_t orders = 0;                    ///< finished in that time
    std::array<Latencies, 4> latencies;         ///< by Step
    std::map<std::string, std::int64_t> errors; ///< "drink 503" -> how often
    std::int64_t retired = 0;                   ///< visitors who met an error that no repetition heals
    SteadyTime lastAnswer;

    [[nodiscard]] double ordersPerSecond() const { return seconds > 0 ? double(orders) / seconds : 0; }
    [[nodiscard]] Latencies all() const;
};

/// Visitors who order again and again, each with an own keep-alive connection, over which the barista's requests for
/// that order go as well. All in the thread that calls.
class OrderLoad {
public:
    struct Place {
        std::uint16_t httpPort = 0;
        std::string event;
        std::string code;
        std::string drink; ///< the JSON of PUT drink
    };

    /// Phases end early when \a stopped returns true.
    OrderLoad(Poller &poller, Place place, std::function<bool()> stopped);
    ~OrderLoad();

    /// Adds a visitor and the barista who serves them; false when there is no connection to be had.
    bool addVisitor(std::string visitorToken, std::string baristaToken);

    /// Each visitor orders again as soon as the order before is complete.
    LoadResult runClosed(Milliseconds duration);

    /// An order begins every 1/\a ordersPerSecond, whether the backend keeps pace or not: when no visitor is free, its
    /// scan is late and its latency counts from when it was due.
    LoadResult runOpen(Milliseconds duration, double ordersPerSecond);

    /// Requests answered with success so far, in all phases: as many changes must be heard.
    [[nodiscard]] std::int64_t changes() const { return m_changes; }

private:
    struct Visitor;

    LoadResult finish(SteadyTime begin, SteadyTime end);
    void beginOrder(Visitor &visitor, SteadyTime due);
    void send(Visitor &visitor);
    void answered(Visitor &visitor, int status, std::string_view body);
    void failed(Visitor &visitor, int status);
    void orderDone(Visitor &visitor);
    void repeatDue(SteadyTime now);
    [[nodiscard]] std::string requestFor(const Visitor &visitor) const;

    Poller &m_poller;
    Place m_place;
    std::function<bool()> m_stopped;
    std::vector<std::unique_ptr<Visitor>> m_visitors;
    std::vector<Visitor *> m_idle;
    std::deque<std::pair<SteadyTime, Visitor *>> m_toRepeat; ///< when, who
    std::size_t m_busy = 0;
    std::int64_t m_begun = 0;
    std::int64_t m_changes = 0;
    SteadyTime m_end; ///< of the phase that runs
    bool m_closedLoop = false;
    LoadResult m_result;
};

} // namespace brewline::bench
