// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "contracts/eventview.h"
#include "contracts/orderview.h"
#include "domain/event.h"

#include <optional>

/// How events and orders look to those who ask.
namespace brewline::application {

/// Where clients reach the broker; nothing while it is away.
struct BrokerAddress {
    std::uint16_t port = 0;
    bool tls = false;
};

EventView viewOf(const domain::Event &event, Reader &reader, Timestamp now, std::optional<BrokerAddress> broker);

/// What staff last said about \a item, or what the menu says.
domain::ItemState itemStateOf(const domain::Event &event, const domain::MenuItem &item, Reader &reader);

OrderView viewOf(const domain::Event &event, const domain::Order &order, Reader &reader);

} // namespace brewline::application
