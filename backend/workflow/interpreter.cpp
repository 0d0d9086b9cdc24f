// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/interpreter.h"

#include "workflow/eventtype.h"
#include "workflow/jsonvalue.h"
#include "workflow/limits.h"

#include <algorithm>
#include <cmath>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

json::value errorDetails(const Problem &problem)
{
    return json::object{{"error", problem.error}, {"cause", problem.cause}};
}

bool endedByTimeout(const Execution &execution)
{
    return execution.status == Status::TimedOut || execution.error == errors::timeout;
}

} // namespace

Interpreter::Interpreter(const Program &program, Execution execution, Timestamp now, Supplier &supplier)
    : m_program(program)
    , m_now(now)
    , m_supplier(supplier)
    , m_step{std::move(execution), {}, {}, false}
    , m_execution(m_step.execution)
{
}

Step Interpreter::takeStep()
{
    return std::move(m_step);
}

Interpreter::Accepted Interpreter::apply(Start &start)
{
    if (m_execution.hasStarted())
        return failure(ErrorCode::WrongState, "The execution has begun already.");
    if (exceeds(start.input, limits::payloadBytes))
        return failure(ErrorCode::InvalidField, "The input of an execution has at most 256 KiB and 200 levels.");
    m_execution.context = std::move(start.context);
    json::value &facts = m_execution.context["Execution"];
    if (!facts.is_object())
        facts.emplace_object();
    facts.get_object().insert_or_assign("Input", start.input);
    record(events::executionStarted, {}, json::object{{"input", start.input}});
    if (m_program.timeoutSeconds) {
        m_execution.expires = m_now + limits::duration(*m_program.timeoutSeconds);
        m_step.effects.push_back(WaitStarted{0, WaitKind::Timer, m_execution.expires, std::nullopt, {}});
    }
    Frame root;
    root.id = m_execution.nextFrame++;
    root.state = m_program.machines.front().states[m_program.machines.front().start].name;
    root.data = std::move(start.input);
    m_execution.frames.push_back(std::move(root));
    return {};
}

Result<Frame *> Interpreter::answeredFrame(FrameId id)
{
    Frame *frame = m_execution.find(id);
    if (frame && frame->wait && (frame->wait->kind == WaitKind::Task || frame->wait->kind == WaitKind::TaskToken))
        return frame;
    if ((frame && frame->waitTimedOut) || endedByTimeout(m_execution))
        return failure(ErrorCode::TaskTimedOut, "The task has timed out.");
    return failure(ErrorCode::InvalidTaskToken, "No task waits for this answer.");
}

Interpreter::Accepted Interpreter::apply(TaskSucceeded &answer)
{
    auto found = answeredFrame(answer.frame);
    if (!found)
        return tl::unexpected(found.error());
    Frame &frame = **found;
    const State &state = *stateOf(frame);
    const auto &task = std::get<TaskState>(state.kind);
    endWait(frame);
    if (exceeds(answer.output, limits::payloadBytes)) {
        Problem tooBig{std::string(errors::dataLimitExceeded),
                       "The result of the task has more than 256 KiB or 200 levels."};
        record(events::ofTask(task.family, events::TaskEvent::Failed), state.name, errorDetails(tooBig));
        raise(frame, state, std::move(tooBig));
        return {};
    }
    record(events::ofTask(task.family, events::TaskEvent::Succeeded), state.name,
           json::object{{"output", answer.output}});
    complete(frame, state, std::move(answer.output));
    return {};
}

Interpreter::Accepted Interpreter::apply(TaskFailed &answer)
{
    auto found = answeredFrame(answer.frame);
    if (!found)
        return tl::unexpected(found.error());
    Frame &frame = **found;
    const State &state = *stateOf(frame);
    endWait(frame);
    Problem problem{std::move(answer.error), std::move(answer.cause)};
    record(events::ofTask(std::get<TaskState>(state.kind).family, events::TaskEvent::Failed), state.name,
           errorDetails(problem));
    raise(frame, state, std::move(problem));
    return {};
}

Interpreter::Accepted Interpreter::apply(TaskHeartbeat &heartbeat)
{
    auto found = answeredFrame(heartbeat.frame);
    if (!found)
        return tl::unexpected(found.error());
    FrameWait &wait = *(*found)->wait;
    if (!wait.heartbeatDue)
        return {};
    const auto before = wait.deadline();
    wait.heartbeatDue = m_now + wait.heartbeat;
    if (wait.kind == WaitKind::TaskToken && wait.deadline() != before)
        m_step.effects.push_back(WaitMoved{heartbeat.frame, *wait.deadline()});
    return {};
}

Interpreter::Accepted Interpreter::executionDeadlineReached()
{
    if (!m_execution.expires || m_execution.hasEnded() || *m_execution.expires > m_now)
        return failure(ErrorCode::WrongState, "The time limit of the execution has not been reached.");
    end(Status::TimedOut, events::executionTimedOut, {std::string(errors::timeout), ""});
    return {};
}

Interpreter::Accepted Interpreter::apply(DeadlineReached &reached)
{
    if (reached.frame == 0)
        return executionDeadlineReached();
    Frame *frame = m_execution.find(reached.frame);
    const auto deadline = frame && frame->wait ? frame->wait->deadline() : std::nullopt;
    if (!deadline || *deadline > m_now)
        return failure(ErrorCode::WrongState, "No deadline has been reached.");
    const FrameWait wait = *frame->wait;
    const State &state = *stateOf(*frame);
    endWait(*frame);
    if (wait.kind == WaitKind::RetryDelay) {
        frame->phase = Phase::Ready;
    } else if (wait.kind == WaitKind::Timer) {
        passThrough(*frame, state, state.assign, state.next);
    } else {
        frame->waitTimedOut = true;
        Problem timeout{std::string(errors::timeout), ""};
        record(events::ofTask(std::get<TaskState>(state.kind).family, events::TaskEvent::TimedOut), state.name,
               errorDetails(timeout));
        raise(*frame, state, std::move(timeout), wait.heartbeatDue == deadline);
    }
    return {};
}

