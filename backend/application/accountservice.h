// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/eventcatalog.h"
#include "application/store.h"
#include "application/tokens.h"
#include "core/clock.h"
#include "core/random.h"
#include "domain/actor.h"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_set>
#include <vector>

namespace brewline::application {

/// Somebody who was let in.
struct Session {
    IssuedToken token;
    UserRecord user;
};

/// A pairing code for a device.
struct Pairing {
    std::string code; ///< two groups of four, e.g. "7K4M-9PHT"
    Timestamp expiresAt;
};

/// Who is who: guests, paired devices, their tokens and revocation. Any thread may call.
class AccountService {
public:
    template<typename T>
    using Done = std::function<void(Result<T>)>;

    AccountService(Store &store, const EventCatalog &events, Tokens &tokens, Random &random, const Clock &clock);

    /// Reads who was revoked; call it once before the first authenticate().
    void load(Done<bool> done);
    /// Told on a thread of the store of everybody who is revoked from now on. Set once, before use.
    void setRevocationObserver(std::function<void(const UserId &)> observer);

    /// Everybody who was revoked, for a broker that has forgotten.
    [[nodiscard]] std::vector<UserId> revokedUsers() const;

    /// The bearer of \a token; Unauthenticated or TokenExpired. Fast and synchronous.
    Result<domain::Actor> authenticate(std::string_view token) const;

    /// A visitor with a nickname alone. \a kiosk is the device that asks for a visitor in front of it, if one does;
    /// only such a device's Idempotency-Key counts, as nobody else can be told apart yet.
    void guest(const std::optional<domain::Actor> &kiosk, const EventId &event, const std::string &name,
               const std::string &idempotencyKey, Done<Session> done);
    /// Organisers make a code with which a device becomes a kiosk, a display, a barista's tablet or an extension.
    void createPairing(const domain::Actor &actor, const EventId &event, Role role, Done<Pairing> done);
    /// Uses a pairing code up; InvalidPairingCode when it is unknown, used or older than ten minutes. Whoever has the
    /// code and the same \a idempotencyKey gets the same identity again, as the answer may have been lost.
    void pair(const std::string &code, const std::string &device, const std::string &idempotencyKey,
              Done<Session> done);
    /// A new token for the same person.
    void refresh(const domain::Actor &actor, Done<Session> done);
    /// Ends all tokens of \a user: one's own, or anybody's of the event for organisers.
    void revoke(const domain::Actor &actor, const UserId &user, Done<UserId> done);
    /// The organiser of all events who acts from a shell of this machine: the bearer of \a earlierToken if that was
    /// one, else somebody new. A fresh token each time.
    void localOrganiser(const std::string &earlierToken, Done<Session> done);

private:
    [[nodiscard]] Session sessionFor(const UserRecord &user) const;
    Session enrol(Transaction &transaction, const EventId &event, Role role, const std::string &name);
    /// The decision for a request that was answered before, as \a answer remembers it.
    Decision<Session> sessionAgain(const boost::json::object &answer, Transaction &transaction) const;
    void noteRevoked(const UserId &user);
    [[nodiscard]] bool isRevoked(const UserId &user) const;

    Store &m_store;
    const EventCatalog &m_events;
    Tokens &m_tokens;
    Random &m_random;
    const Clock &m_clock;
    std::function<void(const UserId &)> m_revocationObserver;
    mutable std::shared_mutex m_mutex;
    std::unordered_set<UserId> m_revoked;
};

} // namespace brewline::application
