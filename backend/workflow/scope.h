// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json/value.hpp>

#include <string_view>

namespace brewline::workflow {

class Supplier;

/// What expressions can see besides their data (`$`). What it returns stays valid while the scope lives and the
/// execution is not changed.
class Scope {
public:
    virtual ~Scope() = default;

    /// A member of the context object, nullptr when it has none of that name; so that reading one needs no copy of all.
    virtual const boost::json::value *contextMember(std::string_view name) = 0;
    /// The context object as a whole.
    virtual const boost::json::value &context() = 0;
    /// A workflow variable, of this frame or of one around it; nullptr when it has not been assigned.
    [[nodiscard]] virtual const boost::json::value *variable(std::string_view name) const = 0;
    virtual Supplier &supplier() = 0;
};

} // namespace brewline::workflow
