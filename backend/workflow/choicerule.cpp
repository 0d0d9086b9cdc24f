// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/choicerule.h"

#include "workflow/comparison.h"
#include "workflow/jsonvalue.h"
#include "workflow/moment.h"

#include <array>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

using Type = ChoiceRule::Type;
using Relation = ChoiceRule::Relation;
using Test = ChoiceRule::Test;

struct ComparisonName {
    std::string_view name;
    std::string_view pathName;
    Type type;
    Relation relation;
};

constexpr auto comparisons = std::to_array<ComparisonName>({
    {"StringEquals", "StringEqualsPath", Type::String, Relation::Equals},
    {"StringLessThan", "StringLessThanPath", Type::String, Relation::LessThan},
    {"StringLessThanEquals", "StringLessThanEqualsPath", Type::String, Relation::LessThanEquals},
    {"StringGreaterThan", "StringGreaterThanPath", Type::String, Relation::GreaterThan},
    {"StringGreaterThanEquals", "StringGreaterThanEqualsPath", Type::String, Relation::GreaterThanEquals},
    {"StringMatches", "", Type::String, Relation::Matches},
    {"NumericEquals", "NumericEqualsPath", Type::Numeric, Relation::Equals},
    {"NumericLessThan", "NumericLessThanPath", Type::Numeric, Relation::LessThan},
    {"NumericLessThanEquals", "NumericLessThanEqualsPath", Type::Numeric, Relation::LessThanEquals},
    {"NumericGreaterThan", "NumericGreaterThanPath", Type::Numeric, Relation::GreaterThan},
    {"NumericGreaterThanEquals", "NumericGreaterThanEqualsPath", Type::Numeric, Relation::GreaterThanEquals},
    {"BooleanEquals", "BooleanEqualsPath", Type::Boolean, Relation::Equals},
    {"TimestampEquals", "TimestampEqualsPath", Type::Timestamp, Relation::Equals},
    {"TimestampLessThan", "TimestampLessThanPath", Type::Timestamp, Relation::LessThan},
    {"TimestampLessThanEquals", "TimestampLessThanEqualsPath", Type::Timestamp, Relation::LessThanEquals},
    {"TimestampGreaterThan", "TimestampGreaterThanPath", Type::Timestamp, Relation::GreaterThan},
    {"TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath", Type::Timestamp, Relation::GreaterThanEquals},
});

constexpr auto tests = std::to_array<std::pair<std::string_view, Test>>({
    {"IsNull", Test::IsNull},
    {"IsPresent", Test::IsPresent},
    {"IsNumeric", Test::IsNumeric},
    {"IsString", Test::IsString},
    {"IsBoolean", Test::IsBoolean},
    {"IsTimestamp", Test::IsTimestamp},
});

bool isOfType(const json::value &value, Type type)
{
    switch (type) {
    case Type::String:
        return value.is_string();
    case Type::Numeric:
        return value.is_number();
    case Type::Boolean:
        return value.is_bool();
    case Type::Timestamp:
        return value.is_string() && Moment::fromText(value.get_string());
    }
    return false;
}

} // namespace

ChoiceRule ChoiceRule::parse(FieldReader &fields)
{
    ChoiceRule rule;
    int conditions = 0;
    const auto accept = [&](Form form) {
        rule.m_form = std::move(form);
        ++conditions;
    };
    if (fields.has("And"))
        accept(All{parseRules(fields, "And")});
    if (fields.has("Or"))
        accept(Any{parseRules(fields, "Or")});
    if (const json::value *negated = fields.value("Not"))
        accept(None{{parseNested(*negated, fields.pointerOf("Not"), fields)}});
    const bool nested = conditions > 0;
    if (auto test = parseTest(fields)) {
        accept(std::move(*test));
    }
    if (auto comparison = parseComparison(fields))
        accept(std::move(*comparison));
    if (conditions != 1)
        fields.fault(conditions == 0 ? "a choice rule needs a condition" : "a choice rule has one condition only");
    if (nested && fields.has("Variable"))
        fields.fault("Variable", "cannot stand beside And, Or or Not");
    return rule;
}

