// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/comparison.h"

#include "workflow/jsonvalue.h"
#include "workflow/moment.h"

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// Negative, zero or positive; nothing when a value is not of \a type.
std::optional<int> order(ChoiceRule::Type type, const json::value &left, const json::value &right)
{
    using Type = ChoiceRule::Type;
    if (type == Type::Numeric) {
        if (left.is_number() && right.is_number())
            return compareNumbers(left, right);
        return std::nullopt;
    }
    if (type == Type::Boolean) {
        if (left.is_bool() && right.is_bool())
            return int(left.get_bool()) - int(right.get_bool());
        return std::nullopt;
    }
    if (!left.is_string() || !right.is_string())
        return std::nullopt;
    if (type == Type::String)
        return std::string_view(left.get_string()).compare(std::string_view(right.get_string()));
    const auto a = Moment::fromText(left.get_string());
    const auto b = Moment::fromText(right.get_string());
    if (!a || !b)
        return std::nullopt;
    return (*a > *b) - (*a < *b);
}

} // namespace

bool holds(ChoiceRule::Type type, ChoiceRule::Relation relation, const json::value &left, const json::value &right)
{
    using Relation = ChoiceRule::Relation;
    if (relation == Relation::Matches)
        return left.is_string() && right.is_string() && matchesPattern(left.get_string(), right.get_string());
    const auto ordered = order(type, left, right);
    if (!ordered)
        return false;
    switch (relation) {
    case Relation::Equals:
        return *ordered == 0;
    case Relation::LessThan:
        return *ordered < 0;
    case Relation::LessThanEquals:
        return *ordered <= 0;
    case Relation::GreaterThan:
        return *ordered > 0;
    case Relation::GreaterThanEquals:
        return *ordered >= 0;
    case Relation::Matches:
        break;
    }
    return false;
}

bool passes(ChoiceRule::Test test, const json::value &value)
{
    switch (test) {
    case ChoiceRule::Test::IsNull:
        return value.is_null();
    case ChoiceRule::Test::IsPresent:
        return true;
    case ChoiceRule::Test::IsNumeric:
        return value.is_number();
    case ChoiceRule::Test::IsString:
        return value.is_string();
    case ChoiceRule::Test::IsBoolean:
        return value.is_bool();
    case ChoiceRule::Test::IsTimestamp:
        return value.is_string() && Moment::fromText(value.get_string());
    }
    return false;
}

bool matchesPattern(std::string_view text, std::string_view pattern)
{
    // The usual two-pointer walk: after a mismatch go back to the last star and let it take one character more.
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t starText = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        if (!escaped && p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            starText = t;
        } else if (p < pattern.size() && pattern[p + (escaped ? 1 : 0)] == text[t]) {
            p += escaped ? 2 : 1;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace brewline::workflow
