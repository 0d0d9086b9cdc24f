// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/backendprocess.h"

#include "e2e/httpclient.h"
#include "e2e/programs.h"

#include <boost/json/parse.hpp>

#include <QCoreApplication>
#include <QFile>
#include <QTest>
#include <QUrl>

#include <csignal>

#include <sys/prctl.h>

namespace brewline::e2e {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestStart = 20'000;

} // namespace

BackendProcess::BackendProcess(QString dataFolder)
    : m_folder(std::move(dataFolder))
{
    setOption(u"--data"_s, m_folder);
    setOption(u"--http"_s, u"127.0.0.1:0"_s);
    setOption(u"--mqtt"_s, u"127.0.0.1:0"_s);
    m_process.setStandardErrorFile(m_logFolder.filePath(u"log"_s));
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    QObject::connect(&m_process, &QProcess::readyReadStandardOutput,
                     [this] { m_output += m_process.readAllStandardOutput(); });
}

BackendProcess::~BackendProcess()
{
    if (QTest::currentTestFailed())
        qWarning("What the backend said last:\n%s", qUtf8Printable(log().right(4000)));
    if (isRunning())
        kill9();
}

void BackendProcess::setOption(const QString &name, const QString &value)
{
    m_options[name] = value;
}

void BackendProcess::setEnvironment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

void BackendProcess::useFaultyDisk(const QString &orders)
{
    setEnvironment(u"LD_PRELOAD"_s, QCoreApplication::applicationDirPath() + u"/libfaultydisk.so"_s);
    setEnvironment(u"BREWLINE_FAULTS"_s, orders);
    // A build with the address sanitizer would not start behind another library.
    setEnvironment(u"ASAN_OPTIONS"_s, qEnvironmentVariable("ASAN_OPTIONS") + u":verify_asan_link_order=0"_s);
}

bool BackendProcess::start()
{
    launch();
    return waitUntilReady();
}

void BackendProcess::launch()
{
    QStringList arguments;
    for (auto option = m_options.cbegin(); option != m_options.cend(); ++option)
        arguments << option.key() << option.value();
    m_output.clear();
    m_process.setProcessEnvironment(m_environment);
    m_process.start(program(u"brewline-backend"_s), arguments);
    m_process.waitForStarted();
}

bool BackendProcess::waitUntilReady()
{
    const auto isDecided = [this] { return m_output.contains('\n') || !isRunning(); };
    if (QTest::qWaitFor(isDecided, longestStart) && isRunning())
        return true;
    qWarning("The backend does not serve:\n%s", qUtf8Printable(log()));
    return false;
}

void BackendProcess::kill9()
{
    if (!isRunning())
        return;
    ::kill(processId(), SIGKILL);
    m_process.waitForFinished();
}

void BackendProcess::terminate()
{
    m_process.terminate();
}

bool BackendProcess::waitForEnd(int milliseconds)
{
    return QTest::qWaitFor([this] { return !isRunning(); }, milliseconds);
}

boost::json::object BackendProcess::readyLine() const
{
    boost::json::error_code broken;
    const auto value = boost::json::parse({m_output.constData(), std::size_t(m_output.size())}, broken);
    return !broken && value.is_object() ? value.get_object() : boost::json::object();
}

std::uint16_t BackendProcess::httpPort() const
{
    return std::uint16_t(QUrl(QString::fromStdString(textOf(readyLine(), "http"))).port(0));
}

std::uint16_t BackendProcess::mqttPort() const
{
    return std::uint16_t(QUrl(QString::fromStdString(textOf(readyLine(), "mqtt"))).port(0));
}

int BackendProcess::exitStatus() const
{
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

QString BackendProcess::log() const
{
    QFile file(m_logFolder.filePath(u"log"_s));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace brewline::e2e
