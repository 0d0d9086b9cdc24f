// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/options.h"

#include <QHostAddress>

#include <array>
#include <functional>

namespace brewline::service {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> wrong(const QString &detail)
{
    return failure(ErrorCode::InvalidConfiguration, detail.toStdString());
}

Result<Endpoint> readEndpoint(const QString &option, const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    QString address = text.left(colon);
    if (address.startsWith(u'[') && address.endsWith(u']'))
        address = address.mid(1, address.size() - 2);
    bool isNumber = false;
    const int port = text.mid(colon + 1).toInt(&isNumber);
    if (colon < 1 || !isNumber || port < 0 || port > 65535 || QHostAddress(address).isNull()) {
        return wrong(option + u" takes ADDRESS:PORT, such as 0.0.0.0:8080 or [::]:8080; \""_s + text +
                     u"\" is not that."_s);
    }
    return Endpoint{address, std::uint16_t(port)};
}

Result<QUrl> readUrl(const QString &option, const QString &text, const QStringList &schemes)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme()))
        return wrong(option + u" takes an address that begins with "_s + schemes.join(u":// or "_s) + u"://."_s);
    return url;
}

/// Stores a value that was read, or tells why not.
template<typename Target, typename Value>
Result<void> store(Target &target, Result<Value> value)
{
    if (!value)
        return tl::unexpected(value.error());
    target = *std::move(value);
    return {};
}

Result<void> readValue(Options &options, const QString &name, const QString &value)
{
    if (name == "--data"_L1)
        options.dataFolder = value;
    else if (name == "--event"_L1)
        options.eventFiles.append(value);
    else if (name == "--mosquitto"_L1)
        options.mosquitto = value;
    else if (name == "--http"_L1)
        return store(options.http, readEndpoint(name, value));
    else if (name == "--mqtt"_L1)
        return store(options.mqtt, readEndpoint(name, value));
    else if (name == "--public-url"_L1)
        return store(options.publicUrl, readUrl(name, value, {u"http"_s, u"https"_s}));
    else if (name == "--broker"_L1)
        return store(options.externalBroker, readUrl(name, value, {u"mqtt"_s}));
    else
        return wrong(u"There is no option "_s + name + u"; try --help."_s);
    return {};
}

} // namespace

Result<Options> readOptions(const QStringList &arguments)
{
    Options options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (word == "--help"_L1 || word == "-h"_L1) {
            options.help = true;
            return options;
        }
        if (word == "--version"_L1) {
            options.version = true;
            return options;
        }
        if (!word.startsWith("--"_L1))
            return wrong(u"\""_s + word + u"\" is not understood; try --help."_s);
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.left(equals);
        if (equals < 0 && i + 1 == arguments.size())
            return wrong(u"The option "_s + name + u" needs a value; try --help."_s);
        const QString value = equals < 0 ? arguments[++i] : word.mid(equals + 1);
        if (const auto read = readValue(options, name, value); !read)
            return tl::unexpected(read.error());
    }
    if (options.dataFolder.isEmpty())
        return wrong(u"Say where to keep the data: --data DIR."_s);
    return options;
}

QString usage()
{
    return uR"(Usage: brewline-backend --data DIR [options]

  --data DIR              folder for the database, keys and event files; made when it is not there
  --http ADDR:PORT        where to serve HTTP (default 0.0.0.0:8080; port 0 picks a free one)
  --mqtt ADDR:PORT        where the managed broker listens (default 0.0.0.0:1884; port 0 picks a free one)
  --public-url URL        address of this backend in QR codes (default: the first LAN address)
  --broker mqtt://H:P     use this MQTT 5 broker instead of starting mosquitto
  --mosquitto FILE        the broker's program (default: mosquitto of the PATH or of /usr/sbin)
  --event FILE            an event file; may be given several times (default: DIR/events/*.toml)
  --help, --version

When it serves it prints one line of JSON on standard output. SIGTERM or SIGINT stops it cleanly.
Exit status: 0 stopped, 2 it could not start (one line on standard error says why).
)"_s;
}

} // namespace brewline::service
