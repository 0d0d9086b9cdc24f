// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/payloadtemplate.h"

#include "workflow/jsonvalue.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

PayloadTemplate::PayloadTemplate(Form form)
    : m_form(std::move(form))
{
}

bool PayloadTemplate::isLiteral() const
{
    return std::holds_alternative<json::value>(m_form);
}

PayloadTemplate PayloadTemplate::parse(const json::value &value, const std::string &pointer, const std::string &subject,
                                       std::vector<Fault> &faults)
{
    if (const json::object *object = value.if_object())
        return parseObject(*object, pointer, subject, faults);
    const json::array *array = value.if_array();
    if (!array)
        return PayloadTemplate(value);
    Elements elements;
    for (std::size_t i = 0; i < array->size(); ++i)
        elements.push_back(parse((*array)[i], pointer + pointerStep(std::to_string(i)), subject, faults));
    if (std::ranges::all_of(elements, &PayloadTemplate::isLiteral))
        return PayloadTemplate(value);
    return PayloadTemplate(std::move(elements));
}

PayloadTemplate PayloadTemplate::parseObject(const json::object &object, const std::string &pointer,
                                             const std::string &subject, std::vector<Fault> &faults)
{
    Members members;
    bool literal = true;
    for (const json::key_value_pair &member : object) {
        std::string_view name = member.key();
        const std::string at = pointer + pointerStep(name);
        const bool computed = name.ends_with(".$");
        if (computed)
            name.remove_suffix(2);
        members.emplace_back(name, computed ? parseExpression(member.value(), at, subject, faults)
                                            : parse(member.value(), at, subject, faults));
        literal = literal && !computed && members.back().second.isLiteral();
    }
    if (literal)
        return PayloadTemplate(json::value(object));
    return PayloadTemplate(std::move(members));
}

PayloadTemplate PayloadTemplate::parseExpression(const json::value &value, const std::string &pointer,
                                                 const std::string &subject, std::vector<Fault> &faults)
{
    const json::string *text = value.if_string();
    auto expression = text ? Expression::parse(*text)
                           : tl::expected<Expression, std::string>(tl::unexpected(std::string("it is no string")));
    if (expression)
        return PayloadTemplate(std::move(*expression));
    faults.push_back({pointer, subject + ": the expression is malformed: " + expression.error() + "."});
    return PayloadTemplate(json::value());
}

Outcome<json::value> PayloadTemplate::apply(const json::value &data, Scope &scope) const
{
    if (const auto *literal = std::get_if<json::value>(&m_form))
        return *literal;
    if (const auto *expression = std::get_if<Expression>(&m_form))
        return expression->evaluate(data, scope);
    if (const auto *elements = std::get_if<Elements>(&m_form)) {
        json::array array;
        array.reserve(elements->size());
        for (const PayloadTemplate &element : *elements) {
            auto value = element.apply(data, scope);
            if (!value)
                return value;
            array.push_back(std::move(*value));
        }
        return array;
    }
    const auto &members = std::get<Members>(m_form);
    json::object object;
    object.reserve(members.size());
    for (const auto &[name, member] : members) {
        auto value = member.apply(data, scope);
        if (!value)
            return value;
        object.insert_or_assign(name, std::move(*value));
    }
    return object;
}

} // namespace brewline::workflow
