// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/managedbroker.h"

#include "core/logging.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <chrono>
#include <csignal>
#include <utility>

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace brewline::messaging {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int mostPortsTried = 10;
constexpr auto startTimeout = 10s;
constexpr auto killAfter = 2s;
constexpr auto probeAgainAfter = 50ms;
// A broker that served this long did not die of how it was started.
constexpr std::chrono::milliseconds soundAfter = 10s;

std::uint16_t freePort(const QString &address)
{
    QTcpServer server;
    return server.listen(QHostAddress(address), 0) ? server.serverPort() : 0;
}

/// Where to reach a broker that listens on \a address.
QHostAddress reachable(const QString &address)
{
    const QHostAddress listening(address);
    if (listening == QHostAddress(QHostAddress::AnyIPv4))
        return QHostAddress(QHostAddress::LocalHost);
    if (listening == QHostAddress(QHostAddress::AnyIPv6))
        return QHostAddress(QHostAddress::LocalHostIPv6);
    return listening;
}

/// Runs in the child between fork and exec: system calls only.
void becomeBroker(pid_t parent)
{
    // Ctrl-C in a terminal is meant for the backend, which ends the broker when it no longer needs it.
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // it died before the line above
        ::_exit(1);
    // Signals that the backend handles in its event loop are blocked in it, which a child inherits.
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // The listening socket and clients' connections are the backend's alone: a broker that held them would keep them
    // open after the backend has closed them.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    // Each subscriber needs a file descriptor, and the usual limit is 1,024.
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

} // namespace

Result<std::unique_ptr<ManagedBroker>> ManagedBroker::create(BrokerOptions options, const Clock &clock, Random &random)
{
    auto usable = completed(std::move(options));
    if (!usable)
        return tl::unexpected<Error>(std::move(usable.error()));
    return std::unique_ptr<ManagedBroker>(new ManagedBroker(std::move(*usable), clock, random));
}

ManagedBroker::ManagedBroker(BrokerOptions options, const Clock &clock, Random &random)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_backoff(random)
    , m_choosesPort(m_options.port == 0)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([parent = ::getpid()] { becomeBroker(parent); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ManagedBroker::readLog);
    connect(&m_process, &QProcess::finished, this, &ManagedBroker::ended);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) // anything else is followed by finished()
            return;
        m_complaint = m_process.errorString();
        ended();
    });
    for (QTimer *timer : {&m_restartTimer, &m_startTimeout, &m_killTimer})
        timer->setSingleShot(true);
    connect(&m_restartTimer, &QTimer::timeout, this, &ManagedBroker::launch);
    connect(&m_killTimer, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_startTimeout, &QTimer::timeout, this, [this] {
        m_complaint = u"it did not begin to serve in time"_s;
        m_process.kill();
    });
}

ManagedBroker::~ManagedBroker()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(1000);
}

void ManagedBroker::start()
{
    Q_ASSERT(QThread::currentThread() == QCoreApplication::instance()->thread());
    if (m_state == State::Stopped)
        launch();
}

void ManagedBroker::launch()
{
    m_state = State::Starting;
    m_complaint.clear();
    // mosquitto takes a port 0 for "none". Another program may take the chosen one first: then it is chosen again.
    if (m_options.port == 0) {
        ++m_portsTried;
        m_options.port = freePort(m_options.address);
    }
    if (m_options.port == 0) {
        startFailed(u"No port is free on %1, or it is not an address of this machine."_s.arg(m_options.address));
        return;
    }
    const auto configuration = writeBrokerFiles(m_options, m_clock);
    if (!configuration) {
        startFailed(QString::fromStdString(configuration.error().detail));
        return;
    }
    m_startTimeout.start(startTimeout);
    m_process.start(m_options.program, {u"-c"_s, *configuration}, QIODevice::ReadOnly);
}

void ManagedBroker::readLog()
{
    while (m_process.canReadLine())
        noteLine(QString::fromUtf8(m_process.readLine()).trimmed());
}

