// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brewline::http {

/// The methods that routes may be registered for; all others arrive as Other and are answered with 405.
enum class Method { Get, Head, Post, Put, Patch, Delete, Options, Other };

std::string_view name(Method method);
Method methodFromName(std::string_view name);

/// The header fields of a request in their order, kept in one block of memory.
class HeaderFields {
public:
    void reserve(std::size_t bytes, std::size_t fields);
    void add(std::string_view name, std::string_view value);

    /// The value of the first field called \a name (in any case), valid as long as this object is not changed.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// How often the field occurs: a field that may occur only once must be checked by this.
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] std::size_t size() const { return m_fields.size(); }

private:
    struct Field {
        std::uint32_t nameBegin;
        std::uint32_t valueBegin;
        std::uint32_t valueEnd;
    };
    [[nodiscard]] std::string_view nameOf(const Field &field) const;
    [[nodiscard]] std::string_view valueOf(const Field &field) const;

    std::string m_text;
    std::vector<Field> m_fields;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// One request, whole and checked for form. A value: handlers may move it to another thread.
struct Request {
    Method method = Method::Get;
    /// The path as it was sent, still percent-encoded, without the query; begins with "/" ("*" only for OPTIONS).
    std::string path;
    /// What the placeholders of the route's pattern stand for; decoded, valid UTF-8 without NUL, never empty.
    Parameters pathParameters = {};
    /// The query, decoded, in its order; a name may occur several times.
    Parameters queryParameters = {};
    HeaderFields headers = {};
    std::string body = {};
    /// The peer's IP address as text.
    std::string remoteAddress = {};
    /// Whether the peer is this machine, by a loopback address.
    bool loopback = false;

    /// The value of the placeholder {\a name}, or an empty text.
    [[nodiscard]] std::string_view pathParameter(std::string_view name) const;
    /// The first value of the query's parameter \a name.
    [[nodiscard]] std::optional<std::string_view> queryParameter(std::string_view name) const;
    /// The value of the first header field called \a name, in any case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const { return headers.find(name); }
};

} // namespace brewline::http
