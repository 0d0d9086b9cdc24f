// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/accountservice.h"

#include "application/idempotency.h"
#include "core/secret.h"
#include "core/uuid.h"
#include "domain/codebucket.h"

#include <boost/json/object.hpp>

namespace brewline::application {

namespace {

using domain::Actor;

constexpr std::size_t pairingCodeLength = 8;
constexpr auto pairingLifetime = std::chrono::minutes(10);

std::string spelledPairingCode(const std::string &code)
{
    return code.substr(0, pairingCodeLength / 2) + '-' + code.substr(pairingCodeLength / 2);
}

/// As people type it: dashes, spaces and lower case do not matter.
std::string normalizedPairingCode(const std::string &text)
{
    std::string code;
    for (const char c : text) {
        if (c != '-' && c != ' ')
            code += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    }
    return code;
}

bool canBePaired(Role role)
{
    return role != Role::Customer;
}

tl::unexpected<Error> revokedError()
{
    return failure(ErrorCode::Unauthenticated, "This token was revoked; pair the device or sign in again.");
}

} // namespace

AccountService::AccountService(Store &store, const EventCatalog &events, Tokens &tokens, Random &random,
                               const Clock &clock)
    : m_store(store)
    , m_events(events)
    , m_tokens(tokens)
    , m_random(random)
    , m_clock(clock)
{
}

void AccountService::load(Done<bool> done)
{
    ask<bool>(
        m_store,
        [this](Reader &reader) -> Result<bool> {
            for (const UserId &user : reader.revokedUsers())
                noteRevoked(user);
            return true;
        },
        std::move(done));
}

void AccountService::setRevocationObserver(std::function<void(const UserId &)> observer)
{
    m_revocationObserver = std::move(observer);
}

void AccountService::noteRevoked(const UserId &user)
{
    const std::unique_lock lock(m_mutex);
    m_revoked.insert(user);
}

bool AccountService::isRevoked(const UserId &user) const
{
    const std::shared_lock lock(m_mutex);
    return m_revoked.contains(user);
}

std::vector<UserId> AccountService::revokedUsers() const
{
    const std::shared_lock lock(m_mutex);
    return {m_revoked.begin(), m_revoked.end()};
}

Result<Actor> AccountService::authenticate(std::string_view token) const
{
    auto actor = m_tokens.verify(token, m_clock.now());
    if (actor && isRevoked(actor->id))
        return revokedError();
    return actor;
}

Session AccountService::sessionFor(const UserRecord &user) const
{
    return {m_tokens.issue({user.id, user.role, user.event, user.name}, m_clock.now()), user};
}

Session AccountService::enrol(Transaction &transaction, const EventId &event, Role role, const std::string &name)
{
    const UserRecord user{UserId(uuidV7(transaction.now(), m_random)), event, role, name, transaction.now()};
    transaction.insertUser(user);
    return sessionFor(user);
}

/// Only the id was kept, as tokens are not stored; the same person gets a fresh one.
Decision<Session> AccountService::sessionAgain(const boost::json::object &answer, Transaction &transaction) const
{
    const boost::json::value *id = answer.if_contains("user");
    const auto user = id && id->is_string() ? transaction.user(UserId(std::string(id->get_string()))) : std::nullopt;
    if (!user || isRevoked(user->id))
        return rollback<Session>({ErrorCode::Unauthenticated, "Who asked with this Idempotency-Key is gone."});
    return {sessionFor(*user), Verdict::Rollback};
}

void AccountService::guest(const std::optional<Actor> &kiosk, const EventId &eventId, const std::string &name,
                           const std::string &idempotencyKey, Done<Session> done)
{
    const auto event = m_events.get(eventId);
    if (!event)
        return done(tl::unexpected(event.error()));
    const bool byKiosk = kiosk && kiosk->role == Role::Kiosk && kiosk->mayActIn(eventId);
    if (!(*event)->guestsAllowed && !byKiosk)
        return done(failure(ErrorCode::Forbidden, "This event does not let guests order with a name alone."));
    const IdempotencyKey key(kiosk.value_or(Actor{}), "guest " + eventId.text(), byKiosk ? idempotencyKey : "", name);
    run<Session>(
        m_store,
        [this, eventId, name, key](Transaction &transaction) -> Decision<Session> {
            const auto remembered = key.recall(transaction);
            if (!remembered)
                return rollback<Session>(remembered.error());
            if (*remembered)
                return sessionAgain(**remembered, transaction);
            Session session = enrol(transaction, eventId, Role::Customer, name);
            key.remember(transaction, {{"user", session.user.id.text()}});
            return commit(std::move(session));
        },
        std::move(done));
}

void AccountService::createPairing(const Actor &actor, const EventId &eventId, Role role, Done<Pairing> done)
{
    if (actor.role != Role::Organiser || !actor.mayActIn(eventId))
        return done(failure(ErrorCode::Forbidden, "Only organisers can pair devices."));
    if (const auto event = m_events.get(eventId); !event)
        return done(tl::unexpected(event.error()));
    if (!canBePaired(role))
        return done(failure(ErrorCode::InvalidField, "Visitors need no pairing; they sign in as guests.", "/role"));
    run<Pairing>(
        m_store,
        [this, eventId, role](Transaction &transaction) -> Decision<Pairing> {
            const std::string code = m_random.text(pairingCodeLength, domain::codeAlphabet);
            const Timestamp expiresAt = transaction.now() + pairingLifetime;
            transaction.insertPairing({sha256Hex(code), eventId, role, expiresAt});
            return commit(Pairing{spelledPairingCode(code), expiresAt});
        },
        std::move(done));
}

void AccountService::pair(const std::string &text, const std::string &device, const std::string &idempotencyKey,
                          Done<Session> done)
{
    const std::string hash = sha256Hex(normalizedPairingCode(text));
    Actor codeBearer;
    codeBearer.id = UserId(hash);
    const IdempotencyKey key(codeBearer, "pair", idempotencyKey, device);
    run<Session>(
        m_store,
        [this, hash, device, key](Transaction &transaction) -> Decision<Session> {
            const auto remembered = key.recall(transaction);
            if (!remembered)
                return rollback<Session>(remembered.error());
            if (*remembered)
                return sessionAgain(**remembered, transaction);
            const auto pairing = transaction.takePairing(hash);
            if (!pairing) {
                return rollback<Session>({ErrorCode::InvalidPairingCode,
                                          "This pairing code is unknown, used or older than ten minutes. Make a new "
                                          "one with \"brewlinectl pair\".",
                                          "/code"});
            }
            Session session = enrol(transaction, pairing->event, pairing->role, device);
            key.remember(transaction, {{"user", session.user.id.text()}});
            return commit(std::move(session));
        },
        std::move(done));
}

void AccountService::refresh(const Actor &actor, Done<Session> done)
{
    ask<Session>(
        m_store,
        [this, actor](Reader &reader) -> Result<Session> {
            const auto user = reader.user(actor.id);
            if (!user)
                return failure(ErrorCode::Unauthenticated, "Nobody with this token is known here; sign in again.");
            if (isRevoked(actor.id))
                return revokedError();
            return sessionFor(*user);
        },
        std::move(done));
}

void AccountService::revoke(const Actor &actor, const UserId &id, Done<UserId> done)
{
    run<UserId>(
        m_store,
        [actor, id](Transaction &transaction) -> Decision<UserId> {
            const auto user = transaction.user(id);
            const bool own = actor.id == id;
            const bool asOrganiser = user && actor.role == Role::Organiser && actor.mayActIn(user->event);
            if (!user || !(own || asOrganiser))
                return rollback<UserId>({ErrorCode::NotFound, "There is no such user."});
            transaction.revokeUser(id);
            return commit(id);
        },
        [this, done = std::move(done)](Result<UserId> revoked) {
            if (revoked) {
                noteRevoked(*revoked);
                if (m_revocationObserver)
                    m_revocationObserver(*revoked);
            }
            done(std::move(revoked));
        });
}

void AccountService::localOrganiser(const std::string &earlierToken, Done<Session> done)
{
    const auto earlier = authenticate(earlierToken);
    const UserId id = earlier ? earlier->id : UserId();
    run<Session>(
        m_store,
        [this, id](Transaction &transaction) -> Decision<Session> {
            const auto known = id.isEmpty() ? std::nullopt : transaction.user(id);
            if (known && known->role == Role::Organiser && known->event.text() == "*")
                return {sessionFor(*known), Verdict::Rollback};
            return commit(enrol(transaction, EventId("*"), Role::Organiser, "brewlinectl"));
        },
        std::move(done));
}

} // namespace brewline::application
