// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/processdefinitions.h"

#include "core/secret.h"

namespace brewline::application {

namespace {

Result<std::shared_ptr<const workflow::Definition>> compile(std::string_view text)
{
    auto definition = workflow::Definition::parse(text);
    if (definition)
        return *definition;
    const workflow::Fault fault = definition.error().empty() ? workflow::Fault{} : definition.error().front();
    return failure(ErrorCode::InvalidDefinition,
                   "The workflow is not valid at \"" + fault.pointer + "\": " + fault.message, fault.pointer);
}

} // namespace

Result<ProcessDefinitions> ProcessDefinitions::withOrderProcessor(std::string_view aslText)
{
    auto definition = compile(aslText);
    if (!definition)
        return tl::unexpected(definition.error());
    ProcessDefinitions definitions;
    Process process{sha256Hex(aslText), std::string(aslText), *definition};
    definitions.m_compiled[process.hash] = process.definition;
    definitions.m_current = std::make_shared<const Process>(std::move(process));
    return definitions;
}

Result<std::shared_ptr<const workflow::Definition>> ProcessDefinitions::find(const std::string &hash, Reader &reader)
{
    if (const auto known = m_compiled.find(hash); known != m_compiled.end())
        return known->second;
    const auto text = reader.definition(hash);
    if (!text)
        return failure(ErrorCode::Internal, "The workflow definition of a running order is missing.");
    auto definition = compile(*text);
    if (definition)
        m_compiled[hash] = *definition;
    return definition;
}

} // namespace brewline::application
