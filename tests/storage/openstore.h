// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "storage/sqlitestore.h"

#include <QTemporaryDir>
#include <QtGlobal>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace brewline::test {

/// A clock that stands until a test moves it.
class StandingClock final : public Clock {
public:
    explicit StandingClock(Timestamp now)
        : m_now(now)
    {
    }
    [[nodiscard]] Timestamp now() const override { return m_now.load(); }
    void set(Timestamp now) { m_now = now; }

private:
    std::atomic<Timestamp> m_now;
};

/// A store in a folder of its own, with calls that wait for their answer.
class OpenStore {
public:
    OpenStore();
    ~OpenStore();

    /// Opens the store again in the same folder.
    void reopen(std::size_t queueLimit = 5000, std::size_t batchLimit = 64);
    void close() { m_store.reset(); }

    [[nodiscard]] std::filesystem::path folder() const;
    storage::SqliteStore &store() { return *m_store; }
    StandingClock &clock() { return m_clock; }

    std::optional<Error> write(application::Store::Command command);
    /// Runs \a change in a command that commits; whether that worked.
    bool change(std::function<void(application::Transaction &)> change);
    std::optional<Error> read(application::Store::Query query);

    /// What \a question says on the read thread, and the same inside a command; both must agree.
    template<typename Answer>
    Answer ask(std::function<Answer(application::Reader &)> question)
    {
        std::optional<Answer> outside;
        std::optional<Answer> inside;
        const auto readError = read([&](application::Reader &reader) { outside = question(reader); });
        const auto writeError = write([&](application::Transaction &transaction) {
            inside = question(transaction);
            return application::Verdict::Rollback;
        });
        if (readError || writeError || outside != inside)
            qFatal("The read thread and the storage thread do not agree.");
        return *std::move(outside);
    }

private:
    QTemporaryDir m_folder;
    StandingClock m_clock;
    std::unique_ptr<storage::SqliteStore> m_store;
};

/// Holds the storage thread inside a command, so that what is written meanwhile becomes one batch.
class HeldStore {
public:
    explicit HeldStore(application::Store &store);
    ~HeldStore();
    HeldStore(const HeldStore &) = delete;
    HeldStore &operator=(const HeldStore &) = delete;

    /// Adds a command to the batch; the future tells its answer.
    std::future<std::optional<Error>> write(application::Store::Command command);
    void release();

private:
    application::Store &m_store;
    std::promise<void> m_gate;
    bool m_isReleased = false;
};

} // namespace brewline::test
