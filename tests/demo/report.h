// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"

#include <string>

namespace brewline::demo {

class Morning;

/// The table of the morning: one row a visitor, in the order of their arrival, each in UTF-8 and ended by a line feed.
std::string table(const Morning &morning);

/// One line: what there was altogether.
std::string summary(const Morning &morning, Milliseconds duration);

} // namespace brewline::demo
