// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/connection.h"

#include "core/logging.h"
#include "http/problem.h"
#include "http/responsehead.h"
#include "http/worker.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace brewline::http {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t readBytes = 4 * 1024;
/// How much more than the body itself its chunks' framing may take: clients that send single bytes need six a byte.
constexpr std::size_t chunkingFactor = 8;
constexpr std::chrono::milliseconds lingerPatience{1'000};
constexpr std::size_t lingerBytes = 256 * 1024;

std::string_view bytesOf(const beast::flat_buffer &buffer)
{
    return {static_cast<const char *>(buffer.data().data()), buffer.size()};
}

Error malformed(std::string detail)
{
    return {ErrorCode::MalformedRequest, std::move(detail)};
}

Error tooLargeBody(const Limits &limits)
{
    return {ErrorCode::BodyTooLarge, "A body may have " + std::to_string(limits.bodyBytes) + " bytes."};
}

Error tooLargeHead(const Limits &limits)
{
    return {ErrorCode::HeaderTooLarge,
            "The request line and the header fields may have " + std::to_string(limits.headerBytes) + " bytes."};
}

Error parserError(const boost::system::error_code &error, const Limits &limits)
{
    if (error == beast::http::error::body_limit)
        return tooLargeBody(limits);
    if (error == beast::http::error::header_limit)
        return tooLargeHead(limits);
    return malformed("The request cannot be read: " + error.message() + ".");
}

/// What Beast lets through and RFC 9112 does not, or what two readers could understand differently.
std::optional<Error> ambiguity(RequestParser &parser)
{
    const HeaderFields &fields = parser.fields();
    const std::size_t hosts = fields.count("Host");
    if (hosts > 1 || (hosts == 0 && parser.isHttp11()))
        return malformed("There must be exactly one Host field.");
    if (fields.count("Content-Length") > 1)
        return malformed("There is more than one Content-Length field.");
    const std::string_view length = fields.find("Content-Length").value_or("0");
    if (length.empty() || length.find_first_not_of("0123456789") != std::string_view::npos)
        return malformed("The Content-Length is not a number.");
    const auto coding = fields.find("Transfer-Encoding");
    if (!coding)
        return std::nullopt;
    if (fields.count("Content-Length") > 0)
        return malformed("There are both Content-Length and Transfer-Encoding.");
    if (!parser.isHttp11() || fields.count("Transfer-Encoding") > 1 || !beast::iequals(*coding, "chunked"))
        return malformed("The only transfer coding understood is chunked, in HTTP/1.1.");
    return std::nullopt;
}

} // namespace

Connection::Connection(Worker &worker, asio::ip::tcp::socket socket)
    : m_worker(worker)
    , m_socket(std::move(socket))
    , m_buffer(worker.site().limits.headerBytes + readBytes)
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    m_socket.non_blocking(true, ignored);
    asio::ip::address address = m_socket.remote_endpoint(ignored).address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    m_remoteAddress = address.to_string();
    m_loopback = address.is_loopback();
}

void Connection::enter(Phase phase, std::chrono::milliseconds patience)
{
    m_phase = phase;
    m_deadline = SteadyClock::now() + patience;
}

void Connection::start()
{
    // A new connection means to send a request: the longer patience of an idle one is for those that have.
    enter(Phase::Idle, m_worker.site().limits.headTimeout);
    read();
}

void Connection::refuse()
{
    fail({ErrorCode::Busy, "There are too many connections; try again in a moment."});
}

void Connection::read()
{
    if (m_reading)
        return;
    const std::size_t room = m_buffer.max_size() - m_buffer.size();
    m_reading = true;
    m_socket.async_read_some(m_buffer.prepare(std::min(room, readBytes)),
                             [self = shared_from_this()](const boost::system::error_code &error, std::size_t size) {
                                 self->onRead(error, size);
                             });
}

