// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace brewline {

/// A value, or the Error that explains why there is none.
template<typename T>
using Result = tl::expected<T, Error>;

/// Shorthand to return an error from a function that returns any Result.
inline tl::unexpected<Error> failure(ErrorCode code, std::string detail, std::string pointer = {})
{
    return tl::unexpected<Error>(Error{code, std::move(detail), std::move(pointer)});
}

} // namespace brewline
