// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/path.h"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brewline::workflow {

/// One of the functions `States.*`.
struct IntrinsicFunction {
    using Call = Outcome<boost::json::value> (*)(std::span<const boost::json::value> arguments, Supplier &supplier);

    std::string_view name; ///< "States.Format"
    std::size_t fewest;    ///< arguments
    std::size_t most;
    Call call;

    /// nullptr when there is none of that name.
    static const IntrinsicFunction *find(std::string_view name);
};

/// A call of an intrinsic function, compiled; arguments may be literals, paths and further calls.
class Intrinsic {
public:
    using Argument = std::variant<boost::json::value, Path, Intrinsic>;

    /// The compiled form of \a text, or a sentence saying what is wrong with it.
    static tl::expected<Intrinsic, std::string> parse(std::string_view text);

    Intrinsic(const IntrinsicFunction &function, std::vector<Argument> arguments);

    [[nodiscard]] Outcome<boost::json::value> evaluate(const boost::json::value &data, Scope &scope) const;

private:
    const IntrinsicFunction *m_function;
    std::vector<Argument> m_arguments;
};

} // namespace brewline::workflow
