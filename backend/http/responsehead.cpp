// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/responsehead.h"

#include "core/logging.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace brewline::http {

namespace {

bool holdsControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    });
}

void appendField(std::string &head, std::string_view name, std::string_view value)
{
    // A line break in a value would let whoever chose the value write header fields of their own.
    if (name.empty() || holdsControl(name) || holdsControl(value)) {
        qCWarning(lcHttp, "An answer's header field with a control character was left out");
        return;
    }
    head.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

void writeHead(std::string &head, const Response &response, const Framing &framing)
{
    head.clear();
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(framing.reason);
    head.append("\r\nDate: ").append(framing.date);
    head.append("\r\nServer: Brewline\r\nX-Content-Type-Options: nosniff\r\n");
    if (!response.contentType.empty())
        appendField(head, "Content-Type", response.contentType);
    for (const auto &[name, value] : response.headers)
        appendField(head, name, value);
    if (response.status != 204 && response.status != 304)
        head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    if (!framing.keepAlive)
        head.append("Connection: close\r\n");
    else if (framing.sayKeepAlive)
        head.append("Connection: keep-alive\r\n");
    head.append("\r\n");
}

std::string httpDate(std::time_t seconds)
{
    static constexpr std::array<const char *, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char *, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                     days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                     months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                     utc.tm_min, utc.tm_sec);
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace brewline::http
