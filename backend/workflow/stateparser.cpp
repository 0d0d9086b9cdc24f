// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/stateparser.h"

#include "workflow/jsonvalue.h"
#include "workflow/machineparser.h"
#include "workflow/moment.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// Three years, the longest the service accepts.
constexpr std::int64_t longestSeconds = 99'999'999;

TaskFamily familyOf(std::string_view resource)
{
    if (resource.starts_with("arn:aws:lambda:"))
        return TaskFamily::Lambda;
    if (resource.starts_with("arn:aws:states:") && resource.find(":activity:") != std::string_view::npos)
        return TaskFamily::Activity;
    return TaskFamily::Service;
}

} // namespace

StateParser::StateParser(MachineParser &machines, const Machine &machine, std::string name, std::string pointer)
    : m_machines(machines)
    , m_machine(machine)
    , m_subject("State " + name)
{
    m_state.name = std::move(name);
    m_state.pointer = std::move(pointer);
}

State StateParser::parse(const json::value &value)
{
    const json::object *object = value.if_object();
    if (!object) {
        m_machines.m_faults.push_back({m_state.pointer, m_subject + ": a state must be an object."});
        return std::move(m_state);
    }
    FieldReader fields(*object, m_state.pointer, m_subject, m_machines.m_faults);
    fields.text("Comment");
    fields.require("Type");
    const auto language = fields.text("QueryLanguage");
    if (language && *language != "JSONPath")
        fields.fault("QueryLanguage", "must be JSONPath; " + *language + " is not supported");
    if (const auto type = fields.text("Type"))
        parseKind(fields, *type);
    if (!language || *language == "JSONPath")
        fields.refuseOthers();
    return std::move(m_state);
}

void StateParser::parseKind(FieldReader &fields, const std::string &type)
{
    if (type != "Fail")
        parseDataPaths(fields);
    if (type != "Fail" && type != "Succeed")
        m_state.assign = assignment(fields);
    if (type == "Pass" || type == "Task" || type == "Parallel" || type == "Map") {
        if (type != "Map")
            m_state.parameters = payload(fields, "Parameters");
        m_state.resultPath = resultPath(fields);
    }
    if (type == "Task" || type == "Parallel" || type == "Map") {
        m_state.resultSelector = payload(fields, "ResultSelector");
        parseErrorHandling(fields);
    }
    if (type != "Choice" && type != "Succeed" && type != "Fail")
        parseTransition(fields);

    if (type == "Pass")
        m_state.kind = parsePass(fields);
    else if (type == "Task")
        m_state.kind = parseTask(fields);
    else if (type == "Choice")
        m_state.kind = parseChoice(fields);
    else if (type == "Wait")
        m_state.kind = parseWait(fields);
    else if (type == "Succeed")
        m_state.kind = SucceedState{};
    else if (type == "Fail")
        m_state.kind = parseFail(fields);
    else if (type == "Parallel")
        m_state.kind = parseParallel(fields);
    else if (type == "Map")
        m_state.kind = parseMap(fields);
    else
        fields.fault("Type", "\"" + type + "\" is no type of state");
}

PassState StateParser::parsePass(FieldReader &fields)
{
    PassState pass;
    if (const json::value *result = fields.value("Result"))
        pass.result = *result;
    return pass;
}

TaskState StateParser::parseTask(FieldReader &fields)
{
    TaskState task;
    fields.require("Resource");
    task.resource = fields.text("Resource").value_or(std::string());
    if (fields.has("Resource") && task.resource.empty())
        fields.fault("Resource", "must not be empty");
    task.family = familyOf(task.resource);
    task.waitsForToken = task.resource.ends_with(".waitForTaskToken");
    task.isSubmitted = task.waitsForToken || task.resource.find(".sync") != std::string::npos;
    task.timeoutSeconds = quantity(fields, "TimeoutSeconds", "TimeoutSecondsPath", 1, longestSeconds);
    task.heartbeatSeconds = quantity(fields, "HeartbeatSeconds", "HeartbeatSecondsPath", 1, longestSeconds);
    const auto *timeout = task.timeoutSeconds ? std::get_if<double>(&*task.timeoutSeconds) : nullptr;
    const auto *heartbeat = task.heartbeatSeconds ? std::get_if<double>(&*task.heartbeatSeconds) : nullptr;
    if (timeout && heartbeat && *heartbeat >= *timeout)
        fields.fault("HeartbeatSeconds", "must be smaller than TimeoutSeconds");
    // Whose rights a task has is the business of the host that performs it.
    payload(fields, "Credentials");
    return task;
}

ChoiceState StateParser::parseChoice(FieldReader &fields)
{
    ChoiceState choice;
    fields.require("Choices");
    forEachObject(fields, "Choices", [&](FieldReader &rule) { choice.choices.push_back(parseChoiceRule(rule)); });
    const json::value *choices = fields.value("Choices");
    if (choices && choices->is_array() && choices->get_array().empty())
        fields.fault("Choices", "needs at least one rule");
    if (fields.has("Default"))
        choice.fallback = target(fields, "Default");
    return choice;
}

Choice StateParser::parseChoiceRule(FieldReader &fields)
{
    Choice choice;
    fields.text("Comment");
    choice.rule = ChoiceRule::parse(fields);
    choice.assign = assignment(fields);
    choice.next = target(fields, "Next");
    fields.refuseOthers();
    return choice;
}

