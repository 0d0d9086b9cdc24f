// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/time.h"
#include "http/response.h"

#include <boost/json/object.hpp>

#include <string_view>

namespace brewline::http {

/// How an error looks over HTTP.
struct ProblemKind {
    int status;
    std::string_view title; ///< for a person; the same for every occurrence
};

/// The one place that maps error codes to HTTP.
ProblemKind problemKind(ErrorCode code);

/// The answer for \a error as application/problem+json (RFC 9457): type, title, status, detail, pointer (when a field
/// is wrong), state (when one is in the way) and the members of \a more, which cannot replace those. 401 gets
/// WWW-Authenticate; 429 and 503 get Retry-After with \a retryAfter.
Response problem(const Error &error, const boost::json::object &more = {}, Seconds retryAfter = Seconds(1));

} // namespace brewline::http
