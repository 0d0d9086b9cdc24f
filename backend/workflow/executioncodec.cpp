// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Execution as JSON. Member names are short because one such document is written at every step of every order.
#include "workflow/execution.h"

#include "workflow/jsonvalue.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

constexpr std::int64_t formatVersion = 1;

constexpr auto statuses = std::to_array<std::pair<Status, std::string_view>>({
    {Status::Running, "running"},
    {Status::Succeeded, "succeeded"},
    {Status::Failed, "failed"},
    {Status::TimedOut, "timedOut"},
    {Status::Aborted, "aborted"},
});
constexpr auto waitKinds = std::to_array<std::pair<WaitKind, std::string_view>>({
    {WaitKind::TaskToken, "token"},
    {WaitKind::Timer, "timer"},
    {WaitKind::RetryDelay, "retry"},
    {WaitKind::Task, "task"},
});
constexpr auto phases = std::to_array<std::pair<Phase, std::string_view>>({
    {Phase::Ready, "ready"},
    {Phase::Waiting, "waiting"},
    {Phase::Joining, "joining"},
});

template<typename Table, typename Enum>
std::string_view nameOf(const Table &table, Enum value)
{
    return std::ranges::find(table, value, [](const auto &entry) { return entry.first; })->second;
}

void put(json::object &to, std::string_view name, std::uint32_t value)
{
    if (value != 0)
        to.emplace(name, value);
}

void put(json::object &to, std::string_view name, const std::optional<Timestamp> &time)
{
    if (time)
        to.emplace(name, toMilliseconds(*time));
}

json::value toJson(const FrameWait &wait)
{
    json::object to{{"kind", nameOf(waitKinds, wait.kind)}};
    put(to, "expires", wait.expires);
    put(to, "heartbeatDue", wait.heartbeatDue);
    if (wait.heartbeat.count() != 0)
        to.emplace("heartbeat", wait.heartbeat.count());
    return to;
}

json::value toJson(const Join &join)
{
    json::object to{{"results", join.results}};
    if (!join.items.empty())
        to.emplace("items", join.items);
    put(to, "started", join.started);
    put(to, "finished", join.finished);
    put(to, "failed", join.failed);
    put(to, "concurrency", join.concurrency);
    put(to, "tolerated", join.tolerated);
    return to;
}

json::value toJson(const Frame &frame)
{
    json::object to{{"id", frame.id}, {"state", frame.state}, {"data", frame.data}};
    put(to, "parent", frame.parent);
    put(to, "machine", frame.machine);
    put(to, "index", frame.index);
    to.emplace("phase", nameOf(phases, frame.phase));
    if (!frame.variables.empty())
        to.emplace("variables", frame.variables);
    if (!frame.retries.empty())
        to.emplace("retries", json::array(frame.retries.begin(), frame.retries.end()));
    to.emplace("entered", toMilliseconds(frame.enteredAt));
    if (frame.waitTimedOut)
        to.emplace("waitTimedOut", true);
    if (frame.wait)
        to.emplace("wait", toJson(*frame.wait));
    if (frame.join)
        to.emplace("join", toJson(*frame.join));
    return to;
}

/// Reads members of one object; the first one that is wrong is remembered and everything after it reads as default.
class Reader {
public:
    Reader(const json::value &value, std::string pointer, std::optional<Error> &error)
        : m_object(value.if_object())
        , m_pointer(std::move(pointer))
        , m_error(error)
    {
        if (!m_object)
            refuse({});
    }

    [[nodiscard]] const json::value *find(std::string_view name) const
    {
        return m_object && !m_error ? m_object->if_contains(name) : nullptr;
    }

    [[nodiscard]] std::string pointerOf(std::string_view name) const { return m_pointer + pointerStep(name); }
    [[nodiscard]] std::optional<Error> &error() const { return m_error; }

    void read(std::string_view name, std::uint32_t &to)
    {
        std::int64_t number = to;
        read(name, number);
        if (number < 0 || number > std::numeric_limits<std::uint32_t>::max())
            refuse(name);
        else
            to = std::uint32_t(number);
    }

    void read(std::string_view name, std::int64_t &to)
    {
        const json::value *value = find(name);
        const auto number = value ? wholeNumber(*value) : std::nullopt;
        if (value && !number)
            refuse(name);
        else if (number)
            to = *number;
    }

    void read(std::string_view name, std::string &to)
    {
        const json::value *value = find(name);
        if (value && !value->is_string())
            refuse(name);
        else if (value)
            to = value->get_string();
    }

    void read(std::string_view name, std::optional<Timestamp> &to)
    {
        if (!find(name))
            return;
        std::int64_t milliseconds = 0;
        read(name, milliseconds);
        to = timestampFromMilliseconds(milliseconds);
    }

    void read(std::string_view name, json::object &to)
    {
        const json::value *value = find(name);
        if (value && !value->is_object())
            refuse(name);
        else if (value)
            to = value->get_object();
    }

