// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/eventview.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace brewline {

namespace json = boost::json;

namespace {

json::object namesToJson(const Translations &names)
{
    json::object object;
    for (const auto &[language, text] : names)
        object[language] = text;
    return object;
}

json::object toJson(const OptionGroupView &group)
{
    json::array choices;
    for (const ChoiceView &choice : group.choices)
        choices.push_back(json::object{{"id", choice.id}, {"name", choice.name}, {"names", namesToJson(choice.names)}});
    return {{"id", group.id},
            {"name", group.name},
            {"names", namesToJson(group.names)},
            {"required", group.required},
            {"max", group.max},
            {"choices", std::move(choices)}};
}

json::object toJson(const MenuItemView &item)
{
    json::array groups;
    for (const OptionGroupView &group : item.optionGroups)
        groups.push_back(toJson(group));
    return {{"id", item.id},
            {"name", item.name},
            {"names", namesToJson(item.names)},
            {"description", item.description},
            {"allergens", json::array(item.allergens.begin(), item.allergens.end())},
            {"icon", item.icon},
            {"available", item.available},
            {"stock", item.stock ? json::value(*item.stock) : json::value()},
            {"optionGroups", std::move(groups)}};
}

json::value toJson(const std::optional<RoundView> &round)
{
    if (!round)
        return nullptr;
    return json::object{
        {"tokensLeft", round->tokensLeft}, {"endsAt", toRfc3339(round->endsAt)}, {"nextAt", toRfc3339(round->nextAt)}};
}

json::object toJson(const LimitsView &limits)
{
    return {{"maxOrdersInQueue", limits.maxOrdersInQueue},
            {"maxOrdersPerUser", limits.maxOrdersPerUser},
            {"drinksPerCode", limits.drinksPerCode},
            {"codeSeconds", limits.codeSeconds},
            {"customerTimeoutSeconds", limits.customerTimeoutSeconds},
            {"baristaTimeoutSeconds", limits.baristaTimeoutSeconds}};
}

json::value toJson(const std::optional<EstimateView> &estimate)
{
    if (!estimate)
        return nullptr;
    return json::object{{"p50Seconds", estimate->p50Seconds}, {"p90Seconds", estimate->p90Seconds}};
}

} // namespace

json::object toJson(const EventView &event)
{
    json::array menu;
    for (const MenuItemView &item : event.menu)
        menu.push_back(toJson(item));
    return {{"id", event.id.text()},
            {"name", event.name},
            {"language", event.language},
            {"timezone", event.timezone},
            {"open", event.open},
            {"paused", event.paused},
            {"reason", event.reason.empty() ? json::value() : json::value(event.reason)},
            {"reopensAt", event.reopensAt ? json::value(toRfc3339(*event.reopensAt)) : json::value()},
            {"full", event.full},
            {"serverTime", toRfc3339(event.serverTime)},
            {"round", toJson(event.round)},
            {"menu", std::move(menu)},
            {"limits", toJson(event.limits)},
            {"estimate", toJson(event.estimate)},
            {"queue", event.queue},
            {"mqtt", event.mqttPort ? json::value(json::object{{"port", *event.mqttPort}, {"tls", event.mqttTls}})
                                    : json::value()}};
}

} // namespace brewline
