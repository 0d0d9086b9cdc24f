// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/result.h"
#include "domain/actor.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace brewline::application {

/// The Idempotency-Key of a request: the same key of the same person for the same thing gets the same answer for 24
/// hours; with another body it is refused. Used inside the transaction that creates the thing.
class IdempotencyKey {
public:
    /// \a purpose names what is created, e.g. "scan ABC"; \a body is what is asked for. An empty \a key switches the
    /// whole mechanism off for this request.
    IdempotencyKey(const domain::Actor &actor, std::string_view purpose, std::string_view key, std::string_view body);

    /// The answer that was remembered; nothing when this is the first time; IdempotencyMismatch for another body.
    Result<std::optional<boost::json::object>> recall(Transaction &transaction) const;
    void remember(Transaction &transaction, const boost::json::object &answer) const;

private:
    std::string m_scope; ///< empty without a key
    std::string m_requestHash;
};

/// A remembered answer that was an error, and back.
boost::json::object toJson(const Error &error);
std::optional<Error> errorFromJson(const boost::json::object &answer);

} // namespace brewline::application
