// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/records.h"
#include "contracts/eventview.h"
#include "domain/event.h"

#include <map>
#include <string>
#include <vector>

/// Which topics hear of a change, and what each audience is told. Pure.
namespace brewline::application {

struct OutgoingMessage {
    std::string topic;
    std::string payload; ///< JSON envelope
    bool retain = false;
};

/// The messages of one outbox row: one for each audience with its whole view of the order, one on the bus for each
/// detail-type. \a shop is the event as it is now and needed for OutboxKind::ShopChanged only.
std::vector<OutgoingMessage> fanOut(const OutboxRecord &record, const domain::Event &event, const EventView *shop);

/// The retained state of an event. \a stream is the newest id of the outbox that it takes into account.
OutgoingMessage shopMessage(const EventView &shop, std::int64_t stream);

/// The newest stream that was sent, by the last part of each shared topic: "shop", "board", "staff".
using NewestStreams = std::map<std::string, std::int64_t>;

/// Tells clients the time and what they should have heard by now; sent every two seconds with QoS 0.
OutgoingMessage pulseMessage(const EventId &event, Timestamp now, const NewestStreams &newest);

} // namespace brewline::application
