// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace brewline {

/// What the bearer of a token may do; one token has one role.
enum class Role {
    Customer, ///< a visitor
    Kiosk,    ///< the booth's shared ordering device
    Display,  ///< the TV
    Barista,
    Organiser,
    Extension, ///< an outside program that listens and answers external tasks
};

/// The role's word in tokens and JSON, e.g. "barista".
std::string_view toText(Role role);
std::optional<Role> roleFromText(std::string_view text);

} // namespace brewline
