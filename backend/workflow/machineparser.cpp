// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/machineparser.h"

#include "workflow/jsonvalue.h"
#include "workflow/stateparser.h"

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// Machines within machines; definitions come from people, and parsing is recursive.
constexpr int deepestNesting = 16;
constexpr std::size_t longestName = 80;

/// Notes where \a state may go.
void visitSuccessors(const State &state, std::vector<StateIndex> &to)
{
    if (state.next)
        to.push_back(*state.next);
    for (const Catcher &catcher : state.catchers)
        to.push_back(catcher.next);
    if (const auto *choice = std::get_if<ChoiceState>(&state.kind)) {
        for (const Choice &each : choice->choices)
            to.push_back(each.next);
        if (choice->fallback)
            to.push_back(*choice->fallback);
    }
}

} // namespace

MachineParser::MachineParser(Program &program, Faults &faults)
    : m_program(program)
    , m_faults(faults)
{
}

MachineIndex MachineParser::parse(FieldReader &fields)
{
    const auto index = MachineIndex(m_program.machines.size());
    m_program.machines.emplace_back();
    fields.require("StartAt");
    fields.require("States");
    const auto startAt = fields.text("StartAt");
    const json::object *states = fields.object("States");
    if (!states)
        return index;
    if (++m_depth > deepestNesting) {
        fields.fault("States", "are nested too deeply");
        --m_depth;
        return index;
    }
    Machine machine;
    for (const json::key_value_pair &member : *states)
        machine.byName.emplace(std::string(member.key()), StateIndex(machine.byName.size()));
    const std::size_t faultsBefore = m_faults.size();
    for (const json::key_value_pair &member : *states) {
        const std::string pointer = fields.pointerOf("States") + pointerStep(member.key());
        if (member.key().size() > longestName)
            m_faults.push_back({pointer, "The name of a state has at most 80 characters."});
        StateParser state(*this, machine, std::string(member.key()), pointer);
        machine.states.push_back(state.parse(member.value()));
    }
    if (states->empty())
        fields.fault("States", "needs at least one state");
    const auto start = startAt ? machine.byName.find(*startAt) : machine.byName.end();
    if (start != machine.byName.end())
        machine.start = start->second;
    else if (startAt)
        fields.fault("StartAt", "names the state \"" + *startAt + "\", which does not exist");
    if (m_faults.size() == faultsBefore)
        checkReachability(machine, fields.pointerOf("States"), fields.subject());
    m_program.machines[index] = std::move(machine);
    --m_depth;
    return index;
}

void MachineParser::checkReachability(const Machine &machine, const std::string &pointer, const std::string &subject)
{
    std::vector<bool> reached(machine.states.size(), false);
    std::vector<StateIndex> open{machine.start};
    while (!open.empty()) {
        const StateIndex index = open.back();
        open.pop_back();
        if (reached[index])
            continue;
        reached[index] = true;
        visitSuccessors(machine.states[index], open);
    }
    for (std::size_t i = 0; i < machine.states.size(); ++i) {
        const std::string &name = machine.states[i].name;
        if (!reached[i])
            m_faults.push_back({pointer + pointerStep(name), subject + ": no way leads to the state " + name + "."});
    }
}

} // namespace brewline::workflow
