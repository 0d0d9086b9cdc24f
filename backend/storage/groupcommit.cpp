// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/groupcommit.h"

#include "core/logging.h"
#include "storage/sql.h"
#include "storage/sqlitetransaction.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace brewline::storage {

namespace {

using application::Verdict;

/// 8 MiB: long enough that hot pages are copied once for many commits, short enough to be copied in milliseconds.
constexpr int checkpointPages = 2000;

} // namespace

GroupCommit::GroupCommit(std::filesystem::path file, const Clock &clock)
    : m_file(std::move(file))
    , m_clock(clock)
{
}

GroupCommit::~GroupCommit() = default;

Result<void> GroupCommit::open()
{
    auto connection = Connection::open(m_file, Connection::Mode::ReadWrite);
    if (!connection)
        return tl::unexpected(connection.error());
    m_connection = *std::move(connection);
    m_pagesAtCheckpoint = 0;
    return {};
}

void GroupCommit::run(std::vector<WriteRequest> &batch, const application::Store::Observer &observer)
{
    m_outcomes.assign(batch.size(), {});
    const auto failed = begin() ? runAll(batch) : std::optional(unavailable());
    for (std::size_t i = 0; i < batch.size(); ++i)
        answer(batch[i].completion, failed ? failed : std::move(m_outcomes[i].error));
    if (failed)
        return;
    if (std::ranges::any_of(m_outcomes, &Outcome::hasGrownOutbox))
        tell(observer.outboxGrew);
    if (std::ranges::any_of(m_outcomes, &Outcome::hasChangedDeadlines))
        tell(observer.deadlinesChanged);
}

bool GroupCommit::begin()
{
    if (!m_connection) {
        if (auto opened = open(); !opened) {
            qCWarning(lcStorage).noquote() << QString::fromStdString(opened.error().detail);
            return false;
        }
    }
    if (m_connection->execute(sql::beginImmediate))
        return true;
    logFailure("No transaction can be begun");
    return false;
}

std::optional<Error> GroupCommit::runAll(std::vector<WriteRequest> &batch)
{
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!runOne(batch[i].command, m_outcomes[i])) {
            abandon();
            return unavailable();
        }
    }
    return finish();
}

/// False when the transaction is lost for the whole batch.
bool GroupCommit::runOne(const application::Store::Command &command, Outcome &outcome)
{
    if (!m_connection->execute(sql::savepoint)) {
        logFailure("No savepoint can be set");
        return false;
    }
    Session session(*m_connection);
    SqliteTransaction transaction(session, m_clock.now());
    auto verdict = Verdict::Rollback;
    try {
        verdict = command(transaction);
    } catch (const std::exception &exception) {
        qCCritical(lcStorage) << "A command threw:" << exception.what();
        outcome.error = internalError();
    } catch (...) {
        qCCritical(lcStorage) << "A command threw something that is no exception";
        outcome.error = internalError();
    }
    if (session.failure()) {
        qCWarning(lcStorage) << "A statement failed:" << session.failureText().c_str();
        // Only a constraint leaves the transaction as it was. After anything else it may be gone already, and what
        // follows would commit by itself.
        if (session.failure() == Session::Failure::Broken || !m_connection->inTransaction())
            return false;
        outcome.error = internalError();
        verdict = Verdict::Rollback;
    }
    return verdict == Verdict::Commit ? keep(transaction, outcome) : undo();
}

bool GroupCommit::keep(const SqliteTransaction &transaction, Outcome &outcome)
{
    if (!m_connection->execute(sql::releaseSavepoint)) {
        logFailure("A savepoint cannot be released");
        return false;
    }
    outcome.isKept = transaction.hasWritten();
    outcome.hasGrownOutbox = transaction.hasGrownOutbox();
    outcome.hasChangedDeadlines = transaction.hasChangedDeadlines();
    return true;
}

bool GroupCommit::undo()
{
    if (m_connection->execute(sql::rollbackToSavepoint) && m_connection->execute(sql::releaseSavepoint))
        return true;
    logFailure("A savepoint cannot be rolled back");
    return false;
}

std::optional<Error> GroupCommit::finish()
{
    // Pages that a savepoint restored still count as changed, so a COMMIT of nothing would write and sync them.
    if (std::ranges::none_of(m_outcomes, &Outcome::isKept)) {
        abandon();
        return std::nullopt;
    }
    if (m_connection->execute(sql::commit))
        return std::nullopt;
    logFailure("A commit failed, its outcome is unknown; the database is opened again");
    // The log may hold the commit without this process knowing, and this connection may show rows that no other one
    // sees: only a fresh one tells the truth.
    m_connection.reset();
    if (auto opened = open(); !opened)
        qCWarning(lcStorage).noquote() << QString::fromStdString(opened.error().detail);
    return outcomeUnknown();
}

/// Ends the transaction without keeping any of it.
void GroupCommit::abandon()
{
    if (!m_connection->inTransaction() || m_connection->execute(sql::rollback))
        return;
    logFailure("A transaction cannot be rolled back; the database is opened again");
    m_connection.reset();
}

void GroupCommit::checkpointIfDue()
{
    if (!m_connection)
        return;
    const int pages = m_connection->logPages();
    if (pages < m_pagesAtCheckpoint)
        m_pagesAtCheckpoint = 0; // the log began anew
    if (pages - m_pagesAtCheckpoint < checkpointPages)
        return;
    m_pagesAtCheckpoint = pages;
    if (!m_connection->runScript("PRAGMA wal_checkpoint(PASSIVE)"))
        logFailure("A checkpoint failed, it will be tried again");
}

void GroupCommit::close()
{
    if (m_connection && !m_connection->runScript("PRAGMA wal_checkpoint(TRUNCATE)"))
        logFailure("The last checkpoint failed; the next start makes up for it");
    m_connection.reset();
}

void GroupCommit::logFailure(const char *what)
{
    qCWarning(lcStorage).nospace() << what << ": " << m_connection->errorText().c_str();
}

} // namespace brewline::storage
