// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/server.h"

#include "core/logging.h"
#include "http/worker.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace brewline::http {

namespace {

/// Connections beyond the limit that are told so at the same time; more are closed without a word.
constexpr std::size_t refusals = 128;
/// Descriptors left for the rest of the process: database, broker, logs.
constexpr std::size_t otherDescriptors = 128;
constexpr std::size_t fewestConnections = 16;
constexpr std::chrono::milliseconds acceptPause{100};

/// How many of \a wanted connections the process can hold.
std::size_t affordableConnections(std::size_t wanted)
{
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY)
        return wanted;
    const rlim_t needed = wanted + refusals + otherDescriptors;
    if (descriptors.rlim_cur < needed) {
        rlimit raised = descriptors;
        raised.rlim_cur = descriptors.rlim_max == RLIM_INFINITY ? needed : std::min(needed, descriptors.rlim_max);
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            descriptors = raised;
    }
    if (descriptors.rlim_cur >= needed)
        return wanted;
    const rlim_t reserved = refusals + otherDescriptors;
    const std::size_t affordable = descriptors.rlim_cur > reserved + fewestConnections
                                       ? static_cast<std::size_t>(descriptors.rlim_cur - reserved)
                                       : fewestConnections;
    qCWarning(lcHttp, "The limit of open files allows only %zu connections instead of %zu", affordable, wanted);
    return affordable;
}

std::string portAt(const std::string &address, std::uint16_t port)
{
    return "port " + std::to_string(port) + " of " + address;
}

Error listenError(const boost::system::error_code &error, const std::string &address, std::uint16_t port)
{
    std::string detail = "Cannot listen on " + portAt(address, port) + ": " + error.message() + ".";
    if (error == asio::error::address_in_use)
        detail = "Cannot listen on " + portAt(address, port) +
                 ": another program has it. Choose another port, or 0 for a free one.";
    else if (error == asio::error::access_denied)
        detail = "Cannot listen on " + portAt(address, port) + ": it is reserved. Choose a port from 1024 on.";
    else if (error == boost::system::errc::address_not_available)
        detail = "Cannot listen on " + portAt(address, port) + ": this machine does not have that address.";
    return {ErrorCode::InvalidConfiguration, detail};
}

} // namespace

struct Server::Impl {
    Impl(Limits limits, Router router, const Clock &clock)
        : site(std::make_shared<Site>(limits, std::move(router), clock))
    {
        for (int i = 0; i < std::max(1, limits.threads); ++i)
            workers.push_back(std::make_shared<Worker>(site));
        // The first worker's context serves the acceptor too.
        acceptor.emplace(workers.front()->context());
        pause.emplace(workers.front()->context());
    }

    boost::system::error_code open(const tcp::endpoint &endpoint);
    void run();
    void accept();
    void onAccepted(const boost::system::error_code &error, tcp::socket socket, Worker &worker);
    void stop(std::chrono::milliseconds grace);

    std::shared_ptr<Site> site;
    std::vector<std::shared_ptr<Worker>> workers;
    std::vector<std::thread> threads;
    std::optional<tcp::acceptor> acceptor;
    std::optional<asio::steady_timer> pause;
    std::size_t nextWorker = 0;
    std::atomic<bool> stopped = false;
    std::atomic<bool> ended = false; ///< nothing runs any more
};

boost::system::error_code Server::Impl::open(const tcp::endpoint &endpoint)
{
    boost::system::error_code error;
    acceptor->open(endpoint.protocol(), error);
    if (!error)
        acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint.address().is_v6())
        acceptor->set_option(asio::ip::v6_only(false), error);
    if (!error)
        acceptor->bind(endpoint, error);
    if (!error)
        acceptor->listen(tcp::acceptor::max_listen_connections, error);
    if (error) {
        boost::system::error_code ignored;
        acceptor->close(ignored);
    }
    return error;
}

