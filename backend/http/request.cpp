// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request.h"

#include <algorithm>
#include <array>

namespace brewline::http {

namespace {

constexpr auto methodNames = std::to_array<std::pair<Method, std::string_view>>({
    {Method::Get, "GET"},
    {Method::Head, "HEAD"},
    {Method::Post, "POST"},
    {Method::Put, "PUT"},
    {Method::Patch, "PATCH"},
    {Method::Delete, "DELETE"},
    {Method::Options, "OPTIONS"},
});

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equalsInAnyCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::string_view name(Method method)
{
    for (const auto &[known, text] : methodNames) {
        if (known == method)
            return text;
    }
    return "other";
}

Method methodFromName(std::string_view name)
{
    for (const auto &[method, text] : methodNames) {
        if (text == name)
            return method;
    }
    return Method::Other;
}

void HeaderFields::reserve(std::size_t bytes, std::size_t fields)
{
    m_text.reserve(bytes);
    m_fields.reserve(fields);
}

void HeaderFields::add(std::string_view name, std::string_view value)
{
    Field field{};
    field.nameBegin = static_cast<std::uint32_t>(m_text.size());
    m_text.append(name);
    field.valueBegin = static_cast<std::uint32_t>(m_text.size());
    m_text.append(value);
    field.valueEnd = static_cast<std::uint32_t>(m_text.size());
    m_fields.push_back(field);
}

std::string_view HeaderFields::nameOf(const Field &field) const
{
    return std::string_view(m_text).substr(field.nameBegin, field.valueBegin - field.nameBegin);
}

std::string_view HeaderFields::valueOf(const Field &field) const
{
    return std::string_view(m_text).substr(field.valueBegin, field.valueEnd - field.valueBegin);
}

std::optional<std::string_view> HeaderFields::find(std::string_view name) const
{
    for (const Field &field : m_fields) {
        if (equalsInAnyCase(nameOf(field), name))
            return valueOf(field);
    }
    return std::nullopt;
}

std::size_t HeaderFields::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::count_if(
        m_fields.begin(), m_fields.end(), [&](const Field &field) { return equalsInAnyCase(nameOf(field), name); }));
}

namespace {

std::optional<std::string_view> valueIn(const Parameters &parameters, std::string_view name)
{
    for (const auto &[key, value] : parameters) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

} // namespace

std::string_view Request::pathParameter(std::string_view name) const
{
    return valueIn(pathParameters, name).value_or(std::string_view());
}

std::optional<std::string_view> Request::queryParameter(std::string_view name) const
{
    return valueIn(queryParameters, name);
}

} // namespace brewline::http
