// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/records.h"
#include "core/result.h"
#include "domain/codebucket.h"
#include "domain/event.h"
#include "domain/menu.h"
#include "domain/order.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brewline::application {

/// Reads one consistent state. When the database fails, the reader remembers it, every further call returns an empty
/// value, and the store answers with that error whatever the query made of it; queries need not check.
class Reader {
public:
    virtual ~Reader() = default;

    virtual std::optional<domain::Order> order(const OrderId &id) = 0;
    /// By creation, oldest first.
    virtual std::vector<domain::Order> orders(const EventId &event, const OrderFilter &filter) = 0;
    virtual std::vector<domain::Order> ordersOf(const UserId &owner, const OrderFilter &filter) = 0;
    /// An order of \a owner in \a event that is started, submitted or making.
    virtual std::optional<OrderId> openOrderOf(const EventId &event, const UserId &owner) = 0;
    /// Orders of \a owner since \a since that were not cancelled, timed out or refused.
    virtual int drinksOf(const EventId &event, const UserId &owner, Timestamp since) = 0;
    /// Orders in started, submitted and making; counting stops at \a atMost.
    virtual int countOpenOrders(const EventId &event, int atMost) = 0;
    /// Orders of \a event in submitted and making whose number is below \a number.
    virtual int countOrdersBefore(const EventId &event, std::int64_t number) = 0;

    /// Of the buckets that had started at \a at the one that ends last, whether or not it has ended. One that starts
    /// later was made while the machine's clock was ahead.
    virtual std::optional<domain::CodeBucket> newestBucket(const EventId &event, Timestamp at) = 0;
    virtual std::optional<domain::CodeBucket> bucketByCode(std::string_view code) = 0;
    virtual std::optional<domain::CodeBucket> bucket(const BucketId &id) = 0;

    /// Nothing when staff never touched it.
    virtual std::optional<domain::ShopState> shopState(const EventId &event) = 0;
    /// Only of the items that staff or orders changed.
    virtual std::map<std::string, domain::ItemState> itemStates(const EventId &event) = 0;
    virtual std::optional<domain::ItemState> itemState(const EventId &event, std::string_view item) = 0;

    virtual std::optional<UserRecord> user(const UserId &id) = 0;
    virtual std::vector<UserId> revokedUsers() = 0;

    virtual std::optional<ExecutionRecord> execution(const ExecutionId &id) = 0;
    virtual std::optional<std::string> definition(std::string_view hash) = 0;
    virtual std::vector<HistoryRecord> history(const ExecutionId &id) = 0;
    virtual std::optional<WaitRecord> waitFor(const ExecutionId &execution, std::string_view purpose) = 0;
    virtual std::vector<WaitRecord> waits(const ExecutionId &execution) = 0;
    virtual std::optional<Timestamp> earliestDeadline() = 0;
    /// Waits with deadline <= \a now, earliest first.
    virtual std::vector<DueWait> dueWaits(Timestamp now, int limit) = 0;

    /// Messages with id > \a after that wait to be published, in order.
    virtual std::vector<OutboxRecord> outbox(std::int64_t after, int limit) = 0;

    /// When the backend was alive last, by its heartbeat; nothing on a new database.
    virtual std::optional<Timestamp> lastHeartbeat() = 0;
    /// Sum of all outages that were recorded.
    virtual Milliseconds outageTotal() = 0;
};

/// Reads and writes inside one transaction, on the store's own thread.
class Transaction : public Reader {
public:
    /// The time of this transaction.
    virtual Timestamp now() = 0;

    /// False when one that had started by then ends later: of two displays that ask at once one opens it.
    virtual bool insertBucket(const domain::CodeBucket &bucket) = 0;
    /// Takes one token; false when none is left. Conditional, so it never goes below zero.
    virtual bool takeToken(const BucketId &bucket) = 0;
    /// Gives one token back; false when the bucket is full.
    virtual bool returnToken(const BucketId &bucket) = 0;

    virtual void insertOrder(const domain::Order &order) = 0;
    /// Writes \a order if the stored sequence is order.sequence - 1; false otherwise.
    virtual bool updateOrder(const domain::Order &order) = 0;
    /// 1, 2, 3, ... per event, without gaps among committed orders.
    virtual std::int64_t nextOrderNumber(const EventId &event) = 0;

    virtual void setShopState(const EventId &event, const domain::ShopState &state) = 0;
    virtual void setItemState(const EventId &event, std::string_view item, const domain::ItemState &state) = 0;

