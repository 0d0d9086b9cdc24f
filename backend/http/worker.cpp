// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/worker.h"

#include "http/connection.h"
#include "http/responsehead.h"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <utility>

namespace brewline::http {

Site::Site(Limits theLimits, Router theRouter, const Clock &theClock)
    : limits(theLimits)
    , router(std::move(theRouter))
    , clock(theClock)
    , connectionLimit(theLimits.connections)
{
}

void Site::leave()
{
    if (--open > 0)
        return;
    const std::lock_guard lock(m_mutex);
    m_empty.notify_all();
}

bool Site::waitUntilEmpty(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    return m_empty.wait_for(lock, patience, [this] { return open == 0; });
}

Worker::Worker(std::shared_ptr<Site> site)
    : m_site(std::move(site))
    , m_guard(m_context.get_executor())
    , m_tick(m_context)
{
}

Worker::~Worker() = default;

void Worker::adopt(boost::asio::ip::tcp::socket socket, bool tooMany)
{
    boost::asio::dispatch(m_context, [this, socket = std::move(socket), tooMany]() mutable {
        if (m_site->stopping) {
            socket.close();
            m_site->leave();
            return;
        }
        auto connection = std::make_shared<Connection>(*this, std::move(socket));
        connection->setSlot(m_connections.size());
        m_connections.push_back(connection);
        armTick();
        if (tooMany)
            connection->refuse();
        else
            connection->start();
    });
}

void Worker::remove(Connection &connection)
{
    const std::size_t slot = connection.slot();
    const std::shared_ptr<Connection> removed = std::exchange(m_connections[slot], std::move(m_connections.back()));
    m_connections.pop_back();
    if (slot < m_connections.size())
        m_connections[slot]->setSlot(slot);
    m_site->leave();
}

void Worker::finishSoon()
{
    // Backwards, since a connection that closes is replaced by the last one, which has had its turn.
    for (std::size_t i = m_connections.size(); i-- > 0;)
        m_connections[i]->finishSoon();
}

void Worker::closeAll()
{
    while (!m_connections.empty())
        m_connections.back()->close();
    m_tick.cancel();
}

const std::string &Worker::date()
{
    const auto second = std::time_t(toMilliseconds(m_site->clock.now()) / 1000);
    if (second != m_dateSecond) {
        m_dateSecond = second;
        m_date = httpDate(second);
    }
    return m_date;
}

void Worker::armTick()
{
    if (m_ticking || m_connections.empty())
        return;
    m_ticking = true;
    const Limits &limits = m_site->limits;
    const Milliseconds shortest = std::min(
        {limits.headTimeout, limits.bodyTimeout, limits.idleTimeout, limits.writeTimeout, limits.answerTimeout});
    m_tick.expires_after(std::clamp(shortest / 5, Milliseconds(5), Milliseconds(250)));
    m_tick.async_wait([this](const boost::system::error_code &error) {
        m_ticking = false;
        if (!error)
            tick();
    });
}

void Worker::tick()
{
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t i = m_connections.size(); i-- > 0;)
        m_connections[i]->checkDeadline(now);
    armTick();
}

} // namespace brewline::http
