// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/backend.h"

#include "application/accountservice.h"
#include "application/eventcatalog.h"
#include "application/orderservice.h"
#include "application/processdefinitions.h"
#include "application/shopservice.h"
#include "application/timekeeper.h"
#include "core/logging.h"
#include "http/api.h"
#include "http/server.h"
#include "identity/jwttokens.h"
#include "messaging/managedbroker.h"
#include "messaging/publisher.h"
#include "service/lanaddress.h"
#include "service/scheduler.h"
#include "storage/sqlitestore.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <QHostAddress>
#include <QTimer>

#include <atomic>

namespace brewline::service {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// How long a stop waits for answers under way, and then for the broker to take what is left of the outbox.
constexpr auto answerGrace = 3s;
constexpr auto publishGrace = 2s;
/// How long a managed broker may take until the backend is connected to it for the first time.
constexpr auto brokerPatience = 20s;
/// Long before the tool's token expires.
constexpr auto organiserTokenRenewal = 24h;

QString sentence(const Error &error)
{
    return QString::fromStdString(error.detail);
}

/// An address that clients of this machine can connect to, for one that is listened on.
QString reachable(const QString &address)
{
    const QHostAddress host(address);
    if (host == QHostAddress(QHostAddress::AnyIPv4) || host == QHostAddress(QHostAddress::Any))
        return u"127.0.0.1"_s;
    if (host == QHostAddress(QHostAddress::AnyIPv6))
        return u"::1"_s;
    return address;
}

QString url(QLatin1StringView scheme, const QString &host, std::uint16_t port)
{
    const QString shown = host.contains(u':') ? u'[' + host + u']' : host;
    return scheme + "://"_L1 + shown + u':' + QString::number(port);
}

} // namespace

/// Everything that the backend consists of. Members are destroyed from the last to the first: who uses something comes
/// after it.
struct Backend::Parts {
    Parts(application::ProcessDefinitions processes, std::unique_ptr<storage::SqliteStore> sqlite,
          const identity::TokenKey &tokenKey, const Clock &clock, Random &random)
        : definitions(std::move(processes))
        , store(std::move(sqlite))
        , key(tokenKey)
        , tokens(tokenKey)
        , orders(*store, events, definitions, random, clock)
        , shop(*store, events, random, clock)
        , accounts(*store, events, tokens, random, clock)
        , timekeeper(*store, events, definitions, random, clock)
    {
    }

    application::EventCatalog events;
    application::ProcessDefinitions definitions;
    std::unique_ptr<storage::SqliteStore> store;
    identity::TokenKey key;
    identity::JwtTokens tokens;
    application::OrderService orders;
    application::ShopService shop;
    application::AccountService accounts;
    application::Timekeeper timekeeper;
    std::atomic<bool> brokerConnected = false;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<messaging::ManagedBroker> broker;
    std::unique_ptr<messaging::Publisher> publisher;
    std::unique_ptr<Scheduler> scheduler;
};

Backend::Backend(Options options, DataFolder folder)
    : m_options(std::move(options))
    , m_folder(std::move(folder))
{
}

Backend::~Backend()
{
    if (!m_parts)
        return;
    // Threads first: nothing may call into parts that are gone.
    if (m_parts->server)
        m_parts->server->stop(0ms);
    m_parts->store->close();
}

Result<std::unique_ptr<Backend>> Backend::open(const Options &options)
{
    auto folder = DataFolder::open(options.dataFolder);
    if (!folder)
        return tl::unexpected(folder.error());
    std::unique_ptr<Backend> backend(new Backend(options, *std::move(folder)));
    if (const auto assembled = backend->assemble(); !assembled)
        return tl::unexpected(assembled.error());
    return backend;
}

