// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/clock.h"
#include "core/result.h"
#include "storage/connection.h"
#include "storage/requests.h"
#include "storage/session.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace brewline::storage {

class SqliteTransaction;

/// Runs batches of commands, each batch in one transaction with one sync of the disk, on the storage thread. It owns
/// the one connection that writes.
///
/// All commands of a batch share its fate, those that rolled back too: what they decided may rest on what an earlier
/// command of the batch wrote, so they are answered when that is known to be kept.
class GroupCommit {
public:
    /// \a clock must outlive this object.
    GroupCommit(std::filesystem::path file, const Clock &clock);
    ~GroupCommit();

    Result<void> open();
    /// Runs and answers every request of \a batch, then tells \a observer what grew.
    void run(std::vector<WriteRequest> &batch, const application::Store::Observer &observer);
    /// Moves the write-ahead log into the database once it is long, while nobody waits for it.
    void checkpointIfDue();
    /// Moves all of it and closes the connection.
    void close();

private:
    /// What one command came to.
    struct Outcome {
        std::optional<Error> error;
        bool isKept = false;
        bool hasGrownOutbox = false;
        bool hasChangedDeadlines = false;
    };

    bool begin();
    std::optional<Error> runAll(std::vector<WriteRequest> &batch);
    bool runOne(const application::Store::Command &command, Outcome &outcome);
    bool keep(const SqliteTransaction &transaction, Outcome &outcome);
    bool undo();
    std::optional<Error> finish();
    void abandon();
    void logFailure(const char *what);

    const std::filesystem::path m_file;
    const Clock &m_clock;
    std::unique_ptr<Connection> m_connection;
    std::vector<Outcome> m_outcomes;
    int m_pagesAtCheckpoint = 0;
};

} // namespace brewline::storage
