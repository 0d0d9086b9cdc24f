// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/datafolder.h"

#include "application/eventfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <sys/stat.h>

namespace brewline::service {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> wrong(const QString &detail)
{
    return failure(ErrorCode::InvalidConfiguration, detail.toStdString());
}

} // namespace

DataFolder::DataFolder(QString path)
    : m_path(std::move(path))
{
}

Result<DataFolder> DataFolder::open(const QString &path)
{
    const QString absolute = QDir(path).absolutePath();
    const bool isNew = !QFileInfo::exists(absolute);
    if (isNew && !QDir().mkpath(absolute))
        return wrong(u"Cannot make the data folder "_s + absolute +
                     u"; choose another with --data or check its parent's permissions."_s);
    if (isNew)
        ::chmod(QFile::encodeName(absolute).constData(), 0700);
    const QFileInfo info(absolute);
    if (!info.isDir())
        return wrong(u"The data folder "_s + absolute + u" is not a folder."_s);
    if (!info.isReadable() || !info.isWritable() || !info.isExecutable())
        return wrong(u"The data folder "_s + absolute + u" cannot be read and written by this user."_s);
    return DataFolder(absolute);
}

QString DataFolder::file(QLatin1StringView name) const
{
    return m_path + u'/' + name;
}

Result<void> DataFolder::writePrivately(QLatin1StringView name, const QByteArray &content) const
{
    QSaveFile file(this->file(name));
    const bool written = file.open(QIODevice::WriteOnly) &&
                         file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                         file.write(content) == content.size() && file.commit();
    if (!written)
        return wrong(u"Cannot write "_s + file.fileName() + u": "_s + file.errorString() + u'.');
    return {};
}

QByteArray DataFolder::read(QLatin1StringView name) const
{
    QFile file(this->file(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void DataFolder::remove(QLatin1StringView name) const
{
    QFile::remove(file(name));
}

Result<QStringList> DataFolder::ownEventFiles() const
{
    QDir folder(file("events"_L1));
    const QStringList pattern{u"*.toml"_s};
    if (!folder.exists() || folder.entryList(pattern, QDir::Files).isEmpty()) {
        const std::string_view demo = application::demoEventFile();
        if (!folder.mkpath(u"."_s))
            return wrong(u"Cannot make the folder "_s + folder.path() + u'.');
        const auto written = writePrivately("events/ABC.toml"_L1, QByteArray(demo.data(), qsizetype(demo.size())));
        if (!written)
            return tl::unexpected(written.error());
    }
    QStringList files;
    folder.refresh();
    for (const QString &name : folder.entryList(pattern, QDir::Files, QDir::Name))
        files.append(folder.filePath(name));
    return files;
}

Result<std::vector<domain::Event>> DataFolder::readEvents(const QStringList &given) const
{
    QStringList files = given;
    if (files.isEmpty()) {
        auto own = ownEventFiles();
        if (!own)
            return tl::unexpected(own.error());
        files = *std::move(own);
    }
    std::vector<domain::Event> events;
    for (const QString &name : files) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return wrong(u"Cannot read the event file "_s + name + u": "_s + file.errorString() + u'.');
        auto event = application::readEventFile(file.readAll().toStdString(), name.toStdString());
        if (!event)
            return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    return events;
}

} // namespace brewline::service
