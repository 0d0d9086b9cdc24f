// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/path.h"

#include <boost/json/value.hpp>

#include <span>
#include <vector>

namespace brewline::workflow {

/// The nodes that the segments of a path select one after the other.
class PathSelection {
public:
    /// \a data and \a scope are for paths inside filters. All arguments must outlive the selection.
    PathSelection(const boost::json::value &root, const boost::json::value &data, Scope &scope);

    /// The node that a definite segment selects from \a node, or nullptr.
    static const boost::json::value *step(const boost::json::value &node, const PathSegment &segment);

    /// False when a definite segment at the front selects nothing; after an indefinite one, nothing is an empty array.
    bool select(std::span<const PathSegment> segments);

    /// The selected node when \a single, otherwise an array of all of them.
    boost::json::value take(bool single);

private:
    void apply(const boost::json::value &node, const PathSegment &segment, std::vector<const boost::json::value *> &to);
    void applyToDescendants(const boost::json::value &node, const PathSegment &segment,
                            std::vector<const boost::json::value *> &to);
    bool call(const PathSegment &segment, bool indefinite);

    const boost::json::value &m_data;
    Scope &m_scope;
    std::vector<const boost::json::value *> m_nodes;
    boost::json::value m_computed; ///< result of a function, which is no part of the data
};

} // namespace brewline::workflow
