// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/intrinsic.h"
#include "workflow/path.h"

#include <variant>

namespace brewline::workflow {

/// What may stand where a value is computed: a path or a call of an intrinsic function.
class Expression {
public:
    /// The compiled form of \a text, or a sentence saying what is wrong with it.
    static tl::expected<Expression, std::string> parse(std::string_view text);

    [[nodiscard]] Outcome<boost::json::value> evaluate(const boost::json::value &data, Scope &scope) const;

private:
    explicit Expression(std::variant<Path, Intrinsic> form);

    std::variant<Path, Intrinsic> m_form;
};

} // namespace brewline::workflow
