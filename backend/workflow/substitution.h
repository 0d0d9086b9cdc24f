// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/definition.h"

#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <vector>

namespace brewline::workflow {

/// Replaces every `${Name}` (letters, digits, underscores) in the strings of \a document, member names excepted. A name
/// that \a substitutions lacks is a fault.
void substitute(boost::json::value &document, const std::map<std::string, std::string> &substitutions,
                std::vector<Fault> &faults);

} // namespace brewline::workflow