void ManagedBroker::noteLine(const QString &line)
{
    if (line.startsWith("Error"_L1)) {
        m_complaint = line.section(u':', 1).trimmed();
        if (m_hasServed) // else failed() tells
            qCWarning(lcBroker, "mosquitto: %s", qUtf8Printable(line));
    } else {
        qCDebug(lcBroker, "mosquitto: %s", qUtf8Printable(line));
    }
    // "mosquitto version 2.0.11 running": only from here on a connection to the port is surely one to this broker.
    if (m_state == State::Starting && line.startsWith("mosquitto version"_L1) && line.endsWith("running"_L1))
        probe();
}

void ManagedBroker::probe()
{
    if (m_state != State::Starting)
        return;
    m_probe = std::make_unique<QTcpSocket>();
    connect(m_probe.get(), &QTcpSocket::connected, this, &ManagedBroker::becomeReady);
    connect(m_probe.get(), &QTcpSocket::errorOccurred, this,
            [this] { QTimer::singleShot(probeAgainAfter, this, &ManagedBroker::probe); });
    m_probe->connectToHost(reachable(m_options.address), m_options.port);
}

void ManagedBroker::becomeReady()
{
    m_probe.release()->deleteLater(); // we are inside its signal
    if (m_state != State::Starting)
        return;
    m_startTimeout.stop();
    m_state = State::Running;
    m_hasServed = true;
    m_servingSince.start();
    qCInfo(lcBroker, "the broker serves on %s:%d", qUtf8Printable(m_options.address), m_options.port);
    Q_EMIT ready(m_options.port);
}

void ManagedBroker::ended()
{
    readLog();
    m_startTimeout.stop();
    m_killTimer.stop();
    m_probe.reset();
    const State before = std::exchange(m_state, State::Stopped);
    if (before == State::Stopping) {
        Q_EMIT stopped();
        return;
    }
    const QString reason = reasonOfEnd();
    if (before == State::Running) {
        if (m_servingSince.hasExpired(soundAfter.count()))
            m_backoff.reset();
        qCWarning(lcBroker, "the broker died: %s", qUtf8Printable(reason));
        restartLater();
        Q_EMIT died();
        return;
    }
    const bool portWasTaken = m_complaint.contains("Address already in use"_L1);
    if (!m_hasServed && m_choosesPort && portWasTaken && m_portsTried < mostPortsTried) {
        m_options.port = 0;
        launch();
    } else if (portWasTaken) {
        startFailed(u"The broker cannot listen on %1 port %2, which another program uses; choose another port or end "
                    "that program."_s.arg(m_options.address)
                        .arg(m_options.port));
    } else {
        startFailed(u"The broker did not start: %1."_s.arg(reason));
    }
}

QString ManagedBroker::reasonOfEnd() const
{
    if (!m_complaint.isEmpty())
        return m_complaint;
    return m_process.exitStatus() == QProcess::CrashExit ? u"it was killed or crashed"_s
                                                         : u"exit status %1"_s.arg(m_process.exitCode());
}

void ManagedBroker::startFailed(const QString &sentence)
{
    if (m_hasServed) {
        qCWarning(lcBroker, "%s Trying again.", qUtf8Printable(sentence));
        restartLater();
        return;
    }
    m_state = State::Stopped;
    Q_EMIT failed(sentence);
}

void ManagedBroker::restartLater()
{
    m_state = State::Waiting;
    m_restartTimer.start(m_backoff.next());
}

void ManagedBroker::stop()
{
    m_restartTimer.stop();
    m_startTimeout.stop();
    if (m_process.state() == QProcess::NotRunning) {
        m_state = State::Stopped;
        QMetaObject::invokeMethod(this, &ManagedBroker::stopped, Qt::QueuedConnection);
        return;
    }
    m_state = State::Stopping;
    m_process.terminate();
    m_killTimer.start(killAfter);
}

std::uint16_t ManagedBroker::port() const
{
    return m_options.port;
}

qint64 ManagedBroker::processId() const
{
    return m_process.processId();
}

} // namespace brewline::messaging
