// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/choicerule.h"

namespace brewline::workflow {

/// Whether \a left stands in \a relation to \a right as values of \a type; false when one is of another type.
bool holds(ChoiceRule::Type type, ChoiceRule::Relation relation, const boost::json::value &left,
           const boost::json::value &right);

/// Whether \a value passes \a test; IsPresent is true for every value.
bool passes(ChoiceRule::Test test, const boost::json::value &value);

/// Whether \a text matches \a pattern, in which `*` stands for any text and a backslash makes the next character plain.
bool matchesPattern(std::string_view text, std::string_view pattern);

} // namespace brewline::workflow