WaitState StateParser::parseWait(FieldReader &fields)
{
    WaitState wait;
    wait.seconds = quantity(fields, "Seconds", "SecondsPath", 0, longestSeconds);
    const auto timestamp = fields.text("Timestamp");
    const auto moment = timestamp ? Moment::fromText(*timestamp) : std::nullopt;
    if (moment)
        wait.timestamp = moment->time;
    else if (timestamp)
        fields.fault("Timestamp", "must be an RFC 3339 timestamp such as \"2026-11-21T09:30:00Z\"");
    if (auto path = fields.path("TimestampPath"))
        wait.timestamp = std::move(*path);
    const int durations = int(fields.has("Seconds")) + int(fields.has("SecondsPath")) + int(fields.has("Timestamp")) +
                          int(fields.has("TimestampPath"));
    if (durations != 1)
        fields.fault("a Wait state needs exactly one of Seconds, SecondsPath, Timestamp and TimestampPath");
    return wait;
}

FailState StateParser::parseFail(FieldReader &fields)
{
    FailState fail;
    fields.exclude("Error", "ErrorPath");
    fields.exclude("Cause", "CausePath");
    fail.error = fields.text("Error").value_or(std::string());
    fail.cause = fields.text("Cause").value_or(std::string());
    fail.errorPath = fields.expression("ErrorPath");
    fail.causePath = fields.expression("CausePath");
    return fail;
}

ParallelState StateParser::parseParallel(FieldReader &fields)
{
    ParallelState parallel;
    fields.require("Branches");
    const json::array *branches = fields.array("Branches");
    if (branches && branches->empty())
        fields.fault("Branches", "needs at least one branch");
    for (std::size_t i = 0; branches && i < branches->size(); ++i) {
        const std::string pointer = fields.pointerOf("Branches") + pointerStep(std::to_string(i));
        if (const json::object *branch = (*branches)[i].if_object())
            parallel.branches.push_back(parseMachine(*branch, pointer, false));
        else
            m_machines.m_faults.push_back({pointer, m_subject + ": a branch must be an object."});
    }
    return parallel;
}

MapState StateParser::parseMap(FieldReader &fields)
{
    MapState map;
    fields.exclude("Iterator", "ItemProcessor");
    fields.exclude("Parameters", "ItemSelector");
    const bool isOld = fields.has("Iterator");
    if (!isOld)
        fields.require("ItemProcessor");
    const std::string_view name = isOld ? "Iterator" : "ItemProcessor";
    if (const json::object *iterator = fields.object(name))
        map.iterator = parseMachine(*iterator, fields.pointerOf(name), true);
    for (const std::string_view distributed : {"ItemReader", "ItemBatcher", "ResultWriter", "Label"}) {
        if (fields.value(distributed))
            fields.fault(distributed, "belongs to distributed maps, which are not supported");
    }
    map.itemsPath = fields.path("ItemsPath");
    map.itemSelector = payload(fields, fields.has("Parameters") ? "Parameters" : "ItemSelector");
    map.maxConcurrency =
        quantity(fields, "MaxConcurrency", "MaxConcurrencyPath", 0, longestSeconds).value_or(Quantity(0.0));
    map.toleratedCount = quantity(fields, "ToleratedFailureCount", "ToleratedFailureCountPath", 0, longestSeconds);
    map.toleratedPercentage = quantity(fields, "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", 0, 100);
    return map;
}

MachineIndex StateParser::parseMachine(const json::object &object, const std::string &pointer, bool isProcessor)
{
    FieldReader fields(object, pointer, m_subject, m_machines.m_faults);
    fields.text("Comment");
    const auto language = fields.text("QueryLanguage");
    if (language && *language != "JSONPath")
        fields.fault("QueryLanguage", "must be JSONPath; " + *language + " is not supported");
    const json::object *config = isProcessor ? fields.object("ProcessorConfig") : nullptr;
    const json::value *mode = config ? config->if_contains("Mode") : nullptr;
    if (mode && *mode != "INLINE")
        fields.fault("ProcessorConfig", "must have the Mode INLINE; distributed maps are not supported");
    const MachineIndex index = m_machines.parse(fields);
    fields.refuseOthers();
    return index;
}

template<typename Read>
void StateParser::forEachObject(FieldReader &fields, std::string_view name, Read read)
{
    const json::array *elements = fields.array(name);
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        const std::string pointer = fields.pointerOf(name) + pointerStep(std::to_string(i));
        if (const json::object *object = (*elements)[i].if_object()) {
            FieldReader each(*object, pointer, m_subject, m_machines.m_faults);
            read(each);
        } else {
            m_machines.m_faults.push_back(
                {pointer, m_subject + ": an element of " + std::string(name) + " must be an object."});
        }
    }
}

void StateParser::parseErrorHandling(FieldReader &fields)
{
    const auto count = [&](std::string_view name) {
        const json::value *elements = fields.value(name);
        return elements && elements->is_array() ? elements->get_array().size() : 0;
    };
    const std::size_t retriers = count("Retry");
    forEachObject(fields, "Retry", [&](FieldReader &retrier) {
        m_state.retriers.push_back(parseRetrier(retrier));
        checkErrorNames(retrier, m_state.retriers.back().errors, m_state.retriers.size() == retriers);
    });
    const std::size_t catchers = count("Catch");
    forEachObject(fields, "Catch", [&](FieldReader &catcher) {
        m_state.catchers.push_back(parseCatcher(catcher));
        checkErrorNames(catcher, m_state.catchers.back().errors, m_state.catchers.size() == catchers);
    });
}

} // namespace brewline::workflow
