// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contracts/eventview.h"

#include <string>
#include <string_view>

/// The page behind the address in the QR code, for people whose phone's camera opened it.
namespace brewline::http {

enum class PageLanguage { English, Danish, German, Arabic };

/// The first of our languages that Accept-Language names, else English. Weights are taken in the order written.
PageLanguage pageLanguage(std::string_view acceptLanguage);

/// A self-contained HTML page: what the bar is, whether it is open, the typed code, and where to go with it.
std::string codePageFor(const EventView &event, std::string_view code, PageLanguage language);
/// For a code that does not count any more, or never did.
std::string expiredCodePage(PageLanguage language);

} // namespace brewline::http
