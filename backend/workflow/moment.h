// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <compare>
#include <optional>
#include <string_view>

namespace brewline::workflow {

/// A timestamp as the language writes it: RFC 3339 with upper-case T and, for UTC, Z; to the nanosecond.
struct Moment {
    Timestamp time{};
    int nanoseconds = 0; ///< beyond the millisecond, 0 to 999'999

    static std::optional<Moment> fromText(std::string_view text);

    friend auto operator<=>(const Moment &, const Moment &) = default;
};

} // namespace brewline::workflow
