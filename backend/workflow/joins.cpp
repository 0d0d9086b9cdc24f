// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of Interpreter that runs branches and iterations and puts their results together.
//
// Frames lie in a vector: every new one may move all others, so a reference to a frame is looked up again after
// spawn(), and frames are removed only once nothing refers to them.
#include "workflow/interpreter.h"

#include "workflow/eventtype.h"
#include "workflow/limits.h"

#include <algorithm>
#include <cmath>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

json::value iterationDetails(std::uint32_t index)
{
    return json::object{{"index", index}};
}

} // namespace

void Interpreter::spawn(FrameId parent, MachineIndex machineIndex, std::uint32_t index, json::value data)
{
    const Machine &machine = m_program.machines[machineIndex];
    Frame child;
    child.id = m_execution.nextFrame++;
    child.parent = parent;
    child.machine = machineIndex;
    child.index = index;
    child.state = machine.states[machine.start].name;
    child.data = std::move(data);
    m_execution.frames.push_back(std::move(child));
}

void Interpreter::perform(Frame &frame, const State &state, const ParallelState &parallel)
{
    FrameScope scope = scopeOf(frame);
    json::value storage;
    const auto input = effectiveInput(frame, state, scope, storage);
    if (!input)
        return raise(frame, state, input.error());
    auto parameters = payload(state.parameters, **input, scope);
    if (!parameters)
        return raise(frame, state, std::move(parameters.error()));

    record(events::parallelStateStarted, state.name);
    const FrameId id = frame.id;
    const auto branches = std::uint32_t(parallel.branches.size());
    frame.phase = Phase::Joining;
    frame.join.emplace();
    frame.join->results.resize(branches);
    frame.join->started = branches;
    for (std::uint32_t i = 0; i < branches; ++i)
        spawn(id, parallel.branches[i], i, i + 1 == branches ? std::move(*parameters) : *parameters);
}

void Interpreter::perform(Frame &frame, const State &state, const MapState &map)
{
    auto join = mapJoin(frame, state, map);
    if (!join)
        return raise(frame, state, std::move(join.error()));
    record(events::mapStateStarted, state.name, json::object{{"length", join->items.size()}});
    frame.phase = Phase::Joining;
    frame.join = std::move(*join);
    continueJoin(frame);
}

Outcome<Join> Interpreter::mapJoin(const Frame &frame, const State &state, const MapState &map) const
{
    FrameScope scope = scopeOf(frame);
    json::value inputStorage;
    json::value itemsStorage;
    const auto input = effectiveInput(frame, state, scope, inputStorage);
    if (!input)
        return tl::unexpected(input.error());
    const auto items = map.itemsPath ? map.itemsPath->resolve(**input, scope, itemsStorage) : input;
    if (!items)
        return tl::unexpected(items.error());
    const json::array *array = (*items)->if_array();
    if (!array)
        return problem(errors::runtime, "The items of the Map state are no array.");
    const auto concurrency = amount(map.maxConcurrency, 0, **input, scope);
    if (!concurrency)
        return tl::unexpected(concurrency.error());

    Join join;
    join.items = *array;
    join.results.resize(array->size());
    join.concurrency = *concurrency == 0 ? limits::concurrentIterations
                                         : std::uint32_t(std::fmin(*concurrency, limits::concurrentIterations));
    if (map.toleratedCount) {
        const auto count = amount(*map.toleratedCount, 0, **input, scope);
        if (!count)
            return tl::unexpected(count.error());
        join.tolerated = std::uint32_t(std::fmin(*count, double(array->size())));
    }
    if (map.toleratedPercentage) {
        const auto percentage = amount(*map.toleratedPercentage, 0, **input, scope);
        if (!percentage)
            return tl::unexpected(percentage.error());
        const double count = std::floor(double(array->size()) * std::fmin(*percentage, 100) / 100);
        join.tolerated = std::max(join.tolerated, std::uint32_t(count));
    }
    return join;
}

