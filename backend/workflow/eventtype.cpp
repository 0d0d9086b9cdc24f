// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/eventtype.h"

#include <array>

namespace brewline::workflow::events {

// The first two follow the order of State::kind, the third those of TaskFamily and TaskEvent.

std::string_view entered(const State &state)
{
    static constexpr auto names = std::to_array<std::string_view>({
        "PassStateEntered",
        "TaskStateEntered",
        "ChoiceStateEntered",
        "WaitStateEntered",
        "SucceedStateEntered",
        "FailStateEntered",
        "ParallelStateEntered",
        "MapStateEntered",
    });
    static_assert(names.size() == std::variant_size_v<decltype(State::kind)>);
    return names[state.kind.index()];
}

std::string_view exited(const State &state)
{
    static constexpr auto names = std::to_array<std::string_view>({
        "PassStateExited",
        "TaskStateExited",
        "ChoiceStateExited",
        "WaitStateExited",
        "SucceedStateExited",
        "FailStateExited",
        "ParallelStateExited",
        "MapStateExited",
    });
    static_assert(names.size() == std::variant_size_v<decltype(State::kind)>);
    return names[state.kind.index()];
}

std::string_view ofTask(TaskFamily family, TaskEvent event)
{
    using Names = std::array<std::string_view, 6>;
    static constexpr auto names = std::to_array<Names>({
        {"TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskFailed", "TaskTimedOut"},
        {"LambdaFunctionScheduled", "LambdaFunctionStarted", "TaskSubmitted", "LambdaFunctionSucceeded",
         "LambdaFunctionFailed", "LambdaFunctionTimedOut"},
        {"ActivityScheduled", "ActivityStarted", "TaskSubmitted", "ActivitySucceeded", "ActivityFailed",
         "ActivityTimedOut"},
    });
    return names[std::size_t(family)][std::size_t(event)];
}

} // namespace brewline::workflow::events
