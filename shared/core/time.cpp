// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/time.h"

#include <charconv>
#include <cstdio>

namespace brewline {

namespace {

/// Takes \a digits decimal digits from the front of \a text.
std::optional<int> takeNumber(std::string_view &text, std::size_t digits)
{
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    const char *const end = text.data() + digits;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
    }
    if (std::from_chars(text.data(), end, value).ptr != end)
        return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool takeChar(std::string_view &text, std::string_view anyOf)
{
    if (text.empty() || anyOf.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Milliseconds> takeFraction(std::string_view &text)
{
    if (!takeChar(text, "."))
        return Milliseconds(0);
    int milliseconds = 0;
    int digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9' && digits < 9) {
        if (digits < 3)
            milliseconds = milliseconds * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0)
        return std::nullopt;
    for (int i = digits; i < 3; ++i)
        milliseconds *= 10;
    return Milliseconds(milliseconds);
}

std::optional<std::chrono::minutes> takeOffset(std::string_view &text)
{
    if (takeChar(text, "Zz"))
        return std::chrono::minutes(0);
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = takeNumber(text, 2);
    if (!hours || !takeChar(text, ":"))
        return std::nullopt;
    const auto minutes = takeNumber(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return std::chrono::minutes(sign * (*hours * 60 + *minutes));
}

} // namespace

std::string toRfc3339(Timestamp time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[40];
    const int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                      unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                      int(clock.minutes().count()), int(clock.seconds().count()), int(clock.subseconds().count()));
    return std::string(text, std::size_t(length));
}

std::optional<Timestamp> timestampFromRfc3339(std::string_view text)
{
    using namespace std::chrono;
    const auto y = takeNumber(text, 4);
    if (!y || !takeChar(text, "-"))
        return std::nullopt;
    const auto mon = takeNumber(text, 2);
    if (!mon || !takeChar(text, "-"))
        return std::nullopt;
    const auto d = takeNumber(text, 2);
    if (!d || !takeChar(text, "Tt "))
        return std::nullopt;
    const auto h = takeNumber(text, 2);
    if (!h || !takeChar(text, ":"))
        return std::nullopt;
    const auto min = takeNumber(text, 2);
    if (!min || !takeChar(text, ":"))
        return std::nullopt;
    const auto s = takeNumber(text, 2);
    if (!s)
        return std::nullopt;
    const auto fraction = takeFraction(text);
    if (!fraction)
        return std::nullopt;
    const auto offset = takeOffset(text);
    const year_month_day date{year(*y), month(unsigned(*mon)), day(unsigned(*d))};
    if (!offset || !text.empty() || !date.ok() || *h > 23 || *min > 59 || *s > 60)
        return std::nullopt;
    return Timestamp(sys_days(date)) + hours(*h) + minutes(*min) + seconds(*s) + *fraction - *offset;
}

} // namespace brewline