    void read(std::string_view name, json::array &to)
    {
        const json::value *value = find(name);
        if (value && !value->is_array())
            refuse(name);
        else if (value)
            to = value->get_array();
    }

    template<typename Table, typename Enum>
    void read(std::string_view name, const Table &table, Enum &to)
    {
        std::string text;
        read(name, text);
        const auto found = std::ranges::find(table, text, [](const auto &entry) { return entry.second; });
        if (found == table.end())
            refuse(name);
        else
            to = found->first;
    }

    void refuse(std::string_view name)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidField, "The execution cannot be read: a member is missing or malformed.",
                            name.empty() ? m_pointer : pointerOf(name)};
    }

private:
    const json::object *m_object;
    std::string m_pointer;
    std::optional<Error> &m_error;
};

FrameWait readWait(Reader fields)
{
    FrameWait wait;
    std::int64_t heartbeat = 0;
    fields.read("kind", waitKinds, wait.kind);
    fields.read("expires", wait.expires);
    fields.read("heartbeatDue", wait.heartbeatDue);
    fields.read("heartbeat", heartbeat);
    wait.heartbeat = Milliseconds(heartbeat);
    return wait;
}

Join readJoin(Reader fields)
{
    Join join;
    fields.read("items", join.items);
    fields.read("results", join.results);
    fields.read("started", join.started);
    fields.read("finished", join.finished);
    fields.read("failed", join.failed);
    fields.read("concurrency", join.concurrency);
    fields.read("tolerated", join.tolerated);
    return join;
}

Frame readFrame(Reader fields)
{
    Frame frame;
    std::int64_t entered = 0;
    fields.read("id", frame.id);
    fields.read("parent", frame.parent);
    fields.read("machine", frame.machine);
    fields.read("index", frame.index);
    fields.read("phase", phases, frame.phase);
    fields.read("state", frame.state);
    fields.read("variables", frame.variables);
    fields.read("entered", entered);
    frame.enteredAt = timestampFromMilliseconds(entered);
    if (const json::value *data = fields.find("data"))
        frame.data = *data;
    json::array retries;
    fields.read("retries", retries);
    for (const json::value &attempts : retries)
        frame.retries.push_back(std::uint32_t(wholeNumber(attempts).value_or(0)));
    frame.waitTimedOut = fields.find("waitTimedOut") != nullptr;
    if (const json::value *wait = fields.find("wait"))
        frame.wait = readWait(Reader(*wait, fields.pointerOf("wait"), fields.error()));
    if (const json::value *join = fields.find("join"))
        frame.join = readJoin(Reader(*join, fields.pointerOf("join"), fields.error()));
    return frame;
}

} // namespace

json::value Execution::toJson() const
{
    json::object to{{"v", formatVersion}, {"status", nameOf(statuses, status)}};
    if (!output.is_null())
        to.emplace("output", output);
    if (!error.empty())
        to.emplace("error", error);
    if (!cause.empty())
        to.emplace("cause", cause);
    if (!context.empty())
        to.emplace("context", context);
    put(to, "nextFrame", nextFrame);
    put(to, "historyLength", historyLength);
    put(to, "expires", expires);
    json::array all;
    all.reserve(frames.size());
    for (const Frame &frame : frames)
        all.push_back(workflow::toJson(frame));
    to.emplace("frames", std::move(all));
    return to;
}

Result<Execution> Execution::fromJson(const json::value &value)
{
    std::optional<Error> wrong;
    Execution execution;
    Reader fields(value, {}, wrong);
    std::int64_t version = 0;
    fields.read("v", version);
    if (!wrong && version != formatVersion)
        return failure(ErrorCode::InvalidField, "The execution was written by another version of the program.", "/v");
    fields.read("status", statuses, execution.status);
    if (const json::value *output = fields.find("output"))
        execution.output = *output;
    fields.read("error", execution.error);
    fields.read("cause", execution.cause);
    fields.read("context", execution.context);
    fields.read("nextFrame", execution.nextFrame);
    fields.read("historyLength", execution.historyLength);
    fields.read("expires", execution.expires);
    json::array frames;
    fields.read("frames", frames);
    for (std::size_t i = 0; i < frames.size(); ++i)
        execution.frames.push_back(
            readFrame(Reader(frames[i], fields.pointerOf("frames") + pointerStep(std::to_string(i)), wrong)));
    if (wrong)
        return tl::unexpected(std::move(*wrong));
    return execution;
}

std::string Execution::toText() const
{
    return json::serialize(toJson());
}

Result<Execution> Execution::fromText(std::string_view text)
{
    boost::system::error_code error;
    const json::value value = parseDeep(text, error);
    if (error)
        return failure(ErrorCode::InvalidField, "The execution cannot be read: it is no JSON.");
    return fromJson(value);
}

} // namespace brewline::workflow
