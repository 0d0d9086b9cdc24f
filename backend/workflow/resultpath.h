// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/path.h"

#include <boost/json/value.hpp>

namespace brewline::workflow {

/// Where the result of a state goes: in place of its input, nowhere, or into its input.
class ResultPath {
public:
    /// `$`: the result becomes the output.
    ResultPath() = default;
    /// null: the input stays the output.
    static ResultPath discard();
    /// A reference path into the input, or `$`.
    explicit ResultPath(Path path);

    /// Whether the input takes part in the output; otherwise anything may be given for it.
    [[nodiscard]] bool needsInput() const { return m_discards || !m_path.segments().empty(); }

    /// \a input with \a result put into it. States.ResultPathMatchFailure when the path leads through something that
    /// is neither an object nor an existing element of an array.
    [[nodiscard]] Outcome<boost::json::value> combine(boost::json::value input, boost::json::value result) const;

private:
    bool m_discards = false;
    Path m_path;
};

} // namespace brewline::workflow
