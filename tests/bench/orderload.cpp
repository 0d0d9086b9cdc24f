// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/orderload.h"

#include <algorithm>
#include <utility>

namespace brewline::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pauseAfterBusy = std::chrono::milliseconds(50);
constexpr auto longestDrain = std::chrono::seconds(30);
constexpr std::string_view noBody = "{}";

/// Worth the same request again: too many at once, or the backend is busy.
bool isPassing(int status)
{
    return status == 429 || status == 503;
}

} // namespace

struct OrderLoad::Visitor {
    Visitor(Poller &poller, HttpConnection::Answer answer)
        : connection(poller, std::move(answer))
    {
    }
    HttpConnection connection;
    std::string token;
    std::string baristaToken;
    std::string key; ///< Idempotency-Key of the order
    std::string order;
    Step step = Step::Scan;
    SteadyTime since; ///< when the request was sent, or was due
};

Latencies LoadResult::all() const
{
    Latencies together;
    for (const Latencies &step : latencies)
        together.add(step);
    return together;
}

OrderLoad::OrderLoad(Poller &poller, Place place, std::function<bool()> stopped)
    : m_poller(poller)
    , m_place(std::move(place))
    , m_stopped(std::move(stopped))
{
}

OrderLoad::~OrderLoad() = default;

bool OrderLoad::addVisitor(std::string visitorToken, std::string baristaToken)
{
    auto visitor = std::make_unique<Visitor>(m_poller, [this, index = m_visitors.size()](int status, auto body) {
        answered(*m_visitors[index], status, body);
    });
    visitor->token = std::move(visitorToken);
    visitor->baristaToken = std::move(baristaToken);
    if (!visitor->connection.connect(m_place.httpPort))
        return false;
    m_idle.push_back(visitor.get());
    m_visitors.push_back(std::move(visitor));
    return true;
}

LoadResult OrderLoad::runClosed(Milliseconds duration)
{
    const SteadyTime begin = Clock::now();
    m_end = begin + duration;
    m_closedLoop = true;
    for (Visitor *visitor : std::exchange(m_idle, {}))
        beginOrder(*visitor, Clock::now());
    for (SteadyTime now = begin; now < m_end && m_busy > 0 && !m_stopped(); now = Clock::now()) {
        repeatDue(now);
        m_poller.poll(std::min(m_end, now + pauseAfterBusy));
    }
    return finish(begin, std::min(m_end, Clock::now()));
}

LoadResult OrderLoad::runOpen(Milliseconds duration, double ordersPerSecond)
{
    const SteadyTime begin = Clock::now();
    m_end = begin + duration;
    m_closedLoop = false;
    const auto between = std::chrono::nanoseconds(std::int64_t(1e9 / ordersPerSecond));
    SteadyTime due = begin;
    for (SteadyTime now = begin; now < m_end && !m_stopped(); now = Clock::now()) {
        repeatDue(now);
        while (due <= now && !m_idle.empty()) {
            Visitor &visitor = *m_idle.back();
            m_idle.pop_back();
            beginOrder(visitor, due);
            due += between;
        }
        if (m_idle.empty() && m_busy == 0)
            break;
        m_poller.poll(std::min({m_end, m_idle.empty() ? m_end : due, now + pauseAfterBusy}));
    }
    return finish(begin, std::min(m_end, Clock::now()));
}

/// Lets the orders under way come to their end; they do not count.
LoadResult OrderLoad::finish(SteadyTime begin, SteadyTime end)
{
    m_closedLoop = false;
    const SteadyTime latest = end + longestDrain;
    for (SteadyTime now = end; m_busy > 0 && now < latest && !m_stopped(); now = Clock::now()) {
        repeatDue(now);
        m_poller.poll(now + pauseAfterBusy);
    }
    m_result.seconds = std::chrono::duration<double>(end - begin).count();
    return std::exchange(m_result, {});
}

void OrderLoad::beginOrder(Visitor &visitor, SteadyTime due)
{
    ++m_busy;
    visitor.step = Step::Scan;
    visitor.key = "order-" + std::to_string(++m_begun);
    visitor.since = due;
    send(visitor);
}

void OrderLoad::send(Visitor &visitor)
{
    visitor.connection.send(requestFor(visitor));
}

std::string OrderLoad::requestFor(const Visitor &visitor) const
{
    const std::string order = "/v1/orders/" + visitor.order;
    switch (visitor.step) {
    case Step::Scan:
        return httpRequest("POST", "/v1/events/" + m_place.event + "/orders", visitor.token,
                           R"({"code":")" + m_place.code + R"("})", visitor.key);
    case Step::Drink:
        return httpRequest("PUT", order + "/drink", visitor.token, m_place.drink);
    case Step::Claim:
        return httpRequest("POST", order + "/claim", visitor.baristaToken, noBody);
    case Step::Complete:
        break;
    }
    return httpRequest("POST", order + "/complete", visitor.baristaToken, noBody);
}

void OrderLoad::answered(Visitor &visitor, int status, std::string_view body)
{
    const SteadyTime now = Clock::now();
    if (status < 200 || status > 299)
        return failed(visitor, status);
    ++m_changes;
    m_result.lastAnswer = now;
    m_result.latencies[std::size_t(visitor.step)].add(now - visitor.since);
    if (visitor.step == Step::Scan) {
        constexpr std::string_view id = R"("id":")";
        const std::size_t at = std::min(body.find(id), body.size() - id.size()) + id.size();
        visitor.order = std::string(body.substr(at, body.find('"', at) - at));
    }
    if (visitor.step == Step::Complete)
        return orderDone(visitor);
    visitor.step = Step(std::size_t(visitor.step) + 1);
    visitor.since = now;
    send(visitor);
}

void OrderLoad::failed(Visitor &visitor, int status)
{
    ++m_result.errors[std::string(stepNames[std::size_t(visitor.step)]) + ' ' +
                      (status == 0 ? "connection lost" : std::to_string(status))];
    if (isPassing(status)) {
        m_toRepeat.emplace_back(Clock::now() + pauseAfterBusy, &visitor);
        return;
    }
    ++m_result.retired;
    --m_busy;
}

void OrderLoad::orderDone(Visitor &visitor)
{
    const SteadyTime now = Clock::now();
    --m_busy;
    if (now < m_end)
        ++m_result.orders;
    if (m_closedLoop && now < m_end)
        beginOrder(visitor, now);
    else
        m_idle.push_back(&visitor);
}

void OrderLoad::repeatDue(SteadyTime now)
{
    while (!m_toRepeat.empty() && m_toRepeat.front().first <= now) {
        Visitor &visitor = *m_toRepeat.front().second;
        m_toRepeat.pop_front();
        send(visitor);
    }
}

} // namespace brewline::bench
