// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/path.h"
#include "workflow/pathfilter.h"

#include <string>
#include <string_view>

namespace brewline::workflow {

/// Reads a JSONPath by recursive descent from the front of a text. Used for whole paths, for the paths inside filters
/// and for the arguments of intrinsic functions.
class PathParser {
public:
    explicit PathParser(std::string_view text);

    /// The longest path at the front; check atEnd() when the whole text should be one.
    tl::expected<Path, std::string> parsePath();

    [[nodiscard]] bool atEnd() const { return m_position == m_text.size(); }
    [[nodiscard]] std::size_t position() const { return m_position; }

private:
    using Segments = std::vector<PathSegment>;

    [[nodiscard]] char peek(std::size_t ahead = 0) const;
    bool take(char c);
    bool take(std::string_view word);
    void skipSpaces();
    bool fail(std::string message);

    std::string_view takeIdentifier();
    bool takeInteger(std::int64_t &number);
    bool takeQuoted(std::string &text);

    bool parseSegments(Segments &segments);
    bool parseDotted(PathSegment &segment);
    bool parseBracketed(PathSegment &segment);
    bool parseNames(PathSegment &segment);
    bool parseNumbers(PathSegment &segment);
    bool parseSlice(PathSegment &segment);
    bool parseFilter(PathSegment &segment);

    std::optional<PathFilter> parseOr();
    std::optional<PathFilter> parseAnd();
    std::optional<PathFilter> parseCondition();
    std::optional<PathFilter::Operator> parseOperator();
    std::optional<PathFilter::Operand> parseOperand();
    std::optional<PathFilter::Operand> parseRegex();
    std::optional<PathFilter::Operand> parseLiteral();

    std::string_view m_text;
    std::size_t m_position = 0;
    int m_depth = 0;
    std::string m_error;
};

} // namespace brewline::workflow
