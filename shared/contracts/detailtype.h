// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// The detail-types of Brewline's messages: the one table that names them (docs/events.md explains each).
namespace brewline::detailtype {

inline constexpr std::string_view configChanged = "ConfigService.ConfigChanged";
inline constexpr std::string_view codeChanged = "Validator.CodeChanged";
inline constexpr std::string_view newOrder = "Validator.NewOrder";
inline constexpr std::string_view workflowStarted = "OrderProcessor.WorkflowStarted";
inline constexpr std::string_view shopNotReady = "OrderProcessor.ShopNotReady";
inline constexpr std::string_view waitingProduction = "OrderProcessor.WaitingProduction";
inline constexpr std::string_view orderTimeOut = "OrderProcessor.OrderTimeOut";
inline constexpr std::string_view orderFinished = "OrderProcessor.OrderFinished";
inline constexpr std::string_view waitingCompletion = "OrderManager.WaitingCompletion";
inline constexpr std::string_view makeOrder = "OrderManager.MakeOrder";
inline constexpr std::string_view unmakeOrder = "OrderManager.UnmakeOrder";
inline constexpr std::string_view orderCompleted = "OrderManager.OrderCompleted";
inline constexpr std::string_view orderRecalled = "OrderManager.OrderRecalled";
inline constexpr std::string_view orderCollected = "OrderManager.OrderCollected";
inline constexpr std::string_view orderCancelled = "OrderManager.OrderCancelled";
inline constexpr std::string_view queueOrderCompleted = "QueueService.OrderCompleted";
inline constexpr std::string_view queueOrderCancelled = "QueueService.OrderCancelled";

} // namespace brewline::detailtype
