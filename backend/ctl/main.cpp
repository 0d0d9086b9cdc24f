// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/restclient.h"
#include "ctl/backendaccess.h"
#include "ctl/commandline.h"
#include "ctl/commands.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace Qt::StringLiterals;
namespace ctl = brewline::ctl;

constexpr int refused = 1;
constexpr int notDone = 2;

int complain(const brewline::Error &error)
{
    std::fprintf(stderr, "brewlinectl: %s\n", error.detail.c_str());
    const bool sent = error.code != brewline::ErrorCode::Unreachable;
    return sent ? refused : notDone;
}

int talkToBackend(QCoreApplication &application, const ctl::CommandLine &line)
{
    const auto access = ctl::findBackend(line.option(u"data"_s, qEnvironmentVariable("BREWLINE_DATA")));
    if (!access) {
        complain(access.error());
        return notDone;
    }
    brewline::client::RestClient backend(access->http);
    backend.setToken(access->token);
    int status = EXIT_SUCCESS;
    // Until the call returns, an error is one of the command line: the backend has not been asked.
    bool started = false;
    const auto start = [&] {
        ctl::runCommand(line, backend, [&](ctl::Output output) {
            if (output)
                std::fputs(output->c_str(), stdout);
            else
                status = started ? complain(output.error()) : (complain(output.error()), notDone);
            application.exit(status);
        });
        started = true;
    };
    QTimer::singleShot(0, &application, start);
    return application.exec();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"brewlinectl"_s);
    const auto line = ctl::readCommandLine(QCoreApplication::arguments().mid(1));
    if (!line) {
        complain(line.error());
        return notDone;
    }
    if (line->command == "help"_L1) {
        std::fputs(ctl::usage().toUtf8().constData(), stdout);
        return EXIT_SUCCESS;
    }
    if (line->command == "version"_L1) {
        std::puts("brewlinectl " BREWLINE_VERSION);
        return EXIT_SUCCESS;
    }
    return talkToBackend(application, *line);
}
