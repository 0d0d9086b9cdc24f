// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/expression.h"

namespace brewline::workflow {

tl::expected<Expression, std::string> Expression::parse(std::string_view text)
{
    if (text.starts_with('$')) {
        return Path::parse(text).map([](Path path) { return Expression(std::move(path)); });
    }
    if (text.starts_with("States."))
        return Intrinsic::parse(text).map([](Intrinsic call) { return Expression(std::move(call)); });
    return tl::unexpected(std::string("it is neither a path nor an intrinsic function"));
}

Expression::Expression(std::variant<Path, Intrinsic> form)
    : m_form(std::move(form))
{
}

Outcome<boost::json::value> Expression::evaluate(const boost::json::value &data, Scope &scope) const
{
    if (const auto *path = std::get_if<Path>(&m_form))
        return path->get(data, scope);
    return std::get<Intrinsic>(m_form).evaluate(data, scope);
}

} // namespace brewline::workflow
