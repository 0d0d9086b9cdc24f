// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/role.h"
#include "core/time.h"
#include "domain/order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the store keeps beside the values of the domain. Texts are UTF-8, JSON is kept as text.
namespace brewline::application {

/// A person or a device that was given a token.
struct UserRecord {
    UserId id;
    EventId event; ///< "*" for organisers of all events
    Role role = Role::Customer;
    std::string name;
    Timestamp createdAt;
    friend bool operator==(const UserRecord &, const UserRecord &) = default;
};

/// A pairing code that has not been used yet.
struct PairingRecord {
    std::string codeHash; ///< SHA-256, hexadecimal
    EventId event;
    Role role = Role::Display;
    Timestamp expiresAt;
    friend bool operator==(const PairingRecord &, const PairingRecord &) = default;
};

/// One run of a workflow for one order; an ended one is kept for its history.
struct ExecutionRecord {
    ExecutionId id;
    OrderId order;
    std::string definition;     ///< SHA-256 of the definition's text, see Transaction::definition
    std::string state;          ///< the execution as JSON
    Milliseconds outageSeen{0}; ///< sum of outages that its deadlines have been extended by
    bool ended = false;
    friend bool operator==(const ExecutionRecord &, const ExecutionRecord &) = default;
};

/// A place where an execution waits.
struct WaitRecord {
    ExecutionId execution;
    std::uint32_t frame = 0;
    std::string tokenHash; ///< SHA-256 of the task token; empty for waits without one
    std::string purpose;   ///< drink, barista, pickup, external; empty for timers and retry delays
    std::optional<Timestamp> deadline;
    friend bool operator==(const WaitRecord &, const WaitRecord &) = default;
};

/// A wait whose deadline has passed.
struct DueWait {
    ExecutionId execution;
    OrderId order;
    std::uint32_t frame = 0;
    Timestamp deadline;
};

enum class OutboxKind {
    OrderChanged, ///< body: the order's view and its detail-types
    ShopChanged,  ///< no body: the state at publication is what is sent
    CodeChanged,  ///< body: start, end and tokens of the new bucket, without its code
};

/// A message that waits to be published, written in the transaction of the state that caused it.
struct OutboxRecord {
    std::int64_t id = 0; ///< given by the store, rising
    EventId event;
    OutboxKind kind = OutboxKind::OrderChanged;
    OrderId order;             ///< for OrderChanged
    std::int64_t sequence = 0; ///< for OrderChanged
    std::string body;
    Timestamp time;
    friend bool operator==(const OutboxRecord &, const OutboxRecord &) = default;
};

/// The entries of one step of an execution.
struct HistoryRecord {
    ExecutionId execution;
    std::int64_t firstId = 0; ///< id of the step's first entry
    Timestamp time;
    std::string entries; ///< JSON array
    friend bool operator==(const HistoryRecord &, const HistoryRecord &) = default;
};

/// The answer that was given to a request with an Idempotency-Key.
struct IdempotencyRecord {
    std::string scope;       ///< SHA-256 over who asked, for what and with which key
    std::string requestHash; ///< SHA-256 of the request's body
    std::string answer;      ///< JSON
    Timestamp expiresAt;
    friend bool operator==(const IdempotencyRecord &, const IdempotencyRecord &) = default;
};

/// Which orders a list shows.
struct OrderFilter {
    std::vector<domain::OrderState> states; ///< empty for all
    OrderId after;                          ///< orders created after this one; empty for the first page
    int limit = 50;                         ///< 1 to 200
};

} // namespace brewline::application
