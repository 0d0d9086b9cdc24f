// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace brewline::demo {

class Morning;

/// Compares what everybody heard with the script, with each other and with the backend's own list of orders.
/// Returns a sentence for each thing that is not as it should be; nothing means that all is well:
/// each order went through the states of its part; its visitor, both baristas and the TV heard each of its changes
/// exactly once and in order; the last thing heard is what the list says; the numbers are 1, 2, 3, ... without gap.
std::vector<std::string> inspect(const Morning &morning);

} // namespace brewline::demo
