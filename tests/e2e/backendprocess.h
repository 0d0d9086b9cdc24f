// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json/object.hpp>

#include <QProcess>
#include <QTemporaryDir>

#include <cstdint>

#include <sys/types.h>

namespace brewline::e2e {

/// A real brewline-backend on free ports of the loopback. It can be ended and started again on the same folder, and
/// dies with this object, or with the test however that ends.
class BackendProcess {
public:
    explicit BackendProcess(QString dataFolder);
    ~BackendProcess();

    /// \a name such as "--http"; replaces the value that the option has.
    void setOption(const QString &name, const QString &value);
    void setEnvironment(const QString &name, const QString &value);
    /// Puts a disk under it that hangs or fails as the file \a orders says; see storage/faultydisk.h.
    void useFaultyDisk(const QString &orders);

    /// Starts it and waits until it serves.
    bool start();
    void launch();
    /// Whether it told that it serves; false when it ended instead, or after 20 s.
    bool waitUntilReady();

    void kill9(); ///< returns when it is dead
    void terminate();
    bool waitForEnd(int milliseconds = 15'000);

    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] QString file(const QString &name) const { return m_folder + u'/' + name; }
    [[nodiscard]] boost::json::object readyLine() const;
    [[nodiscard]] std::uint16_t httpPort() const;
    [[nodiscard]] std::uint16_t mqttPort() const;
    [[nodiscard]] pid_t processId() const { return static_cast<pid_t>(m_process.processId()); }
    [[nodiscard]] bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    [[nodiscard]] int exitStatus() const; ///< -1 when it was killed or crashed
    [[nodiscard]] QString log() const;    ///< standard error since the last launch

private:
    QString m_folder;
    QTemporaryDir m_logFolder;
    QMap<QString, QString> m_options;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    QProcess m_process;
    QByteArray m_output;
};

} // namespace brewline::e2e
