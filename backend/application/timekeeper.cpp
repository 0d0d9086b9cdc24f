// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/timekeeper.h"

#include "application/orderrun.h"
#include "core/logging.h"

#include <algorithm>
#include <atomic>
#include <memory>

namespace brewline::application {

namespace {

/// Deadlines that are handled at once; more follow in the next call.
constexpr int batch = 500;
/// A wait that cannot be handled is tried again after this long, so that it neither is lost nor blocks the others.
constexpr auto postponement = std::chrono::minutes(1);
/// A restart that is quicker than this is not worth a note in every history.
constexpr auto negligibleOutage = std::chrono::seconds(1);
/// Longer without a heartbeat than this, and the backend could not do its work: the disk was full, or the machine
/// slept.
constexpr auto longestSilence = std::chrono::seconds(10);
/// Keeps the orders behind a clean-up waiting for a moment only.
constexpr int removedAtOnce = 500;

/// Moves people's deadlines by the time since the last heartbeat when that is longer than \a tolerated.
Milliseconds makeGood(Transaction &transaction, Milliseconds tolerated)
{
    const Timestamp now = transaction.now();
    const Timestamp last = transaction.lastHeartbeat().value_or(now);
    const Milliseconds silence = std::max(now - last, Milliseconds(0));
    if (silence >= tolerated) {
        transaction.recordOutage(last, silence);
        transaction.setHeartbeat(now);
    }
    return silence;
}

} // namespace

Timekeeper::Timekeeper(Store &store, const EventCatalog &events, ProcessDefinitions &definitions, Random &random,
                       const Clock &clock)
    : m_store(store)
    , m_events(events)
    , m_definitions(definitions)
    , m_random(random)
    , m_clock(clock)
{
}

void Timekeeper::recover(std::function<void(Result<Milliseconds>)> done)
{
    run<Milliseconds>(
        m_store,
        [](Transaction &transaction) -> Decision<Milliseconds> {
            const Milliseconds outage = makeGood(transaction, negligibleOutage);
            transaction.setHeartbeat(transaction.now());
            return commit(outage);
        },
        std::move(done));
}

void Timekeeper::beat(std::function<void(Result<bool>)> done)
{
    run<bool>(
        m_store,
        [](Transaction &transaction) -> Decision<bool> {
            makeGood(transaction, longestSilence);
            transaction.setHeartbeat(transaction.now());
            return commit(true);
        },
        std::move(done));
}

void Timekeeper::runDue(std::function<void(Result<std::optional<Timestamp>>)> done)
{
    ask<std::vector<DueWait>>(
        m_store,
        [this](Reader &reader) -> Result<std::vector<DueWait>> { return reader.dueWaits(m_clock.now(), batch); },
        [this, done = std::move(done)](Result<std::vector<DueWait>> due) {
            if (!due)
                return done(tl::unexpected(due.error()));
            if (due->empty())
                return tellNext(done);
            struct Progress {
                std::atomic<std::size_t> left;
                std::atomic<bool> storeIsAway = false;
            };
            const auto progress = std::make_shared<Progress>();
            progress->left = due->size();
            for (const DueWait &wait : *due) {
                fire(wait, [this, progress, done](bool storeAnswered) {
                    if (!storeAnswered)
                        progress->storeIsAway = true;
                    if (progress->left.fetch_sub(1) != 1)
                        return;
                    if (progress->storeIsAway)
                        done(failure(ErrorCode::StorageUnavailable,
                                     "Deadlines could not be handled: the store is away."));
                    else
                        tellNext(done);
                });
            }
        });
}

void Timekeeper::tellNext(std::function<void(Result<std::optional<Timestamp>>)> done)
{
    ask<std::optional<Timestamp>>(
        m_store, [](Reader &reader) -> Result<std::optional<Timestamp>> { return reader.earliestDeadline(); },
        std::move(done));
}

void Timekeeper::fire(const DueWait &wait, std::function<void(bool)> done)
{
    run<bool>(
        m_store,
        [this, wait](Transaction &transaction) -> Decision<bool> {
            makeGood(transaction, longestSilence); // Before anybody is charged for it.
            const auto waits = transaction.waits(wait.execution);
            const bool stillDue = std::any_of(waits.begin(), waits.end(), [&](const WaitRecord &stored) {
                return stored.frame == wait.frame && stored.deadline && *stored.deadline <= transaction.now();
            });
            if (!stillDue)
                return commit(true); // It was answered or moved since it was read.
            auto order = transaction.order(wait.order);
            const domain::Event *event = order ? m_events.find(order->event) : nullptr;
            if (!event)
                return rollback<bool>({ErrorCode::NotFound, "its event is not configured any more"});
            OrderRun orderRun(transaction, *event, m_definitions, m_random, *std::move(order));
            if (const auto reached = orderRun.deadlineReached(wait.frame); !reached)
                return rollback<bool>(reached.error());
            if (const auto finished = orderRun.finish(); !finished)
                return rollback<bool>(finished.error());
            return commit(true);
        },
        [this, wait, done = std::move(done)](Result<bool> fired) {
            const bool storeIsAway =
                !fired && (fired.error().code == ErrorCode::StorageUnavailable ||
                           fired.error().code == ErrorCode::Busy || fired.error().code == ErrorCode::OutcomeUnknown);
            if (fired || storeIsAway)
                return done(!storeIsAway);
            postpone(wait, fired.error(), done);
        });
}

void Timekeeper::postpone(const DueWait &wait, const Error &why, std::function<void(bool)> done)
{
    qCWarning(lcOrders, "The deadline of order %s cannot be handled (%s); tried again in a minute.",
              wait.order.text().c_str(), why.detail.c_str());
    run<bool>(
        m_store,
        [wait](Transaction &transaction) -> Decision<bool> {
            transaction.moveWait(wait.execution, wait.frame, transaction.now() + postponement);
            return commit(true);
        },
        [done = std::move(done)](Result<bool> moved) { done(moved.has_value()); });
}

void Timekeeper::cleanUp()
{
    run<bool>(
        m_store,
        [](Transaction &transaction) -> Decision<bool> { return commit(transaction.removeExpired(removedAtOnce)); },
        [this](Result<bool> moreLeft) {
            if (moreLeft.value_or(false))
                cleanUp();
        });
}

} // namespace brewline::application
