// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"
#include "domain/event.h"

#include <optional>
#include <string>
#include <string_view>

namespace brewline::domain {

/// Letters and digits of codes: none that looks or sounds like another (no 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U).
inline constexpr std::string_view codeAlphabet = "34679ACDEFGHJKMNPRTVWXY";
inline constexpr std::size_t codeLength = 10;

/// One QR period of one event: a secret code and the tokens that scans of it can still take.
struct CodeBucket {
    BucketId id;
    EventId event;
    std::string code; ///< codeLength characters of codeAlphabet
    Timestamp startsAt;
    Timestamp endsAt;
    int tokensTotal = 0;
    int tokensLeft = 0;

    /// Whether it is the code to be shown: from its start to just before its end.
    [[nodiscard]] bool isCurrent(Timestamp now) const { return startsAt <= now && now < endsAt; }

    /// Whether a scan may still take a token: the grace lets somebody finish who scanned just before the end.
    [[nodiscard]] bool acceptsScan(Timestamp now, Seconds grace) const
    {
        return startsAt <= now && now < endsAt + grace;
    }

    friend bool operator==(const CodeBucket &, const CodeBucket &) = default;
};

/// The bucket that \a event opens at \a now with the secret \a code.
CodeBucket openBucket(const Event &event, BucketId id, std::string code, Timestamp now);

/// The code that a person typed or scanned: upper case, without spaces and dashes; nothing if it cannot be one.
std::optional<std::string> normalizedCode(std::string_view text);

/// The code in two groups of five, as people read it.
std::string spelledCode(std::string_view code);

} // namespace brewline::domain
