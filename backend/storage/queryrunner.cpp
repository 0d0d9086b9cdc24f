// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/queryrunner.h"

#include "core/logging.h"
#include "storage/sql.h"
#include "storage/sqlitereading.h"

#include <exception>
#include <utility>

namespace brewline::storage {

QueryRunner::QueryRunner(std::filesystem::path file)
    : m_file(std::move(file))
{
}

Result<void> QueryRunner::open()
{
    auto connection = Connection::open(m_file, Connection::Mode::ReadOnly);
    if (!connection)
        return tl::unexpected(connection.error());
    m_connection = *std::move(connection);
    return {};
}

void QueryRunner::run(ReadRequest &request)
{
    answer(request.completion, ask(request.query));
}

void QueryRunner::close()
{
    m_connection.reset();
}

std::optional<Error> QueryRunner::ask(const application::Store::Query &query)
{
    if (!m_connection) {
        if (auto opened = open(); !opened) {
            logFailure(opened.error().detail);
            return unavailable();
        }
    }
    if (!m_connection->execute(sql::begin)) {
        logFailure(m_connection->errorText());
        m_connection.reset();
        return unavailable();
    }
    Session session(*m_connection);
    SqliteReading<application::Reader> reader(session);
    std::optional<Error> error;
    try {
        query(reader);
    } catch (const std::exception &exception) {
        qCCritical(lcStorage) << "A query threw:" << exception.what();
        error = internalError();
    } catch (...) {
        qCCritical(lcStorage) << "A query threw something that is no exception";
        error = internalError();
    }
    if (session.failure()) {
        logFailure(session.failureText());
        error = unavailable();
    }
    // Nothing was written, so there is nothing that a failing end could lose; a fresh connection begins cleanly.
    if (session.failure() || !m_connection->execute(sql::commit))
        m_connection.reset();
    return error;
}

void QueryRunner::logFailure(const std::string &why)
{
    qCWarning(lcStorage).nospace() << "A query failed: " << why.c_str();
}

} // namespace brewline::storage
