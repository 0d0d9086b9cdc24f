// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/time.h"
#include "workflow/definition.h"
#include "workflow/execution.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brewline::workflow {

/// Gives the values that a pure interpreter cannot make up. Owned by the caller, used only during advance().
class Supplier {
public:
    virtual ~Supplier();
    /// An unguessable token for a `.waitForTaskToken` task; the caller keeps only its hash.
    virtual std::string taskToken() = 0;
    /// For States.UUID.
    virtual std::string uuid() = 0;
    /// In [0, 1); for States.MathRandom and full jitter of retries.
    virtual double random() = 0;
};

// Inputs: what may happen to an execution.

/// Begins a default-constructed execution. \a context holds Execution.{Id,Name,StartTime} and StateMachine.{Id,Name};
/// Execution.Input, State, Task and Map are added by the interpreter.
struct Start {
    boost::json::value input;
    boost::json::object context;
};
/// Answers a RunTask effect or a wait for a task token.
struct TaskSucceeded {
    FrameId frame = 0;
    boost::json::value output;
};
/// Likewise; \a error is an ASL error name such as "States.TaskFailed" or one of the caller's own.
struct TaskFailed {
    FrameId frame = 0;
    std::string error;
    std::string cause;
};
/// Moves the heartbeat deadline of a task to now + heartbeat; accepted without effect by a task that has none.
struct TaskHeartbeat {
    FrameId frame = 0;
};
/// The deadline of the frame's wait (timeout, heartbeat, Wait state, retry delay) has passed. An error when it has not.
struct DeadlineReached {
    FrameId frame = 0;
};
/// After an outage: moves timeouts and heartbeats of tasks and the execution's own limit, not Wait states and retry
/// delays. Recorded in the history.
struct DeadlinesExtended {
    Milliseconds by{0};
};
/// Aborts the execution.
struct Stopped {
    std::string error;
    std::string cause;
};
/// Goes on after a Step that yielded.
struct Resumed {};

using Input =
    std::variant<Start, TaskSucceeded, TaskFailed, TaskHeartbeat, DeadlineReached, DeadlinesExtended, Stopped, Resumed>;

// Effects: what the caller has to do, in this order, in the transaction that also keeps the execution.

/// Perform the task. Without a token answer at once with TaskSucceeded or TaskFailed for \a frame. With a token
/// (`.waitForTaskToken`) perform the side effect and answer only when it failed; a WaitStarted came just before.
/// A step may ask for several tasks (Parallel, Map). When the answer of one makes its siblings obsolete, theirs are
/// refused with InvalidTaskToken and may be dropped.
struct RunTask {
    FrameId frame = 0;
    std::string state;
    std::string resource; ///< as in the definition, `.waitForTaskToken` included
    boost::json::value parameters;
    std::optional<std::string> token;
};
/// For TaskToken, Timer and RetryDelay; not for Task, which callers answer at once.
struct WaitStarted {
    FrameId frame = 0;
    WaitKind kind = WaitKind::Timer;
    std::optional<Timestamp> deadline;
    std::optional<std::string> token; ///< TaskToken only
    std::string state;                ///< empty for frame 0
};
struct WaitMoved {
    FrameId frame = 0;
    Timestamp deadline;
};
/// For every wait that was started, however it ends: answered, past its deadline, or with its execution.
struct WaitEnded {
    FrameId frame = 0;
};

using Effect = std::variant<RunTask, WaitStarted, WaitMoved, WaitEnded>;

/// One line of the history of an execution.
struct HistoryEntry {
    std::uint32_t id = 0;       ///< 1, 2, 3, ... within the execution
    std::string_view type;      ///< AWS event type, e.g. "TaskStateEntered", or "DeadlinesExtended"; static storage
    std::string state;          ///< name; empty for events of the execution
    boost::json::value details; ///< small: parameters, output, or error and cause; null when there are none
};

struct Step {
    Execution execution;
    std::vector<Effect> effects;
    std::vector<HistoryEntry> history;
    bool yielded = false; ///< made 1,000 transitions and has more to do: commit, then send Resumed
};

/// Lets \a input happen to \a execution at \a now and runs every frame until it waits, asks for a task or ends.
/// Pure: equal arguments give equal results; several threads may call it at once with the same definition.
///
/// An input that does not fit gives an Error and has no consequences, \a execution then stays as it was: TaskTimedOut
/// for a task whose deadline passed first, InvalidTaskToken for a frame that waits for no such thing or an execution
/// that has ended, WrongState otherwise, InvalidDefinition when another definition began the execution. What goes wrong
/// inside the workflow is no Error: it is handled by Catch and Retry or ends the execution as Failed.
Result<Step> advance(const Definition &definition, Execution &&execution, Input input, Timestamp now,
                     Supplier &supplier);

} // namespace brewline::workflow
