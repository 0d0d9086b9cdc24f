// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/clock.h"
#include "core/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace brewline::storage {

/// The store in one SQLite file, DIR/brewline.db, written by one process.
///
/// Commands run on the storage thread in batches that are committed, and synced to the disk, together; queries run on
/// the read thread. What each failure means for a caller:
/// - StorageUnavailable: nothing was changed. The database is locked, full or cannot be read, or the store is closing.
///   It works again by itself once the cause is gone.
/// - OutcomeUnknown: the disk failed while committing. Repeat with the same Idempotency-Key.
/// - Internal: this command alone was rolled back: it broke a constraint, threw, updated an execution that does not
///   exist or replaced an idempotent answer that has not expired. The log tells.
/// - Busy: the queue is full; the completion is called at once, on the caller's thread. So is that of a request to a
///   closed store.
/// A command that rolls back by its verdict is answered together with its batch.
///
/// Needs a QCoreApplication while it is open (Qt finds its database driver by it).
class SqliteStore final : public application::Store {
public:
    struct Options {
        std::filesystem::path folder;  ///< made when missing, mode 0700
        const Clock &clock;            ///< must outlive the store
        std::size_t queueLimit = 5000; ///< commands, and as many queries, that may wait before Busy
        std::size_t batchLimit = 64;   ///< commands in one commit; at least 1
    };

    /// Locks the folder, brings the database to the present schema (an older one is copied to
    /// DIR/brewline.db.before-<n> first) and starts the threads. InvalidConfiguration when another backend uses the
    /// folder, it cannot be written, or the database is of a newer schema; StorageUnavailable when the database cannot
    /// be used for another reason.
    static Result<std::unique_ptr<SqliteStore>> open(const Options &options);
    ~SqliteStore() override;

    void write(Command command, Completion completion) override;
    void read(Query query, Completion completion) override;
    void setObserver(Observer observer) override;

    /// Works off what waits, calls its completions, moves the log into the database and lets go of the folder. Requests
    /// that come later are answered with StorageUnavailable. Not to be called from a completion.
    void close();

private:
    class Threads;
    explicit SqliteStore(std::unique_ptr<Threads> threads);

    std::unique_ptr<Threads> m_threads;
};

} // namespace brewline::storage