Result<void> Backend::assemble()
{
    auto events = m_folder.readEvents(m_options.eventFiles);
    if (!events)
        return tl::unexpected(events.error());
    auto definitions = application::ProcessDefinitions::withOrderProcessor(application::defaultOrderProcessor());
    if (!definitions)
        return tl::unexpected(definitions.error());
    auto store = storage::SqliteStore::open({.folder = m_folder.path().toStdString(), .clock = m_clock});
    if (!store)
        return tl::unexpected(store.error());
    const auto key = identity::loadOrMakeTokenKey(m_folder.file("token.key"_L1).toStdString(), m_random);
    if (!key)
        return tl::unexpected(key.error());
    m_parts = std::make_unique<Parts>(*std::move(definitions), *std::move(store), *key, m_clock, m_random);
    for (domain::Event &event : *events) {
        if (const auto added = m_parts->events.add(std::move(event)); !added)
            return tl::unexpected(added.error());
    }

    m_parts->publisher = std::make_unique<messaging::Publisher>(messaging::Publisher::Setup{
        *m_parts->store, m_parts->events, m_clock, m_random, "backend",
        [this] { return m_parts->tokens.issueForBackend("backend", m_clock.now()); },
        [this] { return m_parts->shop.broker(); }, [this] { return m_parts->accounts.revokedUsers(); }});
    m_parts->scheduler = std::make_unique<Scheduler>(m_parts->timekeeper, m_clock);
    m_parts->store->setObserver(
        {[this] { m_parts->publisher->noteOutboxGrew(); }, [this] { m_parts->scheduler->noteDeadlinesChanged(); }});
    m_parts->accounts.setRevocationObserver([this](const UserId &user) { m_parts->publisher->revoke(user); });
    connect(m_parts->publisher.get(), &messaging::Publisher::connectedChanged, this, [this](bool connected) {
        m_parts->brokerConnected = connected;
        if (connected)
            announce();
    });
    connect(m_parts->publisher.get(), &messaging::Publisher::stopped, this, &Backend::finishStop);
    connect(&m_tokenRenewal, &QTimer::timeout, this, [this] {
        writeOrganiserToken([](Result<void> written) {
            if (!written)
                qCWarning(lcService, "The organiser's token was not renewed: %s", written.error().detail.c_str());
        });
    });
    return {};
}

void Backend::start()
{
    m_parts->accounts.load([this](Result<bool> loaded) {
        later([this, loaded = std::move(loaded)] {
            if (loaded)
                recover();
            else
                Q_EMIT failed(sentence(loaded.error()));
        });
    });
}

/// Deadlines move by the outage right before people can act again.
void Backend::recover()
{
    m_parts->timekeeper.recover([this](Result<Milliseconds> outage) {
        later([this, outage = std::move(outage)] {
            if (!outage) {
                Q_EMIT failed(sentence(outage.error()));
                return;
            }
            if (*outage > 1s)
                qCInfo(lcService, "The backend was away for %lld ms; nobody is charged for it.",
                       static_cast<long long>(outage->count()));
            serve();
        });
    });
}

void Backend::startBroker()
{
    if (m_options.externalBroker) {
        const QUrl &broker = *m_options.externalBroker;
        brokerIsReady(broker.host().toStdString(), std::uint16_t(broker.port(1883)));
        return;
    }
    messaging::BrokerOptions options;
    options.folder = m_folder.file("broker"_L1);
    options.address = m_options.mqtt.address;
    options.port = m_options.mqtt.port;
    options.program = m_options.mosquitto;
    options.key = m_parts->key;
    auto broker = messaging::ManagedBroker::create(options, m_clock, m_random);
    if (!broker) {
        Q_EMIT failed(sentence(broker.error()));
        return;
    }
    m_parts->broker = *std::move(broker);
    connect(m_parts->broker.get(), &messaging::ManagedBroker::ready, this,
            [this](quint16 port) { brokerIsReady(reachable(m_options.mqtt.address).toStdString(), port); });
    connect(m_parts->broker.get(), &messaging::ManagedBroker::failed, this, &Backend::failed);
    m_parts->broker->start();
    QTimer::singleShot(brokerPatience, this, [this] {
        if (!m_announced && !m_stopping)
            Q_EMIT failed(u"The broker runs but does not let the backend in; the log above tells more."_s);
    });
}

void Backend::brokerIsReady(const std::string &host, std::uint16_t port)
{
    m_mqttPort = port;
    m_parts->shop.setBroker(application::BrokerAddress{port, false});
    m_parts->publisher->start(host, port);
    // An external broker may be away for now: orders are taken, and messages wait in the outbox.
    if (m_options.externalBroker)
        announce();
}

/// HTTP before the broker: a taken port is found before anything else was started. What is ordered meanwhile waits in
/// the outbox.
void Backend::serve()
{
    if (m_stopping)
        return;
    if (const auto listening = listen(); !listening) {
        Q_EMIT failed(sentence(listening.error()));
        return;
    }
    m_parts->scheduler->start();
    startBroker();
}

