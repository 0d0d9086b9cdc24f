// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "openstore.h"
#include "records.h"

#include "storage/migrations.h"
#include "storage/sql.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>
#include <string>
#include <string_view>

using namespace Qt::StringLiterals;
using namespace brewline;
using namespace brewline::application;
using namespace brewline::test;
namespace fs = std::filesystem;

namespace {

constexpr auto victimArgument = "--write-until-killed"_L1;

/// Writes orders, many at a time, and prints the number of each one that was acknowledged; ends only by being killed.
int writeUntilKilled(const fs::path &folder)
{
    const StandingClock clock(morning);
    auto opened = storage::SqliteStore::open({.folder = folder, .clock = clock});
    if (!opened)
        return 1;
    auto &store = **opened;
    std::atomic<int> next = 0;
    std::function<void()> writeNext = [&] {
        const int id = next++;
        auto number = std::make_shared<std::int64_t>();
        store.write(
            [=](Transaction &tx) {
                auto order = newOrder(static_cast<int>(::getpid()) * 100'000 + id);
                *number = tx.nextOrderNumber(booth);
                order.number = *number;
                tx.insertOrder(order);
                tx.appendOutbox(newMessage(order));
                return id % 7 == 3 ? Verdict::Rollback : Verdict::Commit;
            },
            [=, &writeNext](std::optional<Error> error) {
                const std::string line = std::to_string(*number) + '\n';
                const bool isKept = !error && id % 7 != 3;
                if (isKept && ::write(STDOUT_FILENO, line.data(), line.size()) < 0)
                    std::abort();
                writeNext();
            });
    };
    for (int i = 0; i < 16; ++i)
        writeNext();
    for (;;)
        ::pause();
}

std::int64_t ask(const fs::path &file, const char *sql)
{
    sqlite3 *database = nullptr;
    sqlite3_stmt *statement = nullptr;
    std::int64_t answer = -1;
    if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK) {
        answer = 0;
        if (sqlite3_step(statement) == SQLITE_ROW)
            answer = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return answer;
}

bool runScript(const fs::path &file, const QByteArray &script)
{
    sqlite3 *database = nullptr;
    const bool works = sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
                       sqlite3_exec(database, script.constData(), nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(database);
    return works;
}

unsigned modeOf(const fs::path &path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

} // namespace

class StorageFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "made" / "by-us";
    }

    void aNewFolderIsForItsOwnerOnly()
    {
        const auto store = open();
        QVERIFY(store.has_value());
        QCOMPARE(modeOf(m_folder), 0700U);
        for (const auto *name : {"brewline.db", "brewline.db-wal", "brewline.db-shm", "lock"})
            QCOMPARE(modeOf(m_folder / name), 0600U);
    }

    void theDatabaseKeepsAWriteAheadLog()
    {
        QVERIFY(open().has_value());
        QCOMPARE(ask(file(), "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    }

    void aSecondBackendIsRefusedUntilTheFirstHasGone()
    {
        {
            const auto first = open();
            QVERIFY(first.has_value());
            const auto second = open();
            QVERIFY(!second.has_value());
            QCOMPARE(second.error().code, ErrorCode::InvalidConfiguration);
            QVERIFY(second.error().detail.find("in use by another backend") != std::string::npos);
        }
        QVERIFY(open().has_value());
    }

    void aSecondProcessIsRefused()
    {
        const auto first = open();
        QVERIFY(first.has_value());
        QProcess second;
        second.start(QCoreApplication::applicationFilePath(),
                     {QString(victimArgument), QString::fromStdString(m_folder.string())});
        QVERIFY(second.waitForFinished(10'000));
        QCOMPARE(second.exitCode(), 1);
    }

    void aFolderThatCannotBeMadeIsExplained()
    {
        const auto inTheWay = fs::path(m_temporary->path().toStdString()) / "made";
        QFile blocker(QString::fromStdString(inTheWay.string()));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        const auto store = open();
        QVERIFY(!store.has_value());
        QCOMPARE(store.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(store.error().detail.find(m_folder.string()) != std::string::npos);
    }

    void aFileThatIsNoDatabaseIsLeftAlone()
    {
        fs::create_directories(m_folder);
        QFile garbage(QString::fromStdString(file().string()));
        QVERIFY(garbage.open(QIODevice::WriteOnly));
        const QByteArray content(10'000, 'x');
        garbage.write(content);
        garbage.close();
        const auto store = open();
        QVERIFY(!store.has_value());
        QCOMPARE(store.error().code, ErrorCode::StorageUnavailable);
        QVERIFY(garbage.open(QIODevice::ReadOnly));
        QCOMPARE(garbage.readAll(), content);
    }

    void aNewerSchemaIsRefusedAndLeftAsItIs()
    {
        QVERIFY(open().has_value());
        QVERIFY(runScript(file(), "PRAGMA user_version = 4711"));
        const auto store = open();
        QVERIFY(!store.has_value());
        QCOMPARE(store.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(store.error().detail.find("4711") != std::string::npos);
        QCOMPARE(ask(file(), "PRAGMA user_version"), 4711);
    }

    void anOlderSchemaIsCopiedThenMigrated()
    {
        fs::create_directories(m_folder);
        constexpr std::array<std::string_view, 3> scripts{
            "CREATE TABLE cups (size INTEGER); INSERT INTO cups VALUES (1);",
            "ALTER TABLE cups ADD COLUMN colour INTEGER;",
            "UPDATE cups SET colour = size + 1; INSERT INTO cups VALUES (5, 5);"};
        QVERIFY(storage::migrate(file(), std::span(scripts).first(1)).has_value());
        QVERIFY(!fs::exists(m_folder / "brewline.db.before-1"));
        QVERIFY(runScript(file(), "INSERT INTO cups VALUES (7)"));

        QVERIFY(storage::migrate(file(), scripts).has_value());
        QCOMPARE(ask(file(), "PRAGMA user_version"), 3);
        QCOMPARE(ask(file(), "SELECT sum(colour) FROM cups"), 2 + 8 + 5);
        const auto copy = m_folder / "brewline.db.before-3";
        QCOMPARE(modeOf(copy), 0600U);
        QCOMPARE(ask(copy, "PRAGMA user_version"), 1);
        QCOMPARE(ask(copy, "SELECT sum(size) FROM cups"), 8);
        QVERIFY(storage::migrate(file(), scripts).has_value());
    }

    void aMigrationThatFailsChangesNothing()
    {
        fs::create_directories(m_folder);
        constexpr std::array<std::string_view, 2> scripts{"CREATE TABLE cups (size INTEGER);",
                                                          "DROP TABLE cups; CREATE NONSENSE;"};
        QVERIFY(storage::migrate(file(), std::span(scripts).first(1)).has_value());
        const auto migrated = storage::migrate(file(), scripts);
        QVERIFY(!migrated.has_value());
        QCOMPARE(migrated.error().code, ErrorCode::StorageUnavailable);
        QCOMPARE(ask(file(), "PRAGMA user_version"), 1);
        QCOMPARE(ask(file(), "SELECT count(*) FROM cups"), 0);
    }

    void dataOfEverySchemaIsRead_data()
    {
        QTest::addColumn<QString>("dump");
        QTest::newRow("schema 1") << u"data/schema-1.sql"_s;
    }

    void dataOfEverySchemaIsRead()
    {
        QFETCH(QString, dump);
        QFile script(QFINDTESTDATA(dump));
        QVERIFY(script.open(QIODevice::ReadOnly));
        fs::create_directories(m_folder);
        QVERIFY(runScript(file(), script.readAll()));
        auto store = open();
        QVERIFY2(store.has_value(), store ? "" : store.error().detail.c_str());
        std::promise<std::optional<Error>> answered;
        (*store)->read(
            [](Reader &reader) {
                const auto order = reader.order(newOrder(1).id);
                QVERIFY(order.has_value());
                QCOMPARE(order->state, domain::OrderState::Ready);
                QCOMPARE(order->number, 1);
                QCOMPARE(order->drink.options, std::vector<std::string>{"oat"});
                QCOMPARE(reader.history(order->execution).size(), 4U);
                QVERIFY(reader.execution(order->execution).has_value());
                QVERIFY(reader.waitFor(order->execution, "pickup").has_value());
                QCOMPARE(reader.outbox(0, 10).size(), 4U);
                QCOMPARE(reader.newestBucket(booth, Timestamp::max())->tokensLeft, 9);
                QVERIFY(reader.shopState(booth)->open);
                QCOMPARE(reader.itemState(booth, "latte")->stock, 7);
                QCOMPARE(reader.user(UserId("ada"))->role, Role::Barista);
                QCOMPARE(reader.revokedUsers().size(), 1U);
                QCOMPARE(reader.definition("hash"), "{}");
                QCOMPARE(reader.lastHeartbeat(), morning);
                QCOMPARE(reader.outageTotal(), Milliseconds(5));
            },
            [&](std::optional<Error> error) { answered.set_value(std::move(error)); });
        QVERIFY(!answered.get_future().get());
    }

    void whatWasAcknowledgedSurvivesBeingKilled()
    {
        std::set<std::int64_t> acknowledged;
        for (int round = 0; round < 8; ++round) {
            QProcess victim;
            victim.start(QCoreApplication::applicationFilePath(),
                         {QString(victimArgument), QString::fromStdString(m_folder.string())});
            QByteArray output;
            const int enough = 20 + 35 * round;
            while (output.count('\n') < enough && victim.waitForReadyRead(20'000))
                output += victim.readAll();
            victim.kill();
            QVERIFY(victim.waitForFinished());
            output += victim.readAll();
            QVERIFY(output.count('\n') >= enough);
            output.truncate(output.lastIndexOf('\n'));
            for (const auto &line : output.split('\n'))
                QVERIFY2(acknowledged.insert(line.toLongLong()).second, "a number was given twice");

            const auto orders = ask(file(), "SELECT count(*) FROM orders");
            QCOMPARE(ask(file(), "SELECT count(DISTINCT number) FROM orders"), orders);
            QCOMPARE(ask(file(), "SELECT max(number) FROM orders"), orders);
            QCOMPARE(ask(file(), "SELECT last FROM order_numbers"), orders);
            QCOMPARE(ask(file(), "SELECT count(*) FROM outbox JOIN orders ON orders.id = outbox.order_id"), orders);
            QVERIFY(*acknowledged.rbegin() <= orders);
        }
    }

    void listsAndCountsOfManyOrdersUseTheirIndexes()
    {
        QVERIFY(open().has_value());
        const QByteArray unfinished = planOf(storage::sql::unfinishedOrdersOfEventIn);
        QVERIFY2(unfinished.contains("orders_unfinished"), unfinished.constData());
        constexpr auto statements = std::to_array<const char *>(
            {storage::sql::openOrderOf, storage::sql::countOpenOrders, storage::sql::countOrdersBefore,
             storage::sql::drinksOf, storage::sql::ordersOfEvent, storage::sql::ordersOfOwner,
             storage::sql::extendOrders, storage::sql::newestBucket, storage::sql::newerBucket,
             storage::sql::earliestDeadline, storage::sql::dueWaits, storage::sql::removeExpiredIdempotency});
        for (const char *statement : statements) {
            const QByteArray plan = planOf(statement);
            QVERIFY2(plan.contains("INDEX"), (statement + (" -> " + plan)).constData());
            QVERIFY2(!plan.contains("TEMP B-TREE"), (statement + (" -> " + plan)).constData());
        }
    }

private:
    Result<std::unique_ptr<storage::SqliteStore>> open() const
    {
        return storage::SqliteStore::open({.folder = m_folder, .clock = m_clock});
    }

    fs::path file() const { return m_folder / "brewline.db"; }

    QByteArray planOf(const char *sql) const
    {
        const QByteArray question = QByteArray("EXPLAIN QUERY PLAN ") + sql;
        sqlite3 *database = nullptr;
        sqlite3_stmt *statement = nullptr;
        QByteArray plan;
        if (sqlite3_open(file().c_str(), &database) == SQLITE_OK &&
            sqlite3_prepare_v2(database, question.constData(), -1, &statement, nullptr) == SQLITE_OK) {
            while (sqlite3_step(statement) == SQLITE_ROW)
                plan += reinterpret_cast<const char *>(sqlite3_column_text(statement, 3));
        }
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return plan;
    }

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;
    StandingClock m_clock{morning};
};

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc == 3 && QLatin1StringView(argv[1]) == victimArgument)
        return writeUntilKilled(argv[2]);
    StorageFilesTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_storagefiles.moc"
