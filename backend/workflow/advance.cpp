// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/advance.h"

#include "workflow/interpreter.h"
#include "workflow/program.h"

#include <algorithm>

namespace brewline::workflow {

namespace {

/// Whether what \a frame does is what its state is for: an execution belongs to the definition that began it.
bool fits(const Program &program, const Execution &execution, const Frame &frame)
{
    const State *state =
        frame.machine < program.machines.size() ? program.machines[frame.machine].find(frame.state) : nullptr;
    if (!state || (frame.parent != 0 && !execution.find(frame.parent)))
        return false;
    if (frame.phase == Phase::Joining)
        return frame.join &&
               (std::holds_alternative<ParallelState>(state->kind) || std::holds_alternative<MapState>(state->kind));
    if (frame.phase == Phase::Ready)
        return !frame.wait;
    if (!frame.wait)
        return false;
    switch (frame.wait->kind) {
    case WaitKind::Task:
    case WaitKind::TaskToken:
        return std::holds_alternative<TaskState>(state->kind);
    case WaitKind::Timer:
        return std::holds_alternative<WaitState>(state->kind);
    case WaitKind::RetryDelay:
        return frame.retries.size() == state->retriers.size();
    }
    return false;
}

} // namespace

Supplier::~Supplier() = default;

Result<Step> advance(const Definition &definition, Execution &&execution, Input input, Timestamp now,
                     Supplier &supplier)
{
    const Program &program = definition.program();
    if (!std::holds_alternative<Start>(input) && !execution.hasStarted())
        return failure(ErrorCode::WrongState, "The execution has not begun.");
    if (!std::ranges::all_of(execution.frames, [&](const Frame &frame) { return fits(program, execution, frame); }))
        return failure(ErrorCode::InvalidDefinition, "The execution was begun by another definition.");
    Interpreter interpreter(program, std::move(execution), now, supplier);
    const Result<void> accepted = std::visit([&](auto &each) { return interpreter.apply(each); }, input);
    if (!accepted) {
        // Inputs are refused before they change anything, so this is what the caller gave.
        execution = std::move(interpreter.takeStep().execution);
        return tl::unexpected(accepted.error());
    }
    interpreter.run();
    return interpreter.takeStep();
}

} // namespace brewline::workflow
