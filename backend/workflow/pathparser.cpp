// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/pathparser.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace brewline::workflow {

namespace {

constexpr auto functions = std::to_array<std::string_view>({"length", "min", "max", "avg", "sum", "keys"});

bool isNameCharacter(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == ':' || c == '@' || c == '#' || c == '/' || byte >= 0x80;
}

} // namespace

PathParser::PathParser(std::string_view text)
    : m_text(text)
{
}

char PathParser::peek(std::size_t ahead) const
{
    return m_position + ahead < m_text.size() ? m_text[m_position + ahead] : '\0';
}

bool PathParser::take(char c)
{
    if (atEnd() || m_text[m_position] != c)
        return false;
    ++m_position;
    return true;
}

bool PathParser::take(std::string_view word)
{
    if (!m_text.substr(m_position).starts_with(word))
        return false;
    m_position += word.size();
    return true;
}

void PathParser::skipSpaces()
{
    while (peek() == ' ' || peek() == '\t')
        ++m_position;
}

bool PathParser::fail(std::string message)
{
    if (m_error.empty())
        m_error = std::move(message) + " at character " + std::to_string(m_position + 1);
    return false;
}

std::string_view PathParser::takeIdentifier()
{
    const std::size_t start = m_position;
    while (!atEnd() && isNameCharacter(m_text[m_position]))
        ++m_position;
    return m_text.substr(start, m_position - start);
}

bool PathParser::takeInteger(std::int64_t &number)
{
    const char *const begin = m_text.data() + m_position;
    const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), number);
    if (error != std::errc{})
        return false;
    m_position += std::size_t(end - begin);
    return true;
}

bool PathParser::takeQuoted(std::string &text)
{
    const char quote = peek();
    ++m_position;
    while (!atEnd() && peek() != quote) {
        // Only the quote and the backslash itself are escaped; any other backslash is part of the name.
        if (peek() == '\\' && (peek(1) == quote || peek(1) == '\\'))
            ++m_position;
        text += m_text[m_position++];
    }
    return take(quote) || fail("a quote is not closed");
}

tl::expected<Path, std::string> PathParser::parsePath()
{
    const std::size_t start = m_position;
    Path::Root root = Path::Root::Data;
    std::string variable;
    if (take('@')) {
        root = Path::Root::Current;
    } else if (take("$$")) {
        root = Path::Root::Context;
    } else if (take('$')) {
        variable = takeIdentifier();
        if (!variable.empty())
            root = Path::Root::Variable;
    } else {
        return tl::unexpected(std::string("a path begins with $"));
    }
    Segments segments;
    if (!parseSegments(segments))
        return tl::unexpected(m_error);
    return Path(std::string(m_text.substr(start, m_position - start)), root, std::move(variable), std::move(segments));
}

bool PathParser::parseSegments(Segments &segments)
{
    for (;;) {
        PathSegment segment;
        if (take("..")) {
            segment.descends = true;
            if (peek() == '[' ? !(take('[') && parseBracketed(segment)) : !parseDotted(segment))
                return false;
        } else if (take('.')) {
            // Seen in the field: "$.['name']" for "$['name']".
            if (peek() == '[' ? !(take('[') && parseBracketed(segment)) : !parseDotted(segment))
                return false;
        } else if (take('[')) {
            if (!parseBracketed(segment))
                return false;
        } else {
            return true;
        }
        segments.push_back(std::move(segment));
    }
}

bool PathParser::parseDotted(PathSegment &segment)
{
    if (take('*')) {
        segment.kind = PathSegment::Kind::Wildcard;
        return true;
    }
    const std::string_view name = takeIdentifier();
    if (name.empty())
        return fail("a name is missing");
    segment.names.emplace_back(name);
    if (take("()")) {
        segment.kind = PathSegment::Kind::Function;
        if (std::ranges::find(functions, name) == functions.end())
            return fail("the function " + std::string(name) + " is unknown");
    }
    return true;
}

bool PathParser::parseBracketed(PathSegment &segment)
{
    skipSpaces();
    if (peek() == '\'' || peek() == '"')
        return parseNames(segment);
    if (take('?'))
        return parseFilter(segment);
    if (take('*')) {
        segment.kind = PathSegment::Kind::Wildcard;
        skipSpaces();
        return take(']') || fail("] is missing");
    }
    return parseNumbers(segment);
}

bool PathParser::parseNames(PathSegment &segment)
{
    do {
        skipSpaces();
        if (peek() != '\'' && peek() != '"')
            return fail("a quoted name is missing");
        std::string name;
        if (!takeQuoted(name))
            return false;
        segment.names.push_back(std::move(name));
        skipSpaces();
    } while (take(','));
    return take(']') || fail("] is missing");
}

bool PathParser::parseNumbers(PathSegment &segment)
{
    segment.kind = PathSegment::Kind::Indices;
    if (peek() == ':')
        return parseSlice(segment);
    do {
        skipSpaces();
        std::int64_t index = 0;
        if (!takeInteger(index))
            return fail("an index is missing");
        segment.indices.push_back(index);
        skipSpaces();
        if (peek() == ':' && segment.indices.size() == 1) {
            segment.from = index;
            segment.indices.clear();
            return parseSlice(segment);
        }
    } while (take(','));
    return take(']') || fail("] is missing");
}

bool PathParser::parseSlice(PathSegment &segment)
{
    segment.kind = PathSegment::Kind::Slice;
    take(':');
    skipSpaces();
    std::int64_t number = 0;
    if (takeInteger(number))
        segment.to = number;
    skipSpaces();
    if (take(':')) {
        skipSpaces();
        if (takeInteger(number))
            segment.step = number;
        skipSpaces();
    }
    if (segment.step <= 0)
        return fail("the step of a slice is at least 1");
    return take(']') || fail("] is missing");
}

} // namespace brewline::workflow