std::vector<ChoiceRule> ChoiceRule::parseRules(FieldReader &fields, std::string_view name)
{
    std::vector<ChoiceRule> rules;
    const json::array *elements = fields.array(name);
    if (!elements)
        return rules;
    if (elements->empty())
        fields.fault(name, "needs at least one rule");
    for (std::size_t i = 0; i < elements->size(); ++i)
        rules.push_back(parseNested((*elements)[i], fields.pointerOf(name) + pointerStep(std::to_string(i)), fields));
    return rules;
}

ChoiceRule ChoiceRule::parseNested(const json::value &value, const std::string &pointer, FieldReader &fields)
{
    const json::object *object = value.if_object();
    if (!object) {
        fields.faults().push_back({pointer, fields.subject() + ": a choice rule must be an object."});
        return {};
    }
    FieldReader nested(*object, pointer, fields.subject(), fields.faults());
    nested.value("Comment");
    ChoiceRule rule = parse(nested);
    nested.refuseOthers();
    return rule;
}

std::optional<ChoiceRule::Form> ChoiceRule::parseTest(FieldReader &fields)
{
    for (const auto &[name, test] : tests) {
        if (!fields.has(name))
            continue;
        fields.require("Variable");
        const auto expected = fields.boolean(name);
        auto variable = fields.path("Variable");
        return Inspection{test, std::move(variable).value_or(Path()), expected.value_or(true)};
    }
    return std::nullopt;
}

std::optional<ChoiceRule::Form> ChoiceRule::parseComparison(FieldReader &fields)
{
    for (const ComparisonName &known : comparisons) {
        const bool byPath = !known.pathName.empty() && fields.has(known.pathName);
        if (!byPath && !fields.has(known.name))
            continue;
        fields.require("Variable");
        Comparison comparison{known.type, known.relation, fields.path("Variable").value_or(Path()), {}};
        if (byPath) {
            comparison.operand = fields.path(known.pathName).value_or(Path());
        } else {
            const json::value *literal = fields.value(known.name);
            if (!isOfType(*literal, known.type))
                fields.fault(known.name, "has a value of the wrong type");
            comparison.operand = *literal;
        }
        return comparison;
    }
    return std::nullopt;
}

Outcome<bool> ChoiceRule::matches(const json::value &data, Scope &scope) const
{
    if (const auto *comparison = std::get_if<Comparison>(&m_form))
        return compare(*comparison, data, scope);
    if (const auto *inspection = std::get_if<Inspection>(&m_form))
        return inspect(*inspection, data, scope);
    if (const auto *all = std::get_if<All>(&m_form)) {
        for (const ChoiceRule &rule : all->rules) {
            const auto matched = rule.matches(data, scope);
            if (!matched || !*matched)
                return matched;
        }
        return true;
    }
    if (const auto *any = std::get_if<Any>(&m_form)) {
        for (const ChoiceRule &rule : any->rules) {
            const auto matched = rule.matches(data, scope);
            if (!matched || *matched)
                return matched;
        }
        return false;
    }
    return std::get<None>(m_form).rules.front().matches(data, scope).map([](bool matched) { return !matched; });
}

Outcome<bool> ChoiceRule::inspect(const Inspection &inspection, const json::value &data, Scope &scope)
{
    json::value storage;
    const auto value = inspection.variable.resolve(data, scope, storage);
    if (!value && inspection.test == Test::IsPresent)
        return !inspection.expected;
    return value.map([&](const json::value *found) { return passes(inspection.test, *found) == inspection.expected; });
}

Outcome<bool> ChoiceRule::compare(const Comparison &comparison, const json::value &data, Scope &scope)
{
    json::value leftStorage;
    json::value rightStorage;
    const auto left = comparison.variable.resolve(data, scope, leftStorage);
    if (!left)
        return tl::unexpected(left.error());
    if (const auto *literal = std::get_if<json::value>(&comparison.operand))
        return holds(comparison.type, comparison.relation, **left, *literal);
    const auto right = std::get<Path>(comparison.operand).resolve(data, scope, rightStorage);
    return right.map(
        [&](const json::value *operand) { return holds(comparison.type, comparison.relation, **left, *operand); });
}

} // namespace brewline::workflow