    virtual void insertUser(const UserRecord &user) = 0;
    /// False when it was revoked before.
    virtual bool revokeUser(const UserId &id) = 0;
    virtual void insertPairing(const PairingRecord &pairing) = 0;
    /// Removes and returns the pairing with \a codeHash, so that a code works once; nothing when it is unknown or
    /// expired.
    virtual std::optional<PairingRecord> takePairing(std::string_view codeHash) = 0;

    virtual void insertDefinition(std::string_view hash, std::string_view text) = 0; ///< does nothing when it is there
    virtual void insertExecution(const ExecutionRecord &execution) = 0;
    virtual void updateExecution(const ExecutionRecord &execution) = 0;
    virtual void insertWait(const WaitRecord &wait) = 0;
    virtual void moveWait(const ExecutionId &execution, std::uint32_t frame, Timestamp deadline) = 0;
    virtual void eraseWait(const ExecutionId &execution, std::uint32_t frame) = 0;
    virtual void appendHistory(const HistoryRecord &record) = 0;

    virtual void appendOutbox(const OutboxRecord &message) = 0;
    virtual void eraseOutbox(const std::vector<std::int64_t> &ids) = 0;

    virtual std::optional<IdempotencyRecord> idempotency(std::string_view scope) = 0;
    virtual void insertIdempotency(const IdempotencyRecord &record) = 0;
    /// Removes expired pairings and at most \a limit expired idempotency records; true when more may be left.
    virtual bool removeExpired(int limit) = 0;

    virtual void setHeartbeat(Timestamp at) = 0;
    /// Notes an outage and moves the deadlines of waits for people (drink, barista) and of their orders by \a length.
    virtual void recordOutage(Timestamp from, Milliseconds length) = 0;
};

enum class Verdict { Commit, Rollback };

/// What a command decided: its result, and whether its writes are kept. A refusal that has consequences is an error
/// that is committed.
template<typename T>
struct Decision {
    Result<T> result;
    Verdict verdict;
};

template<typename T>
Decision<T> commit(T value)
{
    return {Result<T>(std::move(value)), Verdict::Commit};
}

template<typename T>
Decision<T> commitRefusal(Error error)
{
    return {tl::unexpected(std::move(error)), Verdict::Commit};
}

template<typename T>
Decision<T> rollback(Error error)
{
    return {tl::unexpected(std::move(error)), Verdict::Rollback};
}

/// Durable storage. All member functions may be called from any thread and return at once.
///
/// Commands run one after the other on the store's thread, several in one commit; a command must be free of outside
/// effects and repeatable, as it may run again when the database asks for that. Queries run on another thread and see
/// everything whose completion was told. Completions are called on the store's threads: they must be short and must
/// not throw. A completion is called exactly once, also at shutdown.
class Store {
public:
    using Command = std::function<Verdict(Transaction &)>;
    using Query = std::function<void(Reader &)>;
    /// Nothing when the transaction ended as its verdict says (durably, if committed). Otherwise Busy (refused before
    /// it ran), StorageUnavailable (nothing was changed) or OutcomeUnknown (ask again with the same Idempotency-Key).
    using Completion = std::function<void(std::optional<Error>)>;

    virtual ~Store() = default;
    virtual void write(Command command, Completion completion) = 0;
    virtual void read(Query query, Completion completion) = 0;

    /// Called on the store's thread after each commit that appended to the outbox or changed waits. Set once, before
    /// use.
    struct Observer {
        std::function<void()> outboxGrew;
        std::function<void()> deadlinesChanged;
    };
    virtual void setObserver(Observer observer) = 0;
};

/// Runs \a command and hands its result, or the store's error, to \a done.
template<typename T>
void run(Store &store, std::function<Decision<T>(Transaction &)> command, std::function<void(Result<T>)> done)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    store.write(
        [command = std::move(command), result](Transaction &transaction) {
            Decision<T> decision = command(transaction);
            *result = std::move(decision.result);
            return decision.verdict;
        },
        [done = std::move(done), result](std::optional<Error> error) {
            done(error ? Result<T>(tl::unexpected(*std::move(error))) : std::move(**result));
        });
}

/// Runs \a query and hands its result, or the store's error, to \a done.
template<typename T>
void ask(Store &store, std::function<Result<T>(Reader &)> query, std::function<void(Result<T>)> done)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    store.read([query = std::move(query), result](Reader &reader) { *result = query(reader); },
               [done = std::move(done), result](std::optional<Error> error) {
                   done(error ? Result<T>(tl::unexpected(*std::move(error))) : std::move(**result));
               });
}

} // namespace brewline::application
