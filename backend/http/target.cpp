// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/target.h"

#include <algorithm>
#include <array>

namespace brewline::http {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool beginsInAnyCase(std::string_view text, std::string_view lowerCase)
{
    return text.size() >= lowerCase.size() &&
           std::equal(lowerCase.begin(), lowerCase.end(), text.begin(),
                      [](char expected, char c) { return expected == (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
}

Result<std::string> decoded(std::string_view text, bool plusIsSpace)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return failure(ErrorCode::MalformedRequest, "The address holds a % without two hexadecimal digits.");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        if (c == '\0')
            return failure(ErrorCode::MalformedRequest, "The address holds a NUL character.");
        result.push_back(c);
    }
    if (!isUtf8(result))
        return failure(ErrorCode::MalformedRequest, "The address is not valid UTF-8.");
    return result;
}

} // namespace

bool isUtf8(std::string_view text)
{
    const auto *p = reinterpret_cast<const unsigned char *>(text.data());
    const auto *const end = p + text.size();
    while (p != end) {
        const unsigned char first = *p++;
        if (first < 0x80)
            continue;
        if (first < 0xC2 || first > 0xF4)
            return false;
        const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        if (end - p < more)
            return false;
        // The second byte's range excludes longer forms than needed, surrogates, and what lies beyond U+10FFFF.
        const unsigned char lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        const unsigned char highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (*p < lowest || *p > highest)
            return false;
        ++p;
        for (int i = 1; i < more; ++i, ++p) {
            if ((*p & 0xC0) != 0x80)
                return false;
        }
    }
    return true;
}

Result<Target> splitTarget(std::string_view target)
{
    if (target == "*")
        return Target{target, {}};
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!beginsInAnyCase(target, scheme))
            continue;
        target.remove_prefix(scheme.size());
        const std::size_t authorityEnd = std::min(target.find_first_of("/?#"), target.size());
        if (authorityEnd == 0)
            return failure(ErrorCode::MalformedRequest, "The address names no host.");
        target.remove_prefix(authorityEnd);
        if (target.empty() || target.front() == '?')
            return Target{"/", target.empty() ? target : target.substr(1)};
        break;
    }
    if (target.empty() || target.front() != '/')
        return failure(ErrorCode::MalformedRequest, "The address must begin with a slash.");
    if (target.find('#') != std::string_view::npos)
        return failure(ErrorCode::MalformedRequest, "The address must not hold a fragment.");
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos)
        return Target{target, {}};
    return Target{target.substr(0, mark), target.substr(mark + 1)};
}

Result<std::string> percentDecoded(std::string_view text)
{
    return decoded(text, false);
}

Result<Parameters> queryParameters(std::string_view query)
{
    Parameters parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto key = decoded(pair.substr(0, equals), true);
        if (!key)
            return tl::unexpected(std::move(key.error()));
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!value)
            return tl::unexpected(std::move(value.error()));
        parameters.emplace_back(std::move(*key), std::move(*value));
    }
    return parameters;
}

} // namespace brewline::http
