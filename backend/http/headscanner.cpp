// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/headscanner.h"

#include <algorithm>

namespace brewline::http {

namespace {

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

} // namespace

HeadScanner::Verdict HeadScanner::scan(std::string_view bytes)
{
    // A method begins with a letter: what does not (a TLS handshake, say) would otherwise be waited for in vain.
    if (m_lineBegin == 0 && !bytes.empty() && !(bytes[0] >= 'A' && bytes[0] <= 'Z')) {
        refuse("This is not an HTTP request.");
        return Verdict::Malformed;
    }
    while (true) {
        const std::size_t lineFeed = bytes.find('\n', m_lineBegin);
        if (lineFeed == std::string_view::npos)
            return Verdict::NeedMore;
        if (lineFeed == m_lineBegin || bytes[lineFeed - 1] != '\r') {
            refuse("A line of the head ends without a carriage return.");
            return Verdict::Malformed;
        }
        const std::string_view line = bytes.substr(m_lineBegin, lineFeed - 1 - m_lineBegin);
        if (!line.empty() && !accept(line))
            return Verdict::Malformed;
        m_lineBegin = lineFeed + 1;
        if (line.empty())
            return Verdict::Complete;
    }
}

bool HeadScanner::accept(std::string_view line)
{
    if (std::any_of(line.begin(), line.end(), isControl))
        return refuse("A line of the head holds a control character.");
    if (m_lineBegin == 0)
        return true;
    if (line.front() == ' ' || line.front() == '\t')
        return refuse("A header field is folded over several lines.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return refuse("A header field has no name.");
    if (line[colon - 1] == ' ' || line[colon - 1] == '\t')
        return refuse("There is white space between a header field's name and its colon.");
    return true;
}

bool HeadScanner::refuse(std::string_view complaint)
{
    m_complaint = complaint;
    return false;
}

} // namespace brewline::http
