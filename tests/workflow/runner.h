// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/advance.h"

#include <boost/json.hpp>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::workflow::test {

/// Gives values that a test can foretell.
class CountingSupplier final : public Supplier {
public:
    std::string taskToken() override { return "token-" + std::to_string(++tokens); }
    std::string uuid() override { return "00000000-0000-4000-8000-00000000000" + std::to_string(++uuids); }
    double random() override { return nextRandom; }

    int tokens = 0;
    int uuids = 0;
    double nextRandom = 0.5;
};

/// Runs one execution under a clock that only the test moves. Between any two inputs the execution goes through its
/// JSON text when asked to.
class Runner {
public:
    explicit Runner(std::string_view json, const std::map<std::string, std::string> &substitutions = {});

    [[nodiscard]] bool isValid() const { return definition != nullptr; }

    /// Starts with \a input, a JSON text.
    Runner &start(std::string_view input);
    Runner &startWith(boost::json::value input);
    /// Sends \a input; `refusal` says why it was not accepted, the execution then stays as it was.
    Runner &send(Input input);
    Runner &succeed(FrameId frame, std::string_view output);
    Runner &fail(FrameId frame, std::string error, std::string cause = "because");
    /// Moves the clock to the earliest deadline and reports it.
    bool passEarliestDeadline();
    void pass(Milliseconds time) { now += time; }

    [[nodiscard]] std::string status() const { return std::string(toString(execution.status)); }
    [[nodiscard]] std::string output() const { return boost::json::serialize(execution.output); }
    [[nodiscard]] std::vector<std::string> eventTypes() const;
    [[nodiscard]] std::string events() const;
    [[nodiscard]] const HistoryEntry *event(std::string_view type) const;
    /// The last effect of its kind of the last step.
    template<typename T>
    [[nodiscard]] const T *effect() const
    {
        for (auto each = effects.rbegin(); each != effects.rend(); ++each) {
            if (const T *found = std::get_if<T>(&*each))
                return found;
        }
        return nullptr;
    }
    template<typename T>
    [[nodiscard]] int count() const
    {
        int found = 0;
        for (const Effect &each : effects)
            found += std::holds_alternative<T>(each) ? 1 : 0;
        return found;
    }

    std::shared_ptr<const Definition> definition;
    std::vector<Fault> faults;
    Execution execution;
    std::vector<Effect> effects; ///< of the last step
    std::vector<HistoryEntry> history;
    std::optional<Error> refusal;
    bool yielded = false;
    bool roundTrips = false;
    Timestamp now = timestampFromMilliseconds(1'760'000'000'000);
    CountingSupplier supplier;
};

/// What a state's task does at its attempts, in order.
struct Mock {
    enum class Kind { Return, Throw, Timeout };

    Kind kind = Kind::Return;
    boost::json::value output;
    std::string error;
    std::string cause;
};
using Mocks = std::map<std::string, std::deque<Mock>>;

/// Answers tasks from \a mocks and lets deadlines pass until the execution ends; false when it gets stuck.
bool runToEnd(Runner &runner, Mocks mocks = {});

} // namespace brewline::workflow::test
