// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/time.h"
#include "workflow/choicerule.h"
#include "workflow/expression.h"
#include "workflow/path.h"
#include "workflow/payloadtemplate.h"
#include "workflow/resultpath.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace brewline::workflow {

// The compiled form of a definition. States refer to each other by their index within their machine, Parallel and Map
// states to their branches and iterators by index of machine.

using StateIndex = std::uint32_t;
using MachineIndex = std::uint32_t;

/// Where a state goes when it is done; nothing: it ends its machine.
using Successor = std::optional<StateIndex>;

/// InputPath or OutputPath: absent (all), null (an empty object), or a path.
struct DataPath {
    bool discards = false;
    std::optional<Path> path;
};

/// A number that is written down or looked up when the state runs.
using Quantity = std::variant<double, Path>;

struct Retrier {
    std::vector<std::string> errors;
    double intervalSeconds = 1;
    std::uint32_t maxAttempts = 3;
    double backoffRate = 2;
    std::optional<double> maxDelaySeconds;
    bool jitters = false;
};

struct Catcher {
    std::vector<std::string> errors;
    ResultPath resultPath;
    std::optional<PayloadTemplate> assign;
    StateIndex next = 0;
};

struct PassState {
    std::optional<boost::json::value> result;
};

/// Which family of event types the history of a task uses.
enum class TaskFamily { Service, Lambda, Activity };

struct TaskState {
    std::string resource;
    TaskFamily family = TaskFamily::Service;
    bool waitsForToken = false; ///< `.waitForTaskToken`
    bool isSubmitted = false;   ///< `.waitForTaskToken` or `.sync`
    std::optional<Quantity> timeoutSeconds;
    std::optional<Quantity> heartbeatSeconds;
};

struct Choice {
    ChoiceRule rule;
    std::optional<PayloadTemplate> assign;
    StateIndex next = 0;
};

struct ChoiceState {
    std::vector<Choice> choices;
    Successor fallback;
};

struct WaitState {
    std::optional<Quantity> seconds;
    std::optional<std::variant<Timestamp, Path>> timestamp;
};

struct SucceedState {};

struct FailState {
    std::string error;
    std::string cause;
    std::optional<Expression> errorPath;
    std::optional<Expression> causePath;
};

struct ParallelState {
    std::vector<MachineIndex> branches;
};

struct MapState {
    MachineIndex iterator = 0;
    std::optional<Path> itemsPath;
    std::optional<PayloadTemplate> itemSelector;
    Quantity maxConcurrency = 0.0;
    std::optional<Quantity> toleratedCount;
    std::optional<Quantity> toleratedPercentage;
};

struct State {
    std::string name;
    std::string pointer;
    DataPath inputPath;
    DataPath outputPath;
    ResultPath resultPath;
    std::optional<PayloadTemplate> parameters;
    std::optional<PayloadTemplate> resultSelector;
    std::optional<PayloadTemplate> assign;
    std::vector<Retrier> retriers;
    std::vector<Catcher> catchers;
    Successor next;
    std::variant<PassState, TaskState, ChoiceState, WaitState, SucceedState, FailState, ParallelState, MapState> kind;
};

/// A list of states with its start: the workflow itself, a branch, or an iterator.
struct Machine {
    std::vector<State> states;
    std::unordered_map<std::string, StateIndex> byName;
    StateIndex start = 0;

    [[nodiscard]] const State *find(const std::string &name) const
    {
        const auto found = byName.find(name);
        return found == byName.end() ? nullptr : &states[found->second];
    }
};

struct Program {
    std::vector<Machine> machines; ///< the first is the workflow itself
    std::optional<double> timeoutSeconds;
};

} // namespace brewline::workflow
