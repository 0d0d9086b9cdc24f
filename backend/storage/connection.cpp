// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/connection.h"

#include "core/logging.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>

#include <sqlite3.h>

#include <array>
#include <atomic>

using namespace Qt::StringLiterals;

namespace brewline::storage {

namespace {

// FULL syncs the write-ahead log at every commit: what was acknowledged survives a power cut. With NORMAL it would not.
constexpr char durability[] = "PRAGMA synchronous = FULL";
constexpr int busyTimeoutMs = 200;

/// Settings of the library that must be made before its first use. A connection stays on its thread, so SQLite need not
/// lock it at each call; and nobody asks for its memory statistics, which take one more lock an allocation.
void prepareLibrary()
{
    static const bool isPrepared = sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK &&
                                   sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
    if (!isPrepared)
        qCDebug(lcStorage) << "SQLite was in use before and keeps its own settings";
}

QString uniqueName()
{
    static std::atomic<int> counter{0};
    return u"brewline-%1"_s.arg(counter.fetch_add(1));
}

} // namespace

Connection::Connection(QString name)
    : m_name(std::move(name))
{
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path &file, Mode mode)
{
    prepareLibrary();
    std::unique_ptr<Connection> connection(new Connection(uniqueName()));
    auto &database = connection->m_database;
    database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
    if (!database.isValid())
        return failure(ErrorCode::StorageUnavailable, "Qt's SQLite driver (libqt6sql6-sqlite) is not installed.");
    database.setDatabaseName(QString::fromStdString(file.string()));
    auto options = u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(busyTimeoutMs);
    if (mode == Mode::ReadOnly)
        options += u";QSQLITE_OPEN_READONLY"_s;
    database.setConnectOptions(options);
    if (!database.open())
        return failure(ErrorCode::StorageUnavailable, "The database " + file.string() + " cannot be opened: " +
                                                          database.lastError().databaseText().toStdString() + ".");
    const QVariant handle = database.driver()->handle();
    connection->m_handle = *static_cast<sqlite3 *const *>(handle.constData());
    if (!connection->configure(mode))
        return failure(ErrorCode::StorageUnavailable,
                       "The database " + file.string() + " cannot be used: " + connection->errorText() + ".");
    return connection;
}

Connection::~Connection()
{
    for (const auto &[sql, statement] : m_statements)
        sqlite3_finalize(statement);
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

bool Connection::configure(Mode mode)
{
    if (mode == Mode::ReadOnly)
        return runScript("PRAGMA cache_size = -16384");
    // Checkpoints are made between batches instead of inside a commit, where everybody in the batch would wait for
    // them; the hook that replaces SQLite's own tells when one is due.
    sqlite3_wal_hook(
        m_handle,
        [](void *self, sqlite3 *, const char *, int pages) {
            static_cast<Connection *>(self)->m_logPages = pages;
            return SQLITE_OK;
        },
        this);
    return runScript("PRAGMA journal_mode = WAL; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY") &&
           runScript(durability) && usesLog();
}

/// Where a log is impossible, as on some network file systems, SQLite goes on without one and without an error.
bool Connection::usesLog()
{
    bool uses = false;
    sqlite3_exec(
        m_handle, "PRAGMA journal_mode",
        [](void *result, int, char **columns, char **) {
            *static_cast<bool *>(result) = columns[0] && std::string_view(columns[0]) == "wal";
            return 0;
        },
        &uses, nullptr);
    return uses;
}

sqlite3_stmt *Connection::prepared(const char *sql)
{
    if (const auto found = m_statements.find(sql); found != m_statements.end())
        return found->second;
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return nullptr;
    return m_statements.emplace(sql, statement).first->second;
}

bool Connection::execute(const char *sql)
{
    sqlite3_stmt *statement = prepared(sql);
    if (!statement)
        return false;
    sqlite3_step(statement);
    return sqlite3_reset(statement) == SQLITE_OK;
}

int Connection::changedRows() const
{
    return sqlite3_changes(m_handle);
}

bool Connection::runScript(std::string_view script)
{
    return sqlite3_exec(m_handle, std::string(script).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::optional<std::int64_t> Connection::number(const char *sql)
{
    sqlite3_stmt *statement = prepared(sql);
    if (!statement)
        return std::nullopt;
    std::optional<std::int64_t> value;
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

bool Connection::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

int Connection::errorCode() const
{
    return sqlite3_errcode(m_handle) & 0xff;
}

std::string Connection::errorText() const
{
    return sqlite3_errmsg(m_handle);
}

} // namespace brewline::storage
