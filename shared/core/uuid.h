// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "core/time.h"

#include <string>
#include <string_view>

namespace brewline {

/// A UUID of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits, so that ids sort by
/// creation and an index grows at its end. Lower-case, 36 characters.
std::string uuidV7(Timestamp now, Random &random);

/// Whether \a text has the form of a UUID in lower case, of whatever version.
bool isUuid(std::string_view text);

} // namespace brewline
