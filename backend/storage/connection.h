// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QSqlDatabase>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace brewline::storage {

/// A connection to the database file. It is made, used and destroyed by one and the same thread, as QtSql demands.
class Connection {
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// StorageUnavailable when the file cannot be opened.
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path &file, Mode mode);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// The prepared statement of \a sql, made at its first use and kept; null when it cannot be made. \a sql is a
    /// constant with static lifetime: its address is the key.
    sqlite3_stmt *prepared(const char *sql);
    /// Runs a prepared statement that has no parameters and no rows.
    bool execute(const char *sql);
    /// Runs several statements separated by semicolons, once.
    bool runScript(std::string_view script);
    /// The value that a statement such as "PRAGMA user_version" gives, nothing on failure.
    std::optional<std::int64_t> number(const char *sql);

    /// Whether a transaction is open. SQLite ends one by itself on some errors (a full disk), all savepoints included.
    [[nodiscard]] bool inTransaction() const;
    /// SQLite's code of the last failure: the primary one, e.g. SQLITE_CONSTRAINT.
    [[nodiscard]] int errorCode() const;
    /// What failed last, for the log. It names tables and columns, never values.
    [[nodiscard]] std::string errorText() const;

    /// Rows that the last statement changed.
    [[nodiscard]] int changedRows() const;

    /// Pages in the write-ahead log after this connection's last commit.
    [[nodiscard]] int logPages() const { return m_logPages; }

private:
    explicit Connection(QString name);

    bool configure(Mode mode);
    bool usesLog();

    QString m_name;
    QSqlDatabase m_database;
    sqlite3 *m_handle = nullptr;
    std::unordered_map<const char *, sqlite3_stmt *> m_statements;
    int m_logPages = 0;
};

} // namespace brewline::storage
