// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::domain {

enum class OrderState { Started, Submitted, Making, Ready, Collected, Cancelled, TimedOut, Refused };

/// The state's word in JSON and in storage, e.g. "timedOut".
std::string_view toText(OrderState state);
std::optional<OrderState> orderStateFromText(std::string_view text);

/// Started, submitted or making: it holds a place in the queue.
bool isOpen(OrderState state);

/// Collected, cancelled, timed out or refused: nothing can happen to it any more.
bool isEnded(OrderState state);

/// What a visitor chose.
struct Drink {
    std::string item;                 ///< id of the menu item
    std::vector<std::string> options; ///< ids of choices, sorted
    std::string name;                 ///< the name to call, may be empty
    std::string note;
    friend bool operator==(const Drink &, const Drink &) = default;
};

struct Order {
    OrderId id;
    EventId event;
    UserId owner;
    BucketId bucket; ///< whose token it took
    ExecutionId execution;
    OrderState state = OrderState::Started;
    std::optional<std::int64_t> number;
    Drink drink; ///< empty until submitted
    std::string ownerName;
    UserId barista; ///< who makes or made it; empty while nobody does
    std::string baristaName;
    std::string reason;       ///< why it was refused, cancelled or timed out
    bool uncollected = false; ///< collected by the clock, not by a person
    Timestamp createdAt;
    std::optional<Timestamp> submittedAt;
    std::optional<Timestamp> claimedAt;
    std::optional<Timestamp> completedAt;
    std::optional<Timestamp> endedAt;
    std::optional<Timestamp> deadline; ///< when its present state times out
    std::int64_t sequence = 0;         ///< version: one more with each committed change

    friend bool operator==(const Order &, const Order &) = default;
};

} // namespace brewline::domain
