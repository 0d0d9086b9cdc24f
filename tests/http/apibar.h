// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/api.h"
#include "support/bar.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brewline::test {

/// What a test sends.
struct ApiRequest {
    http::Method method = http::Method::Get;
    std::string target = {}; ///< path and query, encoded
    std::string token = {};
    std::optional<std::string> body = {};
    std::string contentType = "application/json"; ///< sent with a body; not at all when empty
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool loopback = false; ///< else it comes from the hall
};

/// What it gets.
struct ApiAnswer {
    http::Response response;

    [[nodiscard]] int status() const { return response.status; }
    [[nodiscard]] const std::string &body() const { return response.body; }
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The body as an object; an empty one when it is none.
    [[nodiscard]] boost::json::object json() const;
    /// A text or number of the body as text, "null" for null, and nothing when it is not there.
    [[nodiscard]] std::string member(std::string_view name) const;
    /// "201", or e.g. "422 invalid-field /code": status, slug and pointer of a problem. Anything about its form that is
    /// not as RFC 9457 and the API want it is told here, too.
    [[nodiscard]] std::string outcome() const;
};

/// The names of the members of \a object in their order, joined by spaces.
std::string memberNames(const boost::json::object &object);

/// The routes of the API on a bar, called without sockets. There is a second event, "XYZ", beside the bar's own.
class ApiBar {
public:
    explicit ApiBar(const domain::Event &event = roomyEvent());

    /// smallEvent() with a code and a queue that no test fills.
    static domain::Event roomyEvent();

    Bar bar;
    bool storeAnswers = true;
    bool brokerAnswers = true;

    /// Routes for a server of one's own; \a post as ApiServices has it.
    http::Router routes(std::function<void(std::function<void()>)> post);

    ApiAnswer call(const ApiRequest &request);
    ApiAnswer get(const std::string &target, const std::string &token = {});
    ApiAnswer send(http::Method method, const std::string &target, const std::string &token, const std::string &body);

    /// Somebody who is enrolled, as pairing and guest sign-in do it.
    domain::Actor enrol(Role role, const std::string &name, const std::string &event = "ABC");
    std::string tokenOf(const domain::Actor &actor);

    /// Everything that a refused request must leave alone, as text: orders, messages, tokens, states, revocations.
    std::string everything();

private:
    http::Router m_router;
};

} // namespace brewline::test
