// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/result.h"
#include "domain/event.h"
#include "domain/order.h"

#include <boost/json/value.hpp>

#include <functional>
#include <string_view>

namespace brewline::application {

/// What a local task of the order processor may touch: all of it inside the transaction of its step.
struct TaskScope {
    Transaction &transaction;
    const domain::Event &event;
    domain::Order &order;
    std::function<void(std::string_view detailType)> announce;
    std::function<void()> tokensChanged;
};

/// Performs the task with \a resource (without ".waitForTaskToken"). The error of a task that failed carries in its
/// detail the cause for the workflow; the ASL error name is errorName().
Result<boost::json::value> performTask(std::string_view resource, const boost::json::value &parameters,
                                       const TaskScope &scope);

/// The ASL error that the workflow sees for \a error, e.g. "Orders.WrongState".
std::string_view errorName(const Error &error);

/// What a wait is for: \a parameters' member "purpose", else "external".
std::string purposeOf(const boost::json::value &parameters);

} // namespace brewline::application
