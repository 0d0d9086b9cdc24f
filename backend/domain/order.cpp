// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/order.h"

#include <array>
#include <utility>

namespace brewline::domain {

namespace {

constexpr auto states = std::to_array<std::pair<OrderState, std::string_view>>({
    {OrderState::Started, "started"},
    {OrderState::Submitted, "submitted"},
    {OrderState::Making, "making"},
    {OrderState::Ready, "ready"},
    {OrderState::Collected, "collected"},
    {OrderState::Cancelled, "cancelled"},
    {OrderState::TimedOut, "timedOut"},
    {OrderState::Refused, "refused"},
});

} // namespace

std::string_view toText(OrderState state)
{
    for (const auto &[known, text] : states) {
        if (known == state)
            return text;
    }
    return {};
}

std::optional<OrderState> orderStateFromText(std::string_view text)
{
    for (const auto &[state, known] : states) {
        if (known == text)
            return state;
    }
    return std::nullopt;
}

bool isOpen(OrderState state)
{
    return state == OrderState::Started || state == OrderState::Submitted || state == OrderState::Making;
}

bool isEnded(OrderState state)
{
    return state == OrderState::Collected || state == OrderState::Cancelled || state == OrderState::TimedOut ||
           state == OrderState::Refused;
}

} // namespace brewline::domain
