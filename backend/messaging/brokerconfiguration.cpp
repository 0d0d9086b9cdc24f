// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/brokerconfiguration.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QStandardPaths>

#include <ctime>
#include <optional>
#include <vector>

#include <pwd.h>
#include <unistd.h>

namespace brewline::messaging {

using namespace Qt::StringLiterals;

namespace {

constexpr auto pluginFile = "brewline-broker-auth.so"_L1;
constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

QString path(const BrokerOptions &options, QLatin1StringView name)
{
    return QDir(options.folder).absoluteFilePath(name);
}

QString findProgram()
{
    const QString onPath = QStandardPaths::findExecutable(u"mosquitto"_s);
    if (!onPath.isEmpty())
        return onPath;
    // Debian keeps it where an ordinary user's PATH does not look.
    return QStandardPaths::findExecutable(u"mosquitto"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s, u"/sbin"_s});
}

QString findPlugin()
{
    const QDir programs(QCoreApplication::applicationDirPath());
    for (const QString &folder : {u"."_s, u"../lib/brewline"_s}) {
        const QString candidate = QDir::cleanPath(programs.absoluteFilePath(folder + u'/' + pluginFile));
        if (QFile::exists(candidate))
            return candidate;
    }
    return {};
}

std::string userName()
{
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd *found = nullptr;
    getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
    return found ? found->pw_name : std::string();
}

/// What to add to CLOCK_BOOTTIME to get the time of \a clock.
std::int64_t clockOffset(const Clock &clock)
{
    timespec boot{};
    clock_gettime(CLOCK_BOOTTIME, &boot);
    return toMilliseconds(clock.now()) - (std::int64_t{boot.tv_sec} * 1000 + boot.tv_nsec / 1'000'000);
}

bool isOneLine(const QString &text)
{
    return !text.contains(u'\n') && !text.contains(u'\r');
}

/// Empty, or what went wrong.
QString writePrivately(const QString &name, const QByteArray &content)
{
    // A new file, so that it has the right permissions from its first byte on.
    QFile::remove(name);
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly) || file.write(content) != content.size() ||
        !file.flush()) {
        return file.errorString();
    }
    return {};
}

tl::unexpected<Error> unusable(const QString &sentence)
{
    return failure(ErrorCode::InvalidConfiguration, sentence.toStdString());
}

} // namespace

Result<BrokerOptions> completed(BrokerOptions options)
{
    if (options.program.isEmpty())
        options.program = findProgram();
    if (options.program.isEmpty())
        return unusable(u"The MQTT broker was not found; install the package mosquitto."_s);
    if (!QFileInfo(options.program).isExecutable())
        return unusable(u"\"%1\" cannot be run as MQTT broker; install the package mosquitto."_s.arg(options.program));
    if (options.plugin.isEmpty())
        options.plugin = findPlugin();
    if (options.plugin.isEmpty() || !QFile::exists(options.plugin))
        return unusable(
            u"The broker's plugin %1 was not found beside the program; build or install it."_s.arg(pluginFile));
    options.plugin = QFileInfo(options.plugin).absoluteFilePath();
    if (QHostAddress(options.address).isNull())
        return unusable(u"\"%1\" is not an address the broker could listen on."_s.arg(options.address));
    if (options.folder.isEmpty() || !isOneLine(options.folder) || !isOneLine(options.plugin))
        return unusable(u"The broker's folder is missing or has a line break in its name."_s);
    return options;
}

std::string brokerConfiguration(const BrokerOptions &options, const Clock &clock)
{
    const std::string user = userName();
    std::string text = "# Written anew at each start of the backend: changes are lost.\n";
    // As root, mosquitto would become another user, who can read neither this folder nor the key and is not ended
    // together with the backend.
    if (!user.empty())
        text += "user " + user + "\n";
    text += "listener " + std::to_string(options.port) + " " + options.address.toStdString() + "\n";
    text += "plugin " + options.plugin.toStdString() + "\n";
    text += "plugin_opt_key_file " + path(options, "key"_L1).toStdString() + "\n";
    text += "plugin_opt_clock_offset_ms " + std::to_string(clockOffset(clock)) + "\n";
    text += "allow_anonymous false\n"
            "allow_zero_length_clientid false\n"
            // It would ask the plugin about a client that does not exist, and get no.
            "check_retain_source false\n"
            // The backend publishes retained state again, so nothing is worth keeping.
            "persistence false\n"
            "persistent_client_expiration 1h\n"
            // Also the number of unacknowledged messages the backend may send at once.
            "max_inflight_messages 200\n"
            // For each subscriber, beyond what its connection takes; past it messages are dropped silently. A second or
            // so of the busiest topic; 5,000 stalled subscribers stay below 1 GB until keep-alive ends them.
            "max_queued_messages 2000\n"
            "max_keepalive 60\n"
            "max_packet_size 262144\n"
            "set_tcp_nodelay true\n"
            "sys_interval 0\n"
            "connection_messages false\n"
            "log_dest stderr\n"
            "log_timestamp false\n"
            "log_type error\n"
            "log_type warning\n"
            "log_type notice\n"
            "log_type information\n";
    return text;
}

Result<QString> writeBrokerFiles(const BrokerOptions &options, const Clock &clock)
{
    const auto unwritable = [&](const QString &why) {
        return unusable(u"The broker's folder \"%1\" cannot be written: %2."_s.arg(options.folder, why));
    };
    if (!QDir().mkpath(options.folder))
        return unwritable(u"it cannot be made"_s);
    if (!QFile::setPermissions(options.folder, ownerOnly | QFile::ExeOwner))
        return unwritable(u"it belongs to somebody else"_s);
    const QByteArray key(reinterpret_cast<const char *>(options.key.data()),
                         static_cast<qsizetype>(options.key.size()));
    if (const QString why = writePrivately(path(options, "key"_L1), key); !why.isEmpty())
        return unwritable(why);
    QString configuration = path(options, "mosquitto.conf"_L1);
    const QByteArray text = QByteArray::fromStdString(brokerConfiguration(options, clock));
    if (const QString why = writePrivately(configuration, text); !why.isEmpty())
        return unwritable(why);
    return configuration;
}

} // namespace brewline::messaging
