// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/topicfilter.h"

#include <optional>

namespace brewline::brokerauth {

namespace {

/// Walks over the levels of a topic or filter; an empty level is a level.
class Levels {
public:
    explicit Levels(std::string_view text)
        : m_rest(text)
    {
    }

    std::optional<std::string_view> next()
    {
        if (!m_rest)
            return std::nullopt;
        const auto slash = m_rest->find('/');
        const std::string_view level = m_rest->substr(0, slash);
        if (slash == std::string_view::npos)
            m_rest.reset();
        else
            m_rest->remove_prefix(slash + 1);
        return level;
    }

    [[nodiscard]] bool isAtEnd() const { return !m_rest; }

private:
    std::optional<std::string_view> m_rest;
};

bool beginsWithWildcard(std::string_view filter)
{
    return filter.starts_with('+') || filter.starts_with('#');
}

} // namespace

bool isValidFilter(std::string_view filter)
{
    constexpr std::size_t longest = 65535;
    if (filter.empty() || filter.size() > longest || filter.find('\0') != std::string_view::npos)
        return false;
    Levels levels(filter);
    while (const auto level = levels.next()) {
        if (*level == "#")
            return levels.isAtEnd();
        if (*level != "+" && level->find_first_of("+#") != std::string_view::npos)
            return false;
    }
    return true;
}

bool matches(std::string_view filter, std::string_view topic)
{
    if (beginsWithWildcard(filter) && topic.starts_with('$'))
        return false;
    Levels wanted(filter);
    Levels given(topic);
    while (const auto want = wanted.next()) {
        if (*want == "#")
            return true; // also the level above: "a/#" matches "a"
        const auto give = given.next();
        if (!give)
            return false;
        if (*want != "+" && *want != *give)
            return false;
        if (given.isAtEnd() && !wanted.isAtEnd())
            return wanted.next() == "#";
    }
    return given.isAtEnd();
}

bool covers(std::string_view wide, std::string_view narrow)
{
    if (beginsWithWildcard(wide) && narrow.starts_with('$'))
        return false;
    if (narrow == "#")
        return wide == "#" || wide == "+/#";
    Levels outer(wide);
    Levels inner(narrow);
    while (const auto out = outer.next()) {
        if (*out == "#")
            return true;
        const auto in = inner.next();
        if (!in || *in == "#")
            return false;
        if (*out != "+" && *out != *in)
            return false;
        if (inner.isAtEnd() && !outer.isAtEnd())
            return outer.next() == "#";
    }
    return inner.isAtEnd();
}

} // namespace brewline::brokerauth
