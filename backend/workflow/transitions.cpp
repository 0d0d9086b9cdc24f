// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of Interpreter that takes data through a state: input, parameters, result, output, and on to the next.
#include "workflow/interpreter.h"

#include "workflow/eventtype.h"
#include "workflow/jsonvalue.h"
#include "workflow/limits.h"

namespace brewline::workflow {

namespace json = boost::json;

Outcome<const json::value *> Interpreter::effectiveInput(const Frame &frame, const State &state, Scope &scope,
                                                         json::value &storage) const
{
    if (state.inputPath.discards) {
        storage = json::object();
        return &storage;
    }
    if (!state.inputPath.path)
        return &frame.data;
    return state.inputPath.path->resolve(frame.data, scope, storage);
}

Outcome<json::value> Interpreter::payload(const std::optional<PayloadTemplate> &form, const json::value &input,
                                          Scope &scope) const
{
    return form ? form->apply(input, scope) : Outcome<json::value>(input);
}

Outcome<json::value> Interpreter::output(const State &state, json::value combined, Scope &scope) const
{
    if (state.outputPath.discards)
        return json::object();
    if (state.outputPath.path) {
        auto selected = state.outputPath.path->get(combined, scope);
        if (!selected)
            return selected;
        combined = std::move(*selected);
    }
    if (exceeds(combined, limits::payloadBytes))
        return problem(errors::dataLimitExceeded, "The output of the state has more than 256 KiB or 200 levels.");
    return combined;
}

Outcome<json::object> Interpreter::assignments(const std::optional<PayloadTemplate> &form, const json::value &data,
                                               Scope &scope) const
{
    if (!form)
        return json::object();
    auto values = form->apply(data, scope);
    if (!values)
        return tl::unexpected(std::move(values.error()));
    for (const json::key_value_pair &variable : values->get_object()) {
        if (exceeds(variable.value(), limits::payloadBytes))
            return problem(errors::dataLimitExceeded, "The value of a variable has more than 256 KiB or 200 levels.");
    }
    return std::move(values->get_object());
}

Outcome<double> Interpreter::amount(const Quantity &quantity, double least, const json::value &input,
                                    Scope &scope) const
{
    if (const auto *number = std::get_if<double>(&quantity))
        return *number;
    const Path &path = std::get<Path>(quantity);
    json::value storage;
    const auto value = path.resolve(input, scope, storage);
    if (!value)
        return tl::unexpected(value.error());
    const auto number = wholeNumber(**value);
    if (!number || double(*number) < least)
        return problem(errors::runtime, "The path " + path.text() + " names no whole number that fits.");
    return double(*number);
}

void Interpreter::complete(Frame &frame, const State &state, json::value result)
{
    FrameScope scope = scopeOf(frame);
    if (state.resultSelector) {
        auto selected = state.resultSelector->apply(result, scope);
        if (!selected)
            return raise(frame, state, std::move(selected.error()));
        result = std::move(*selected);
    }
    auto assigned = assignments(state.assign, result, scope);
    if (!assigned)
        return raise(frame, state, std::move(assigned.error()));
    json::value input;
    // Retry and Catch need the input when something goes wrong from here on.
    if (state.resultPath.needsInput())
        input = state.catchers.empty() && state.retriers.empty() ? std::move(frame.data) : frame.data;
    auto left = state.resultPath.combine(std::move(input), std::move(result)).and_then([&](json::value combined) {
        return output(state, std::move(combined), scope);
    });
    if (!left)
        return raise(frame, state, std::move(left.error()));
    leave(frame, state, state.next, std::move(*left), std::move(*assigned));
}

void Interpreter::passThrough(Frame &frame, const State &state, const std::optional<PayloadTemplate> &assign,
                              Successor next)
{
    FrameScope scope = scopeOf(frame);
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    auto assigned = assignments(assign, **input, scope);
    if (!assigned)
        return raise(frame, state, std::move(assigned.error()));
    // The states that come here have neither Retry nor Catch, so nobody needs the input any more.
    json::value data = *input == &frame.data ? std::move(frame.data)
                       : *input == &storage  ? std::move(storage)
                                             : json::value(**input);
    auto left = output(state, std::move(data), scope);
    if (!left)
        return raise(frame, state, std::move(left.error()));
    leave(frame, state, next, std::move(*left), std::move(*assigned));
}

void Interpreter::leave(Frame &frame, const State &state, Successor next, json::value left, json::object assigned)
{
    record(events::exited(state), state.name);
    for (json::key_value_pair &variable : assigned)
        frame.variables.insert_or_assign(variable.key(), std::move(variable.value()));
    frame.retries.clear();
    frame.data = std::move(left);
    if (!next)
        return endBranch(frame);
    frame.phase = Phase::Ready;
    frame.state = m_program.machines[frame.machine].states[*next].name;
}

} // namespace brewline::workflow
