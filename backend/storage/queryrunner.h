// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/connection.h"
#include "storage/requests.h"

#include <filesystem>
#include <memory>

namespace brewline::storage {

/// Runs queries on the read thread, each in a short transaction of its own: it sees one state, and the newest one.
class QueryRunner {
public:
    explicit QueryRunner(std::filesystem::path file);

    Result<void> open();
    /// Runs and answers \a request.
    void run(ReadRequest &request);
    void close();

private:
    std::optional<Error> ask(const application::Store::Query &query);
    void logFailure(const std::string &why);

    const std::filesystem::path m_file;
    std::unique_ptr<Connection> m_connection;
};

} // namespace brewline::storage
