// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/store.h"
#include "core/clock.h"

#include <QTemporaryDir>

#include <memory>

namespace brewline::storage {
class SqliteStore;
}

namespace brewline::test {

/// The real store in a folder that is removed with it; in memory where the system offers that, as tests wait for each
/// commit. Needs a QCoreApplication.
class TemporaryStore final : public application::Store {
public:
    /// \a clock must outlive the store. Ends the program when the store cannot be opened.
    explicit TemporaryStore(const Clock &clock);
    ~TemporaryStore() override;

    /// As after the end of the program and its next start: what was committed is there.
    void reopen();

    void write(Command command, Completion completion) override;
    void read(Query query, Completion completion) override;
    void setObserver(Observer observer) override;

private:
    void open();

    QTemporaryDir m_folder;
    const Clock &m_clock;
    std::unique_ptr<storage::SqliteStore> m_store;
};

} // namespace brewline::test
