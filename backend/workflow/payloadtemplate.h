// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/definition.h"
#include "workflow/expression.h"

#include <boost/json/value.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace brewline::workflow {

/// A JSON value in which members named `x.$` are replaced by `x` with the value of their expression. Compiled: parts
/// without expressions are copied as they are.
class PayloadTemplate {
public:
    /// Notes every malformed expression in \a faults; \a pointer leads to \a value, \a subject starts messages.
    static PayloadTemplate parse(const boost::json::value &value, const std::string &pointer,
                                 const std::string &subject, std::vector<Fault> &faults);

    [[nodiscard]] Outcome<boost::json::value> apply(const boost::json::value &data, Scope &scope) const;

private:
    using Members = std::vector<std::pair<std::string, PayloadTemplate>>;
    using Elements = std::vector<PayloadTemplate>;
    using Form = std::variant<boost::json::value, Expression, Members, Elements>;

    explicit PayloadTemplate(Form form);

    static PayloadTemplate parseObject(const boost::json::object &object, const std::string &pointer,
                                       const std::string &subject, std::vector<Fault> &faults);
    static PayloadTemplate parseExpression(const boost::json::value &value, const std::string &pointer,
                                           const std::string &subject, std::vector<Fault> &faults);
    [[nodiscard]] bool isLiteral() const;

    Form m_form;
};

} // namespace brewline::workflow
