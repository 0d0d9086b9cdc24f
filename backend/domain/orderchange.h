// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/time.h"
#include "domain/actor.h"
#include "domain/order.h"

#include <optional>
#include <string>
#include <string_view>

/// The table of changes: what people may do to an order, and what the clock and the workflow may.
namespace brewline::domain {

/// What a person asks for.
enum class OrderAction { Submit, Claim, TakeOver, Release, Complete, Recall, Collect, Cancel };

/// The action's word in routes, e.g. "take-over"; Submit is "drink".
std::string_view toText(OrderAction action);
std::optional<OrderAction> orderActionFromText(std::string_view text);

struct ChangeRequest {
    OrderAction action = OrderAction::Submit;
    Drink drink;        ///< for Submit; checked against the menu before
    std::string reason; ///< for Cancel; may be empty
};

/// Whether a change did something or had been done already (a repeated request is answered like the first).
enum class ChangeEffect { Done, Repeated };

/// Applies \a request of \a actor to \a order. A change that the table does not allow leaves the order as it was and
/// returns ErrorCode::WrongState with the present state in its text, Forbidden when the role may not, or NotFound when
/// the order is somebody else's and none of the actor's business.
Result<ChangeEffect> apply(Order &order, const ChangeRequest &request, const Actor &actor, Timestamp now);

/// Whether \a actor may see \a order at all: its owner, and staff and displays of its event.
bool maySee(const Order &order, const Actor &actor);

/// What the workflow does to an order by itself.
struct SystemChange {
    OrderState to = OrderState::Refused; ///< Refused, TimedOut or Collected
    std::string reason;
};

/// Applies \a change: started -> refused; started, submitted, making -> timedOut; ready -> collected (uncollected).
Result<void> apply(Order &order, const SystemChange &change, Timestamp now);

} // namespace brewline::domain
