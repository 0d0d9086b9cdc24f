// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"
#include "storage/connection.h"

#include <QSqlQuery>
#include <QVariant>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brewline::storage {

/// Values as SQLite keeps them. Unsigned 64-bit numbers have no overload: Qt would bind them as text.
QVariant toColumn(std::string_view text);
inline QVariant toColumn(const std::string &text)
{
    return toColumn(std::string_view(text));
}
template<std::signed_integral Number>
QVariant toColumn(Number number)
{
    return QVariant(static_cast<qlonglong>(number));
}
inline QVariant toColumn(std::uint32_t number)
{
    return QVariant(static_cast<qlonglong>(number));
}
inline QVariant toColumn(bool flag)
{
    return QVariant(static_cast<qlonglong>(flag ? 1 : 0));
}
inline QVariant toColumn(Timestamp time)
{
    return QVariant(static_cast<qlonglong>(toMilliseconds(time)));
}
inline QVariant toColumn(Milliseconds duration)
{
    return QVariant(static_cast<qlonglong>(duration.count()));
}
template<typename Tag>
QVariant toColumn(const Id<Tag> &id)
{
    return toColumn(std::string_view(id.text()));
}
template<typename T>
QVariant toColumn(const std::optional<T> &value)
{
    return value ? toColumn(*value) : QVariant();
}

class Session;

/// The rows of a running SELECT or RETURNING; the statement is finished when it goes out of scope, since a COMMIT does
/// not work, and a reader does not see new commits, while one is still open.
class Rows {
public:
    Rows(Session &session, QSqlQuery *query);
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
    QSqlQuery *m_query; ///< null when the statement failed
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
        QSqlQuery *query = run(sql, values...);
        return query ? query->numRowsAffected() : 0;
    }

    [[nodiscard]] std::optional<Failure> failure() const { return m_failure; }
    [[nodiscard]] const std::string &failureText() const { return m_failureText; }

    /// Notes that a command asked for what cannot be.
    void refuse(std::string text);
    /// Notes that the last statement failed.
    void fail();

private:
    template<typename... Values>
    QSqlQuery *run(const char *sql, const Values &...values)
    {
        QSqlQuery *query = prepare(sql);
        if (!query)
            return nullptr;
        [[maybe_unused]] int position = 0;
        (query->bindValue(position++, toColumn(values)), ...);
        return finishRun(query);
    }

    QSqlQuery *prepare(const char *sql);
    QSqlQuery *finishRun(QSqlQuery *query);

    Connection &m_connection;
    std::optional<Failure> m_failure;
    std::string m_failureText;
};

} // namespace brewline::storage