Interpreter::Accepted Interpreter::apply(DeadlinesExtended &extension)
{
    if (m_execution.hasEnded() || !m_execution.hasStarted() || extension.by <= Milliseconds(0))
        return failure(ErrorCode::WrongState, "Only deadlines of a running execution are moved, and only later.");
    bool moved = false;
    if (m_execution.expires) {
        *m_execution.expires += extension.by;
        m_step.effects.push_back(WaitMoved{0, *m_execution.expires});
        moved = true;
    }
    for (Frame &frame : m_execution.frames) {
        if (!frame.wait || !frame.wait->deadline() || frame.wait->kind == WaitKind::Timer ||
            frame.wait->kind == WaitKind::RetryDelay)
            continue;
        if (frame.wait->expires)
            *frame.wait->expires += extension.by;
        if (frame.wait->heartbeatDue)
            *frame.wait->heartbeatDue += extension.by;
        if (frame.wait->kind == WaitKind::TaskToken)
            m_step.effects.push_back(WaitMoved{frame.id, *frame.wait->deadline()});
        moved = true;
    }
    if (moved)
        record(events::deadlinesExtended, {}, json::object{{"milliseconds", extension.by.count()}});
    return {};
}

Interpreter::Accepted Interpreter::apply(Stopped &stop)
{
    if (m_execution.hasEnded() || !m_execution.hasStarted())
        return failure(ErrorCode::WrongState, "Only a running execution can be stopped.");
    end(Status::Aborted, events::executionAborted, {std::move(stop.error), std::move(stop.cause)});
    return {};
}

Interpreter::Accepted Interpreter::apply(Resumed &)
{
    if (!nextReady())
        return failure(ErrorCode::WrongState, "The execution has nothing to go on with.");
    return {};
}

void Interpreter::run()
{
    for (;;) {
        if (m_historyIsFull && !m_execution.hasEnded())
            end(Status::Failed, events::executionFailed,
                {std::string(errors::runtime), "The execution reached the maximum number of history events (25000)."});
        Frame *frame = nextReady();
        if (!frame)
            return;
        if (m_transitions == limits::transitionsOfAStep) {
            m_step.yielded = true;
            return;
        }
        ++m_transitions;
        enter(*frame);
    }
}

Frame *Interpreter::nextReady()
{
    const auto ready = std::ranges::find(m_execution.frames, Phase::Ready, &Frame::phase);
    return ready == m_execution.frames.end() ? nullptr : &*ready;
}

const State *Interpreter::stateOf(const Frame &frame) const
{
    return frame.machine < m_program.machines.size() ? m_program.machines[frame.machine].find(frame.state) : nullptr;
}

void Interpreter::enter(Frame &frame)
{
    const State &state = *stateOf(frame);
    // A state that is tried again has been entered before.
    if (frame.retries.empty()) {
        frame.enteredAt = m_now;
        record(events::entered(state), state.name);
    }
    std::visit([&](const auto &kind) { perform(frame, state, kind); }, state.kind);
}

void Interpreter::record(std::string_view type, std::string_view state, json::value details)
{
    // The last entry is kept for the one that says how the execution ended.
    const bool isEnd = m_execution.hasEnded();
    if (!isEnd && m_execution.historyLength + 1 >= limits::historyEntries) {
        m_historyIsFull = true;
        return;
    }
    m_step.history.push_back({++m_execution.historyLength, type, std::string(state), std::move(details)});
}

void Interpreter::end(Status status, std::string_view event, Problem problem)
{
    for (const Frame &frame : m_execution.frames)
        cancel(frame);
    m_execution.frames.clear();
    if (m_execution.expires)
        m_step.effects.push_back(WaitEnded{0});
    m_execution.expires.reset();
    m_execution.status = status;
    json::value details =
        status == Status::Succeeded ? json::value(json::object{{"output", m_execution.output}}) : errorDetails(problem);
    m_execution.error = std::move(problem.error);
    m_execution.cause = std::move(problem.cause);
    record(event, {}, std::move(details));
}

void Interpreter::startWait(Frame &frame, FrameWait wait, std::optional<std::string> token)
{
    frame.phase = Phase::Waiting;
    frame.wait = std::move(wait);
    if (frame.wait->kind != WaitKind::Task)
        m_step.effects.push_back(
            WaitStarted{frame.id, frame.wait->kind, frame.wait->deadline(), std::move(token), frame.state});
}

void Interpreter::endWait(Frame &frame)
{
    if (frame.wait->kind != WaitKind::Task)
        m_step.effects.emplace_back(WaitEnded{frame.id});
    frame.wait.reset();
}

void Interpreter::cancel(const Frame &frame)
{
    if (!frame.wait)
        return;
    // What this same step asked for on behalf of the frame has not been done yet: it is taken back. A frame begins
    // one wait a step at most.
    const auto isOfFrame = [&frame](const Effect &effect) {
        const auto *run = std::get_if<RunTask>(&effect);
        const auto *started = std::get_if<WaitStarted>(&effect);
        return (run && run->frame == frame.id) || (started && started->frame == frame.id);
    };
    const auto kept = std::remove_if(m_step.effects.begin(), m_step.effects.end(), isOfFrame);
    const bool takenBack = kept != m_step.effects.end();
    m_step.effects.erase(kept, m_step.effects.end());
    if (!takenBack && frame.wait->kind != WaitKind::Task)
        m_step.effects.push_back(WaitEnded{frame.id});
}

} // namespace brewline::workflow
