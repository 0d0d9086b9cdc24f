// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of PathParser that reads the conditions of filters.
#include "workflow/pathparser.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace brewline::workflow {

namespace {

/// Definitions come from people; a bound keeps a hostile one from exhausting the stack.
constexpr int deepestNesting = 32;

} // namespace

bool PathParser::parseFilter(PathSegment &segment)
{
    segment.kind = PathSegment::Kind::Filter;
    skipSpaces();
    if (!take('('))
        return fail("( is missing");
    auto filter = parseOr();
    if (!filter)
        return false;
    skipSpaces();
    if (!take(')'))
        return fail(") is missing");
    segment.filter = std::make_shared<const PathFilter>(std::move(*filter));
    skipSpaces();
    return take(']') || fail("] is missing");
}

std::optional<PathFilter> PathParser::parseOr()
{
    if (++m_depth > deepestNesting) {
        fail("the filter is nested too deeply");
        return std::nullopt;
    }
    std::vector<PathFilter> conditions;
    do {
        auto condition = parseAnd();
        if (!condition)
            return std::nullopt;
        conditions.push_back(std::move(*condition));
        skipSpaces();
    } while (take("||"));
    --m_depth;
    if (conditions.size() == 1)
        return std::move(conditions.front());
    return PathFilter(PathFilter::Operator::Or, std::move(conditions));
}

std::optional<PathFilter> PathParser::parseAnd()
{
    std::vector<PathFilter> conditions;
    do {
        auto condition = parseCondition();
        if (!condition)
            return std::nullopt;
        conditions.push_back(std::move(*condition));
        skipSpaces();
    } while (take("&&"));
    if (conditions.size() == 1)
        return std::move(conditions.front());
    return PathFilter(PathFilter::Operator::And, std::move(conditions));
}

std::optional<PathFilter> PathParser::parseCondition()
{
    skipSpaces();
    const bool negated = take('!');
    skipSpaces();
    std::optional<PathFilter> condition;
    if (take('(')) {
        condition = parseOr();
        skipSpaces();
        if (condition && !take(')')) {
            fail(") is missing");
            return std::nullopt;
        }
    } else if (auto left = parseOperand()) {
        skipSpaces();
        if (const auto op = parseOperator()) {
            skipSpaces();
            if (auto right = parseOperand())
                condition.emplace(*op, std::move(*left), std::move(*right));
        } else {
            condition.emplace(PathFilter::Operator::Exists, std::move(*left), boost::json::value());
        }
    }
    if (!condition || !negated)
        return condition;
    return PathFilter(PathFilter::Operator::Not, std::vector{std::move(*condition)});
}

std::optional<PathFilter::Operator> PathParser::parseOperator()
{
    using Operator = PathFilter::Operator;
    // Longer ones before those that they begin with.
    constexpr auto operators = std::to_array<std::pair<std::string_view, Operator>>({
        {"==", Operator::Equal},
        {"!=", Operator::NotEqual},
        {"<=", Operator::LessOrEqual},
        {">=", Operator::GreaterOrEqual},
        {"=~", Operator::Matches},
        {"<", Operator::Less},
        {">", Operator::Greater},
        {"in ", Operator::In},
        {"nin ", Operator::NotIn},
        {"contains ", Operator::Contains},
        {"size ", Operator::Size},
        {"empty ", Operator::Empty},
    });
    for (const auto &[word, op] : operators) {
        if (take(word))
            return op;
    }
    return std::nullopt;
}

std::optional<PathFilter::Operand> PathParser::parseOperand()
{
    if (peek() == '@' || peek() == '$') {
        auto path = parsePath();
        if (!path)
            return std::nullopt;
        return std::move(*path);
    }
    if (peek() == '/')
        return parseRegex();
    return parseLiteral();
}

std::optional<PathFilter::Operand> PathParser::parseRegex()
{
    ++m_position;
    std::string pattern;
    while (!atEnd() && peek() != '/') {
        if (peek() == '\\' && peek(1) == '/')
            ++m_position;
        pattern += m_text[m_position++];
    }
    if (!take('/')) {
        fail("a regular expression is not closed");
        return std::nullopt;
    }
    auto flags = std::regex::ECMAScript;
    if (take('i'))
        flags |= std::regex::icase;
    try {
        return std::regex(pattern, flags);
    } catch (const std::regex_error &) {
        fail("a regular expression is malformed");
        return std::nullopt;
    }
}

std::optional<PathFilter::Operand> PathParser::parseLiteral()
{
    if (peek() == '\'' || peek() == '"') {
        std::string text;
        if (!takeQuoted(text))
            return std::nullopt;
        return boost::json::value(text);
    }
    // What is left is JSON: numbers, words, and arrays for "in"; it ends where the comparison does.
    const std::size_t start = m_position;
    int brackets = 0;
    for (; !atEnd(); ++m_position) {
        const char c = peek();
        brackets += (c == '[') - (c == ']');
        if (brackets < 0 || (brackets == 0 && (c == ')' || c == ' ' || c == '&' || c == '|')))
            break;
    }
    std::string text(m_text.substr(start, m_position - start));
    if (text.starts_with('['))
        std::ranges::replace(text, '\'', '"');
    boost::system::error_code error;
    boost::json::value literal = boost::json::parse(text, error);
    if (error) {
        m_position = start;
        fail("a value is missing");
        return std::nullopt;
    }
    return literal;
}

} // namespace brewline::workflow
