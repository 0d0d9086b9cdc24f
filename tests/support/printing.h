// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/result.h"
#include "core/time.h"

#include <QTest>

#include <optional>
#include <string>
#include <string_view>

/// Lets QCOMPARE print what it compared.
namespace QTest {

template<>
inline char *toString(const std::string_view &text)
{
    return qstrdup(std::string(text).c_str());
}

template<>
inline char *toString(const std::string &text)
{
    return qstrdup(text.c_str());
}

template<>
inline char *toString(const brewline::ErrorCode &code)
{
    return toString(brewline::slug(code));
}

template<>
inline char *toString(const brewline::Timestamp &time)
{
    return toString(brewline::toRfc3339(time));
}

template<>
inline char *toString(const std::optional<brewline::Timestamp> &time)
{
    return time ? toString(*time) : qstrdup("nothing");
}

} // namespace QTest

namespace brewline::test {

/// "ok", or the slug of the error: one word to compare for each outcome.
template<typename T>
std::string outcome(const Result<T> &result)
{
    return result ? std::string("ok") : std::string(slug(result.error().code));
}

} // namespace brewline::test
