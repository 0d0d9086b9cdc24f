// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/jsonreader.h"

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace brewline {

namespace {

/// U+0000 to U+001F and U+007F to U+009F; the latter steer terminals and ticket printers, too. \a text is valid UTF-8.
bool hasControlCharacter(std::string_view text)
{
    unsigned char before = 0;
    return std::any_of(text.begin(), text.end(), [&before](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isSecondOfC1 = before == 0xc2 && byte < 0xa0;
        before = byte;
        return byte < 0x20 || byte == 0x7f || isSecondOfC1;
    });
}

std::string escapedForPointer(std::string_view name)
{
    std::string escaped; // RFC 6901, section 3: "~" is "~0" and "/" is "~1".
    for (const char c : name) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else
            escaped += c;
    }
    return escaped;
}

} // namespace

Result<boost::json::object> parseJsonObject(std::string_view text)
{
    namespace json = boost::json;
    json::parse_options options;
    options.max_depth = 32;
    json::error_code error;
    json::stream_parser parser({}, options);
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error && read == text.size())
        parser.finish(error);
    if (error || read != text.size()) {
        return failure(
            ErrorCode::MalformedRequest,
            "The body is not one JSON object: " + (error ? error.message() : std::string("something follows it")) +
                " at byte " + std::to_string(read) + '.');
    }
    json::value value = parser.release();
    if (!value.is_object())
        return failure(ErrorCode::MalformedRequest, "The body must be a JSON object.");
    return std::move(value.as_object());
}

std::size_t characterCount(std::string_view utf8)
{
    return std::size_t(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

JsonReader::JsonReader(const boost::json::object &object, std::string pointer)
    : m_object(object)
    , m_pointer(std::move(pointer))
{
}

std::string JsonReader::pointerTo(std::string_view name) const
{
    return m_pointer + '/' + escapedForPointer(name);
}

void JsonReader::refuse(std::string_view name, std::string detail)
{
    if (!m_error)
        m_error = Error{ErrorCode::InvalidField, std::move(detail), pointerTo(name)};
}

const boost::json::value *JsonReader::take(std::string_view name, bool required)
{
    m_taken.push_back(name);
    if (m_error)
        return nullptr;
    const boost::json::value *value = m_object.if_contains(name);
    if (value && value->is_null())
        value = nullptr;
    if (!value && required)
        refuse(name, "The field \"" + std::string(name) + "\" is missing.");
    return value;
}

std::string JsonReader::text(std::string_view name, std::size_t minimum, std::size_t maximum)
{
    const boost::json::value *value = take(name, minimum > 0);
    if (!value)
        return {};
    if (!value->is_string()) {
        refuse(name, "\"" + std::string(name) + "\" must be a text.");
        return {};
    }
    const std::string_view text = value->get_string();
    const std::size_t length = characterCount(text);
    if (length < minimum || length > maximum) {
        refuse(name, "\"" + std::string(name) + "\" must have " + std::to_string(minimum) + " to " +
                         std::to_string(maximum) + " characters.");
        return {};
    }
    if (hasControlCharacter(text)) {
        refuse(name, "\"" + std::string(name) + "\" must not hold control characters.");
        return {};
    }
    return std::string(text);
}

std::optional<std::string> JsonReader::optionalText(std::string_view name, std::size_t maximum)
{
    const boost::json::value *value = m_object.if_contains(name);
    std::string read = text(name, 0, maximum);
    if (!value || value->is_null())
        return std::nullopt;
    return read;
}

std::vector<std::string> JsonReader::textList(std::string_view name, std::size_t maximumItems,
                                              std::size_t maximumLength)
{
    const boost::json::value *value = take(name, false);
    if (!value)
        return {};
    if (!value->is_array() || value->get_array().size() > maximumItems) {
        refuse(name,
               "\"" + std::string(name) + "\" must be a list of at most " + std::to_string(maximumItems) + " texts.");
        return {};
    }
    std::vector<std::string> list;
    for (const boost::json::value &item : value->get_array()) {
        const bool good = item.is_string() && characterCount(item.get_string()) <= maximumLength &&
                          !hasControlCharacter(item.get_string());
        if (!good) {
            m_error = Error{ErrorCode::InvalidField,
                            "Each entry must be a text of at most " + std::to_string(maximumLength) + " characters.",
                            pointerTo(name) + '/' + std::to_string(list.size())};
            return {};
        }
        list.emplace_back(item.get_string());
    }
    return list;
}

std::int64_t JsonReader::integer(std::string_view name, std::int64_t minimum, std::int64_t maximum)
{
    const boost::json::value *value = take(name, true);
    if (!value)
        return minimum;
    boost::json::error_code error;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : minimum;
    if (!value->is_number() || error || number < minimum || number > maximum) {
        refuse(name, "\"" + std::string(name) + "\" must be a whole number from " + std::to_string(minimum) + " to " +
                         std::to_string(maximum) + '.');
        return minimum;
    }
    return number;
}

std::optional<std::int64_t> JsonReader::optionalInteger(std::string_view name, std::int64_t minimum,
                                                        std::int64_t maximum)
{
    if (!take(name, false))
        return std::nullopt;
    return integer(name, minimum, maximum);
}

bool JsonReader::boolean(std::string_view name)
{
    const boost::json::value *value = take(name, true);
    if (!value)
        return false;
    if (!value->is_bool()) {
        refuse(name, "\"" + std::string(name) + "\" must be true or false.");
        return false;
    }
    return value->get_bool();
}

std::optional<bool> JsonReader::optionalBoolean(std::string_view name)
{
    if (!take(name, false))
        return std::nullopt;
    return boolean(name);
}

Result<void> JsonReader::finish()
{
    for (const auto &member : m_object) {
        if (m_error)
            break;
        if (std::find(m_taken.begin(), m_taken.end(), member.key()) == m_taken.end())
            refuse(member.key(), "There is no field \"" + std::string(member.key()) + "\" here.");
    }
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

} // namespace brewline
