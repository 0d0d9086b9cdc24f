// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline {

/// Reads \a text as one JSON object: at most 32 levels deep, UTF-8 checked, nothing behind it.
Result<boost::json::object> parseJsonObject(std::string_view text);

/// Reads the members of a JSON object strictly. The first thing that is wrong is kept and every later reading returns
/// an empty value, so callers read all they need and ask finish() once, which also refuses members nobody asked for.
class JsonReader {
public:
    /// \a pointer is the JSON pointer of \a object itself. The object must outlive the reader.
    explicit JsonReader(const boost::json::object &object, std::string pointer = {});

    /// Text without control characters whose length in characters (not bytes) is within the bounds.
    std::string text(std::string_view name, std::size_t minimum, std::size_t maximum);
    std::optional<std::string> optionalText(std::string_view name, std::size_t maximum);
    std::vector<std::string> textList(std::string_view name, std::size_t maximumItems, std::size_t maximumLength);
    std::int64_t integer(std::string_view name, std::int64_t minimum, std::int64_t maximum);
    std::optional<std::int64_t> optionalInteger(std::string_view name, std::int64_t minimum, std::int64_t maximum);
    bool boolean(std::string_view name);
    std::optional<bool> optionalBoolean(std::string_view name);

    /// Notes that the value of \a name is not acceptable, for a reason of the caller's.
    void refuse(std::string_view name, std::string detail);

    /// Nothing when all is well; otherwise ErrorCode::InvalidField with the pointer of the first wrong member.
    Result<void> finish();

private:
    const boost::json::value *take(std::string_view name, bool required);
    [[nodiscard]] std::string pointerTo(std::string_view name) const;

    const boost::json::object &m_object;
    std::string m_pointer;
    std::vector<std::string_view> m_taken;
    std::optional<Error> m_error;
};

/// Number of Unicode code points of valid UTF-8.
std::size_t characterCount(std::string_view utf8);

} // namespace brewline
