// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/role.h"

#include <array>
#include <utility>

namespace brewline {

namespace {

constexpr auto roles = std::to_array<std::pair<Role, std::string_view>>({
    {Role::Customer, "customer"},
    {Role::Kiosk, "kiosk"},
    {Role::Display, "display"},
    {Role::Barista, "barista"},
    {Role::Organiser, "organiser"},
    {Role::Extension, "extension"},
});

} // namespace

std::string_view toText(Role role)
{
    for (const auto &[known, text] : roles) {
        if (known == role)
            return text;
    }
    return {};
}

std::optional<Role> roleFromText(std::string_view text)
{
    for (const auto &[role, known] : roles) {
        if (known == text)
            return role;
    }
    return std::nullopt;
}

} // namespace brewline
