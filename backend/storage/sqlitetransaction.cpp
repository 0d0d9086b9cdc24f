// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlitetransaction.h"

#include "core/role.h"
#include "storage/rows.h"
#include "storage/sql.h"

namespace brewline::storage {

namespace {

/// What the indexes of unfinished orders go by.
int phaseOf(domain::OrderState state)
{
    if (domain::isOpen(state))
        return 0;
    return domain::isEnded(state) ? 2 : 1;
}

} // namespace

SqliteTransaction::SqliteTransaction(Session &session, Timestamp now)
    : SqliteReading(session)
    , m_now(now)
{
}

bool SqliteTransaction::insertBucket(const domain::CodeBucket &bucket)
{
    if (m_session.select(sql::newerBucket, bucket.event, bucket.startsAt, bucket.startsAt).next() ||
        m_session.failure())
        return false;
    return change(sql::insertBucket, bucket.id, bucket.event, bucket.code, bucket.startsAt, bucket.endsAt,
                  bucket.tokensTotal, bucket.tokensLeft) == 1;
}

bool SqliteTransaction::takeToken(const BucketId &bucket)
{
    return change(sql::takeToken, bucket) == 1;
}

bool SqliteTransaction::returnToken(const BucketId &bucket)
{
    return change(sql::returnToken, bucket) == 1;
}

void SqliteTransaction::insertOrder(const domain::Order &order)
{
    change(sql::insertOrder, order.id, order.event, order.owner, order.bucket, order.execution,
           domain::toText(order.state), phaseOf(order.state), order.number, order.drink.item,
           optionsText(order.drink.options), order.drink.name, order.drink.note, order.ownerName, order.barista,
           order.baristaName, order.reason, order.uncollected, order.createdAt, order.submittedAt, order.claimedAt,
           order.completedAt, order.endedAt, order.deadline, order.sequence);
}

bool SqliteTransaction::updateOrder(const domain::Order &order)
{
    return change(sql::updateOrder, order.bucket, order.execution, domain::toText(order.state), phaseOf(order.state),
                  order.number, order.drink.item, optionsText(order.drink.options), order.drink.name, order.drink.note,
                  order.ownerName, order.barista, order.baristaName, order.reason, order.uncollected, order.submittedAt,
                  order.claimedAt, order.completedAt, order.endedAt, order.deadline, order.sequence, order.id,
                  order.sequence - 1) == 1;
}

std::int64_t SqliteTransaction::nextOrderNumber(const EventId &event)
{
    m_hasWritten = true;
    Rows rows = m_session.select(sql::nextOrderNumber, event);
    return rows.next() ? rows.number(0) : 0;
}

void SqliteTransaction::setShopState(const EventId &event, const domain::ShopState &state)
{
    change(sql::setShopState, event, state.open, state.paused, state.reason, state.reopensAt);
}

void SqliteTransaction::setItemState(const EventId &event, std::string_view item, const domain::ItemState &state)
{
    change(sql::setItemState, event, item, state.available, state.stock);
}

void SqliteTransaction::insertUser(const application::UserRecord &user)
{
    change(sql::insertUser, user.id, user.event, brewline::toText(user.role), user.name, user.createdAt);
}

bool SqliteTransaction::revokeUser(const UserId &id)
{
    return change(sql::revokeUser, id, m_now) == 1;
}

void SqliteTransaction::insertPairing(const application::PairingRecord &pairing)
{
    change(sql::insertPairing, pairing.codeHash, pairing.event, brewline::toText(pairing.role), pairing.expiresAt);
}

std::optional<application::PairingRecord> SqliteTransaction::takePairing(std::string_view codeHash)
{
    m_hasWritten = true;
    Rows rows = m_session.select(sql::takePairing, codeHash);
    if (!rows.next() || rows.time(3) <= m_now)
        return std::nullopt;
    return application::PairingRecord{.codeHash = rows.text(0),
                                      .event = EventId(rows.text(1)),
                                      .role = storedRole(rows.text(2)),
                                      .expiresAt = rows.time(3)};
}

void SqliteTransaction::insertDefinition(std::string_view hash, std::string_view text)
{
    change(sql::insertDefinition, hash, text);
}

void SqliteTransaction::insertExecution(const application::ExecutionRecord &execution)
{
    change(sql::insertExecution, execution.id, execution.order, execution.definition, execution.state,
           execution.outageSeen, execution.ended);
}

void SqliteTransaction::updateExecution(const application::ExecutionRecord &execution)
{
    const int rows = change(sql::updateExecution, execution.order, execution.definition, execution.state,
                            execution.outageSeen, execution.ended, execution.id);
    if (rows == 0)
        m_session.refuse("an execution that does not exist cannot be updated: " + execution.id.text());
}

void SqliteTransaction::insertWait(const application::WaitRecord &wait)
{
    m_hasChangedDeadlines = true;
    change(sql::insertWait, wait.execution, wait.frame, wait.tokenHash, wait.purpose, wait.deadline);
}

void SqliteTransaction::moveWait(const ExecutionId &execution, std::uint32_t frame, Timestamp deadline)
{
    m_hasChangedDeadlines = true;
    change(sql::moveWait, deadline, execution, frame);
}

void SqliteTransaction::eraseWait(const ExecutionId &execution, std::uint32_t frame)
{
    m_hasChangedDeadlines = true;
    change(sql::eraseWait, execution, frame);
}

void SqliteTransaction::appendHistory(const application::HistoryRecord &record)
{
    change(sql::appendHistory, record.execution, record.firstId, record.time, record.entries);
}

void SqliteTransaction::appendOutbox(const application::OutboxRecord &message)
{
    m_hasGrownOutbox = true;
    change(sql::appendOutbox, message.event, toText(message.kind), message.order, message.sequence, message.body,
           message.time);
}

void SqliteTransaction::eraseOutbox(const std::vector<std::int64_t> &ids)
{
    for (const std::int64_t id : ids)
        change(sql::eraseOutbox, id);
}

std::optional<application::IdempotencyRecord> SqliteTransaction::idempotency(std::string_view scope)
{
    Rows rows = m_session.select(sql::idempotency, scope, m_now);
    if (!rows.next())
        return std::nullopt;
    return application::IdempotencyRecord{
        .scope = rows.text(0), .requestHash = rows.text(1), .answer = rows.text(2), .expiresAt = rows.time(3)};
}

void SqliteTransaction::insertIdempotency(const application::IdempotencyRecord &record)
{
    const int rows =
        change(sql::insertIdempotency, record.scope, record.requestHash, record.answer, record.expiresAt, m_now);
    if (rows == 0)
        m_session.refuse("an answer that has not expired cannot be replaced");
}

bool SqliteTransaction::removeExpired(int limit)
{
    change(sql::removeExpiredPairings, m_now);
    return change(sql::removeExpiredIdempotency, m_now, limit) == limit;
}

void SqliteTransaction::setHeartbeat(Timestamp at)
{
    change(sql::setHeartbeat, at);
}

void SqliteTransaction::recordOutage(Timestamp from, Milliseconds length)
{
    m_hasChangedDeadlines = true;
    change(sql::insertOutage, from, length);
    change(sql::extendWaits, length);
    change(sql::extendOrders, length);
}

} // namespace brewline::storage
