// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace brewline {

/// Text by language tag, e.g. {"de": "Milchkaffee"}.
using Translations = std::map<std::string, std::string>;

struct ChoiceView {
    std::string id;
    std::string name;
    Translations names;
};

struct OptionGroupView {
    std::string id;
    std::string name;
    Translations names;
    bool required = false;
    std::int64_t max = 1;
    std::vector<ChoiceView> choices;
};

struct MenuItemView {
    std::string id;
    std::string name;
    Translations names;
    std::string description;
    std::vector<std::string> allergens;
    std::string icon;
    bool available = true;             ///< false also when the stock has run out
    std::optional<std::int64_t> stock; ///< cups left; nothing when it is not counted
    std::vector<OptionGroupView> optionGroups;
};

/// The current code bucket without its code.
struct RoundView {
    std::int64_t tokensLeft = 0;
    Timestamp endsAt;
    Timestamp nextAt; ///< when the next code is shown
};

struct LimitsView {
    std::int64_t maxOrdersInQueue = 0;
    std::int64_t maxOrdersPerUser = 0; ///< a day; 0 is no limit
    std::int64_t drinksPerCode = 0;
    std::int64_t codeSeconds = 0;
    std::int64_t customerTimeoutSeconds = 0;
    std::int64_t baristaTimeoutSeconds = 0;
};

struct EstimateView {
    std::int64_t p50Seconds = 0;
    std::int64_t p90Seconds = 0;
};

/// What anybody may know about an event: the answer of GET /v1/events/{event} and the retained shop message.
struct EventView {
    EventId id;
    std::string name;
    std::string language;
    std::string timezone;
    bool open = false;
    bool paused = false;
    std::string reason;
    std::optional<Timestamp> reopensAt;
    bool full = false;
    Timestamp serverTime;
    std::optional<RoundView> round;
    std::vector<MenuItemView> menu;
    LimitsView limits;
    std::optional<EstimateView> estimate;
    std::int64_t queue = 0;                ///< orders in started, submitted and making
    std::optional<std::uint16_t> mqttPort; ///< nothing while the broker is away
    bool mqttTls = false;
};

boost::json::object toJson(const EventView &event);

} // namespace brewline