void Connection::onRead(const boost::system::error_code &error, std::size_t size)
{
    m_reading = false;
    if (m_phase == Phase::Linger) {
        m_lingered += size;
        if (error || m_lingered > lingerBytes)
            return close();
        return read();
    }
    if (m_phase != Phase::Idle && m_phase != Phase::Head && m_phase != Phase::Body)
        return;
    if (error)
        return close();
    m_buffer.commit(size);
    if (m_phase == Phase::Body)
        m_bodyReceived += size;
    process();
}

void Connection::process()
{
    if (m_phase == Phase::Idle && !findHead())
        return read();
    if (m_phase == Phase::Head)
        return processHead();
    processBody();
}

bool Connection::findHead()
{
    // RFC 9112, section 2.2: empty lines before a request are to be ignored.
    while (bytesOf(m_buffer).starts_with("\r\n"))
        m_buffer.consume(2);
    if (m_buffer.size() == 0 || bytesOf(m_buffer) == "\r")
        return false;
    enter(Phase::Head, m_worker.site().limits.headTimeout);
    return true;
}

void Connection::processHead()
{
    const Limits &limits = m_worker.site().limits;
    const HeadScanner::Verdict verdict = m_scanner.scan(bytesOf(m_buffer));
    if (verdict == HeadScanner::Verdict::Malformed)
        return fail(malformed(std::string(m_scanner.complaint())));
    const bool complete = verdict == HeadScanner::Verdict::Complete;
    if ((complete ? m_scanner.length() : m_buffer.size()) > limits.headerBytes)
        return fail(tooLargeHead(limits));
    if (!complete)
        return read();

    m_parser.emplace();
    // The scanner has measured the head; Beast's own bound is one byte short of its full length.
    m_parser->header_limit(static_cast<std::uint32_t>(limits.headerBytes + readBytes));
    m_parser->body_limit(limits.bodyBytes);
    boost::system::error_code error;
    const std::size_t taken = m_parser->put(m_buffer.data(), error);
    if (error)
        return fail(parserError(error, limits));
    m_buffer.consume(taken);
    if (auto problem = ambiguity(*m_parser))
        return fail(*problem);
    auto target = splitTarget(m_parser->target());
    if (!target)
        return fail(target.error());
    m_target = *target;
    m_keepAlive = m_parser->keep_alive() && !m_worker.site().stopping;
    m_isHead = m_parser->method() == Method::Head;
    beginBody();
}

void Connection::beginBody()
{
    m_parser->eager(true);
    m_bodyReceived = m_buffer.size();
    enter(Phase::Body, m_worker.site().limits.bodyTimeout);
    const auto expectation = m_parser->fields().find("Expect");
    if (expectation && m_parser->isHttp11()) {
        if (!beast::iequals(*expectation, "100-continue"))
            return fail(malformed("The only expectation understood is 100-continue."));
        if (!m_parser->is_done() && m_buffer.size() == 0) {
            // Nothing is on its way to this client, so these few bytes fit; should they not, it sends without them.
            static constexpr std::string_view go = "HTTP/1.1 100 Continue\r\n\r\n";
            boost::system::error_code ignored;
            m_socket.write_some(asio::buffer(go), ignored);
        }
    }
    processBody();
}

void Connection::processBody()
{
    const Limits &limits = m_worker.site().limits;
    while (!m_parser->is_done()) {
        boost::system::error_code error;
        const std::size_t taken = m_parser->put(m_buffer.data(), error);
        m_buffer.consume(taken);
        if (error && error != beast::http::error::need_more)
            return fail(parserError(error, limits));
        if (m_parser->is_done())
            break;
        if (m_bodyReceived > chunkingFactor * limits.bodyBytes + limits.headerBytes)
            return fail(tooLargeBody(limits));
        if (m_buffer.size() >= m_buffer.max_size())
            return fail(malformed("A chunk's head or the trailer is too long."));
        if (error || m_buffer.size() == 0)
            return read();
    }
    dispatchRequest();
}

