// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/role.h"

#include <string>

namespace brewline::domain {

/// Who asks for something: the bearer of a verified token.
struct Actor {
    UserId id;
    Role role = Role::Customer;
    EventId event; ///< the event the token was made for; "*" stands for all (organisers only)
    std::string name;

    [[nodiscard]] bool mayActIn(const EventId &other) const { return event == other || event.text() == "*"; }

    friend bool operator==(const Actor &, const Actor &) = default;
};

} // namespace brewline::domain
