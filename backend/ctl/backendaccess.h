// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

namespace brewline::ctl {

/// Where a backend on this machine serves, and the token that its files give to who may read them.
struct BackendAccess {
    QUrl http;
    QString mqtt;
    QByteArray token;
};

/// Reads DIR/backend.json and DIR/organiser.token. The error tells what is missing and how to mend it.
Result<BackendAccess> findBackend(const QString &dataFolder);

} // namespace brewline::ctl
