// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "ctl/commandline.h"

#include <boost/json/array.hpp>

#include <functional>
#include <memory>
#include <string>

namespace brewline::client {
class RestClient;
}

namespace brewline::ctl {

/// Text for standard output, or why there is none.
using Output = Result<std::string>;

/// Starts the command of \a line, as readCommandLine() returned it, against the backend; \a done is called once from
/// the event loop. InvalidField for a command that needs no backend (nothing was sent then).
void runCommand(const CommandLine &line, client::RestClient &backend, std::function<void(Output)> done);

/// The table that "orders" prints, from a list of Order as the API gives it.
std::string orderTable(const boost::json::array &orders);

} // namespace brewline::ctl
