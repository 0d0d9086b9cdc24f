// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <sys/types.h>

namespace brewline::e2e {

/// Where the build put its program \a name: the folder $BREWLINE_BIN, or "bin" beside the tests' folder.
QString program(const QString &name);

/// How a program ended.
struct Ended {
    int status = -1; ///< -1 when it crashed or had to be killed
    QString output;
    QString errors;

    /// Whether it said one line with \a words in it, and nothing else but log lines of the level info, on standard
    /// error, and ended with status 2.
    [[nodiscard]] bool isRefusal(const QString &words) const;
};

/// Runs a program to its end, for at most 20 s.
Ended run(const QString &name, const QStringList &arguments,
          const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

/// brewlinectl for the backend in \a folder.
Ended ctl(const QString &folder, const QStringList &arguments);

/// Whether the process \a id runs (a dead one that nobody waited for does not).
bool isAlive(pid_t id);

/// The mosquitto that the backend \a parent started; 0 when there is none.
pid_t brokerOf(pid_t parent);

/// Running processes whose command line has \a text in it.
QList<pid_t> processesWith(const QByteArray &text);

} // namespace brewline::e2e