Outcome<void> Interpreter::startIterations(FrameId parent, const State &state, const MapState &map)
{
    for (;;) {
        Frame &frame = *m_execution.find(parent);
        Join &join = *frame.join;
        if (join.started == join.items.size() || join.started - join.finished >= join.concurrency)
            return {};
        const std::uint32_t index = join.started++;
        json::value item = join.items[index];
        if (map.itemSelector) {
            FrameScope scope = scopeOf(frame);
            scope.setItem(index, join.items[index]);
            json::value storage;
            auto selected = effectiveInput(frame, state, scope, storage).and_then([&](const json::value *input) {
                return map.itemSelector->apply(*input, scope);
            });
            if (!selected)
                return tl::unexpected(std::move(selected.error()));
            item = std::move(*selected);
        }
        record(events::mapIterationStarted, state.name, iterationDetails(index));
        spawn(parent, map.iterator, index, std::move(item));
    }
}

void Interpreter::endBranch(Frame &frame)
{
    if (frame.parent == 0) {
        m_execution.output = std::move(frame.data);
        return end(Status::Succeeded, events::executionSucceeded, {});
    }
    const FrameId parentId = frame.parent;
    const std::uint32_t index = frame.index;
    json::value result = std::move(frame.data);
    m_execution.frames.erase(m_execution.frames.begin() + (&frame - m_execution.frames.data()));

    Frame &parent = *m_execution.find(parentId);
    parent.join->results[index] = std::move(result);
    ++parent.join->finished;
    const State &state = *stateOf(parent);
    if (std::holds_alternative<MapState>(state.kind))
        record(events::mapIterationSucceeded, state.name, iterationDetails(index));
    continueJoin(parent);
}

void Interpreter::continueJoin(Frame &frame)
{
    const FrameId id = frame.id;
    const State &state = *stateOf(frame);
    const auto *map = std::get_if<MapState>(&state.kind);
    if (map) {
        auto started = startIterations(id, state, *map);
        if (!started) {
            Frame &failed = *m_execution.find(id);
            abandonJoin(failed);
            return raise(*m_execution.find(id), state, std::move(started.error()));
        }
    }
    Frame &joining = *m_execution.find(id);
    if (joining.join->finished < joining.join->results.size())
        return;
    record(map ? events::mapStateSucceeded : events::parallelStateSucceeded, state.name);
    json::value results = std::move(joining.join->results);
    joining.join.reset();
    complete(joining, state, std::move(results));
}

void Interpreter::failBranch(Frame &frame, Problem problem)
{
    const FrameId id = frame.id;
    const FrameId parentId = frame.parent;
    const std::uint32_t index = frame.index;
    Frame &parent = *m_execution.find(parentId);
    const State &state = *stateOf(parent);
    const auto *map = std::get_if<MapState>(&state.kind);
    if (map)
        record(events::mapIterationFailed, state.name, iterationDetails(index));
    ++parent.join->failed;
    const bool tolerates = map && (map->toleratedCount || map->toleratedPercentage);
    if (tolerates && parent.join->failed <= parent.join->tolerated && problem.error != errors::runtime) {
        ++parent.join->finished;
        std::erase_if(m_execution.frames, [id](const Frame &each) { return each.id == id; });
        return continueJoin(*m_execution.find(parentId));
    }
    if (tolerates && problem.error != errors::runtime)
        problem = {std::string(errors::exceedToleratedFailureThreshold),
                   "More iterations failed than the Map state tolerates; the last one with " + problem.error + "."};
    record(map ? events::mapStateFailed : events::parallelStateFailed, state.name,
           json::object{{"error", problem.error}, {"cause", problem.cause}});
    abandonJoin(parent);
    raise(*m_execution.find(parentId), state, std::move(problem));
}

void Interpreter::abandonJoin(Frame &frame)
{
    frame.join.reset();
    // Parents lie before their children, so one pass finds all descendants.
    std::vector<FrameId> abandoned{frame.id};
    for (const Frame &each : m_execution.frames) {
        if (std::ranges::find(abandoned, each.parent) == abandoned.end())
            continue;
        abandoned.push_back(each.id);
        cancel(each);
    }
    abandoned.erase(abandoned.begin());
    std::erase_if(m_execution.frames,
                  [&](const Frame &each) { return std::ranges::find(abandoned, each.id) != abandoned.end(); });
}

} // namespace brewline::workflow
