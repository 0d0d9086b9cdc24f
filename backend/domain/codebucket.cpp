// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/codebucket.h"

namespace brewline::domain {

CodeBucket openBucket(const Event &event, BucketId id, std::string code, Timestamp now)
{
    CodeBucket bucket;
    bucket.id = std::move(id);
    bucket.event = event.id;
    bucket.code = std::move(code);
    bucket.startsAt = now;
    bucket.endsAt = now + event.limits.codePeriod;
    bucket.tokensTotal = event.limits.drinksPerCode;
    bucket.tokensLeft = event.limits.drinksPerCode;
    return bucket;
}

std::optional<std::string> normalizedCode(std::string_view text)
{
    std::string code;
    for (char c : text) {
        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = char(c - 'a' + 'A');
        if (codeAlphabet.find(c) == std::string_view::npos || code.size() == codeLength)
            return std::nullopt;
        code += c;
    }
    if (code.size() != codeLength)
        return std::nullopt;
    return code;
}

std::string spelledCode(std::string_view code)
{
    return std::string(code.substr(0, codeLength / 2)) + '-' + std::string(code.substr(codeLength / 2));
}

} // namespace brewline::domain
