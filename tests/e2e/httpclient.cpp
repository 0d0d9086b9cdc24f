// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/httpclient.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace brewline::e2e {

namespace json = boost::json;

namespace {

constexpr std::string_view lineEnd = "\r\n";
constexpr std::string_view headEnd = "\r\n\r\n";

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

void readHead(std::string_view head, Answer &answer)
{
    answer.status = std::atoi(std::string(head.substr(head.find(' ') + 1, 3)).c_str());
    std::size_t start = head.find(lineEnd);
    while (start != std::string_view::npos) {
        start += lineEnd.size();
        const std::size_t end = std::min(head.find(lineEnd, start), head.size());
        const std::string_view line = head.substr(start, end - start);
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos)
            answer.headers[lowerCase(line.substr(0, colon))] = std::string(line.substr(colon + 2));
        start = end == head.size() ? std::string_view::npos : end;
    }
}

} // namespace

json::object Answer::json() const
{
    json::error_code broken;
    json::value value = json::parse(body, broken);
    return !broken && value.is_object() ? value.get_object() : json::object();
}

std::string Answer::problem() const
{
    const std::string type = textOf(json(), "type");
    return type.substr(type.rfind(':') + 1);
}

std::string textOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t numberOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_int64() ? value->get_int64() : -1;
}

HttpClient::HttpClient(std::uint16_t port, std::string token)
    : m_port(port)
    , m_token(std::move(token))
{
}

HttpClient::~HttpClient()
{
    close();
}

void HttpClient::moveTo(std::uint16_t port)
{
    close();
    m_port = port;
}

void HttpClient::close()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

bool HttpClient::connect()
{
    if (m_socket >= 0)
        return true;
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return true;
    close();
    return false;
}

Answer HttpClient::get(const std::string &path, const Headers &headers)
{
    return send("GET", path, {}, headers);
}

Answer HttpClient::post(const std::string &path, const json::value &body, const std::string &key)
{
    Headers headers;
    if (!key.empty())
        headers["Idempotency-Key"] = key;
    return send("POST", path, body.is_null() ? std::string() : json::serialize(body), std::move(headers));
}

Answer HttpClient::put(const std::string &path, const json::value &body)
{
    return send("PUT", path, json::serialize(body), {});
}

Answer HttpClient::patch(const std::string &path, const json::value &body)
{
    return send("PATCH", path, json::serialize(body), {});
}

Answer HttpClient::send(std::string_view method, const std::string &path, const std::string &body, Headers headers)
{
    if (!connect())
        return {};
    const timeval patience{m_patience.count() / 1000, (m_patience.count() % 1000) * 1000};
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    headers["Host"] = "127.0.0.1:" + std::to_string(m_port);
    headers["Content-Length"] = std::to_string(body.size());
    if (!m_token.empty())
        headers.emplace("Authorization", "Bearer " + m_token);
    if (!body.empty())
        headers.emplace("Content-Type", "application/json");
    std::string text = std::string(method) + ' ' + path + " HTTP/1.1\r\n";
    for (const auto &[name, value] : headers)
        text += name + ": " + value + "\r\n";
    text += lineEnd;
    text += body;
    Answer answer = write(text) ? read() : Answer{};
    const auto connection = answer.headers.find("connection");
    if (answer.status == 0 || (connection != answer.headers.end() && connection->second == "close"))
        close();
    return answer;
}

bool HttpClient::write(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (written <= 0)
            return false;
        text.remove_prefix(std::size_t(written));
    }
    return true;
}

bool HttpClient::readMore(std::string &buffer)
{
    std::array<char, 16384> bytes{};
    const ssize_t count = ::recv(m_socket, bytes.data(), bytes.size(), 0);
    if (count > 0)
        buffer.append(bytes.data(), std::size_t(count));
    return count > 0;
}

Answer HttpClient::read()
{
    std::string buffer;
    std::size_t end = 0;
    while ((end = buffer.find(headEnd)) == std::string::npos) {
        if (!readMore(buffer))
            return {};
    }
    Answer answer;
    readHead(std::string_view(buffer).substr(0, end), answer);
    answer.body = buffer.substr(end + headEnd.size());
    const auto length = answer.headers.find("content-length");
    const std::size_t expected = length == answer.headers.end() ? 0 : std::stoul(length->second);
    while (answer.body.size() < expected) {
        if (!readMore(answer.body))
            return {};
    }
    return answer;
}

} // namespace brewline::e2e
