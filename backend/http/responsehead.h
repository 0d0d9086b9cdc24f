// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/response.h"

#include <ctime>
#include <string>
#include <string_view>

namespace brewline::http {

/// What the end of a connection adds to a Response.
struct Framing {
    bool keepAlive = true;
    /// HTTP/1.0 closes unless it is told otherwise.
    bool sayKeepAlive = false;
    std::string_view date;   ///< see httpDate()
    std::string_view reason; ///< the phrase after the status
};

/// Writes the status line and the header fields of \a response into \a head, which is cleared first and keeps its
/// memory. Content-Length counts the body even when it will not be sent (HEAD).
void writeHead(std::string &head, const Response &response, const Framing &framing);

/// "Sat, 21 Nov 2026 09:30:00 GMT" (IMF-fixdate, RFC 9110 section 5.6.7), whatever the locale.
std::string httpDate(std::time_t seconds);

} // namespace brewline::http
