// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brewline::workflow {

/// Negative, zero or positive as \a left is less than, equal to or greater than \a right; both must be numbers.
/// Whole numbers are compared exactly, whatever their size.
int compareNumbers(const boost::json::value &left, const boost::json::value &right);

/// Equality of JSON: 1 and 1.0 are the same number, members of objects have no order.
bool sameValue(const boost::json::value &left, const boost::json::value &right);

/// The number as a whole one, nothing when it is none or has a fraction.
std::optional<std::int64_t> wholeNumber(const boost::json::value &value);

/// Whether \a value takes more than \a limit bytes as compact UTF-8 JSON, or is nested more than 200 levels deep. Walks
/// only as far as it must.
bool exceeds(const boost::json::value &value, std::size_t limit);

/// Parses \a text with room for more nesting than the library's default of 32 levels.
boost::json::value parseDeep(std::string_view text, boost::system::error_code &error);

/// \a token as a reference token of a JSON pointer (RFC 6901), with its slash before it.
std::string pointerStep(std::string_view token);

} // namespace brewline::workflow
