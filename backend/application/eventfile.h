// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "domain/event.h"

#include <string_view>

namespace brewline::application {

/// Reads an event from the TOML text of its file. Times are whole seconds, see docs/operations.md for each key.
/// Everything that is wrong is InvalidConfiguration with \a fileName, line and a sentence how to mend it; keys that
/// are not known are refused, so that a misspelt limit is not silently ignored.
Result<domain::Event> readEventFile(std::string_view text, std::string_view fileName);

/// The event that a first start without events creates.
std::string_view demoEventFile();

} // namespace brewline::application
