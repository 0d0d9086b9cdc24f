// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/result.h"
#include "core/time.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace brewline {

/// An order as the API and messages show it to its owner and to the staff.
struct OrderView {
    OrderId id;
    EventId event;
    UserId user;
    std::optional<std::int64_t> number; ///< from 1; given when the drink is submitted
    std::string state;                  ///< started submitted making ready collected cancelled timedOut refused
    std::string item;                   ///< empty until the drink is submitted
    std::string itemName;               ///< in the event's language
    std::string icon;
    std::vector<std::string> options;
    std::string name; ///< the name to call, may be empty
    std::string note;
    std::string reason;  ///< why it was refused, cancelled or timed out: closed paused full customer barista, or a text
    std::string barista; ///< name of who makes it
    std::string baristaId;
    bool uncollected = false;             ///< it was collected by the clock, not by a person
    std::optional<std::int64_t> position; ///< 1 is made next; only while submitted or making
    Timestamp createdAt;
    std::optional<Timestamp> submittedAt;
    std::optional<Timestamp> claimedAt;
    std::optional<Timestamp> completedAt;
    std::optional<Timestamp> endedAt;
    std::optional<Timestamp> deadline; ///< when its present state times out
    std::int64_t sequence = 0;         ///< from 1, one more with each change

    friend bool operator==(const OrderView &, const OrderView &) = default;
};

/// The shape named Order in the API.
boost::json::object toJson(const OrderView &order);

/// The same without anything that tells who ordered: for the board. \a name is what the event allows to be shown.
boost::json::object toBoardJson(const OrderView &order, std::string_view name);

/// Reads what toJson() wrote; members that are not known are left alone, as newer backends may send more.
Result<OrderView> orderViewFromJson(const boost::json::object &object);

} // namespace brewline
