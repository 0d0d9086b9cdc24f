// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/definition.h"
#include "workflow/expression.h"
#include "workflow/path.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::workflow {

using Faults = std::vector<Fault>;

/// Reads the members of one object of a definition, remembers which it has been asked for, and notes every fault with
/// the pointer of the member. A member that is absent or faulty reads as nothing.
class FieldReader {
public:
    /// All arguments must outlive the reader. \a subject starts messages, e.g. "State Pay".
    FieldReader(const boost::json::object &object, std::string pointer, std::string subject, Faults &faults);

    [[nodiscard]] const std::string &pointer() const { return m_pointer; }
    [[nodiscard]] const std::string &subject() const { return m_subject; }
    [[nodiscard]] Faults &faults() const { return m_faults; }
    [[nodiscard]] std::string pointerOf(std::string_view name) const;

    [[nodiscard]] bool has(std::string_view name) const;
    const boost::json::value *value(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<std::int64_t> whole(std::string_view name, std::int64_t least = 0,
                                      std::int64_t most = std::numeric_limits<std::int64_t>::max());
    std::optional<double> number(std::string_view name, double least);
    std::optional<Path> path(std::string_view name);
    std::optional<Expression> expression(std::string_view name);
    const boost::json::object *object(std::string_view name);
    const boost::json::array *array(std::string_view name);
    /// Strings only, at least one.
    std::vector<std::string> texts(std::string_view name);

    void fault(std::string_view name, std::string_view message);
    /// A fault of the object as a whole.
    void fault(std::string_view message);
    void require(std::string_view name);
    /// Faults both names when both are there.
    void exclude(std::string_view name, std::string_view other);
    /// To be called last: faults every member that nobody asked for.
    void refuseOthers();

private:
    const boost::json::object &m_object;
    std::string m_pointer;
    std::string m_subject;
    Faults &m_faults;
    std::vector<std::string_view> m_known;
};

} // namespace brewline::workflow
