// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// MQTT topic filters (MQTT 5, section 4.7). Pure functions without state.
namespace brewline::brokerauth {

/// Whether \a filter is well-formed: "+" and "#" stand alone in their level, "#" only in the last.
bool isValidFilter(std::string_view filter);

/// Whether a message to \a topic belongs to the valid \a filter. A filter that begins with a wildcard does not reach
/// topics that begin with "$".
bool matches(std::string_view filter, std::string_view topic);

/// Whether every topic that \a narrow matches is matched by \a wide, too (both valid filters).
bool covers(std::string_view wide, std::string_view narrow);

} // namespace brewline::brokerauth
