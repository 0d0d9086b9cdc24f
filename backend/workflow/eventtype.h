// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/program.h"

#include <string_view>

namespace brewline::workflow::events {

inline constexpr std::string_view executionStarted = "ExecutionStarted";
inline constexpr std::string_view executionSucceeded = "ExecutionSucceeded";
inline constexpr std::string_view executionFailed = "ExecutionFailed";
inline constexpr std::string_view executionTimedOut = "ExecutionTimedOut";
inline constexpr std::string_view executionAborted = "ExecutionAborted";
inline constexpr std::string_view deadlinesExtended = "DeadlinesExtended";
inline constexpr std::string_view parallelStateStarted = "ParallelStateStarted";
inline constexpr std::string_view parallelStateSucceeded = "ParallelStateSucceeded";
inline constexpr std::string_view parallelStateFailed = "ParallelStateFailed";
inline constexpr std::string_view mapStateStarted = "MapStateStarted";
inline constexpr std::string_view mapStateSucceeded = "MapStateSucceeded";
inline constexpr std::string_view mapStateFailed = "MapStateFailed";
inline constexpr std::string_view mapIterationStarted = "MapIterationStarted";
inline constexpr std::string_view mapIterationSucceeded = "MapIterationSucceeded";
inline constexpr std::string_view mapIterationFailed = "MapIterationFailed";

/// "TaskStateEntered" and the like.
std::string_view entered(const State &state);
/// "TaskStateExited" and the like; Fail states are never left.
std::string_view exited(const State &state);

/// What happens to a task.
enum class TaskEvent { Scheduled, Started, Submitted, Succeeded, Failed, TimedOut };

/// "LambdaFunctionScheduled" and the like.
std::string_view ofTask(TaskFamily family, TaskEvent event);

} // namespace brewline::workflow::events
