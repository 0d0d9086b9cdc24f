// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "domain/event.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace brewline::service {

/// The backend's folder and the small files in it.
class DataFolder {
public:
    /// Makes \a path (mode 0700) when it is not there; an error when it cannot be used.
    static Result<DataFolder> open(const QString &path);

    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] QString file(QLatin1StringView name) const;

    /// Replaces \a name as a whole or not at all, readable by its owner only.
    Result<void> writePrivately(QLatin1StringView name, const QByteArray &content) const;
    /// Empty when it is not there.
    [[nodiscard]] QByteArray read(QLatin1StringView name) const;
    void remove(QLatin1StringView name) const;

    /// The events of \a files, or else of events/\*.toml, which a first start fills with the demo event.
    Result<std::vector<domain::Event>> readEvents(const QStringList &files) const;

private:
    explicit DataFolder(QString path);
    Result<QStringList> ownEventFiles() const;

    QString m_path;
};

} // namespace brewline::service
