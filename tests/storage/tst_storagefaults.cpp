// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultydisk.h"
#include "openstore.h"
#include "records.h"

#include <QTest>

#include <sqlite3.h>

#include <cerrno>
#include <string>

using namespace brewline;
using namespace brewline::application;
using namespace brewline::test;

namespace {

using Answer = std::optional<Error>;

Store::Command insertOrder(int number, Verdict verdict = Verdict::Commit)
{
    return [number, verdict](Transaction &tx) {
        tx.insertOrder(newOrder(number));
        return verdict;
    };
}

/// More than the page cache holds, so that SQLite writes to the disk in the middle of the statement.
Verdict insertMoreThanFitsIntoMemory(Transaction &tx)
{
    tx.insertDefinition("large", std::string(80'000'000, 'x'));
    return Verdict::Commit;
}

bool is(const Answer &answer, ErrorCode code)
{
    return answer && answer->code == code;
}

/// Another program that uses the database.
class OtherProgram {
public:
    explicit OtherProgram(const std::filesystem::path &folder)
    {
        sqlite3_open((folder / "brewline.db").c_str(), &m_database);
    }
    ~OtherProgram() { sqlite3_close(m_database); }
    OtherProgram(const OtherProgram &) = delete;
    OtherProgram &operator=(const OtherProgram &) = delete;

