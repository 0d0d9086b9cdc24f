// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of Interpreter that knows what the types of states do, Parallel and Map excepted.
#include "workflow/interpreter.h"

#include "workflow/eventtype.h"
#include "workflow/limits.h"
#include "workflow/moment.h"

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// \a value without \a token: the history is kept for long and read by many, a token lets whoever has it answer.
json::value redacted(const json::value &value, const std::string &token)
{
    if (const json::string *text = value.if_string())
        return text->find(token) == json::string::npos ? value : json::value("(token)");
    if (const json::array *array = value.if_array()) {
        json::array copy;
        copy.reserve(array->size());
        for (const json::value &element : *array)
            copy.push_back(redacted(element, token));
        return copy;
    }
    if (const json::object *object = value.if_object()) {
        json::object copy;
        copy.reserve(object->size());
        for (const json::key_value_pair &member : *object)
            copy.emplace(member.key(), redacted(member.value(), token));
        return copy;
    }
    return value;
}

} // namespace

void Interpreter::perform(Frame &frame, const State &state, const PassState &pass)
{
    if (pass.result)
        return complete(frame, state, *pass.result);
    FrameScope scope = scopeOf(frame);
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    auto result = payload(state.parameters, **input, scope);
    if (!result)
        return raise(frame, state, std::move(result.error()));
    complete(frame, state, std::move(*result));
}

void Interpreter::perform(Frame &frame, const State &state, const TaskState &task)
{
    FrameScope scope = scopeOf(frame);
    std::optional<std::string> token;
    if (task.waitsForToken) {
        token = m_supplier.taskToken();
        scope.setToken(*token);
    }
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    auto wait = taskWait(task, **input, scope);
    if (!wait)
        return raise(frame, state, std::move(wait.error()));
    auto parameters = payload(state.parameters, **input, scope);
    if (!parameters)
        return raise(frame, state, std::move(parameters.error()));

    using events::TaskEvent;
    record(
        events::ofTask(task.family, TaskEvent::Scheduled), state.name,
        json::object{{"resource", task.resource}, {"parameters", token ? redacted(*parameters, *token) : *parameters}});
    record(events::ofTask(task.family, TaskEvent::Started), state.name);
    if (task.isSubmitted)
        record(events::ofTask(task.family, TaskEvent::Submitted), state.name);
    frame.waitTimedOut = false;
    startWait(frame, std::move(*wait), token);
    m_step.effects.push_back(RunTask{frame.id, state.name, task.resource, std::move(*parameters), std::move(token)});
}

Outcome<FrameWait> Interpreter::taskWait(const TaskState &task, const json::value &input, Scope &scope) const
{
    FrameWait wait;
    wait.kind = task.waitsForToken ? WaitKind::TaskToken : WaitKind::Task;
    if (task.timeoutSeconds) {
        const auto seconds = amount(*task.timeoutSeconds, 1, input, scope);
        if (!seconds)
            return tl::unexpected(seconds.error());
        wait.expires = m_now + limits::duration(*seconds);
    }
    if (task.heartbeatSeconds) {
        const auto seconds = amount(*task.heartbeatSeconds, 1, input, scope);
        if (!seconds)
            return tl::unexpected(seconds.error());
        wait.heartbeat = limits::duration(*seconds);
        wait.heartbeatDue = m_now + wait.heartbeat;
    }
    return wait;
}

void Interpreter::perform(Frame &frame, const State &state, const ChoiceState &choice)
{
    FrameScope scope = scopeOf(frame);
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    for (const Choice &each : choice.choices) {
        const auto matched = each.rule.matches(**input, scope);
        if (!matched)
            return raise(frame, state, matched.error());
        if (*matched)
            return passThrough(frame, state, each.assign, each.next);
    }
    if (!choice.fallback)
        return raise(frame, state, {std::string(errors::noChoiceMatched), "No rule matched, and there is no Default."});
    passThrough(frame, state, state.assign, choice.fallback);
}

void Interpreter::perform(Frame &frame, const State &state, const WaitState &wait)
{
    FrameScope scope = scopeOf(frame);
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    const auto end = timerEnd(wait, **input, scope);
    if (!end)
        return raise(frame, state, end.error());
    if (*end <= m_now)
        return passThrough(frame, state, state.assign, state.next);
    startWait(frame, {WaitKind::Timer, *end, std::nullopt, Milliseconds(0)}, std::nullopt);
}

Outcome<Timestamp> Interpreter::timerEnd(const WaitState &wait, const json::value &input, Scope &scope) const
{
    if (wait.seconds)
        return amount(*wait.seconds, 0, input, scope).map([this](double seconds) {
            return m_now + limits::duration(seconds);
        });
    if (const auto *time = std::get_if<Timestamp>(&*wait.timestamp))
        return *time;
    const Path &path = std::get<Path>(*wait.timestamp);
    json::value storage;
    const auto value = path.resolve(input, scope, storage);
    if (!value)
        return tl::unexpected(value.error());
    const json::string *text = (*value)->if_string();
    const auto moment = text ? Moment::fromText(*text) : std::nullopt;
    if (!moment)
        return problem(errors::runtime, "The path " + path.text() + " names no timestamp.");
    return moment->time;
}

void Interpreter::perform(Frame &frame, const State &state, const SucceedState &)
{
    passThrough(frame, state, std::nullopt, std::nullopt);
}

void Interpreter::perform(Frame &frame, const State &state, const FailState &failState)
{
    FrameScope scope = scopeOf(frame);
    Problem problem{failState.error, failState.cause};
    const auto look = [&](const std::optional<Expression> &expression, std::string &to) -> std::optional<Problem> {
        if (!expression)
            return std::nullopt;
        const auto value = expression->evaluate(frame.data, scope);
        if (!value)
            return value.error();
        if (!value->is_string())
            return Problem{std::string(errors::runtime), "ErrorPath and CausePath must name strings."};
        to = value->get_string();
        return std::nullopt;
    };
    if (auto wrong = look(failState.errorPath, problem.error))
        return raise(frame, state, std::move(*wrong));
    if (auto wrong = look(failState.causePath, problem.cause))
        return raise(frame, state, std::move(*wrong));
    fail(frame, std::move(problem));
}

} // namespace brewline::workflow
