// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "storage/sqlitereading.h"

namespace brewline::storage {

/// One command's view of the transaction that its batch shares.
class SqliteTransaction final : public SqliteReading<application::Transaction> {
public:
    SqliteTransaction(Session &session, Timestamp now);

    /// Whether anything was written: a transaction that wrote nothing need not be committed.
    [[nodiscard]] bool hasWritten() const { return m_hasWritten; }
    [[nodiscard]] bool hasGrownOutbox() const { return m_hasGrownOutbox; }
    [[nodiscard]] bool hasChangedDeadlines() const { return m_hasChangedDeadlines; }

    Timestamp now() override { return m_now; }

    bool insertBucket(const domain::CodeBucket &bucket) override;
    bool takeToken(const BucketId &bucket) override;
    bool returnToken(const BucketId &bucket) override;

    void insertOrder(const domain::Order &order) override;
    bool updateOrder(const domain::Order &order) override;
    std::int64_t nextOrderNumber(const EventId &event) override;

    void setShopState(const EventId &event, const domain::ShopState &state) override;
    void setItemState(const EventId &event, std::string_view item, const domain::ItemState &state) override;

    void insertUser(const application::UserRecord &user) override;
    bool revokeUser(const UserId &id) override;
    void insertPairing(const application::PairingRecord &pairing) override;
    std::optional<application::PairingRecord> takePairing(std::string_view codeHash) override;

    void insertDefinition(std::string_view hash, std::string_view text) override;
    void insertExecution(const application::ExecutionRecord &execution) override;
    void updateExecution(const application::ExecutionRecord &execution) override;
    void insertWait(const application::WaitRecord &wait) override;
    void moveWait(const ExecutionId &execution, std::uint32_t frame, Timestamp deadline) override;
    void eraseWait(const ExecutionId &execution, std::uint32_t frame) override;
    void appendHistory(const application::HistoryRecord &record) override;

    void appendOutbox(const application::OutboxRecord &message) override;
    void eraseOutbox(const std::vector<std::int64_t> &ids) override;

    std::optional<application::IdempotencyRecord> idempotency(std::string_view scope) override;
    void insertIdempotency(const application::IdempotencyRecord &record) override;
    bool removeExpired(int limit) override;

    void setHeartbeat(Timestamp at) override;
    void recordOutage(Timestamp from, Milliseconds length) override;

private:
    template<typename... Values>
    int change(const char *sql, const Values &...values)
    {
        m_hasWritten = true;
        return m_session.change(sql, values...);
    }

    Timestamp m_now;
    bool m_hasWritten = false;
    bool m_hasGrownOutbox = false;
    bool m_hasChangedDeadlines = false;
};

} // namespace brewline::storage
