// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/time.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::workflow {

/// Names one frame of one execution; unique within it and never used again. 0 is the execution as a whole, which
/// waits (as a Timer) for the TimeoutSeconds of its definition when there is one.
using FrameId = std::uint32_t;

enum class Status { Running, Succeeded, Failed, TimedOut, Aborted };

/// "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED".
std::string_view toString(Status status);

enum class WaitKind {
    TaskToken,  ///< a task that is answered from outside, by its token
    Timer,      ///< a Wait state, or the execution's own time limit (frame 0)
    RetryDelay, ///< before a Retry
    Task,       ///< a request-response task that has not been answered yet
};

/// Something that an execution waits for, as callers see it.
struct Wait {
    FrameId frame = 0;
    WaitKind kind = WaitKind::Timer;
    std::string state;                 ///< name; empty for frame 0
    std::optional<Timestamp> deadline; ///< the earlier of timeout and heartbeat expiry; none: waits for ever

    friend bool operator==(const Wait &, const Wait &) = default;
};

/// The wait of a frame with what is needed to move it.
struct FrameWait {
    WaitKind kind = WaitKind::Timer;
    std::optional<Timestamp> expires;      ///< end of timer or delay, or the task's timeout
    std::optional<Timestamp> heartbeatDue; ///< tasks with a heartbeat only
    Milliseconds heartbeat{0};

    [[nodiscard]] std::optional<Timestamp> deadline() const;

    friend bool operator==(const FrameWait &, const FrameWait &) = default;
};

/// What a Parallel or Map state knows while its branches or iterations run.
struct Join {
    boost::json::array items;   ///< of a Map; empty for Parallel
    boost::json::array results; ///< by index of branch or iteration; null where there is none yet
    std::uint32_t started = 0;  ///< branches or iterations begun; the next one has this index
    std::uint32_t finished = 0;
    std::uint32_t failed = 0;
    std::uint32_t concurrency = 0; ///< iterations at a time
    std::uint32_t tolerated = 0;   ///< failures that do not fail the Map

    friend bool operator==(const Join &, const Join &) = default;
};

enum class Phase {
    Ready,   ///< enters its state when the interpreter comes to it
    Waiting, ///< has a wait
    Joining, ///< its children run
};

/// One line of control: the root, a branch of a Parallel state, an iteration of a Map state.
struct Frame {
    FrameId id = 0;
    FrameId parent = 0;        ///< 0 for the root
    std::uint32_t machine = 0; ///< list of states: 0 the outermost, then branches and iterators in document order
    std::uint32_t index = 0;   ///< of the branch or iteration
    Phase phase = Phase::Ready;
    std::string state;
    boost::json::value data;            ///< input of the state, before its InputPath
    boost::json::object variables;      ///< assigned in this frame; those of its parents are readable too
    std::vector<std::uint32_t> retries; ///< attempts by each retrier of the state; empty when there were none
    Timestamp enteredAt{};
    bool waitTimedOut = false; ///< the last task of this frame ended by its deadline
    std::optional<FrameWait> wait;
    std::optional<Join> join;

    friend bool operator==(const Frame &, const Frame &) = default;
};

/// Everything that is known of a run of a definition. A value: copy it, keep it as JSON, compare it.
/// Default-constructed it has not begun; advance() with Start begins it.
struct Execution {
    Status status = Status::Running;
    boost::json::value output; ///< of a succeeded execution
    std::string error;         ///< of a failed, timed out or aborted one, e.g. "States.Timeout"
    std::string cause;
    boost::json::object context; ///< the part of `$$` that never changes
    std::vector<Frame> frames;   ///< parents before their children; none once it has ended
    FrameId nextFrame = 1;
    std::uint32_t historyLength = 0;  ///< entries so far; the next one has this plus 1 as its id
    std::optional<Timestamp> expires; ///< TimeoutSeconds of the definition

    [[nodiscard]] bool hasStarted() const { return nextFrame > 1; }
    [[nodiscard]] bool hasEnded() const { return status != Status::Running; }

    [[nodiscard]] const Frame *find(FrameId id) const;
    [[nodiscard]] Frame *find(FrameId id);

    /// All open waits, that of frame 0 first.
    [[nodiscard]] std::vector<Wait> waits() const;

    /// Compact and stable: member "v" is the version of the format, members with default values are left out.
    /// Task tokens are in it nowhere.
    [[nodiscard]] boost::json::value toJson() const;
    /// Refuses other versions and malformed documents with InvalidField and a pointer.
    static Result<Execution> fromJson(const boost::json::value &json);

    /// toJson() as text, and back. Unlike a plain parse this reads data however deep a workflow has nested it.
    [[nodiscard]] std::string toText() const;
    static Result<Execution> fromText(std::string_view text);

    friend bool operator==(const Execution &, const Execution &) = default;
};

} // namespace brewline::workflow
