// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/httpclient.h"

namespace brewline::e2e {

/// Whether the member \a name of \a object is a time in the form of the API, such as 2026-11-21T14:30:00.000Z.
bool isTime(const boost::json::object &object, std::string_view name);

/// Whether \a answer is the problem \a word as RFC 9457 has it.
bool isProblem(const Answer &answer, int status, const std::string &word);

/// \a object as text, without the serverTime that each answer has anew.
std::string timeless(boost::json::object object);

} // namespace brewline::e2e
