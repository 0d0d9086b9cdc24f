// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/menu.h"

#include <algorithm>

namespace brewline::domain {

namespace {

bool offers(const OptionGroup &group, std::string_view option)
{
    return std::any_of(group.choices.begin(), group.choices.end(),
                       [&](const Choice &choice) { return choice.id == option; });
}

} // namespace

const MenuItem *Menu::find(std::string_view id) const
{
    const auto found = std::find_if(items.begin(), items.end(), [&](const MenuItem &item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

Result<void> checkOptions(const MenuItem &item, const std::vector<std::string> &options)
{
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::string pointer = "/options/" + std::to_string(i);
        const bool known = std::any_of(item.optionGroups.begin(), item.optionGroups.end(),
                                       [&](const OptionGroup &group) { return offers(group, options[i]); });
        if (!known)
            return failure(ErrorCode::InvalidField, item.name + " has no option \"" + options[i] + "\".", pointer);
        if (std::find(options.begin(), options.begin() + std::ptrdiff_t(i), options[i]) !=
            options.begin() + std::ptrdiff_t(i))
            return failure(ErrorCode::InvalidField, "The option \"" + options[i] + "\" is given twice.", pointer);
    }
    for (const OptionGroup &group : item.optionGroups) {
        const auto chosen = std::count_if(options.begin(), options.end(),
                                          [&](const std::string &option) { return offers(group, option); });
        if (group.required && chosen == 0)
            return failure(ErrorCode::InvalidField, "Choose one of \"" + group.name + "\" as well.", "/options");
        if (chosen > group.max) {
            return failure(ErrorCode::InvalidField,
                           "At most " + std::to_string(group.max) + " of \"" + group.name + "\" can be chosen.",
                           "/options");
        }
    }
    return {};
}

} // namespace brewline::domain
