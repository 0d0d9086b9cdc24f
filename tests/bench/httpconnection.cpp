// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/httpconnection.h"

#include <charconv>
#include <utility>

namespace brewline::bench {

namespace {

constexpr std::string_view headEnd = "\r\n\r\n";
constexpr std::string_view lengthField = "\r\nContent-Length: ";
constexpr std::size_t statusAt = 9; // behind "HTTP/1.1 "

std::size_t numberAt(std::string_view text, std::size_t position)
{
    std::size_t number = 0;
    if (position < text.size())
        std::from_chars(text.data() + position, text.data() + text.size(), number);
    return number;
}

} // namespace

HttpConnection::HttpConnection(Poller &poller, Answer answer)
    : Stream(poller)
    , m_answer(std::move(answer))
{
}

void HttpConnection::send(std::string_view request)
{
    m_waiting = true;
    if (isOpen())
        write(request);
    else
        closed();
}

std::size_t HttpConnection::received(std::string_view bytes)
{
    const std::size_t end = bytes.find(headEnd);
    if (end == std::string_view::npos)
        return 0;
    const std::string_view head = bytes.substr(0, end + 2);
    const std::size_t field = head.find(lengthField);
    const std::size_t length = field == std::string_view::npos ? 0 : numberAt(head, field + lengthField.size());
    const std::size_t whole = end + headEnd.size() + length;
    if (bytes.size() < whole)
        return 0;
    m_waiting = false;
    m_answer(int(numberAt(head, statusAt)), bytes.substr(whole - length, length));
    return whole;
}

void HttpConnection::closed()
{
    if (std::exchange(m_waiting, false))
        m_answer(0, {});
}

std::string httpRequest(std::string_view verb, std::string_view path, std::string_view token, std::string_view body,
                        std::string_view idempotencyKey)
{
    std::string request;
    request.reserve(1024);
    request.append(verb).append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ");
    request.append(token);
    if (!idempotencyKey.empty())
        request.append("\r\nIdempotency-Key: ").append(idempotencyKey);
    request.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
    request.append(headEnd).append(body);
    return request;
}

} // namespace brewline::bench
