// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <cstdint>
#include <optional>

namespace brewline::service {

/// An address to listen on.
struct Endpoint {
    QString address;        ///< IPv4 or IPv6, "0.0.0.0" or "::" for all
    std::uint16_t port = 0; ///< 0 picks a free one
};

/// What the backend was told on its command line.
struct Options {
    QString dataFolder;
    Endpoint http{QStringLiteral("0.0.0.0"), 8080};
    Endpoint mqtt{QStringLiteral("0.0.0.0"), 1884}; ///< not 1883, where a system's own broker may run
    std::optional<QUrl> publicUrl;
    std::optional<QUrl> externalBroker; ///< mqtt://host:port; no broker is started then
    QString mosquitto;                  ///< the broker's program; empty to look where packages put it
    QStringList eventFiles;
    bool help = false;
    bool version = false;
};

/// Reads \a arguments (without the program's name); the error names the option that is wrong.
Result<Options> readOptions(const QStringList &arguments);

QString usage();

} // namespace brewline::service
