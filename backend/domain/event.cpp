// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/event.h"

#include <algorithm>

namespace brewline::domain {

namespace {

/// The first \a count characters of valid UTF-8.
std::string_view firstCharacters(std::string_view text, std::size_t count)
{
    std::size_t end = 0;
    while (end < text.size() && count > 0) {
        ++end;
        while (end < text.size() && (text[end] & 0xc0) == 0x80)
            ++end;
        --count;
    }
    return text.substr(0, end);
}

} // namespace

bool isEventId(std::string_view text)
{
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), allowed);
}

std::string nameOnBoard(const Event &event, std::string_view name)
{
    switch (event.namesOnBoard) {
    case NamesOnBoard::None:
        break;
    case NamesOnBoard::Initial:
        return name.empty() ? std::string() : std::string(firstCharacters(name, 1)) + '.';
    case NamesOnBoard::Name:
        return std::string(firstCharacters(name, 20));
    }
    return {};
}

} // namespace brewline::domain
