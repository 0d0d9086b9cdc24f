// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::domain {

/// Text by language tag, e.g. {"de": "Milchkaffee"}.
using Translations = std::map<std::string, std::string>;

struct Choice {
    std::string id; ///< unique within its menu item
    std::string name;
    Translations names;
    friend bool operator==(const Choice &, const Choice &) = default;
};

/// Choices of which up to \c max can be taken together, at least one when \c required.
struct OptionGroup {
    std::string id;
    std::string name;
    Translations names;
    bool required = false;
    int max = 1;
    std::vector<Choice> choices;
    friend bool operator==(const OptionGroup &, const OptionGroup &) = default;
};

struct MenuItem {
    std::string id;
    std::string name;
    Translations names;
    std::string description;
    std::vector<std::string> allergens;
    std::string icon;
    bool available = true;
    std::optional<std::int64_t> stock; ///< cups at the start of the event; nothing when they are not counted
    std::vector<OptionGroup> optionGroups;
    friend bool operator==(const MenuItem &, const MenuItem &) = default;
};

/// What staff changed about a menu item while the event runs.
struct ItemState {
    bool available = true;
    std::optional<std::int64_t> stock;

    [[nodiscard]] bool canBeOrdered() const { return available && (!stock || *stock > 0); }
    friend bool operator==(const ItemState &, const ItemState &) = default;
};

struct Menu {
    std::vector<MenuItem> items;

    [[nodiscard]] const MenuItem *find(std::string_view id) const;
    friend bool operator==(const Menu &, const Menu &) = default;
};

/// Whether \a options can be chosen together for \a item: each known, none twice, no group above its maximum and every
/// required group chosen from. The error's pointer is "/options" or "/options/<index>".
Result<void> checkOptions(const MenuItem &item, const std::vector<std::string> &options);

} // namespace brewline::domain
