// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/session.h"

#include <QSqlError>
#include <QString>

#include <sqlite3.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace brewline::storage {

QVariant toColumn(std::string_view text)
{
    // A null QString would become NULL, which is not the empty text.
    return text.empty() ? QVariant(u""_s)
                        : QVariant(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

Rows::Rows(Session &session, QSqlQuery *query)
    : m_session(session)
    , m_query(query)
{
}

Rows::~Rows()
{
    if (m_query)
        m_query->finish();
}

bool Rows::next()
{
    if (!m_query)
        return false;
    if (m_query->next())
        return true;
    if (m_query->lastError().isValid())
        m_session.fail();
    return false;
}

std::string Rows::text(int column) const
{
    return m_query->value(column).toString().toStdString();
}

std::int64_t Rows::number(int column) const
{
    return m_query->value(column).toLongLong();
}

bool Rows::isNull(int column) const
{
    return m_query->isNull(column);
}

std::optional<std::int64_t> Rows::optionalNumber(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(number(column));
}

std::optional<Timestamp> Rows::optionalTime(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(time(column));
}

QSqlQuery *Session::prepare(const char *sql)
{
    if (m_failure)
        return nullptr;
    QSqlQuery *query = m_connection.prepared(sql);
    if (!query)
        fail();
    return query;
}

QSqlQuery *Session::finishRun(QSqlQuery *query)
{
    if (query->exec())
        return query;
    fail();
    query->finish();
    return nullptr;
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
