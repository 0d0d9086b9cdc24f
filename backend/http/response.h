// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace brewline::http {

/// An answer. The server adds Date, Server, Content-Length, Connection and X-Content-Type-Options.
struct Response {
    int status = 200;
    /// The media type of the body; left out when empty.
    std::string contentType = {};
    std::string body = {};
    /// Further header fields; one whose name or value holds a control character is dropped, not sent.
    std::vector<std::pair<std::string, std::string>> headers = {};
};

} // namespace brewline::http
