// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/result.h"
#include "workflow/definition.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace brewline::application {

/// The order processor that new orders begin with, and the older ones that running orders finish with.
/// Used on the store's thread only, except for construction.
class ProcessDefinitions {
public:
    struct Process {
        std::string hash; ///< SHA-256 of the text: the version
        std::string text;
        std::shared_ptr<const workflow::Definition> definition;
    };

    /// InvalidDefinition names the first fault with its JSON pointer.
    static Result<ProcessDefinitions> withOrderProcessor(std::string_view aslText);

    [[nodiscard]] const Process &orderProcessor() const { return *m_current; }

    /// The definition that an execution began with; compiled once, then kept.
    Result<std::shared_ptr<const workflow::Definition>> find(const std::string &hash, Reader &reader);

private:
    std::shared_ptr<const Process> m_current;
    std::map<std::string, std::shared_ptr<const workflow::Definition>> m_compiled;
};

/// The order processor that is shipped: docs/architecture.md tells its states.
std::string_view defaultOrderProcessor();

} // namespace brewline::application
