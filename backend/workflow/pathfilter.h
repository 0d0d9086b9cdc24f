// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/path.h"

#include <memory>
#include <regex>
#include <variant>
#include <vector>

namespace brewline::workflow {

/// The condition of a `[?(...)]` segment, compiled.
class PathFilter {
public:
    enum class Operator {
        And,
        Or,
        Not,
        Exists,
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Matches,
        In,
        NotIn,
        Contains,
        Size,
        Empty,
    };
    using Operand = std::variant<boost::json::value, Path, std::regex>;

    /// And, Or and Not of \a conditions.
    PathFilter(Operator op, std::vector<PathFilter> conditions);
    /// Everything else; Exists looks at \a left only.
    PathFilter(Operator op, Operand left, Operand right);

    /// Whether \a node, which `@` stands for, meets the condition.
    [[nodiscard]] bool accepts(const boost::json::value &node, const boost::json::value &data, Scope &scope) const;

private:
    [[nodiscard]] bool compares(const boost::json::value &node, const boost::json::value &data, Scope &scope) const;

    Operator m_operator;
    std::vector<PathFilter> m_conditions;
    Operand m_left;
    Operand m_right;
};

} // namespace brewline::workflow
