// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/fieldreader.h"
#include "workflow/path.h"

#include <boost/json/value.hpp>

#include <optional>
#include <variant>
#include <vector>

namespace brewline::workflow {

/// The condition of a Choice rule, compiled.
class ChoiceRule {
public:
    enum class Type { String, Numeric, Boolean, Timestamp };
    enum class Relation { Equals, LessThan, LessThanEquals, GreaterThan, GreaterThanEquals, Matches };
    enum class Test { IsNull, IsPresent, IsNumeric, IsString, IsBoolean, IsTimestamp };

    /// Reads the condition's members of \a fields, leaving others such as Next to the caller. Faults are noted; the
    /// rule is of use only when there were none.
    static ChoiceRule parse(FieldReader &fields);

    /// Whether the condition holds. States.Runtime when a path names nothing, except for IsPresent.
    [[nodiscard]] Outcome<bool> matches(const boost::json::value &data, Scope &scope) const;

private:
    struct Comparison {
        Type type = Type::String;
        Relation relation = Relation::Equals;
        Path variable;
        std::variant<boost::json::value, Path> operand;
    };
    struct Inspection {
        Test test = Test::IsNull;
        Path variable;
        bool expected = true;
    };
    struct All {
        std::vector<ChoiceRule> rules;
    };
    struct Any {
        std::vector<ChoiceRule> rules;
    };
    struct None {
        std::vector<ChoiceRule> rules; ///< exactly one
    };
    using Form = std::variant<std::monostate, Comparison, Inspection, All, Any, None>; ///< none in faulty rules only

    static std::vector<ChoiceRule> parseRules(FieldReader &fields, std::string_view name);
    static ChoiceRule parseNested(const boost::json::value &value, const std::string &pointer, FieldReader &fields);
    static std::optional<Form> parseTest(FieldReader &fields);
    static std::optional<Form> parseComparison(FieldReader &fields);

    static Outcome<bool> inspect(const Inspection &inspection, const boost::json::value &data, Scope &scope);
    static Outcome<bool> compare(const Comparison &comparison, const boost::json::value &data, Scope &scope);

    Form m_form;
};

} // namespace brewline::workflow
