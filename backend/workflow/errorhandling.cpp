// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of Interpreter that decides what becomes of an error.
#include "workflow/interpreter.h"

#include "workflow/eventtype.h"
#include "workflow/limits.h"

#include <algorithm>
#include <cmath>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

bool matches(const std::vector<std::string> &names, const Problem &problem, bool isHeartbeat)
{
    return std::ranges::any_of(names, [&](const std::string &name) {
        return name == problem.error || name == errors::all ||
               (name == errors::taskFailed && problem.error != errors::timeout) ||
               (name == errors::heartbeatTimeout && isHeartbeat);
    });
}

double delayOf(const Retrier &retrier, std::uint32_t attempts, Supplier &supplier)
{
    double seconds = retrier.intervalSeconds * std::pow(retrier.backoffRate, double(attempts));
    if (retrier.maxDelaySeconds)
        seconds = std::fmin(seconds, *retrier.maxDelaySeconds);
    return retrier.jitters ? seconds * supplier.random() : seconds;
}

} // namespace

void Interpreter::raise(Frame &frame, const State &state, Problem problem, bool isHeartbeat)
{
    // A wrong path stays wrong: the language lets nothing handle States.Runtime.
    if (problem.error != errors::runtime &&
        (retry(frame, state, problem, isHeartbeat) || catches(frame, state, problem, isHeartbeat)))
        return;
    fail(frame, std::move(problem));
}

bool Interpreter::retry(Frame &frame, const State &state, const Problem &problem, bool isHeartbeat)
{
    const auto retrier = std::ranges::find_if(
        state.retriers, [&](const Retrier &each) { return matches(each.errors, problem, isHeartbeat); });
    if (retrier == state.retriers.end())
        return false;
    frame.retries.resize(state.retriers.size(), 0);
    std::uint32_t &attempts = frame.retries[std::size_t(retrier - state.retriers.begin())];
    if (attempts >= retrier->maxAttempts)
        return false;
    const Milliseconds delay = limits::duration(delayOf(*retrier, attempts, m_supplier));
    ++attempts;
    startWait(frame, {WaitKind::RetryDelay, m_now + delay, std::nullopt, Milliseconds(0)}, std::nullopt);
    return true;
}

bool Interpreter::catches(Frame &frame, const State &state, const Problem &problem, bool isHeartbeat)
{
    const auto catcher = std::ranges::find_if(
        state.catchers, [&](const Catcher &each) { return matches(each.errors, problem, isHeartbeat); });
    if (catcher == state.catchers.end())
        return false;
    FrameScope scope = scopeOf(frame);
    json::value error = json::object{{"Error", problem.error}, {"Cause", problem.cause}};
    auto assigned = assignments(catcher->assign, error, scope);
    if (!assigned) {
        fail(frame, std::move(assigned.error()));
        return true;
    }
    auto combined = catcher->resultPath.combine(std::move(frame.data), std::move(error));
    if (!combined) {
        fail(frame, std::move(combined.error()));
        return true;
    }
    leave(frame, state, catcher->next, std::move(*combined), std::move(*assigned));
    return true;
}

void Interpreter::fail(Frame &frame, Problem problem)
{
    if (frame.parent != 0)
        return failBranch(frame, std::move(problem));
    end(Status::Failed, events::executionFailed, std::move(problem));
}

} // namespace brewline::workflow
