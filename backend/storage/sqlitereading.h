// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "storage/session.h"

namespace brewline::storage {

/// The reading half of a port, Reader or Transaction: both ask the same questions, one on each connection.
template<typename Port>
class SqliteReading : public Port {
public:
    explicit SqliteReading(Session &session)
        : m_session(session)
    {
    }

    std::optional<domain::Order> order(const OrderId &id) override;
    std::vector<domain::Order> orders(const EventId &event, const application::OrderFilter &filter) override;
    std::vector<domain::Order> ordersOf(const UserId &owner, const application::OrderFilter &filter) override;
    std::optional<OrderId> openOrderOf(const EventId &event, const UserId &owner) override;
    int drinksOf(const EventId &event, const UserId &owner, Timestamp since) override;
    int countOpenOrders(const EventId &event, int atMost) override;
    int countOrdersBefore(const EventId &event, std::int64_t number) override;

    std::optional<domain::CodeBucket> newestBucket(const EventId &event, Timestamp at) override;
    std::optional<domain::CodeBucket> bucketByCode(std::string_view code) override;
    std::optional<domain::CodeBucket> bucket(const BucketId &id) override;

    std::optional<domain::ShopState> shopState(const EventId &event) override;
    std::map<std::string, domain::ItemState> itemStates(const EventId &event) override;
    std::optional<domain::ItemState> itemState(const EventId &event, std::string_view item) override;

    std::optional<application::UserRecord> user(const UserId &id) override;
    std::vector<UserId> revokedUsers() override;

    std::optional<application::ExecutionRecord> execution(const ExecutionId &id) override;
    std::optional<std::string> definition(std::string_view hash) override;
    std::vector<application::HistoryRecord> history(const ExecutionId &id) override;
    std::optional<application::WaitRecord> waitFor(const ExecutionId &execution, std::string_view purpose) override;
    std::vector<application::WaitRecord> waits(const ExecutionId &execution) override;
    std::optional<Timestamp> earliestDeadline() override;
    std::vector<application::DueWait> dueWaits(Timestamp now, int limit) override;

    std::vector<application::OutboxRecord> outbox(std::int64_t after, int limit) override;

    std::optional<Timestamp> lastHeartbeat() override;
    Milliseconds outageTotal() override;

protected:
    Session &m_session;
};

extern template class SqliteReading<application::Reader>;
extern template class SqliteReading<application::Transaction>;

} // namespace brewline::storage
