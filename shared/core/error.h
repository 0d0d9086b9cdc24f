// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brewline {

/// What went wrong, as a stable word that API clients may rely on (see slug()).
/// A code never changes its meaning; new ones are appended.
enum class ErrorCode {
    MalformedRequest,
    InvalidField,
    UnsupportedMediaType,
    Unauthenticated,
    TokenExpired,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    WrongState,
    OrderAlreadyOpen,
    NoTokensLeft,
    InvalidCode,
    ShopClosed,
    ShopPaused,
    ShopFull,
    DailyLimit,
    SoldOut,
    InvalidPairingCode,
    IdempotencyMismatch,
    TaskTimedOut,
    InvalidTaskToken,
    InvalidDefinition,
    HeaderTooLarge,
    BodyTooLarge,
    RequestTimeout,
    TooManyRequests,
    Busy,
    StorageUnavailable,
    OutcomeUnknown,
    InvalidConfiguration,
    Internal,
    Unreachable,
};

/// The word that stands for \a code in problem+json ("invalid-code") and in logs.
std::string_view slug(ErrorCode code);

/// The code whose slug is \a text, or nothing.
std::optional<ErrorCode> errorCodeFromSlug(std::string_view text);

/// An error that a caller can act upon. It is a value: pass it on, do not lose it.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    /// One sentence for a person: what is wrong and how to mend it. Never holds a secret.
    std::string detail;
    /// JSON pointer (RFC 6901) of the field that is wrong; empty when no field is.
    std::string pointer = {};
    /// The present state of what could not be changed, e.g. "making"; empty where none is meant.
    std::string state = {};

    friend bool operator==(const Error &, const Error &) = default;
};

} // namespace brewline
