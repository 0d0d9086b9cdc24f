// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace brewline::http {

/// Finds the end of a request's head in bytes that arrive piece by piece, and refuses the lenient forms that proxies
/// and servers read differently (request smuggling; RFC 9112, sections 2.2 and 5): bare CR or LF, folded lines,
/// white space around a field's name, control characters. What it lets through is for the parser to judge.
class HeadScanner {
public:
    enum class Verdict { NeedMore, Complete, Malformed };

    /// \a bytes is everything received since the head's first byte; it grows from call to call.
    Verdict scan(std::string_view bytes);

    /// After Complete: the head's size with its closing empty line.
    [[nodiscard]] std::size_t length() const { return m_lineBegin; }
    /// After Malformed: what is wrong, as a sentence.
    [[nodiscard]] std::string_view complaint() const { return m_complaint; }

private:
    bool accept(std::string_view line);
    bool refuse(std::string_view complaint);

    std::size_t m_lineBegin = 0;
    std::string_view m_complaint;
};

} // namespace brewline::http