    bool run(const char *sql) { return sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

private:
    sqlite3 *m_database = nullptr;
};

} // namespace

class StorageFaultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenStore>(); }
    void cleanup()
    {
        faultydisk::work();
        m_open.reset();
    }

    void nothingIsAcknowledgedBeforeTheDiskHasIt()
    {
        faultydisk::holdSyncs();
        std::promise<Answer> answered;
        auto answer = answered.get_future();
        m_open->store().write(insertOrder(1), [&](Answer error) { answered.set_value(std::move(error)); });
        QVERIFY2(faultydisk::waitUntilHeld(), "the disk was never asked to sync");
        QVERIFY(answer.wait_for(std::chrono::milliseconds(200)) == std::future_status::timeout);
        QVERIFY2(!isSeenByReaders(1), "readers see what the disk may lose");
        faultydisk::work();
        QVERIFY(!answer.get());
        QVERIFY(isSeenByReaders(1));
    }

    void queriesAreAnsweredWhileTheDiskIsSlow()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        faultydisk::holdSyncs();
        m_open->store().write(insertOrder(2), {});
        QVERIFY(faultydisk::waitUntilHeld());
        QVERIFY(isSeenByReaders(1));
    }

    void aBatchIsSyncedOnce()
    {
        HeldStore held(m_open->store());
        std::vector<std::future<Answer>> answers;
        for (int number = 1; number <= 50; ++number)
            answers.push_back(held.write(insertOrder(number)));
        const long before = faultydisk::syncs();
        held.release();
        for (auto &answer : answers)
            QVERIFY(!answer.get());
        QVERIFY(faultydisk::syncs() - before <= 2); // the one more belongs to the batch that held the thread
    }

    void aBatchThatKeepsNothingIsNotSynced()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        const long before = faultydisk::syncs();
        QVERIFY(!m_open->write(insertOrder(2, Verdict::Rollback)));
        QVERIFY(is(m_open->write(insertOrder(1)), ErrorCode::Internal));
        QVERIFY(!m_open->write([](Transaction &tx) {
            tx.order(newOrder(1).id);
            return Verdict::Commit;
        }));
        QCOMPARE(faultydisk::syncs(), before);
    }

    void aFailedSyncLeavesTheOutcomeUnknownForTheWholeBatch()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        HeldStore held(m_open->store());
        auto kept = held.write(insertOrder(2));
        auto rolledBack = held.write(insertOrder(3, Verdict::Rollback));
        auto broken = held.write(insertOrder(1));
        faultydisk::failSyncs(EIO);
        held.release();
        QVERIFY(is(kept.get(), ErrorCode::OutcomeUnknown));
        QVERIFY(is(rolledBack.get(), ErrorCode::OutcomeUnknown));
        QVERIFY(is(broken.get(), ErrorCode::OutcomeUnknown));
    }

    void afterAFailedSyncAllConnectionsSeeTheSame()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        faultydisk::failSyncs(EIO);
        QVERIFY(is(m_open->write(insertOrder(2)), ErrorCode::OutcomeUnknown));
        faultydisk::work();
        const bool isThere = isSeenByCommands(2);
        QCOMPARE(isSeenByReaders(2), isThere);
        // The client repeats it; once answered it stays, whatever became of the first attempt.
        QVERIFY(!m_open->write([](Transaction &tx) {
            if (!tx.order(newOrder(2).id))
                tx.insertOrder(newOrder(2));
            tx.insertOrder(newOrder(3));
            return Verdict::Commit;
        }));
        m_open->reopen();
        QVERIFY(isSeenByReaders(1) && isSeenByReaders(2) && isSeenByReaders(3));
    }

    void aDiskThatGetsFullAmidABatchLosesAllOfItAndNothingCommitsAlone()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        HeldStore held(m_open->store());
        auto before = held.write(insertOrder(2));
        auto large = held.write(insertMoreThanFitsIntoMemory);
        auto after = held.write(insertOrder(3));
        faultydisk::failWrites(ENOSPC);
        held.release();
        QVERIFY(is(before.get(), ErrorCode::StorageUnavailable));
        QVERIFY(is(large.get(), ErrorCode::StorageUnavailable));
        QVERIFY(is(after.get(), ErrorCode::StorageUnavailable));
        QVERIFY(isSeenByReaders(1));
        faultydisk::work();
        QVERIFY(!m_open->write(insertOrder(4)));
        m_open->reopen();
        QVERIFY(isSeenByReaders(1) && !isSeenByReaders(2) && !isSeenByReaders(3) && isSeenByReaders(4));
    }

    void aStatementAfterTheDiskGotFullGivesNothing()
    {
        faultydisk::failWrites(ENOSPC);
        std::int64_t number = -1;
        const auto answer = m_open->write([&](Transaction &tx) {
            insertMoreThanFitsIntoMemory(tx);
            faultydisk::work();
            number = tx.nextOrderNumber(booth);
            tx.insertOrder(newOrder(1));
            return Verdict::Commit;
        });
        QVERIFY(is(answer, ErrorCode::StorageUnavailable));
        QCOMPARE(number, 0);
        QVERIFY(!isSeenByReaders(1));
    }

    void aFullDiskIsReportedAtEachCommitAndWorksAgainWhenThereIsRoom()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        faultydisk::failWrites(ENOSPC);
        for (int number = 2; number <= 4; ++number)
            QVERIFY(m_open->write(insertOrder(number)).has_value());
        faultydisk::work();
        QVERIFY(!m_open->write(insertOrder(5)));
        m_open->reopen();
        QVERIFY(isSeenByReaders(1) && isSeenByReaders(5));
        for (int number = 2; number <= 4; ++number)
            QVERIFY(!isSeenByReaders(number));
    }

    void aReadOnlyDiskIsReportedAndWorksAgainWhenItIsNot()
    {
        faultydisk::failWrites(EROFS);
        QVERIFY(m_open->write(insertOrder(1)).has_value());
        QVERIFY(!isSeenByReaders(1));
        faultydisk::work();
        QVERIFY(!m_open->write(insertOrder(2)));
        QVERIFY(isSeenByReaders(2) && !isSeenByReaders(1));
    }

    void aDatabaseLockedByAnotherProgramIsUnavailableUntilItLetsGo()
    {
        OtherProgram other(m_open->folder());
        QVERIFY(other.run("BEGIN IMMEDIATE"));
        QVERIFY(is(m_open->write(insertOrder(1)), ErrorCode::StorageUnavailable));
        QVERIFY(!isSeenByReaders(1));
        QVERIFY(other.run("ROLLBACK"));
        QVERIFY(!m_open->write(insertOrder(2)));
        QVERIFY(isSeenByReaders(2) && !isSeenByReaders(1));
    }

    void aQueryThatCannotReadIsUnavailableAndTheNextOneWorks()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        m_open->reopen(); // with cold caches
        faultydisk::failReads(EIO);
        bool found = true;
        const auto answer = m_open->read([&](Reader &reader) { found = reader.order(newOrder(1).id).has_value(); });
        QVERIFY(is(answer, ErrorCode::StorageUnavailable));
        QVERIFY(!found);
        faultydisk::work();
        QVERIFY(isSeenByReaders(1));
    }

    void aCommandThatCannotReadTakesItsBatchAlong()
    {
        QVERIFY(!m_open->write(insertOrder(1)));
        m_open->reopen(); // with cold caches
        HeldStore held(m_open->store());
        auto reading = held.write([](Transaction &tx) {
            faultydisk::failReads(EIO);
            tx.definition("unknown");
            faultydisk::work();
            tx.insertOrder(newOrder(2));
            return Verdict::Commit;
        });
        auto neighbour = held.write(insertOrder(3));
        held.release();
        QVERIFY(is(reading.get(), ErrorCode::StorageUnavailable));
        QVERIFY(is(neighbour.get(), ErrorCode::StorageUnavailable));
        QVERIFY(!m_open->write(insertOrder(4)));
        QVERIFY(isSeenByReaders(1) && !isSeenByReaders(2) && !isSeenByReaders(3) && isSeenByReaders(4));
    }

private:
    bool isSeenByReaders(int number)
    {
        bool isSeen = false;
        const auto error = m_open->read([&](Reader &r) { isSeen = r.order(newOrder(number).id).has_value(); });
        return !error && isSeen;
    }

    bool isSeenByCommands(int number)
    {
        bool isSeen = false;
        const auto error = m_open->write([&](Transaction &tx) {
            isSeen = tx.order(newOrder(number).id).has_value();
            return Verdict::Rollback;
        });
        return !error && isSeen;
    }

    std::unique_ptr<OpenStore> m_open;
};

QTEST_GUILESS_MAIN(StorageFaultsTest)
#include "tst_storagefaults.moc"
