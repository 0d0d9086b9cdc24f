// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "http/request.h"

#include <string>
#include <string_view>

namespace brewline::http {

/// The target of a request line, split.
struct Target {
    std::string_view path;  ///< still encoded; begins with "/", or is "*"
    std::string_view query; ///< still encoded, without the "?"
};

/// Splits the origin-form ("/a?b"), absolute-form ("http://host/a?b") and asterisk-form of RFC 9112, section 3.2.
/// The result refers to \a target. MalformedRequest for anything else.
Result<Target> splitTarget(std::string_view target);

/// Undoes percent-encoding. MalformedRequest for an incomplete escape, NUL, or what is not UTF-8.
Result<std::string> percentDecoded(std::string_view text);

/// The parameters of \a query in their order, decoded ("+" is a space). MalformedRequest as percentDecoded().
Result<Parameters> queryParameters(std::string_view query);

/// Whether \a text is well-formed UTF-8 (RFC 3629: shortest forms only, no surrogates, up to U+10FFFF).
bool isUtf8(std::string_view text);

} // namespace brewline::http
