// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/jsonvalue.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// What an execution may keep must be parsed again, with some levels around it: see parseDeep().
constexpr int deepestNesting = 200;

/// Takes the size of parts of a document from what is left of a limit.
class SizeMeter {
public:
    explicit SizeMeter(std::size_t limit)
        : m_left(limit)
    {
    }

    /// False as soon as the limit is passed.
    bool add(const json::value &value)
    {
        switch (value.kind()) {
        case json::kind::null:
            return take(4);
        case json::kind::bool_:
            return take(value.get_bool() ? 4 : 5);
        case json::kind::int64:
            return takeInteger(value.get_int64());
        case json::kind::uint64:
            return takeInteger(value.get_uint64());
        case json::kind::double_:
            return take(json::serialize(value).size());
        case json::kind::string:
            return takeText(value.get_string());
        case json::kind::array:
            return addAll(value.get_array());
        case json::kind::object:
            return addAll(value.get_object());
        }
        return true;
    }

private:
    bool take(std::size_t bytes)
    {
        if (bytes > m_left)
            return false;
        m_left -= bytes;
        return true;
    }

    template<typename Integer>
    bool takeInteger(Integer number)
    {
        char text[24];
        return take(std::size_t(std::to_chars(text, text + sizeof text, number).ptr - text));
    }

    bool takeText(std::string_view text)
    {
        std::size_t bytes = text.size() + 2;
        for (const char c : text) {
            if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f')
                bytes += 1;
            else if (static_cast<unsigned char>(c) < 0x20)
                bytes += 5;
        }
        return take(bytes);
    }

    bool addAll(const json::array &array)
    {
        if (m_depth == deepestNesting || !take(2 + (array.empty() ? 0 : array.size() - 1)))
            return false;
        ++m_depth;
        for (const json::value &element : array) {
            if (!add(element))
                return false;
        }
        --m_depth;
        return true;
    }

    bool addAll(const json::object &object)
    {
        if (m_depth == deepestNesting || !take(2 + (object.empty() ? 0 : object.size() - 1)))
            return false;
        ++m_depth;
        for (const json::key_value_pair &member : object) {
            if (!takeText(member.key()) || !take(1) || !add(member.value()))
                return false;
        }
        --m_depth;
        return true;
    }

    std::size_t m_left;
    int m_depth = 0;
};

} // namespace

int compareNumbers(const json::value &left, const json::value &right)
{
    if (left.is_int64() && right.is_int64()) {
        const std::int64_t a = left.get_int64();
        const std::int64_t b = right.get_int64();
        return (a > b) - (a < b);
    }
    if (left.is_uint64() && right.is_uint64()) {
        const std::uint64_t a = left.get_uint64();
        const std::uint64_t b = right.get_uint64();
        return (a > b) - (a < b);
    }
    const auto a = left.to_number<double>();
    const auto b = right.to_number<double>();
    return (a > b) - (a < b);
}

bool sameValue(const json::value &left, const json::value &right)
{
    if (left.is_number() && right.is_number())
        return compareNumbers(left, right) == 0;
    if (left.kind() != right.kind())
        return false;
    if (const json::array *a = left.if_array()) {
        const json::array &b = right.get_array();
        if (a->size() != b.size())
            return false;
        for (std::size_t i = 0; i < a->size(); ++i) {
            if (!sameValue((*a)[i], b[i]))
                return false;
        }
        return true;
    }
    if (const json::object *a = left.if_object()) {
        const json::object &b = right.get_object();
        if (a->size() != b.size())
            return false;
        for (const json::key_value_pair &member : *a) {
            const json::value *other = b.if_contains(member.key());
            if (!other || !sameValue(member.value(), *other))
                return false;
        }
        return true;
    }
    return left == right;
}

std::optional<std::int64_t> wholeNumber(const json::value &value)
{
    if (value.is_int64())
        return value.get_int64();
    if (value.is_uint64() && value.get_uint64() <= std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return std::int64_t(value.get_uint64());
    if (!value.is_double())
        return std::nullopt;
    const double number = value.get_double();
    // Beyond 2^53 a double no longer holds every whole number.
    if (std::trunc(number) != number || std::abs(number) > 9007199254740992.0)
        return std::nullopt;
    return std::int64_t(number);
}

bool exceeds(const json::value &value, std::size_t limit)
{
    return !SizeMeter(limit).add(value);
}

json::value parseDeep(std::string_view text, boost::system::error_code &error)
{
    json::parse_options options;
    options.max_depth = 256;
    return json::parse(text, error, {}, options);
}

std::string pointerStep(std::string_view token)
{
    std::string step = "/";
    for (const char c : token) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else
            step += c;
    }
    return step;
}

} // namespace brewline::workflow
