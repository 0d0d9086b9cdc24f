// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace brewline::e2e {

/// What the backend answered.
struct Answer {
    int status = 0;                             ///< 0 when there was no whole answer
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] boost::json::object json() const; ///< empty when the body is no JSON object
    [[nodiscard]] std::string problem() const;      ///< the word of a problem's type, such as "wrong-state"
};

/// The text \a name of \a object, empty when there is none.
std::string textOf(const boost::json::object &object, std::string_view name);
/// The number \a name of \a object, -1 when there is none.
std::int64_t numberOf(const boost::json::object &object, std::string_view name);

/// A client whose calls block, on one connection that it keeps and opens again when it was lost. Each thread has its
/// own; it shares no code with the program that it tests.
class HttpClient {
public:
    using Headers = std::map<std::string, std::string>;

    explicit HttpClient(std::uint16_t port, std::string token = {});
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Talks to another port from now on.
    void moveTo(std::uint16_t port);
    void setToken(std::string token) { m_token = std::move(token); }
    /// How long the next calls wait for an answer; 20 s unless set.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

    bool connect();
    Answer get(const std::string &path, const Headers &headers = {});
    /// \a body: null for none. \a key: the Idempotency-Key, empty for none.
    Answer post(const std::string &path, const boost::json::value &body = {}, const std::string &key = {});
    Answer put(const std::string &path, const boost::json::value &body);
    Answer patch(const std::string &path, const boost::json::value &body);
    Answer send(std::string_view method, const std::string &path, const std::string &body, Headers headers);

private:
    bool write(std::string_view text);
    bool readMore(std::string &buffer);
    Answer read();
    void close();

    std::uint16_t m_port;
    std::string m_token;
    std::chrono::milliseconds m_patience{20'000};
    int m_socket = -1;
};

} // namespace brewline::e2e