Result<void> Backend::listen()
{
    http::Router router;
    http::addApiRoutes(router,
                       {m_parts->orders, m_parts->shop, m_parts->accounts, m_clock,
                        [this](std::function<void(bool)> done) { probeStore(std::move(done)); },
                        [this] { return m_parts->brokerConnected.load(); },
                        [this](std::function<void()> function) { m_parts->server->post(std::move(function)); }});
    // Known before the first request wherever the port is.
    m_parts->shop.setPublicUrl(publicUrl(m_options.http.port).toStdString());
    m_parts->server = std::make_unique<http::Server>(http::Limits{}, std::move(router), m_clock);
    const auto port = m_parts->server->listen(m_options.http.address.toStdString(), m_options.http.port);
    if (!port)
        return tl::unexpected(port.error());
    m_httpPort = *port;
    if (m_options.http.port == 0)
        m_parts->shop.setPublicUrl(publicUrl(*port).toStdString());
    return {};
}

/// A heartbeat that is old says that nothing can be written, even though reading works.
void Backend::probeStore(std::function<void(bool)> done)
{
    application::ask<bool>(
        *m_parts->store,
        [this](application::Reader &reader) -> Result<bool> {
            const auto last = reader.lastHeartbeat();
            return last && m_clock.now() - *last < 4 * Scheduler::heartbeat;
        },
        [done = std::move(done)](Result<bool> answered) { done(answered.value_or(false)); });
}

/// What is in the QR code: never a loopback address unless nothing else can reach the backend anyway.
QString Backend::publicUrl(std::uint16_t port) const
{
    if (m_options.publicUrl)
        return m_options.publicUrl->toString(QUrl::StripTrailingSlash);
    const QHostAddress bound(m_options.http.address);
    const bool everywhere =
        bound == QHostAddress(QHostAddress::AnyIPv4) || bound == QHostAddress(QHostAddress::AnyIPv6);
    const QString lan = everywhere ? firstLanAddress() : m_options.http.address;
    if (lan.isEmpty())
        qCWarning(lcService, "This machine has no LAN address: phones cannot open the QR code. See --public-url.");
    return url("http"_L1, lan.isEmpty() ? reachable(m_options.http.address) : lan, port);
}

void Backend::writeOrganiserToken(std::function<void(Result<void>)> done)
{
    const std::string earlier = m_folder.read("organiser.token"_L1).trimmed().toStdString();
    m_parts->accounts.localOrganiser(earlier, [this, done = std::move(done)](Result<application::Session> session) {
        later([this, done, session = std::move(session)] {
            done(session ? m_folder.writePrivately("organiser.token"_L1,
                                                   QByteArray::fromStdString(session->token.token) + '\n')
                         : Result<void>(tl::unexpected(session.error())));
        });
    });
}

void Backend::announce()
{
    if (std::exchange(m_announced, true) || m_stopping)
        return;
    writeOrganiserToken([this](Result<void> written) {
        if (m_stopping)
            return; // backend.json was removed for good
        const QString mqttHost =
            m_options.externalBroker ? m_options.externalBroker->host() : reachable(m_options.mqtt.address);
        const boost::json::object where{
            {"ready", true},
            {"http", url("http"_L1, reachable(m_options.http.address), m_httpPort).toStdString()},
            {"mqtt", url("mqtt"_L1, mqttHost, m_mqttPort).toStdString()},
        };
        const QByteArray line = QByteArray::fromStdString(boost::json::serialize(where));
        if (written)
            written = m_folder.writePrivately("backend.json"_L1, line + '\n');
        if (!written) {
            Q_EMIT failed(sentence(written.error()));
            return;
        }
        m_tokenRenewal.start(organiserTokenRenewal);
        Q_EMIT ready(line);
    });
}

void Backend::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_folder.remove("backend.json"_L1);
    m_parts->scheduler->stop();
    if (m_parts->server)
        m_parts->server->stop(answerGrace);
    m_parts->publisher->stop(publishGrace);
}

void Backend::finishStop()
{
    m_parts->timekeeper.beat([this](Result<bool>) {
        later([this] {
            m_parts->store->close();
            if (!m_parts->broker) {
                Q_EMIT stopped();
                return;
            }
            connect(m_parts->broker.get(), &messaging::ManagedBroker::stopped, this, &Backend::stopped);
            m_parts->broker->stop();
        });
    });
}

} // namespace brewline::service
