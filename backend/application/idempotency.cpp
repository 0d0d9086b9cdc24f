// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/idempotency.h"

#include "core/secret.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace brewline::application {

namespace json = boost::json;

namespace {

constexpr auto keptFor = std::chrono::hours(24);

std::string textOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace

IdempotencyKey::IdempotencyKey(const domain::Actor &actor, std::string_view purpose, std::string_view key,
                               std::string_view body)
{
    if (key.empty())
        return;
    // Lengths in front keep one combination of texts from reading like another.
    const auto part = [](std::string_view text) { return std::to_string(text.size()) + ':' + std::string(text); };
    m_scope = sha256Hex(part(actor.id.text()) + part(purpose) + part(key));
    m_requestHash = sha256Hex(body);
}

Result<std::optional<json::object>> IdempotencyKey::recall(Transaction &transaction) const
{
    if (m_scope.empty())
        return std::nullopt;
    const auto record = transaction.idempotency(m_scope);
    if (!record || record->expiresAt <= transaction.now())
        return std::nullopt;
    if (record->requestHash != m_requestHash) {
        return failure(ErrorCode::IdempotencyMismatch,
                       "This Idempotency-Key was used with another body; take a new key for a new request.");
    }
    json::error_code broken;
    json::value answer = json::parse(record->answer, broken);
    if (broken || !answer.is_object())
        return failure(ErrorCode::Internal, "A remembered answer cannot be read.");
    return std::move(answer.as_object());
}

void IdempotencyKey::remember(Transaction &transaction, const json::object &answer) const
{
    if (m_scope.empty())
        return;
    transaction.insertIdempotency({m_scope, m_requestHash, json::serialize(answer), transaction.now() + keptFor});
}

json::object toJson(const Error &error)
{
    return {{"error", slug(error.code)}, {"detail", error.detail}, {"pointer", error.pointer}};
}

std::optional<Error> errorFromJson(const json::object &answer)
{
    const auto code = errorCodeFromSlug(textOf(answer, "error"));
    if (!code)
        return std::nullopt;
    return Error{*code, textOf(answer, "detail"), textOf(answer, "pointer")};
}

} // namespace brewline::application