void Connection::dispatchRequest()
{
    auto query = queryParameters(m_target.query);
    if (!query)
        return fail(query.error());
    Request request{m_parser->method(), std::string(m_target.path)};
    request.queryParameters = std::move(*query);
    request.headers = std::move(m_parser->fields());
    request.body = std::move(m_parser->body());
    request.remoteAddress = m_remoteAddress;
    request.loopback = m_loopback;

    enter(Phase::Answer, m_worker.site().limits.answerTimeout);
    auto sink = [worker = m_worker.shared_from_this(), connection = weak_from_this(),
                 exchange = ++m_exchange](Response response) {
        asio::dispatch(worker->context(), [connection, exchange, response = std::move(response)]() mutable {
            if (const auto alive = connection.lock())
                alive->answer(exchange, std::move(response));
        });
    };
    m_worker.site().router.serve(std::move(request), Responder(std::move(sink)));
}

void Connection::answer(std::uint64_t exchange, Response response)
{
    if (m_phase == Phase::Answer && exchange == m_exchange)
        write(std::move(response));
}

void Connection::fail(const Error &error)
{
    m_keepAlive = false;
    write(problem(error));
}

void Connection::write(Response response)
{
    enter(Phase::Write, m_worker.site().limits.writeTimeout);
    m_response = std::move(response);
    if (m_worker.site().stopping)
        m_keepAlive = false;
    const auto reason = beast::http::obsolete_reason(static_cast<beast::http::status>(m_response.status));
    writeHead(m_headText, m_response,
              {m_keepAlive, m_parser && !m_parser->isHttp11(), m_worker.date(), {reason.data(), reason.size()}});
    const bool bodiless = m_isHead || m_response.status == 204 || m_response.status == 304;
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(m_headText),
                                                    bodiless ? asio::const_buffer() : asio::buffer(m_response.body)};
    asio::async_write(
        m_socket, buffers,
        [self = shared_from_this()](const boost::system::error_code &error, std::size_t) { self->onWritten(error); });
}

void Connection::onWritten(const boost::system::error_code &error)
{
    if (m_phase != Phase::Write)
        return;
    m_response = {};
    if (error)
        return close();
    if (!m_keepAlive)
        return linger();
    nextRequest();
}

void Connection::nextRequest()
{
    if (m_worker.site().stopping)
        return close();
    m_parser.reset();
    m_scanner = {};
    m_isHead = false;
    if (m_buffer.size() == 0)
        m_buffer.clear();
    enter(Phase::Idle, m_worker.site().limits.idleTimeout);
    process();
}

void Connection::linger()
{
    // Closing with unread bytes would reset the connection, and the client might lose the answer with it.
    boost::system::error_code ignored;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    enter(Phase::Linger, lingerPatience);
    if (!m_reading)
        m_buffer.clear();
    read();
}

void Connection::checkDeadline(SteadyClock::time_point now)
{
    if (now < m_deadline)
        return;
    switch (m_phase) {
    case Phase::Head:
        return fail({ErrorCode::RequestTimeout, "The request's head did not arrive in time."});
    case Phase::Body:
        return fail({ErrorCode::RequestTimeout, "The request's body did not arrive in time."});
    case Phase::Answer: {
        qCWarning(lcHttp, "A request was not answered in time");
        const bool changes = m_parser->method() != Method::Get && m_parser->method() != Method::Head;
        if (changes)
            return fail({ErrorCode::OutcomeUnknown,
                         "The answer took too long; repeat the request with the same Idempotency-Key."});
        return fail({ErrorCode::Busy, "The answer took too long; try again in a moment."});
    }
    case Phase::Idle:
    case Phase::Write:
    case Phase::Linger:
        return close();
    case Phase::Closed:
        return;
    }
}

void Connection::finishSoon()
{
    m_keepAlive = false;
    if (m_phase == Phase::Idle || m_phase == Phase::Head || m_phase == Phase::Linger)
        close();
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    m_phase = Phase::Closed;
    boost::system::error_code ignored;
    m_socket.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    m_socket.close(ignored);
    m_worker.remove(*this);
}

} // namespace brewline::http
