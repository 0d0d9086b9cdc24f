// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace brewline::brokerauth {

/// Where the backend sends its commands to the broker. Only a token whose `acl.pub` names this topic literally may.
inline constexpr const char *controlTopic = "$CONTROL/brewline/v1";

/// The subjects of `{"revoke":["<sub>", ...]}`, or what is wrong with the command.
tl::expected<std::vector<std::string>, std::string> readRevocation(std::string_view payload);

} // namespace brewline::brokerauth
