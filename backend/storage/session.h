// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"
#include "storage/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brewline::storage {

/// Binds one value, as SQLite keeps it, to the statement's place \a index, the first being 1. Texts are copied. False
/// when SQLite refuses, as for a statement that is still running.
bool bind(sqlite3_stmt *statement, int index, std::string_view text);
bool bind(sqlite3_stmt *statement, int index, std::int64_t number);
bool bindNull(sqlite3_stmt *statement, int index);
bool bind(sqlite3_stmt *statement, int index, const char *text) = delete; ///< would count as a flag
inline bool bind(sqlite3_stmt *statement, int index, const std::string &text)
{
    return bind(statement, index, std::string_view(text));
}
inline bool bind(sqlite3_stmt *statement, int index, int number)
{
    return bind(statement, index, std::int64_t(number));
}
inline bool bind(sqlite3_stmt *statement, int index, std::uint32_t number)
{
    return bind(statement, index, std::int64_t(number));
}
inline bool bind(sqlite3_stmt *statement, int index, bool flag)
{
    return bind(statement, index, std::int64_t(flag));
}
inline bool bind(sqlite3_stmt *statement, int index, Timestamp time)
{
    return bind(statement, index, toMilliseconds(time));
}
inline bool bind(sqlite3_stmt *statement, int index, Milliseconds duration)
{
    return bind(statement, index, std::int64_t(duration.count()));
}
template<typename Tag>
bool bind(sqlite3_stmt *statement, int index, const Id<Tag> &id)
{
    return bind(statement, index, std::string_view(id.text()));
}
template<typename T>
bool bind(sqlite3_stmt *statement, int index, const std::optional<T> &value)
{
    return value ? bind(statement, index, *value) : bindNull(statement, index);
}

class Session;

/// The rows of a running SELECT or RETURNING; the statement is finished when it goes out of scope, since a COMMIT does
/// not work, and a reader does not see new commits, while one is still open.
class Rows {
public:
    Rows(Session &session, sqlite3_stmt *statement);
    ~Rows();
    Rows(const Rows &) = delete;
    Rows &operator=(const Rows &) = delete;

    bool next();
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] int count(int column) const { return static_cast<int>(number(column)); }
    [[nodiscard]] bool flag(int column) const { return number(column) != 0; }
    [[nodiscard]] Timestamp time(int column) const { return timestampFromMilliseconds(number(column)); }
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optionalNumber(int column) const;
    [[nodiscard]] std::optional<Timestamp> optionalTime(int column) const;

private:
    Session &m_session;
    sqlite3_stmt *m_statement; ///< null when the statement failed
};

/// Runs statements on a connection until one fails: from then on every statement gives nothing, so that the code in
/// between needs no checks, and failure() tells at the end.
class Session {
public:
    enum class Failure {
        Refused, ///< a constraint, or a row that must exist: only this command is wrong
        Broken,  ///< anything else: the transaction is not to be trusted
    };

    explicit Session(Connection &connection)
        : m_connection(connection)
    {
    }

    template<typename... Values>
    Rows select(const char *sql, const Values &...values)
    {
        return Rows(*this, run(sql, values...));
    }

    /// Number of rows that were changed.
    template<typename... Values>
    int change(const char *sql, const Values &...values)
    {
        sqlite3_stmt *statement = run(sql, values...);
        return statement ? finishChange(statement) : 0;
    }

    [[nodiscard]] std::optional<Failure> failure() const { return m_failure; }
    [[nodiscard]] const std::string &failureText() const { return m_failureText; }

    /// Notes that a command asked for what cannot be.
    void refuse(std::string text);
    /// Notes that the last statement failed.
    void fail();

private:
    template<typename... Values>
    sqlite3_stmt *run(const char *sql, const Values &...values)
    {
        sqlite3_stmt *statement = prepare(sql);
        if (!statement)
            return nullptr;
        [[maybe_unused]] int index = 1;
        if (!(bind(statement, index++, values) && ...)) {
            fail();
            return nullptr;
        }
        return statement;
    }

    sqlite3_stmt *prepare(const char *sql);
    int finishChange(sqlite3_stmt *statement);

    Connection &m_connection;
    std::optional<Failure> m_failure;
    std::string m_failureText;
};

} // namespace brewline::storage
