// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/role.h"

#include <string>
#include <string_view>
#include <vector>

/// MQTT topics of Brewline. \a event may be "+" where a filter over all events is meant.
namespace brewline::topics {

std::string shop(const EventId &event);  ///< retained; state, menu and estimate of the event, for everybody
std::string board(const EventId &event); ///< what the TV shows; no user ids, no codes
std::string staff(const EventId &event); ///< everything about the event's orders, never codes or task tokens
std::string user(const EventId &event, const UserId &user);         ///< one person's own orders
std::string bus(const EventId &event, std::string_view detailType); ///< every message, one subtopic per detail-type
std::string pulse(const EventId &event);                            ///< QoS 0, every two seconds
std::string presence(const EventId &event, std::string_view user);  ///< who is there; the last will of staff devices

/// Where the broker takes orders of the backend, and of nobody else.
inline constexpr std::string_view brokerControl = "$CONTROL/brewline/v1";

/// Filters that a client may publish to and subscribe to.
struct AccessList {
    std::vector<std::string> publish;
    std::vector<std::string> subscribe;
};

/// What the bearer of a token with \a role may do at the broker; an organiser's \a event may be "*" for all events.
AccessList accessList(Role role, const EventId &event, const UserId &user);

/// What the backend's own publisher may do.
AccessList backendAccessList();

} // namespace brewline::topics
