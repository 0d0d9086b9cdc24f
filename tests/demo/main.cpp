// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/backendprocess.h"
#include "demo/inspection.h"
#include "demo/morning.h"
#include "demo/report.h"
#include "demo/stopsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace {

using namespace Qt::StringLiterals;
namespace demo = brewline::demo;
using brewline::Milliseconds;

constexpr int wrongCommandLine = 2;
constexpr int interrupted = 130; // as a shell reports a program that SIGINT ended

constexpr auto usage = R"(Usage: brewline-demo [--keep DIR]

Starts a brewline-backend with the demo event on free ports and lets 12 visitors and 2 baristas go through a short
morning over its API and broker. Prints what happened; exit status 0 only if everything went as it should.

  --keep DIR   keep the backend's data and log in DIR, which must be empty or not there yet
)";

struct Options {
    bool help = false;
    QString folder; ///< empty: a temporary one
};

int complain(const std::string &sentence, int status = EXIT_FAILURE)
{
    std::fprintf(stderr, "brewline-demo: %s\n", sentence.c_str());
    return status;
}

std::optional<Options> readOptions(const QStringList &arguments)
{
    Options options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--help"_L1 || arguments[i] == "-h"_L1)
            options.help = true;
        else if (arguments[i] == "--keep"_L1 && i + 1 < arguments.size())
            options.folder = arguments[++i];
        else
            return std::nullopt;
    }
    return options;
}

int judge(const demo::Morning &morning, Milliseconds duration)
{
    std::fputs(demo::table(morning).c_str(), stdout);
    std::printf("\n%s", demo::summary(morning, duration).c_str());
    const std::vector<std::string> problems = demo::inspect(morning);
    for (const std::string &problem : problems)
        std::printf("WRONG: %s\n", problem.c_str());
    if (problems.empty())
        std::puts(
            "Every order ended as it should, every change was heard exactly once and in order, no number is missing.");
    std::fflush(stdout);
    return problems.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int playMorning(demo::BackendProcess &backend, const demo::StopSignals &signals)
{
    QElapsedTimer timer;
    timer.start();
    if (const auto started = backend.start(); !started)
        return complain(started.error().detail);
    const auto token = backend.organiserToken();
    if (!token)
        return complain(token.error().detail);
    std::printf("The bar is at %s, its broker on port %d.\n\n", backend.http().toString().toUtf8().constData(),
                int(backend.mqttPort()));
    std::fflush(stdout); // a person watches; and it comes before what may go wrong
    demo::Morning morning({backend.http(), backend.mqttPort()}, brewline::EventId("ABC"), signals);
    if (const auto played = morning.run(*token); !played)
        return complain(played.error().detail);
    return judge(morning, Milliseconds(timer.elapsed()));
}

int run(const Options &options)
{
    std::optional<QTemporaryDir> temporary;
    QString folder = options.folder;
    if (folder.isEmpty()) {
        temporary.emplace(QDir::tempPath() + u"/brewline-demo-XXXXXX"_s);
        folder = temporary->path();
    }
    if (!QDir().mkpath(folder) || !QDir(folder).isEmpty())
        return complain("The folder " + folder.toStdString() + " cannot be made or is not empty.", wrongCommandLine);
    const demo::StopSignals signals;
    demo::BackendProcess backend(folder, signals);
    int status = playMorning(backend, signals);
    if (backend.isRunning()) {
        if (const auto stopped = backend.stop(); !stopped)
            status = complain(stopped.error().detail);
    }
    return signals.isStopRequested() ? interrupted : status;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"brewline-demo"_s);
    const auto options = readOptions(QCoreApplication::arguments().mid(1));
    if (!options) {
        std::fputs(usage, stderr);
        return wrongCommandLine;
    }
    if (options->help) {
        std::fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    return run(*options);
}
