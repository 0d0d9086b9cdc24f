// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlitestore.h"

#include "storage/folderlock.h"
#include "storage/groupcommit.h"
#include "storage/migrations.h"
#include "storage/queryrunner.h"
#include "storage/requestqueue.h"
#include "storage/requests.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace brewline::storage {

namespace {

constexpr char fileName[] = "brewline.db";

template<typename Request>
void submit(RequestQueue<Request> &queue, Request request)
{
    using Answer = typename RequestQueue<Request>::Answer;
    const auto taken = queue.push(request);
    if (taken != Answer::Taken)
        answer(request.completion, taken == Answer::Full ? busy() : closing());
}

} // namespace

class SqliteStore::Threads {
public:
    Threads(FolderLock lock, const Options &options)
        : m_lock(std::move(lock))
        , m_file(options.folder / fileName)
        , m_clock(options.clock)
        , m_batchLimit(std::max<std::size_t>(options.batchLimit, 1))
        , m_writes(options.queueLimit)
        , m_reads(options.queueLimit)
    {
    }

    ~Threads() { stop(); }
    Threads(const Threads &) = delete;
    Threads &operator=(const Threads &) = delete;

    Result<void> start()
    {
        std::promise<Result<void>> writerIsOpen;
        m_writer = std::thread([this, &writerIsOpen] { writeLoop(writerIsOpen); });
        // The reader cannot make the log's index, so it waits for the writer to have done so.
        if (auto opened = writerIsOpen.get_future().get(); !opened)
            return opened;
        std::promise<Result<void>> readerIsOpen;
        m_reader = std::thread([this, &readerIsOpen] { readLoop(readerIsOpen); });
        return readerIsOpen.get_future().get();
    }

    /// The writer ends last: only the last connection to close can remove the log, and the reader's cannot write.
    void stop()
    {
        const std::lock_guard guard(m_stopping);
        m_reads.close();
        if (m_reader.joinable())
            m_reader.join();
        m_writes.close();
        if (m_writer.joinable())
            m_writer.join();
        m_lock.reset();
    }

    void write(WriteRequest request) { submit(m_writes, std::move(request)); }
    void read(ReadRequest request) { submit(m_reads, std::move(request)); }
    void setObserver(Observer observer) { m_observer = std::move(observer); }

private:
    void writeLoop(std::promise<Result<void>> &isOpen)
    {
        GroupCommit commits(m_file, m_clock);
        auto opened = commits.open();
        const bool works = opened.has_value();
        isOpen.set_value(std::move(opened));
        std::vector<WriteRequest> batch;
        while (works && m_writes.take(batch, m_batchLimit)) {
            commits.run(batch, m_observer);
            commits.checkpointIfDue();
        }
        commits.close();
    }

    void readLoop(std::promise<Result<void>> &isOpen)
    {
        QueryRunner queries(m_file);
        auto opened = queries.open();
        const bool works = opened.has_value();
        isOpen.set_value(std::move(opened));
        std::vector<ReadRequest> next;
        while (works && m_reads.take(next, 1))
            queries.run(next.front());
        queries.close();
    }

    std::optional<FolderLock> m_lock;
    const std::filesystem::path m_file;
    const Clock &m_clock;
    const std::size_t m_batchLimit;
    RequestQueue<WriteRequest> m_writes;
    RequestQueue<ReadRequest> m_reads;
    Observer m_observer;
    std::mutex m_stopping;
    std::thread m_writer;
    std::thread m_reader;
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options &options)
{
    auto lock = FolderLock::take(options.folder);
    if (!lock)
        return tl::unexpected(lock.error());
    if (auto migrated = migrate(options.folder / fileName); !migrated)
        return tl::unexpected(migrated.error());
    auto threads = std::make_unique<Threads>(*std::move(lock), options);
    if (auto started = threads->start(); !started)
        return tl::unexpected(started.error());
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(threads)));
}

SqliteStore::SqliteStore(std::unique_ptr<Threads> threads)
    : m_threads(std::move(threads))
{
}

SqliteStore::~SqliteStore() = default;

void SqliteStore::write(Command command, Completion completion)
{
    m_threads->write({std::move(command), std::move(completion)});
}

void SqliteStore::read(Query query, Completion completion)
{
    m_threads->read({std::move(query), std::move(completion)});
}

void SqliteStore::setObserver(Observer observer)
{
    m_threads->setObserver(std::move(observer));
}

void SqliteStore::close()
{
    m_threads->stop();
}

} // namespace brewline::storage
