// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// First, and not in order: libstdc++'s <compare> alone is more than Qt's moc can read.
#include <cstddef>

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace brewline {

/// A text that names one thing of one kind; ids of different kinds cannot be mixed up.
template<typename Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text)
        : m_text(std::move(text))
    {
    }

    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }

    friend auto operator<=>(const Id &, const Id &) = default;
    friend bool operator==(const Id &, const Id &) = default;

private:
    std::string m_text;
};

using EventId = Id<struct EventTag>;         ///< 1 to 32 of A-Z a-z 0-9 - _, e.g. "ABC"
using OrderId = Id<struct OrderTag>;         ///< UUIDv7
using UserId = Id<struct UserTag>;           ///< UUIDv7; people and devices alike, the `sub` of their tokens
using ExecutionId = Id<struct ExecutionTag>; ///< UUIDv7
using BucketId = Id<struct BucketTag>;       ///< UUIDv7

} // namespace brewline

template<typename Tag>
struct std::hash<brewline::Id<Tag>> {
    std::size_t operator()(const brewline::Id<Tag> &id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
