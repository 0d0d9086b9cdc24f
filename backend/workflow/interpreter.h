// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/advance.h"
#include "workflow/framescope.h"
#include "workflow/problem.h"
#include "workflow/program.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace brewline::workflow {

/// Makes one step of one execution: applies an input, then runs frames until none is ready. Its parts lie in
/// interpreter.cpp (inputs and the loop), transitions.cpp (data on its way through a state), statekinds.cpp (what the
/// types of states do), errorhandling.cpp (Retry and Catch) and joins.cpp (Parallel and Map).
class Interpreter {
public:
    Interpreter(const Program &program, Execution execution, Timestamp now, Supplier &supplier);

    using Accepted = Result<void>;
    Accepted apply(Start &start);
    Accepted apply(TaskSucceeded &answer);
    Accepted apply(TaskFailed &answer);
    Accepted apply(TaskHeartbeat &heartbeat);
    Accepted apply(DeadlineReached &deadline);
    Accepted apply(DeadlinesExtended &extension);
    Accepted apply(Stopped &stop);
    Accepted apply(Resumed &resume);

    void run();
    Step takeStep();

private:
    using Value = boost::json::value;

    // Inputs and the loop.
    Result<Frame *> answeredFrame(FrameId id);
    Accepted executionDeadlineReached();
    Frame *nextReady();
    void enter(Frame &frame);
    void record(std::string_view type, std::string_view state = {}, Value details = nullptr);
    void end(Status status, std::string_view event, Problem problem);
    const State *stateOf(const Frame &frame) const;
    FrameScope scopeOf(const Frame &frame) const { return {m_execution, frame, m_supplier}; }

    // Waits.
    void startWait(Frame &frame, FrameWait wait, std::optional<std::string> token);
    void endWait(Frame &frame);
    void cancel(const Frame &frame);

    // Data on its way through a state.
    Outcome<const Value *> effectiveInput(const Frame &frame, const State &state, Scope &scope, Value &storage) const;
    Outcome<Value> payload(const std::optional<PayloadTemplate> &form, const Value &input, Scope &scope) const;
    Outcome<Value> output(const State &state, Value combined, Scope &scope) const;
    Outcome<boost::json::object> assignments(const std::optional<PayloadTemplate> &form, const Value &data,
                                             Scope &scope) const;
    Outcome<double> amount(const Quantity &quantity, double least, const Value &input, Scope &scope) const;
    void complete(Frame &frame, const State &state, Value result);
    void passThrough(Frame &frame, const State &state, const std::optional<PayloadTemplate> &assign, Successor next);
    void leave(Frame &frame, const State &state, Successor next, Value output, boost::json::object assigned);

    // What the types of states do.
    void perform(Frame &frame, const State &state, const PassState &pass);
    void perform(Frame &frame, const State &state, const TaskState &task);
    void perform(Frame &frame, const State &state, const ChoiceState &choice);
    void perform(Frame &frame, const State &state, const WaitState &wait);
    void perform(Frame &frame, const State &state, const SucceedState &succeed);
    void perform(Frame &frame, const State &state, const FailState &fail);
    void perform(Frame &frame, const State &state, const ParallelState &parallel);
    void perform(Frame &frame, const State &state, const MapState &map);
    Outcome<FrameWait> taskWait(const TaskState &task, const Value &input, Scope &scope) const;
    Outcome<Timestamp> timerEnd(const WaitState &wait, const Value &input, Scope &scope) const;

    // Retry and Catch.
    void raise(Frame &frame, const State &state, Problem problem, bool isHeartbeat = false);
    bool retry(Frame &frame, const State &state, const Problem &problem, bool isHeartbeat);
    bool catches(Frame &frame, const State &state, const Problem &problem, bool isHeartbeat);
    void fail(Frame &frame, Problem problem);

    // Parallel and Map.
    Outcome<Join> mapJoin(const Frame &frame, const State &state, const MapState &map) const;
    void spawn(FrameId parent, MachineIndex machine, std::uint32_t index, Value data);
    Outcome<void> startIterations(FrameId parent, const State &state, const MapState &map);
    void endBranch(Frame &frame);
    void failBranch(Frame &frame, Problem problem);
    void continueJoin(Frame &frame);
    void abandonJoin(Frame &frame);

    const Program &m_program;
    Timestamp m_now;
    Supplier &m_supplier;
    Step m_step;
    Execution &m_execution;
    std::uint32_t m_transitions = 0;
    bool m_historyIsFull = false;
};

} // namespace brewline::workflow
