// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::workflow {

struct Program;

/// Why a definition is refused.
struct Fault {
    std::string pointer; ///< RFC 6901, into the definition, e.g. "/States/Pay/Next"; empty for the document itself.
    std::string message; ///< One sentence, naming the state where there is one.

    friend bool operator==(const Fault &, const Fault &) = default;
};

/// A Task state of a definition, so that a host can refuse resources that it does not offer.
struct TaskUse {
    std::string pointer; ///< of the Resource field
    std::string state;
    std::string resource;
};

/// A workflow in Amazon States Language (JSONPath mode), compiled once: state names are resolved, paths, payload
/// templates and choice rules parsed. Immutable and therefore shared freely between threads.
class Definition {
public:
    /// Reads and validates \a json. Every `${Name}` inside its strings is replaced by the text that \a substitutions
    /// has for it; a name without one is a fault. All faults that can be found are returned, not only the first.
    static tl::expected<std::shared_ptr<const Definition>, std::vector<Fault>>
    parse(std::string_view json, const std::map<std::string, std::string> &substitutions = {});

    ~Definition();
    Definition(const Definition &) = delete;
    Definition &operator=(const Definition &) = delete;

    /// All Task states, those in branches and iterators included, in document order.
    [[nodiscard]] std::vector<TaskUse> tasks() const;

    /// The compiled form, for the interpreter.
    [[nodiscard]] const Program &program() const { return *m_program; }

private:
    explicit Definition(std::unique_ptr<const Program> program);

    std::unique_ptr<const Program> m_program;
};

} // namespace brewline::workflow
