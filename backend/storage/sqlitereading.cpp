// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlitereading.h"

#include "storage/rows.h"
#include "storage/sql.h"

#include <algorithm>
#include <array>
#include <limits>

namespace brewline::storage {

namespace {

using application::OrderFilter;
using domain::Order;
using domain::OrderState;

constexpr std::size_t stateCount = 8;

/// Where a page begins: behind this pair of creation and position.
struct PageStart {
    std::int64_t createdAt = std::numeric_limits<std::int64_t>::min();
    std::int64_t position = 0;
};

/// Nothing for an order that does not exist: no orders come after it.
std::optional<PageStart> pageStart(Session &session, const OrderId &after)
{
    if (after.isEmpty())
        return PageStart{};
    Rows rows = session.select(sql::orderPosition, after);
    if (!rows.next())
        return std::nullopt;
    return PageStart{rows.number(0), rows.number(1)};
}

/// Eight words for the eight places of the statement; fewer states are repeated.
std::array<std::string_view, stateCount> stateWords(const std::vector<OrderState> &states)
{
    std::array<std::string_view, stateCount> words;
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = domain::toText(states[std::min(i, states.size() - 1)]);
    return words;
}

bool isUnfinished(OrderState state)
{
    return !domain::isEnded(state);
}

std::vector<Order> ordersFrom(Rows rows)
{
    std::vector<Order> orders;
    while (rows.next())
        orders.push_back(orderFrom(rows));
    return orders;
}

template<typename Id>
std::vector<Order> page(Session &session, const char *all, const char *inStates, const Id &whose,
                        const OrderFilter &filter)
{
    const auto start = pageStart(session, filter.after);
    if (!start)
        return {};
    if (filter.states.empty())
        return ordersFrom(session.select(all, whose, start->createdAt, start->position, filter.limit));
    const auto words = stateWords(filter.states);
    return ordersFrom(session.select(inStates, whose, words[0], words[1], words[2], words[3], words[4], words[5],
                                     words[6], words[7], start->createdAt, start->position, filter.limit));
}

std::optional<domain::CodeBucket> firstBucket(Rows rows)
{
    return rows.next() ? std::optional(bucketFrom(rows)) : std::nullopt;
}

domain::ItemState itemStateFrom(const Rows &row)
{
    return {.available = row.flag(1), .stock = row.optionalNumber(2)};
}

} // namespace

template<typename Port>
std::optional<Order> SqliteReading<Port>::order(const OrderId &id)
{
    Rows rows = m_session.select(sql::orderById, id);
    return rows.next() ? std::optional(orderFrom(rows)) : std::nullopt;
}

template<typename Port>
std::vector<Order> SqliteReading<Port>::orders(const EventId &event, const OrderFilter &filter)
{
    const char *inStates =
        std::ranges::all_of(filter.states, isUnfinished) ? sql::unfinishedOrdersOfEventIn : sql::ordersOfEventIn;
    return page(m_session, sql::ordersOfEvent, inStates, event, filter);
}

template<typename Port>
std::vector<Order> SqliteReading<Port>::ordersOf(const UserId &owner, const OrderFilter &filter)
{
    return page(m_session, sql::ordersOfOwner, sql::ordersOfOwnerIn, owner, filter);
}

template<typename Port>
std::optional<OrderId> SqliteReading<Port>::openOrderOf(const EventId &event, const UserId &owner)
{
    Rows rows = m_session.select(sql::openOrderOf, owner, event);
    return rows.next() ? std::optional(OrderId(rows.text(0))) : std::nullopt;
}

template<typename Port>
int SqliteReading<Port>::drinksOf(const EventId &event, const UserId &owner, Timestamp since)
{
    Rows rows = m_session.select(sql::drinksOf, owner, since, event);
    return rows.next() ? rows.count(0) : 0;
}

template<typename Port>
int SqliteReading<Port>::countOpenOrders(const EventId &event, int atMost)
{
    Rows rows = m_session.select(sql::countOpenOrders, event, std::max(atMost, 0));
    return rows.next() ? rows.count(0) : 0;
}

template<typename Port>
int SqliteReading<Port>::countOrdersBefore(const EventId &event, std::int64_t number)
{
    Rows rows = m_session.select(sql::countOrdersBefore, event, number);
    return rows.next() ? rows.count(0) : 0;
}

template<typename Port>
std::optional<domain::CodeBucket> SqliteReading<Port>::newestBucket(const EventId &event, Timestamp at)
{
    return firstBucket(m_session.select(sql::newestBucket, event, at));
}

template<typename Port>
std::optional<domain::CodeBucket> SqliteReading<Port>::bucketByCode(std::string_view code)
{
    return firstBucket(m_session.select(sql::bucketByCode, code));
}

template<typename Port>
std::optional<domain::CodeBucket> SqliteReading<Port>::bucket(const BucketId &id)
{
    return firstBucket(m_session.select(sql::bucketById, id));
}

template<typename Port>
std::optional<domain::ShopState> SqliteReading<Port>::shopState(const EventId &event)
{
    Rows rows = m_session.select(sql::shopState, event);
    if (!rows.next())
        return std::nullopt;
    return domain::ShopState{
        .open = rows.flag(0), .paused = rows.flag(1), .reason = rows.text(2), .reopensAt = rows.optionalTime(3)};
}

template<typename Port>
std::map<std::string, domain::ItemState> SqliteReading<Port>::itemStates(const EventId &event)
{
    std::map<std::string, domain::ItemState> states;
    Rows rows = m_session.select(sql::itemStates, event);
    while (rows.next())
        states.emplace(rows.text(0), itemStateFrom(rows));
    return states;
}

template<typename Port>
std::optional<domain::ItemState> SqliteReading<Port>::itemState(const EventId &event, std::string_view item)
{
    Rows rows = m_session.select(sql::itemState, event, item);
    return rows.next() ? std::optional(itemStateFrom(rows)) : std::nullopt;
}

template<typename Port>
std::optional<application::UserRecord> SqliteReading<Port>::user(const UserId &id)
{
    Rows rows = m_session.select(sql::user, id);
    if (!rows.next())
        return std::nullopt;
    return application::UserRecord{.id = UserId(rows.text(0)),
                                   .event = EventId(rows.text(1)),
                                   .role = storedRole(rows.text(2)),
                                   .name = rows.text(3),
                                   .createdAt = rows.time(4)};
}

template<typename Port>
std::vector<UserId> SqliteReading<Port>::revokedUsers()
{
    std::vector<UserId> users;
    Rows rows = m_session.select(sql::revokedUsers);
    while (rows.next())
        users.emplace_back(rows.text(0));
    return users;
}

template<typename Port>
std::optional<application::ExecutionRecord> SqliteReading<Port>::execution(const ExecutionId &id)
{
    Rows rows = m_session.select(sql::execution, id);
    if (!rows.next())
        return std::nullopt;
    return application::ExecutionRecord{.id = ExecutionId(rows.text(0)),
                                        .order = OrderId(rows.text(1)),
                                        .definition = rows.text(2),
                                        .state = rows.text(3),
                                        .outageSeen = Milliseconds(rows.number(4)),
                                        .ended = rows.flag(5)};
}

template<typename Port>
std::optional<std::string> SqliteReading<Port>::definition(std::string_view hash)
{
    Rows rows = m_session.select(sql::definition, hash);
    return rows.next() ? std::optional(rows.text(0)) : std::nullopt;
}

template<typename Port>
std::vector<application::HistoryRecord> SqliteReading<Port>::history(const ExecutionId &id)
{
    std::vector<application::HistoryRecord> records;
    Rows rows = m_session.select(sql::history, id);
    while (rows.next())
        records.push_back({ExecutionId(rows.text(0)), rows.number(1), rows.time(2), rows.text(3)});
    return records;
}

template<typename Port>
std::optional<application::WaitRecord> SqliteReading<Port>::waitFor(const ExecutionId &execution,
                                                                    std::string_view purpose)
{
    Rows rows = m_session.select(sql::waitFor, execution, purpose);
    return rows.next() ? std::optional(waitFrom(rows)) : std::nullopt;
}

template<typename Port>
std::vector<application::WaitRecord> SqliteReading<Port>::waits(const ExecutionId &execution)
{
    std::vector<application::WaitRecord> waits;
    Rows rows = m_session.select(sql::waits, execution);
    while (rows.next())
        waits.push_back(waitFrom(rows));
    return waits;
}

template<typename Port>
std::optional<Timestamp> SqliteReading<Port>::earliestDeadline()
{
    Rows rows = m_session.select(sql::earliestDeadline);
    return rows.next() ? std::optional(rows.time(0)) : std::nullopt;
}

template<typename Port>
std::vector<application::DueWait> SqliteReading<Port>::dueWaits(Timestamp now, int limit)
{
    std::vector<application::DueWait> waits;
    Rows rows = m_session.select(sql::dueWaits, now, limit);
    while (rows.next())
        waits.push_back({ExecutionId(rows.text(0)), OrderId(rows.text(1)), static_cast<std::uint32_t>(rows.number(2)),
                         rows.time(3)});
    return waits;
}

template<typename Port>
std::vector<application::OutboxRecord> SqliteReading<Port>::outbox(std::int64_t after, int limit)
{
    std::vector<application::OutboxRecord> messages;
    Rows rows = m_session.select(sql::outbox, after, limit);
    while (rows.next())
        messages.push_back(outboxFrom(rows));
    return messages;
}

template<typename Port>
std::optional<Timestamp> SqliteReading<Port>::lastHeartbeat()
{
    Rows rows = m_session.select(sql::lastHeartbeat);
    return rows.next() ? std::optional(rows.time(0)) : std::nullopt;
}

template<typename Port>
Milliseconds SqliteReading<Port>::outageTotal()
{
    Rows rows = m_session.select(sql::outageTotal);
    return Milliseconds(rows.next() ? rows.number(0) : 0);
}

template class SqliteReading<application::Reader>;
template class SqliteReading<application::Transaction>;

} // namespace brewline::storage
