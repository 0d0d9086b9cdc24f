// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/temporarystore.h"

#include "storage/sqlitestore.h"

#include <QDir>
#include <QFileInfo>

namespace brewline::test {

namespace {

QString folderTemplate()
{
    const QFileInfo memory(QStringLiteral("/dev/shm"));
    return (memory.isWritable() ? memory.filePath() : QDir::tempPath()) + QStringLiteral("/brewline-XXXXXX");
}

} // namespace

TemporaryStore::TemporaryStore(const Clock &clock)
    : m_folder(folderTemplate())
    , m_clock(clock)
{
    open();
}

TemporaryStore::~TemporaryStore() = default;

void TemporaryStore::open()
{
    auto opened = storage::SqliteStore::open({.folder = m_folder.path().toStdString(), .clock = m_clock});
    if (!opened)
        qFatal("The temporary store cannot be opened: %s", opened.error().detail.c_str());
    m_store = *std::move(opened);
}

void TemporaryStore::reopen()
{
    m_store.reset();
    open();
}

void TemporaryStore::write(Command command, Completion completion)
{
    m_store->write(std::move(command), std::move(completion));
}

void TemporaryStore::read(Query query, Completion completion)
{
    m_store->read(std::move(query), std::move(completion));
}

void TemporaryStore::setObserver(Observer observer)
{
    m_store->setObserver(std::move(observer));
}

} // namespace brewline::test
