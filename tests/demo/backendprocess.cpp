// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/backendprocess.h"

#include "contracts/jsonreader.h"
#include "demo/processtree.h"
#include "demo/stopsignals.h"
#include "demo/wait.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTimer>

#include <csignal>

#include <sys/prctl.h>
#include <unistd.h>

namespace brewline::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr auto longestStart = std::chrono::seconds(20);
constexpr auto longestStop = std::chrono::seconds(15);
constexpr int longestKill = 2000; // ms

QString program()
{
    return QCoreApplication::applicationDirPath() + u"/brewline-backend"_s;
}

tl::unexpected<Error> broken(std::string sentence)
{
    return failure(ErrorCode::Unreachable, std::move(sentence));
}

/// Runs in the new process: it must not get the Ctrl-C of the terminal beside us, nor outlive us.
void prepareChild()
{
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    StopSignals::unblockInChild();
}

} // namespace

BackendProcess::BackendProcess(QString folder, const StopSignals &signals)
    : m_folder(std::move(folder))
    , m_signals(signals)
{
    m_process.setChildProcessModifier(prepareChild);
    m_process.setStandardErrorFile(QDir(m_folder).filePath(u"backend.log"_s));
    connect(&m_process, &QProcess::finished, this,
            [this] { Q_EMIT died(u"The backend ended by itself: "_s + QString::fromStdString(lastWords())); });
}

BackendProcess::~BackendProcess()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(longestKill);
}

Result<void> BackendProcess::start(const QStringList &eventFiles)
{
    if (!QFileInfo(program()).isExecutable())
        return broken("There is no brewline-backend beside this program; build it first.");
    QStringList arguments{u"--data"_s, m_folder, u"--http"_s, u"127.0.0.1:0"_s, u"--mqtt"_s, u"127.0.0.1:0"_s};
    for (const QString &file : eventFiles)
        arguments << u"--event"_s << file;

    Wait wait(m_signals);
    QObject here; // ends the connections below when the waiting is over
    QByteArray line;
    connect(&m_process, &QProcess::readyReadStandardOutput, &here, [&] {
        line += m_process.readAllStandardOutput();
        if (line.contains('\n'))
            wait.finish();
    });
    connect(&m_process, &QProcess::finished, &here, [&] { wait.finish(); });
    connect(&m_process, &QProcess::errorOccurred, &here, [&] { wait.finish(); });
    m_process.start(program(), arguments);
    if (!wait.forAtMost(longestStart))
        return broken(m_signals.isStopRequested() ? "Stopped." : "The backend did not get ready: " + lastWords());
    if (m_process.state() != QProcess::Running)
        return broken("The backend did not start: " + lastWords());
    return readReadyLine(line);
}

Result<void> BackendProcess::readReadyLine(const QByteArray &line)
{
    const auto object = parseJsonObject({line.constData(), std::size_t(line.indexOf('\n'))});
    if (object) {
        JsonReader reader(*object);
        const bool ready = reader.boolean("ready");
        m_http = QUrl(QString::fromStdString(reader.text("http", 1, 200)));
        const QUrl mqtt(QString::fromStdString(reader.text("mqtt", 1, 200)));
        m_mqttPort = std::uint16_t(mqtt.port(0));
        if (ready && m_http.isValid() && m_mqttPort != 0)
            return {};
    }
    return broken("The backend's ready line is not understood: " + line.trimmed().toStdString());
}

Result<void> BackendProcess::stop()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return broken("The backend had ended before: " + lastWords());
    const std::vector<ProcessEntry> children = childrenOf(processId());
    QEventLoop loop;
    connect(&m_process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(longestStop, &loop, &QEventLoop::quit);
    m_process.terminate();
    loop.exec();
    if (m_process.state() != QProcess::NotRunning)
        return broken("The backend did not end on SIGTERM.");
    if (m_process.exitStatus() != QProcess::NormalExit || m_process.exitCode() != 0)
        return broken("The backend ended with status " + std::to_string(m_process.exitCode()) + ": " + lastWords());
    for (const ProcessEntry &child : children) {
        if (processEntry(child.id).id != 0)
            return broken("The backend left " + child.name + " behind.");
    }
    return {};
}

Result<QByteArray> BackendProcess::organiserToken() const
{
    QFile file(QDir(m_folder).filePath(u"organiser.token"_s));
    if (!file.open(QIODevice::ReadOnly))
        return broken("The backend wrote no organiser.token.");
    return file.readAll().trimmed();
}

/// The last line of its log, which says why it could not start.
std::string BackendProcess::lastWords() const
{
    QFile log(QDir(m_folder).filePath(u"backend.log"_s));
    if (!log.open(QIODevice::ReadOnly))
        return m_process.errorString().toStdString();
    const QByteArray text = log.readAll().trimmed();
    return text.isEmpty() ? "it said nothing." : text.mid(text.lastIndexOf('\n') + 1).toStdString();
}

} // namespace brewline::demo
