// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/router.h"

#include <functional>

namespace brewline {
class Clock;
}
namespace brewline::application {
class AccountService;
class OrderService;
class ShopService;
} // namespace brewline::application

namespace brewline::http {

/// What the API needs of the backend. All of it must outlive every call under way.
struct ApiServices {
    application::OrderService &orders;
    application::ShopService &shop;
    application::AccountService &accounts;
    const Clock &clock;
    /// Tells, on whatever thread, whether the store answers at the moment.
    std::function<void(std::function<void(bool)>)> probeStore;
    /// Whether messages reach the broker at the moment; any thread may ask.
    std::function<bool()> brokerConnected;
    /// Runs a function on a thread where making JSON keeps nobody waiting; any thread may call.
    std::function<void(std::function<void()>)> post;
};

/// Adds all routes of the API to \a router. Handlers translate between HTTP and use cases and decide nothing.
void addApiRoutes(Router &router, const ApiServices &services);

} // namespace brewline::http
