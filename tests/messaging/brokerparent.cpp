// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A program with a managed broker, to be killed: brokerparent PLUGIN FOLDER prints "<pid of the broker> <port>".
#include "core/clock.h"
#include "core/random.h"
#include "messaging/managedbroker.h"

#include <QCoreApplication>

#include <cstdio>

using namespace brewline;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const SystemClock clock;
    SystemRandom random;
    messaging::BrokerOptions options;
    options.plugin = application.arguments().value(1);
    options.folder = application.arguments().value(2);
    options.address = QStringLiteral("127.0.0.1");
    const auto broker = messaging::ManagedBroker::create(options, clock, random);
    if (!broker)
        return 2;
    QObject::connect(broker->get(), &messaging::ManagedBroker::ready, &application, [&](quint16 port) {
        std::printf("%lld %d\n", static_cast<long long>((*broker)->processId()), port);
        std::fflush(stdout);
    });
    (*broker)->start();
    return QCoreApplication::exec();
}
