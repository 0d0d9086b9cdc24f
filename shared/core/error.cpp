// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/error.h"

#include <array>
#include <utility>

namespace brewline {

namespace {

constexpr auto slugs = std::to_array<std::pair<ErrorCode, std::string_view>>({
    {ErrorCode::MalformedRequest, "malformed-request"},
    {ErrorCode::InvalidField, "invalid-field"},
    {ErrorCode::UnsupportedMediaType, "unsupported-media-type"},
    {ErrorCode::Unauthenticated, "unauthenticated"},
    {ErrorCode::TokenExpired, "token-expired"},
    {ErrorCode::Forbidden, "forbidden"},
    {ErrorCode::NotFound, "not-found"},
    {ErrorCode::MethodNotAllowed, "method-not-allowed"},
    {ErrorCode::WrongState, "wrong-state"},
    {ErrorCode::OrderAlreadyOpen, "order-already-open"},
    {ErrorCode::NoTokensLeft, "no-tokens-left"},
    {ErrorCode::InvalidCode, "invalid-code"},
    {ErrorCode::ShopClosed, "shop-closed"},
    {ErrorCode::ShopPaused, "shop-paused"},
    {ErrorCode::ShopFull, "shop-full"},
    {ErrorCode::DailyLimit, "daily-limit"},
    {ErrorCode::SoldOut, "sold-out"},
    {ErrorCode::InvalidPairingCode, "invalid-pairing-code"},
    {ErrorCode::IdempotencyMismatch, "idempotency-mismatch"},
    {ErrorCode::TaskTimedOut, "task-timed-out"},
    {ErrorCode::InvalidTaskToken, "invalid-task-token"},
    {ErrorCode::InvalidDefinition, "invalid-definition"},
    {ErrorCode::HeaderTooLarge, "header-too-large"},
    {ErrorCode::BodyTooLarge, "body-too-large"},
    {ErrorCode::RequestTimeout, "request-timeout"},
    {ErrorCode::TooManyRequests, "too-many-requests"},
    {ErrorCode::Busy, "busy"},
    {ErrorCode::StorageUnavailable, "storage-unavailable"},
    {ErrorCode::OutcomeUnknown, "outcome-unknown"},
    {ErrorCode::InvalidConfiguration, "invalid-configuration"},
    {ErrorCode::Internal, "internal"},
    {ErrorCode::Unreachable, "unreachable"},
});

} // namespace

std::string_view slug(ErrorCode code)
{
    for (const auto &[known, text] : slugs) {
        if (known == code)
            return text;
    }
    return "internal";
}

std::optional<ErrorCode> errorCodeFromSlug(std::string_view text)
{
    for (const auto &[code, known] : slugs) {
        if (known == text)
            return code;
    }
    return std::nullopt;
}

} // namespace brewline
