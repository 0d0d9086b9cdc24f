// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/problem.h"
#include "workflow/scope.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::workflow {

class PathFilter;

/// One step of a path.
struct PathSegment {
    enum class Kind { Members, Indices, Wildcard, Slice, Filter, Function };

    Kind kind = Kind::Members;
    bool descends = false;             ///< after `..`: applies to every descendant too
    std::vector<std::string> names;    ///< Members; the one name of a Function
    std::vector<std::int64_t> indices; ///< Indices; negative ones count from the end
    std::optional<std::int64_t> from;  ///< Slice
    std::optional<std::int64_t> to;
    std::int64_t step = 1;
    std::shared_ptr<const PathFilter> filter;

    /// Selects at most one node from a node.
    [[nodiscard]] bool isDefinite() const;
};

/// A JSONPath, compiled. Its root is the data (`$`), the context object (`$$`), a variable (`$name`) or, inside a
/// filter, the tested node (`@`).
class Path {
public:
    enum class Root { Data, Context, Variable, Current };

    /// The compiled form of \a text, or a sentence saying what is wrong with it.
    static tl::expected<Path, std::string> parse(std::string_view text);

    Path() = default;
    Path(std::string text, Root root, std::string variable, std::vector<PathSegment> segments);

    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] Root root() const { return m_root; }
    [[nodiscard]] const std::vector<PathSegment> &segments() const { return m_segments; }

    /// Names one node at most; paths that are not yield arrays.
    [[nodiscard]] bool isDefinite() const { return m_isDefinite; }
    /// Calls length() or the like, so its value is computed instead of found.
    [[nodiscard]] bool hasFunction() const { return m_hasFunction; }
    /// Definite, with plain member names and indices from 0 only: what may be written to.
    [[nodiscard]] bool isReference() const;

    /// The node that a definite path without functions names, nullptr when there is none; \a current is what `@`
    /// stands for.
    const boost::json::value *find(const boost::json::value &data, Scope &scope,
                                   const boost::json::value *current = nullptr) const;

    /// What the path selects, where it lies; \a storage holds it when it had to be computed. States.Runtime as for
    /// get().
    Outcome<const boost::json::value *> resolve(const boost::json::value &data, Scope &scope,
                                                boost::json::value &storage) const;

    /// A copy of what the path selects. States.Runtime when a definite path names nothing.
    Outcome<boost::json::value> get(const boost::json::value &data, Scope &scope,
                                    const boost::json::value *current = nullptr) const;

private:
    const boost::json::value *base(const boost::json::value &data, Scope &scope, const boost::json::value *current,
                                   std::size_t &firstSegment) const;

    std::string m_text = "$";
    Root m_root = Root::Data;
    std::string m_variable;
    std::vector<PathSegment> m_segments;
    bool m_isDefinite = true;
    bool m_hasFunction = false;
};

} // namespace brewline::workflow
