// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/runner.h"

#include <algorithm>

namespace brewline::workflow::test {

namespace json = boost::json;

Runner::Runner(std::string_view text, const std::map<std::string, std::string> &substitutions)
{
    auto parsed = Definition::parse(text, substitutions);
    if (parsed)
        definition = *parsed;
    else
        faults = parsed.error();
}

Runner &Runner::start(std::string_view input)
{
    return startWith(json::parse(input));
}

Runner &Runner::startWith(json::value input)
{
    json::object context{
        {"Execution", json::object{{"Id", "execution-1"}, {"Name", "first"}, {"StartTime", toRfc3339(now)}}},
        {"StateMachine", json::object{{"Id", "machine-1"}, {"Name", "drinks"}}}};
    return send(Start{std::move(input), std::move(context)});
}

Runner &Runner::send(Input input)
{
    Execution before = execution;
    if (roundTrips) {
        const std::string text = json::serialize(execution.toJson());
        before = Execution::fromJson(json::parse(text)).value();
    }
    auto step = advance(*definition, std::move(before), std::move(input), now, supplier);
    effects.clear();
    refusal.reset();
    if (!step) {
        refusal = step.error();
        return *this;
    }
    execution = std::move(step->execution);
    effects = std::move(step->effects);
    yielded = step->yielded;
    std::ranges::move(step->history, std::back_inserter(history));
    return *this;
}

Runner &Runner::succeed(FrameId frame, std::string_view output)
{
    return send(TaskSucceeded{frame, json::parse(output)});
}

Runner &Runner::fail(FrameId frame, std::string error, std::string cause)
{
    return send(TaskFailed{frame, std::move(error), std::move(cause)});
}

bool Runner::passEarliestDeadline()
{
    std::optional<Wait> earliest;
    for (const Wait &wait : execution.waits()) {
        if (wait.deadline && (!earliest || *wait.deadline < *earliest->deadline))
            earliest = wait;
    }
    if (!earliest)
        return false;
    now = std::max(now, *earliest->deadline);
    send(DeadlineReached{earliest->frame});
    return !refusal;
}

std::vector<std::string> Runner::eventTypes() const
{
    std::vector<std::string> types;
    for (const HistoryEntry &entry : history)
        types.emplace_back(entry.type);
    return types;
}

std::string Runner::events() const
{
    std::string all;
    for (const HistoryEntry &entry : history)
        all.append(all.empty() ? "" : " ").append(entry.type);
    return all;
}

const HistoryEntry *Runner::event(std::string_view type) const
{
    const auto found = std::ranges::find(history, type, &HistoryEntry::type);
    return found == history.end() ? nullptr : &*found;
}

bool runToEnd(Runner &runner, Mocks mocks)
{
    std::deque<RunTask> tasks;
    const auto collect = [&] {
        for (const Effect &effect : runner.effects) {
            if (const auto *task = std::get_if<RunTask>(&effect))
                tasks.push_back(*task);
        }
    };
    collect();
    while (!runner.execution.hasEnded()) {
        if (runner.yielded) {
            runner.send(Resumed{});
        } else if (!tasks.empty()) {
            const RunTask task = std::move(tasks.front());
            tasks.pop_front();
            std::deque<Mock> &attempts = mocks[task.state];
            if (attempts.empty())
                return false;
            const Mock mock = attempts.front();
            if (attempts.size() > 1)
                attempts.pop_front();
            runner.effects.clear();
            if (mock.kind == Mock::Kind::Return)
                runner.send(TaskSucceeded{task.frame, mock.output});
            else if (mock.kind == Mock::Kind::Throw)
                runner.send(TaskFailed{task.frame, mock.error, mock.cause});
        } else if (!runner.passEarliestDeadline()) {
            return false;
        }
        collect();
    }
    return true;
}

} // namespace brewline::workflow::test
