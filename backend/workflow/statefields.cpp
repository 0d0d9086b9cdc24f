// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of StateParser that reads fields which several types of states share.
#include "workflow/stateparser.h"

#include "workflow/jsonvalue.h"
#include "workflow/machineparser.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

void StateParser::parseTransition(FieldReader &fields)
{
    fields.exclude("Next", "End");
    const auto end = fields.boolean("End");
    if (end && !*end && !fields.has("Next"))
        fields.fault("End", "must be true");
    if (!fields.has("Next") && !fields.has("End"))
        fields.fault("Next or End is missing");
    if (fields.has("Next"))
        m_state.next = target(fields, "Next");
}

void StateParser::parseDataPaths(FieldReader &fields)
{
    m_state.inputPath = dataPath(fields, "InputPath");
    m_state.outputPath = dataPath(fields, "OutputPath");
}

DataPath StateParser::dataPath(FieldReader &fields, std::string_view name)
{
    DataPath dataPath;
    const json::value *value = fields.value(name);
    if (value && value->is_null()) {
        dataPath.discards = true;
        return dataPath;
    }
    dataPath.path = fields.path(name);
    // "$" is the default; without a path nothing is copied.
    if (dataPath.path && dataPath.path->text() == "$")
        dataPath.path.reset();
    return dataPath;
}

ResultPath StateParser::resultPath(FieldReader &fields)
{
    const json::value *value = fields.value("ResultPath");
    if (value && value->is_null())
        return ResultPath::discard();
    auto path = fields.path("ResultPath");
    if (!path)
        return {};
    if (path->root() != Path::Root::Data || !path->isReference())
        fields.fault("ResultPath", "must be a reference path");
    return ResultPath(std::move(*path));
}

std::optional<PayloadTemplate> StateParser::payload(FieldReader &fields, std::string_view name)
{
    const json::value *value = fields.value(name);
    if (!value)
        return std::nullopt;
    return PayloadTemplate::parse(*value, fields.pointerOf(name), m_subject, m_machines.m_faults);
}

std::optional<PayloadTemplate> StateParser::assignment(FieldReader &fields)
{
    const json::object *object = fields.object("Assign");
    if (!object)
        return std::nullopt;
    for (const json::key_value_pair &member : *object) {
        std::string_view name = member.key();
        if (name.ends_with(".$"))
            name.remove_suffix(2);
        if (name == "states" || name.empty())
            fields.fault("Assign", "cannot assign to \"" + std::string(name) + "\"");
    }
    return payload(fields, "Assign");
}

std::optional<Quantity> StateParser::quantity(FieldReader &fields, std::string_view name, std::string_view pathName,
                                              std::int64_t least, std::int64_t most)
{
    fields.exclude(name, pathName);
    const auto number = fields.whole(name, least, most);
    if (auto path = fields.path(pathName))
        return std::move(*path);
    if (number)
        return double(*number);
    return std::nullopt;
}

StateIndex StateParser::target(FieldReader &fields, std::string_view name)
{
    fields.require(name);
    const auto state = fields.text(name);
    if (!state)
        return 0;
    const auto found = m_machine.byName.find(*state);
    if (found != m_machine.byName.end())
        return found->second;
    fields.fault(name, "names the state \"" + *state + "\", which does not exist");
    return 0;
}

Retrier StateParser::parseRetrier(FieldReader &fields)
{
    constexpr std::int64_t mostAttempts = 99'999'999;
    constexpr std::int64_t longestDelay = 31'622'400;
    Retrier retrier;
    fields.text("Comment");
    fields.require("ErrorEquals");
    retrier.errors = fields.texts("ErrorEquals");
    retrier.intervalSeconds = double(fields.whole("IntervalSeconds", 1, mostAttempts).value_or(1));
    retrier.maxAttempts = std::uint32_t(fields.whole("MaxAttempts", 0, mostAttempts).value_or(3));
    retrier.backoffRate = fields.number("BackoffRate", 1).value_or(2);
    if (const auto longest = fields.whole("MaxDelaySeconds", 1, longestDelay)) {
        retrier.maxDelaySeconds = double(*longest);
        if (*longest <= std::int64_t(retrier.intervalSeconds))
            fields.fault("MaxDelaySeconds", "must be greater than IntervalSeconds");
    }
    const auto jitter = fields.text("JitterStrategy");
    if (jitter && *jitter != "FULL" && *jitter != "NONE")
        fields.fault("JitterStrategy", "must be FULL or NONE");
    retrier.jitters = jitter == "FULL";
    fields.refuseOthers();
    return retrier;
}

Catcher StateParser::parseCatcher(FieldReader &fields)
{
    Catcher catcher;
    fields.text("Comment");
    fields.require("ErrorEquals");
    catcher.errors = fields.texts("ErrorEquals");
    catcher.resultPath = resultPath(fields);
    catcher.assign = assignment(fields);
    catcher.next = target(fields, "Next");
    fields.refuseOthers();
    return catcher;
}

void StateParser::checkErrorNames(FieldReader &fields, const std::vector<std::string> &errors, bool isLast)
{
    if (std::ranges::find(errors, workflow::errors::all) == errors.end())
        return;
    if (errors.size() > 1)
        fields.fault("ErrorEquals", "must name States.ALL alone");
    else if (!isLast)
        fields.fault("ErrorEquals", "must name States.ALL in the last element only");
}

} // namespace brewline::workflow
