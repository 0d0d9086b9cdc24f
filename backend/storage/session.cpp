// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/session.h"

#include <sqlite3.h>

#include <utility>

namespace brewline::storage {

bool bind(sqlite3_stmt *statement, int index, std::string_view text)
{
    // An empty view may point nowhere, which would make it NULL.
    const char *const bytes = text.data() ? text.data() : "";
    return sqlite3_bind_text64(statement, index, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK;
}

bool bind(sqlite3_stmt *statement, int index, std::int64_t number)
{
    return sqlite3_bind_int64(statement, index, number) == SQLITE_OK;
}

bool bindNull(sqlite3_stmt *statement, int index)
{
    return sqlite3_bind_null(statement, index) == SQLITE_OK;
}

Rows::Rows(Session &session, sqlite3_stmt *statement)
    : m_session(session)
    , m_statement(statement)
{
}

Rows::~Rows()
{
    if (m_statement)
        sqlite3_reset(m_statement);
}

bool Rows::next()
{
    if (!m_statement)
        return false;
    const int result = sqlite3_step(m_statement);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        m_session.fail();
    sqlite3_reset(m_statement);
    m_statement = nullptr;
    return false;
}

std::string Rows::text(int column) const
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)))
                 : std::string();
}

std::int64_t Rows::number(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

bool Rows::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Rows::optionalNumber(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(number(column));
}

std::optional<Timestamp> Rows::optionalTime(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(time(column));
}

sqlite3_stmt *Session::prepare(const char *sql)
{
    if (m_failure)
        return nullptr;
    sqlite3_stmt *statement = m_connection.prepared(sql);
    if (!statement)
        fail();
    return statement;
}

int Session::finishChange(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        fail();
    sqlite3_reset(statement);
    return m_failure ? 0 : m_connection.changedRows();
}

void Session::refuse(std::string text)
{
    if (m_failure)
        return;
    m_failure = Failure::Refused;
    m_failureText = std::move(text);
}

void Session::fail()
{
    if (m_failure)
        return;
    m_failure = m_connection.errorCode() == SQLITE_CONSTRAINT ? Failure::Refused : Failure::Broken;
    m_failureText = m_connection.errorText();
}

} // namespace brewline::storage
