// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Every statement that the store runs, in the part of SQL that SQLite and PostgreSQL share. Prepared statements are
/// kept by the address of these constants.
namespace brewline::storage::sql {

// The conditions of partial indexes are spelled out as the schema has them: SQLite uses such an index only then.
#define BREWLINE_UNFINISHED "phase < 2"
#define BREWLINE_OPEN "phase = 0"
#define BREWLINE_ANY_OF_EIGHT "state IN (?, ?, ?, ?, ?, ?, ?, ?)"
#define BREWLINE_ORDERS                                                                                                \
    "SELECT id, event, owner, bucket, execution, state, number, item, options, drink_name, note, owner_name, "         \
    "barista, "                                                                                                        \
    "barista_name, reason, uncollected, created_at, submitted_at, claimed_at, completed_at, ended_at, deadline, "      \
    "sequence FROM orders "
#define BREWLINE_PAGE " AND (created_at, position) > (?, ?) ORDER BY created_at, position LIMIT ?"

inline constexpr char orderById[] = BREWLINE_ORDERS "WHERE id = ?";
inline constexpr char orderPosition[] = "SELECT created_at, position FROM orders WHERE id = ?";
inline constexpr char ordersOfEvent[] = BREWLINE_ORDERS "WHERE event = ?" BREWLINE_PAGE;
inline constexpr char ordersOfEventIn[] = BREWLINE_ORDERS "WHERE event = ? AND " BREWLINE_ANY_OF_EIGHT BREWLINE_PAGE;
// Adding nothing to the time keeps SQLite from walking through all orders of the event in the order asked for.
inline constexpr char unfinishedOrdersOfEventIn[] =
    BREWLINE_ORDERS "WHERE event = ? AND " BREWLINE_UNFINISHED " AND " BREWLINE_ANY_OF_EIGHT
                    " AND (created_at + 0, position) > (?, ?) ORDER BY created_at + 0, position LIMIT ?";
inline constexpr char ordersOfOwner[] = BREWLINE_ORDERS "WHERE owner = ?" BREWLINE_PAGE;
inline constexpr char ordersOfOwnerIn[] = BREWLINE_ORDERS "WHERE owner = ? AND " BREWLINE_ANY_OF_EIGHT BREWLINE_PAGE;

inline constexpr char openOrderOf[] =
    "SELECT id FROM orders WHERE owner = ? AND event = ? AND " BREWLINE_OPEN " ORDER BY position LIMIT 1";
inline constexpr char drinksOf[] = "SELECT count(*) FROM orders WHERE owner = ? AND created_at >= ? AND event = ? "
                                   "AND state <> 'cancelled' AND state <> 'timedOut' AND state <> 'refused'";
inline constexpr char countOpenOrders[] =
    "SELECT count(*) FROM (SELECT 1 FROM orders WHERE event = ? AND " BREWLINE_OPEN " LIMIT ?) AS open_orders";
inline constexpr char countOrdersBefore[] = // those in started have no number yet
    "SELECT count(*) FROM orders WHERE event = ? AND " BREWLINE_OPEN " AND number < ?";
inline constexpr char insertOrder[] =
    "INSERT INTO orders (id, event, owner, bucket, execution, state, phase, number, item, options, drink_name, note, "
    "owner_name, barista, barista_name, reason, uncollected, created_at, submitted_at, claimed_at, completed_at, "
    "ended_at, deadline, sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// Event, owner and creation never change; naming them would rewrite their indexes each time.
inline constexpr char updateOrder[] =
    "UPDATE orders SET bucket = ?, execution = ?, state = ?, phase = ?, number = ?, item = ?, options = ?, "
    "drink_name = ?, note = ?, owner_name = ?, barista = ?, barista_name = ?, reason = ?, uncollected = ?, "
    "submitted_at = ?, "
    "claimed_at = ?, completed_at = ?, ended_at = ?, deadline = ?, sequence = ? WHERE id = ? AND sequence = ?";
inline constexpr char nextOrderNumber[] =
    "INSERT INTO order_numbers (event, last) VALUES (?, 1) "
    "ON CONFLICT (event) DO UPDATE SET last = order_numbers.last + 1 RETURNING last";

#define BREWLINE_BUCKETS "SELECT id, event, code, starts_at, ends_at, tokens_total, tokens_left FROM buckets "
inline constexpr char newestBucket[] =
    BREWLINE_BUCKETS "WHERE event = ? AND starts_at <= ? ORDER BY ends_at DESC LIMIT 1";
inline constexpr char bucketByCode[] = BREWLINE_BUCKETS "WHERE code = ?";
inline constexpr char bucketById[] = BREWLINE_BUCKETS "WHERE id = ?";
inline constexpr char newerBucket[] =
    "SELECT 1 FROM buckets WHERE event = ? AND ends_at > ? AND starts_at <= ? LIMIT 1";
inline constexpr char insertBucket[] =
    "INSERT INTO buckets (id, event, code, starts_at, ends_at, tokens_total, tokens_left) VALUES (?, ?, ?, ?, ?, ?, ?)";
inline constexpr char takeToken[] = "UPDATE buckets SET tokens_left = tokens_left - 1 WHERE id = ? AND tokens_left > 0";
inline constexpr char returnToken[] =
    "UPDATE buckets SET tokens_left = tokens_left + 1 WHERE id = ? AND tokens_left < tokens_total";

inline constexpr char shopState[] = "SELECT open, paused, reason, reopens_at FROM shops WHERE event = ?";
inline constexpr char setShopState[] =
    "INSERT INTO shops (event, open, paused, reason, reopens_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (event) DO UPDATE "
    "SET open = excluded.open, paused = excluded.paused, reason = excluded.reason, reopens_at = excluded.reopens_at";
inline constexpr char itemStates[] = "SELECT item, available, stock FROM item_states WHERE event = ?";
inline constexpr char itemState[] = "SELECT item, available, stock FROM item_states WHERE event = ? AND item = ?";
inline constexpr char setItemState[] =
    "INSERT INTO item_states (event, item, available, stock) VALUES (?, ?, ?, ?) ON CONFLICT (event, item) DO UPDATE "
    "SET available = excluded.available, stock = excluded.stock";

inline constexpr char user[] = "SELECT id, event, role, name, created_at FROM users WHERE id = ?";
inline constexpr char insertUser[] = "INSERT INTO users (id, event, role, name, created_at) VALUES (?, ?, ?, ?, ?)";
inline constexpr char revokedUsers[] = "SELECT user_id FROM revocations ORDER BY user_id";
inline constexpr char revokeUser[] =
    "INSERT INTO revocations (user_id, revoked_at) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING";
inline constexpr char insertPairing[] = "INSERT INTO pairings (code_hash, event, role, expires_at) VALUES (?, ?, ?, ?)";
inline constexpr char takePairing[] =
    "DELETE FROM pairings WHERE code_hash = ? RETURNING code_hash, event, role, expires_at";
inline constexpr char removeExpiredPairings[] = "DELETE FROM pairings WHERE expires_at <= ?";

inline constexpr char definition[] = "SELECT definition FROM definitions WHERE hash = ?";
inline constexpr char insertDefinition[] =
    "INSERT INTO definitions (hash, definition) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING";
inline constexpr char execution[] =
    "SELECT id, order_id, definition, state, outage_seen, ended FROM executions WHERE id = ?";
inline constexpr char insertExecution[] =
    "INSERT INTO executions (id, order_id, definition, state, outage_seen, ended) VALUES (?, ?, ?, ?, ?, ?)";
inline constexpr char updateExecution[] =
    "UPDATE executions SET order_id = ?, definition = ?, state = ?, outage_seen = ?, ended = ? WHERE id = ?";

#define BREWLINE_WAITS "SELECT execution, frame, token_hash, purpose, deadline FROM waits "
inline constexpr char waitFor[] = BREWLINE_WAITS "WHERE execution = ? AND purpose = ? ORDER BY frame LIMIT 1";
inline constexpr char waits[] = BREWLINE_WAITS "WHERE execution = ? ORDER BY frame";
inline constexpr char earliestDeadline[] =
    "SELECT deadline FROM waits WHERE deadline IS NOT NULL ORDER BY deadline LIMIT 1";
inline constexpr char dueWaits[] =
    "SELECT waits.execution, executions.order_id, waits.frame, waits.deadline FROM waits "
    "JOIN executions ON executions.id = waits.execution "
    "WHERE waits.deadline IS NOT NULL AND waits.deadline <= ? ORDER BY waits.deadline LIMIT ?";
inline constexpr char insertWait[] =
    "INSERT INTO waits (execution, frame, token_hash, purpose, deadline) VALUES (?, ?, ?, ?, ?)";
inline constexpr char moveWait[] = "UPDATE waits SET deadline = ? WHERE execution = ? AND frame = ?";
inline constexpr char eraseWait[] = "DELETE FROM waits WHERE execution = ? AND frame = ?";

inline constexpr char history[] =
    "SELECT execution, first_id, time, entries FROM history WHERE execution = ? ORDER BY first_id";
inline constexpr char appendHistory[] = "INSERT INTO history (execution, first_id, time, entries) VALUES (?, ?, ?, ?)";

inline constexpr char outbox[] =
    "SELECT id, event, kind, order_id, sequence, body, time FROM outbox WHERE id > ? ORDER BY id LIMIT ?";
inline constexpr char appendOutbox[] =
    "INSERT INTO outbox (event, kind, order_id, sequence, body, time) VALUES (?, ?, ?, ?, ?, ?)";
inline constexpr char eraseOutbox[] = "DELETE FROM outbox WHERE id = ?";

inline constexpr char idempotency[] =
    "SELECT scope, request_hash, answer, expires_at FROM idempotency WHERE scope = ? AND expires_at > ?";
inline constexpr char insertIdempotency[] =
    "INSERT INTO idempotency (scope, request_hash, answer, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (scope) "
    "DO UPDATE SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at "
    "WHERE idempotency.expires_at <= ?";
inline constexpr char removeExpiredIdempotency[] =
    "DELETE FROM idempotency WHERE scope IN (SELECT scope FROM idempotency WHERE expires_at <= ? LIMIT ?)";

inline constexpr char lastHeartbeat[] = "SELECT at FROM heartbeat WHERE id = 1";
inline constexpr char setHeartbeat[] =
    "INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
inline constexpr char outageTotal[] = "SELECT coalesce(sum(length), 0) FROM outages";
inline constexpr char insertOutage[] = "INSERT INTO outages (started_at, length) VALUES (?, ?)";
inline constexpr char extendWaits[] =
    "UPDATE waits SET deadline = deadline + ? WHERE deadline IS NOT NULL AND purpose IN ('drink', 'barista')";
inline constexpr char extendOrders[] =
    "UPDATE orders SET deadline = deadline + ? WHERE " BREWLINE_OPEN " AND deadline IS NOT NULL";

inline constexpr char begin[] = "BEGIN";
inline constexpr char beginImmediate[] = "BEGIN IMMEDIATE";
inline constexpr char commit[] = "COMMIT";
inline constexpr char rollback[] = "ROLLBACK";
inline constexpr char savepoint[] = "SAVEPOINT command";
inline constexpr char releaseSavepoint[] = "RELEASE command";
inline constexpr char rollbackToSavepoint[] = "ROLLBACK TO command";

#undef BREWLINE_UNFINISHED
#undef BREWLINE_OPEN
#undef BREWLINE_ANY_OF_EIGHT
#undef BREWLINE_ORDERS
#undef BREWLINE_PAGE
#undef BREWLINE_BUCKETS
#undef BREWLINE_WAITS

} // namespace brewline::storage::sql
