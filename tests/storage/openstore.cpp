// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "openstore.h"

#include "records.h"

#include <QtGlobal>

#include <utility>

namespace brewline::test {

using application::Store;
using application::Transaction;
using application::Verdict;

OpenStore::OpenStore()
    : m_clock(morning)
{
    reopen();
}

OpenStore::~OpenStore() = default;

void OpenStore::reopen(std::size_t queueLimit, std::size_t batchLimit)
{
    m_store.reset();
    auto opened = storage::SqliteStore::open(
        {.folder = folder(), .clock = m_clock, .queueLimit = queueLimit, .batchLimit = batchLimit});
    if (!opened)
        qFatal("The store cannot be opened: %s", opened.error().detail.c_str());
    m_store = *std::move(opened);
}

std::filesystem::path OpenStore::folder() const
{
    return m_folder.path().toStdString();
}

std::optional<Error> OpenStore::write(Store::Command command)
{
    std::promise<std::optional<Error>> answered;
    m_store->write(std::move(command), [&](std::optional<Error> error) { answered.set_value(std::move(error)); });
    return answered.get_future().get();
}

bool OpenStore::change(std::function<void(Transaction &)> change)
{
    return !write([&](Transaction &transaction) {
        change(transaction);
        return Verdict::Commit;
    });
}

std::optional<Error> OpenStore::read(Store::Query query)
{
    std::promise<std::optional<Error>> answered;
    m_store->read(std::move(query), [&](std::optional<Error> error) { answered.set_value(std::move(error)); });
    return answered.get_future().get();
}

HeldStore::HeldStore(Store &store)
    : m_store(store)
{
    std::promise<void> started;
    m_store.write(
        [&started, gate = std::make_shared<std::future<void>>(m_gate.get_future())](Transaction &) {
            started.set_value();
            gate->wait();
            return Verdict::Rollback;
        },
        {});
    started.get_future().wait();
}

HeldStore::~HeldStore()
{
    release();
}

std::future<std::optional<Error>> HeldStore::write(Store::Command command)
{
    auto answered = std::make_shared<std::promise<std::optional<Error>>>();
    auto future = answered->get_future();
    m_store.write(std::move(command),
                  [answered](std::optional<Error> error) { answered->set_value(std::move(error)); });
    return future;
}

void HeldStore::release()
{
    if (!std::exchange(m_isReleased, true))
        m_gate.set_value();
}

} // namespace brewline::test
