// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

#include <map>

namespace brewline::ctl {

/// What was typed: a command, its words and its options.
struct CommandLine {
    QString command; ///< one that usage() names; "help" when nothing was typed
    QStringList words;
    std::map<QString, QString> options; ///< by name without dashes; "true" for those without a value

    [[nodiscard]] QString option(const QString &name, const QString &fallback = {}) const;
};

/// Reads \a arguments (without the program's name). The error's sentence says which word is wrong. The line that is
/// returned has the words and options that its command takes, and no others.
Result<CommandLine> readCommandLine(const QStringList &arguments);

/// How to use the tool.
QString usage();

} // namespace brewline::ctl
