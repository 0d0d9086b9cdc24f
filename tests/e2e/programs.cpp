// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/programs.h"

#include "demo/processtree.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

#include <sys/prctl.h>

namespace brewline::e2e {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20'000;

} // namespace

QString program(const QString &name)
{
    const QString folder = qEnvironmentVariable("BREWLINE_BIN", QCoreApplication::applicationDirPath() + "/../bin"_L1);
    return QDir(folder).filePath(name);
}

bool Ended::isRefusal(const QString &words) const
{
    static const QRegularExpression logLine(u"^\\d{4}-\\d\\d-\\d\\dT[^\n]* info [^\n]*\n"_s,
                                            QRegularExpression::MultilineOption);
    const QString said = QString(errors).remove(logLine);
    const bool isOneLine = said.endsWith(u'\n') && said.count(u'\n') == 1;
    if (status == 2 && isOneLine && said.contains(words))
        return true;
    qWarning("Status %d, standard error: %s", status, qUtf8Printable(errors));
    return false;
}

Ended run(const QString &name, const QStringList &arguments, const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process.start(program(name), arguments);
    const bool ended = QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, patience);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    const bool normal = ended && process.exitStatus() == QProcess::NormalExit;
    return {normal ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

Ended ctl(const QString &folder, const QStringList &arguments)
{
    return run(u"brewlinectl"_s, QStringList{u"--data"_s, folder} + arguments);
}

bool isAlive(pid_t id)
{
    return demo::processEntry(id).id != 0;
}

pid_t brokerOf(pid_t parent)
{
    for (const demo::ProcessEntry &child : demo::childrenOf(parent)) {
        if (child.name == "mosquitto")
            return child.id;
    }
    return 0;
}

QList<pid_t> processesWith(const QByteArray &text)
{
    QList<pid_t> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isProcess = false;
        const pid_t id = name.toInt(&isProcess);
        QFile file(u"/proc/%1/cmdline"_s.arg(name));
        if (isProcess && id != QCoreApplication::applicationPid() && file.open(QIODevice::ReadOnly) &&
            file.readAll().contains(text) && isAlive(id))
            found.append(id);
    }
    return found;
}

} // namespace brewline::e2e
