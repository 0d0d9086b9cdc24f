// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/request.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace brewline::http {

/// Beast's parser, filling what becomes a Request without a container of its own in between.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    [[nodiscard]] Method method() const { return m_method; }
    [[nodiscard]] const std::string &target() const { return m_target; }
    [[nodiscard]] bool isHttp11() const { return m_version >= 11; }
    HeaderFields &fields() { return m_fields; }
    std::string &body() { return m_body; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    static std::string_view view(string_view text) { return {text.data(), text.size()}; }

    void on_request_impl(boost::beast::http::verb, string_view method, string_view target, int version,
                         error_code &) override
    {
        m_method = methodFromName(view(method));
        m_target = view(target);
        m_version = version;
        m_fields.reserve(512, 16);
    }
    void on_response_impl(int, string_view, int, error_code &) override {}
    void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code &) override
    {
        // Trailer fields come after the body; none may pass for a field of the head (Authorization, say).
        if (!m_headDone)
            m_fields.add(view(name), view(value));
    }
    void on_header_impl(error_code &) override { m_headDone = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t> &length, error_code &) override
    {
        m_body.reserve(static_cast<std::size_t>(length.value_or(0)));
    }
    std::size_t on_body_impl(string_view body, error_code &) override
    {
        m_body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code &) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code &) override
    {
        m_body.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(error_code &) override {}

    Method m_method = Method::Other;
    std::string m_target;
    int m_version = 0;
    HeaderFields m_fields;
    std::string m_body;
    bool m_headDone = false;
};

} // namespace brewline::http
