// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/backend.h"
#include "service/options.h"
#include "service/unixsignals.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace Qt::StringLiterals;

/// It could not start: wrong command line, folder, port, broker.
constexpr int cannotStart = 2;

int complain(const QString &sentence)
{
    std::fprintf(stderr, "brewline-backend: %s\n", qUtf8Printable(sentence));
    return cannotStart;
}

int run(QCoreApplication &application, const brewline::service::Options &options)
{
    using brewline::service::Backend;
    auto backend = Backend::open(options);
    if (!backend)
        return complain(QString::fromStdString(backend.error().detail));
    const brewline::service::UnixSignals unixSignals;
    QObject::connect(&unixSignals, &brewline::service::UnixSignals::stopRequested, backend->get(), &Backend::stop);
    QObject::connect(backend->get(), &Backend::ready, &application, [](const QByteArray &line) {
        std::puts(line.constData());
        std::fflush(stdout);
    });
    QObject::connect(backend->get(), &Backend::failed, &application,
                     [](const QString &sentence) { QCoreApplication::exit(complain(sentence)); });
    QObject::connect(backend->get(), &Backend::stopped, &application, [] { QCoreApplication::exit(EXIT_SUCCESS); });
    QMetaObject::invokeMethod(backend->get(), &Backend::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    qSetMessagePattern(u"%{time yyyy-MM-ddTHH:mm:ss.zzz} %{type} %{category}: %{message}"_s);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"brewline-backend"_s);
    const auto options = brewline::service::readOptions(QCoreApplication::arguments().mid(1));
    if (!options)
        return complain(QString::fromStdString(options.error().detail));
    if (options->help) {
        std::fputs(brewline::service::usage().toUtf8().constData(), stdout);
        return EXIT_SUCCESS;
    }
    if (options->version) {
        std::puts("brewline-backend " BREWLINE_VERSION);
        return EXIT_SUCCESS;
    }
    return run(application, *options);
}
