// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/definition.h"

#include "workflow/jsonvalue.h"
#include "workflow/machineparser.h"
#include "workflow/substitution.h"

namespace brewline::workflow {

namespace json = boost::json;

namespace {

void parseProgram(const json::object &document, Program &program, Faults &faults)
{
    FieldReader fields(document, {}, "Workflow", faults);
    fields.text("Comment");
    fields.text("Version");
    const auto language = fields.text("QueryLanguage");
    if (language && *language != "JSONPath")
        fields.fault("QueryLanguage", "must be JSONPath; " + *language + " is not supported");
    if (const auto seconds = fields.whole("TimeoutSeconds", 1, 99'999'999))
        program.timeoutSeconds = double(*seconds);
    MachineParser(program, faults).parse(fields);
    fields.refuseOthers();
}

} // namespace

tl::expected<std::shared_ptr<const Definition>, std::vector<Fault>>
Definition::parse(std::string_view json, const std::map<std::string, std::string> &substitutions)
{
    Faults faults;
    boost::system::error_code error;
    json::value document = parseDeep(json, error);
    if (error) {
        faults.push_back({"", "The definition is no JSON: " + error.message() + "."});
        return tl::unexpected(std::move(faults));
    }
    substitute(document, substitutions, faults);
    const json::object *object = document.if_object();
    if (!object) {
        faults.push_back({"", "The definition must be an object."});
        return tl::unexpected(std::move(faults));
    }
    auto program = std::make_unique<Program>();
    parseProgram(*object, *program, faults);
    if (!faults.empty())
        return tl::unexpected(std::move(faults));
    return std::shared_ptr<const Definition>(new Definition(std::move(program)));
}

Definition::Definition(std::unique_ptr<const Program> program)
    : m_program(std::move(program))
{
}

Definition::~Definition() = default;

std::vector<TaskUse> Definition::tasks() const
{
    std::vector<TaskUse> uses;
    for (const Machine &machine : m_program->machines) {
        for (const State &state : machine.states) {
            if (const auto *task = std::get_if<TaskState>(&state.kind))
                uses.push_back({state.pointer + "/Resource", state.name, task->resource});
        }
    }
    return uses;
}

} // namespace brewline::workflow