void Server::Impl::run()
{
    site->connectionLimit = affordableConnections(site->limits.connections);
    accept();
    for (const auto &worker : workers) {
        threads.emplace_back([worker] {
            // Nothing that is run there throws, except for functions given to post().
            while (true) {
                try {
                    return worker->run();
                } catch (const std::exception &exception) {
                    qCCritical(lcHttp, "A function on an io thread failed: %s", exception.what());
                }
            }
        });
    }
}

void Server::Impl::accept()
{
    Worker &worker = *workers[nextWorker];
    nextWorker = (nextWorker + 1) % workers.size();
    acceptor->async_accept(worker.context(),
                           [this, &worker](const boost::system::error_code &error, tcp::socket socket) {
                               onAccepted(error, std::move(socket), worker);
                           });
}

void Server::Impl::onAccepted(const boost::system::error_code &error, tcp::socket socket, Worker &worker)
{
    if (site->stopping || error == asio::error::operation_aborted)
        return;
    if (error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
        error == asio::error::no_buffer_space || error == asio::error::no_memory) {
        // Trying again at once would spin: the connection stays in the kernel's queue until there is room.
        qCWarning(lcHttp, "Cannot accept a connection: %s", error.message().c_str());
        pause->expires_after(acceptPause);
        pause->async_wait([this](const boost::system::error_code &cancelled) {
            if (!cancelled && !site->stopping)
                accept();
        });
        return;
    }
    if (!error) {
        const std::size_t others = site->open++;
        if (others >= site->connectionLimit + refusals) {
            boost::system::error_code ignored;
            socket.close(ignored);
            site->leave();
        } else {
            worker.adopt(std::move(socket), others >= site->connectionLimit);
        }
    }
    accept();
}

void Server::Impl::stop(std::chrono::milliseconds grace)
{
    if (stopped.exchange(true))
        return;
    site->stopping = true;
    asio::post(workers.front()->context(), [this] {
        boost::system::error_code ignored;
        acceptor->close(ignored);
        pause->cancel();
    });
    if (!threads.empty()) {
        for (const auto &worker : workers)
            asio::post(worker->context(), [worker = worker.get()] { worker->finishSoon(); });
        if (!site->waitUntilEmpty(grace) && grace.count() > 0)
            qCWarning(lcHttp, "Closing %zu connections that did not finish in time", site->open.load());
    }
    for (const auto &worker : workers) {
        asio::post(worker->context(), [worker = worker.get()] { worker->closeAll(); });
        worker->release();
    }
    for (std::thread &thread : threads)
        thread.join();
    ended = true;
    // What was posted meanwhile runs here, so that nothing it holds keeps its worker alive.
    for (const auto &worker : workers) {
        worker->context().restart();
        worker->context().poll();
    }
}

Server::Server(Limits limits, Router router, const Clock &clock)
    : m_impl(std::make_unique<Impl>(limits, std::move(router), clock))
{
}

Server::~Server()
{
    m_impl->stop(std::chrono::milliseconds(0));
}

Result<std::uint16_t> Server::listen(const std::string &address, std::uint16_t port)
{
    if (m_impl->acceptor->is_open() || m_impl->stopped)
        return failure(ErrorCode::InvalidConfiguration, "The HTTP server listens already, or was stopped.");
    boost::system::error_code error;
    const asio::ip::address parsed = asio::ip::make_address(address, error);
    if (error) {
        return failure(
            ErrorCode::InvalidConfiguration,
            "\"" + address +
                "\" is not an IP address. Use one of this machine's, such as 127.0.0.1, or 0.0.0.0 for all.");
    }
    if (const auto refused = m_impl->open({parsed, port}))
        return tl::unexpected(listenError(refused, address, port));
    const std::uint16_t actual = m_impl->acceptor->local_endpoint().port();
    m_impl->run();
    return actual;
}

void Server::stop(std::chrono::milliseconds grace)
{
    m_impl->stop(grace);
}

void Server::post(std::function<void()> function)
{
    // While it stops, answers under way are still rendered.
    if (m_impl->ended)
        return;
    asio::post(m_impl->workers.front()->context(), std::move(function));
}

} // namespace brewline::http
