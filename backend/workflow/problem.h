// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace brewline::workflow {

/// An error inside a workflow: something that Retry and Catch may handle.
struct Problem {
    std::string error; ///< ASL error name
    std::string cause;

    friend bool operator==(const Problem &, const Problem &) = default;
};

template<typename T>
using Outcome = tl::expected<T, Problem>;

/// Names of errors that the language itself raises.
namespace errors {
inline constexpr std::string_view all = "States.ALL";
inline constexpr std::string_view dataLimitExceeded = "States.DataLimitExceeded";
inline constexpr std::string_view exceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold";
inline constexpr std::string_view heartbeatTimeout = "States.HeartbeatTimeout";
inline constexpr std::string_view intrinsicFailure = "States.IntrinsicFailure";
inline constexpr std::string_view noChoiceMatched = "States.NoChoiceMatched";
inline constexpr std::string_view resultPathMatchFailure = "States.ResultPathMatchFailure";
inline constexpr std::string_view runtime = "States.Runtime";
inline constexpr std::string_view taskFailed = "States.TaskFailed";
inline constexpr std::string_view timeout = "States.Timeout";
} // namespace errors

inline tl::unexpected<Problem> problem(std::string_view error, std::string cause)
{
    return tl::unexpected<Problem>(Problem{std::string(error), std::move(cause)});
}

} // namespace brewline::workflow
