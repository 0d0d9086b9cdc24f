// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QUrl>

#include <cstdint>
#include <string>

namespace brewline::demo {

class StopSignals;

/// A real brewline-backend on free ports of the loopback, from the folder that this program is in. It ends with this
/// object, and when this program is killed.
class BackendProcess : public QObject {
    Q_OBJECT
public:
    /// Keeps its data, and its log as backend.log, in \a folder, which must exist.
    BackendProcess(QString folder, const StopSignals &signals);
    ~BackendProcess() override;

    /// Starts it and waits until it serves. The error is one sentence for the user.
    Result<void> start(const QStringList &eventFiles = {});

    /// Ends it by SIGTERM. An error when it does not end in time, not with status 0, or leaves a process behind.
    Result<void> stop();

    [[nodiscard]] bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    [[nodiscard]] QUrl http() const { return m_http; }
    [[nodiscard]] std::uint16_t mqttPort() const { return m_mqttPort; }
    [[nodiscard]] pid_t processId() const { return static_cast<pid_t>(m_process.processId()); }
    [[nodiscard]] Result<QByteArray> organiserToken() const;

Q_SIGNALS:
    /// It ended though nobody asked it to; \a sentence tells what it said.
    void died(const QString &sentence);

private:
    [[nodiscard]] Result<void> readReadyLine(const QByteArray &line);
    [[nodiscard]] std::string lastWords() const;

    QString m_folder;
    const StopSignals &m_signals;
    QProcess m_process;
    QUrl m_http;
    std::uint16_t m_mqttPort = 0;
};

} // namespace brewline::demo
