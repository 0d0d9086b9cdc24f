// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/pathfilter.h"

#include "workflow/jsonvalue.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// The value of \a operand for one node; \a computed keeps it alive when it is no part of the data.
const json::value *valueOf(const PathFilter::Operand &operand, const json::value &node, const json::value &data,
                           Scope &scope, json::value &computed)
{
    if (const auto *literal = std::get_if<json::value>(&operand))
        return literal;
    const auto *path = std::get_if<Path>(&operand);
    if (!path)
        return nullptr;
    if (path->isDefinite() && !path->hasFunction())
        return path->find(data, scope, &node);
    auto selected = path->get(data, scope, &node);
    if (!selected)
        return nullptr;
    computed = std::move(*selected);
    return &computed;
}

bool isSelected(const PathFilter::Operand &operand, const json::value *value)
{
    const auto *path = std::get_if<Path>(&operand);
    const json::array *several = value && path && !path->isDefinite() ? value->if_array() : nullptr;
    return value && (!several || !several->empty());
}

bool holds(const json::value &container, const json::value &element)
{
    if (const json::array *array = container.if_array())
        return std::ranges::any_of(*array, [&](const json::value &each) { return sameValue(each, element); });
    if (container.is_string() && element.is_string())
        return std::string_view(container.get_string()).find(std::string_view(element.get_string())) !=
               std::string_view::npos;
    return false;
}

/// The library's matcher recurses for every character, so longer texts, which come from users, match nothing.
bool matches(const std::regex &pattern, std::string_view text)
{
    constexpr std::size_t longestText = 1000;
    if (text.size() > longestText)
        return false;
    try {
        return std::regex_match(text.begin(), text.end(), pattern);
    } catch (const std::regex_error &) {
        return false; // too complex
    }
}

std::optional<std::size_t> sizeOf(const json::value &value)
{
    if (value.is_array())
        return value.get_array().size();
    if (value.is_object())
        return value.get_object().size();
    if (value.is_string())
        return value.get_string().size();
    return std::nullopt;
}

/// Negative, zero or positive; nothing for values that have no order.
std::optional<int> order(const json::value &left, const json::value &right)
{
    if (left.is_number() && right.is_number())
        return compareNumbers(left, right);
    if (left.is_string() && right.is_string())
        return std::string_view(left.get_string()).compare(std::string_view(right.get_string()));
    return std::nullopt;
}

} // namespace

PathFilter::PathFilter(Operator op, std::vector<PathFilter> conditions)
    : m_operator(op)
    , m_conditions(std::move(conditions))
{
}

PathFilter::PathFilter(Operator op, Operand left, Operand right)
    : m_operator(op)
    , m_left(std::move(left))
    , m_right(std::move(right))
{
}

bool PathFilter::accepts(const json::value &node, const json::value &data, Scope &scope) const
{
    const auto accepted = [&](const PathFilter &condition) { return condition.accepts(node, data, scope); };
    switch (m_operator) {
    case Operator::And:
        return std::ranges::all_of(m_conditions, accepted);
    case Operator::Or:
        return std::ranges::any_of(m_conditions, accepted);
    case Operator::Not:
        return !accepted(m_conditions.front());
    default:
        return compares(node, data, scope);
    }
}

bool PathFilter::compares(const json::value &node, const json::value &data, Scope &scope) const
{
    json::value computedLeft;
    json::value computedRight;
    const json::value *left = valueOf(m_left, node, data, scope, computedLeft);
    if (m_operator == Operator::Exists)
        return isSelected(m_left, left);
    if (!left)
        return m_operator == Operator::NotEqual;
    if (m_operator == Operator::Matches) {
        const auto *pattern = std::get_if<std::regex>(&m_right);
        return pattern && left->is_string() && matches(*pattern, left->get_string());
    }
    const json::value *right = valueOf(m_right, node, data, scope, computedRight);
    if (!right)
        return m_operator == Operator::NotEqual;
    switch (m_operator) {
    case Operator::Equal:
        return sameValue(*left, *right);
    case Operator::NotEqual:
        return !sameValue(*left, *right);
    case Operator::In:
        return holds(*right, *left);
    case Operator::NotIn:
        return !holds(*right, *left);
    case Operator::Contains:
        return holds(*left, *right);
    case Operator::Size: {
        const auto size = sizeOf(*left);
        return size && sameValue(json::value(std::int64_t(*size)), *right);
    }
    case Operator::Empty: {
        const auto size = sizeOf(*left);
        return size && sameValue(json::value(*size == 0), *right);
    }
    default:
        break;
    }
    const auto ordered = order(*left, *right);
    return ordered &&
           ((m_operator == Operator::Less && *ordered < 0) || (m_operator == Operator::LessOrEqual && *ordered <= 0) ||
            (m_operator == Operator::Greater && *ordered > 0) ||
            (m_operator == Operator::GreaterOrEqual && *ordered >= 0));
}

} // namespace brewline::workflow
