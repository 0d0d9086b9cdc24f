// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/publisher.h"

#include "contracts/topics.h"
#include "core/logging.h"
#include "core/secret.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace brewline::messaging {

using namespace std::chrono_literals;
using application::OutboxKind;
using application::OutboxRecord;

namespace {

/// Rows that are under way at the same time; more only wait in memory instead of in the database.
constexpr int window = 1'000;
constexpr auto pulseInterval = 2s;
/// Numbers such as tokens left and the queue change with every order; the retained state follows at this pace.
constexpr auto shopRefreshInterval = 1s;
constexpr auto storeRetry = 1s;
constexpr int firstFailure = 0x80;
/// Keeps a control message far below the largest packet that the broker takes.
constexpr std::size_t revocationsInOneMessage = 1'000;

QByteArray toBytes(const std::string &text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

std::vector<std::string> sharedTopicsOf(OutboxKind kind)
{
    switch (kind) {
    case OutboxKind::OrderChanged:
        return {"board", "staff"};
    case OutboxKind::CodeChanged:
        return {"board"};
    case OutboxKind::ShopChanged:
        return {"shop"};
    }
    return {};
}

} // namespace

Publisher::Publisher(Setup setup, QObject *parent)
    : QObject(parent)
    , m_setup(std::move(setup))
    , m_client(mqtt::makeClient())
    , m_backoff(m_setup.random)
{
    connect(m_client.get(), &mqtt::Client::connected, this, &Publisher::onConnected);
    connect(m_client.get(), &mqtt::Client::connectFailed, this, [this](int, const QString &text) { onLost(text); });
    connect(m_client.get(), &mqtt::Client::disconnected, this, [this](int, const QString &text) { onLost(text); });
    connect(m_client.get(), &mqtt::Client::published, this, &Publisher::onPublished);

    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Publisher::connectNow);
    m_pump.setSingleShot(true);
    connect(&m_pump, &QTimer::timeout, this, &Publisher::pump);
    m_pulse.setInterval(pulseInterval);
    connect(&m_pulse, &QTimer::timeout, this, [this] {
        // Only now: a broker that takes the connection but refuses the messages is not to be hammered.
        m_backoff.reset();
        beatPulse();
    });
    m_shopRefresh.setSingleShot(true);
    m_shopRefresh.setInterval(shopRefreshInterval);
    connect(&m_shopRefresh, &QTimer::timeout, this, &Publisher::refreshShops);
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, [this] {
        if (std::exchange(m_isGone, true))
            return;
        m_client->disconnectFromBroker();
        Q_EMIT stopped();
    });
}

Publisher::~Publisher() = default;

void Publisher::start(const std::string &host, std::uint16_t port)
{
    m_host = host;
    m_port = port;
    m_started = true;
    m_backoff.reset();
    connectNow();
}

void Publisher::stop(Milliseconds grace)
{
    m_stopping = true;
    m_grace.start(m_connected ? grace : 0ms);
    pump();
    checkDrained();
}

void Publisher::noteOutboxGrew()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_mayHaveMore = true;
            pump();
        },
        Qt::QueuedConnection);
}

void Publisher::revoke(const UserId &user)
{
    QMetaObject::invokeMethod(
        this, [this, user] { publishRevocation({user}); }, Qt::QueuedConnection);
}

void Publisher::connectNow()
{
    m_retry.stop();
    mqtt::ConnectOptions options;
    options.host = m_host;
    options.port = m_port;
    options.clientId = m_setup.user + '-' + toHex(m_setup.random.bytes<8>());
    options.userName = m_setup.user;
    options.password = m_setup.password();
    m_client->connectToBroker(options);
}

void Publisher::onConnected()
{
    qCInfo(lcMessaging, "Connected to the broker.");
    m_connected = true;
    ++m_epoch;
    // What the broker did not acknowledge is published again, from the oldest row on.
    m_lastRead = 0;
    m_mayHaveMore = true;
    m_reading = false;
    m_rows.clear();
    m_packets.clear();
    publishRevocation(m_setup.revokedUsers());
    for (const EventId &event : m_setup.events.ids())
        m_staleShops.insert(event);
    refreshShops();
    beatPulse();
    m_pulse.start();
    pump();
    Q_EMIT connectedChanged(true);
}

void Publisher::onLost(const QString &why)
{
    const bool wasConnected = std::exchange(m_connected, false);
    m_pulse.stop();
    if (wasConnected)
        Q_EMIT connectedChanged(false);
    if (!m_started || m_stopping || m_retry.isActive())
        return; // The farewell after a refused message is answered, too.
    const Milliseconds delay = m_backoff.next();
    qCWarning(lcMessaging, "No connection to the broker (%s); trying again in %lld ms.", qUtf8Printable(why),
              static_cast<long long>(delay.count()));
    m_retry.start(delay);
}

void Publisher::pump()
{
    if (!m_connected || m_reading || !m_mayHaveMore)
        return;
    const int room = window - int(m_rows.size());
    if (room < window / 4)
        return; // Acknowledgements call again.
    m_reading = true;
    m_mayHaveMore = false;
    application::ask<Batch>(
        m_setup.store,
        [this, after = m_lastRead, room](application::Reader &reader) -> Result<Batch> {
            Batch batch;
            batch.rows = reader.outbox(after, room);
            for (const OutboxRecord &row : batch.rows) {
                const domain::Event *event = m_setup.events.find(row.event);
                if (row.kind == OutboxKind::ShopChanged && event && !batch.shops.contains(row.event))
                    batch.shops[row.event] =
                        application::viewOf(*event, reader, m_setup.clock.now(), m_setup.addressForClients());
            }
            return batch;
        },
        [this, room, epoch = m_epoch](Result<Batch> batch) {
            QMetaObject::invokeMethod(
                this,
                [this, room, epoch, batch = std::move(batch)]() mutable {
                    if (batch && batch->rows.size() == std::size_t(room))
                        m_mayHaveMore = true;
                    if (epoch == m_epoch && m_connected)
                        take(std::move(batch));
                },
                Qt::QueuedConnection);
        });
}

void Publisher::take(Result<Batch> batch)
{
    if (!batch) {
        m_reading = false;
        qCWarning(lcMessaging, "The outbox cannot be read now: %s", batch.error().detail.c_str());
        m_mayHaveMore = true;
        m_pump.start(storeRetry);
        return;
    }
    for (const OutboxRecord &row : batch->rows) {
        m_lastRead = row.id;
        // Rows that were acknowledged before a reconnect may not have been erased yet.
        if (std::find(m_finished.begin(), m_finished.end(), row.id) == m_finished.end())
            publishRow(row, *batch);
        if (!m_connected)
            return;
    }
    m_reading = false; // Only now: rows that end at once must not have the rest read again.
    pump();
    checkDrained();
}

void Publisher::publishRow(const OutboxRecord &record, const Batch &batch)
{
    const domain::Event *event = m_setup.events.find(record.event);
    if (!event) {
        // Kept in the outbox: a start with that event's file publishes it.
        if (m_unknownEvents.insert(record.event).second)
            qCWarning(lcMessaging, "Messages of event %s wait until it is configured again.",
                      record.event.text().c_str());
        return;
    }
    const auto shop = batch.shops.find(record.event);
    const std::vector<application::OutgoingMessage> messages =
        application::fanOut(record, *event, shop == batch.shops.end() ? nullptr : &shop->second);
    if (record.kind != OutboxKind::ShopChanged)
        noteStaleShop(record.event);
    Row &row = m_rows[record.id];
    row = {record.event, sharedTopicsOf(record.kind), int(messages.size())};
    for (const application::OutgoingMessage &message : messages) {
        const int packet = m_client->publish({message.topic, toBytes(message.payload), 1, message.retain});
        if (packet < 0) {
            onLost(tr("a message could not be handed over"));
            return;
        }
        m_packets[packet] = record.id;
    }
    if (messages.empty())
        finishRow(record.id);
}

void Publisher::onPublished(int packetId, int reasonCode)
{
    const auto packet = m_packets.find(packetId);
    if (packet == m_packets.end())
        return;
    const std::int64_t id = packet->second;
    m_packets.erase(packet);
    if (reasonCode >= firstFailure) {
        // Going on would leave a hole in the order of this row's messages: begin again at the oldest.
        qCCritical(lcMessaging, "The broker refused a message of outbox row %lld (reason 0x%x).",
                   static_cast<long long>(id), unsigned(reasonCode));
        m_client->disconnectFromBroker();
        onLost(tr("a message was refused"));
        return;
    }
    const auto row = m_rows.find(id);
    if (row != m_rows.end() && --row->second.unacknowledged == 0)
        finishRow(id);
}

void Publisher::finishRow(std::int64_t id)
{
    const auto row = m_rows.find(id);
    application::NewestStreams &newest = m_newest[row->second.event];
    for (const std::string &topic : row->second.sharedTopics)
        newest[topic] = std::max(newest[topic], id);
    m_rows.erase(row);
    m_finished.push_back(id);
    eraseFinished();
    pump();
}

void Publisher::eraseFinished()
{
    if (m_erasing || m_finished.empty())
        return;
    m_erasing = true;
    application::run<std::size_t>(
        m_setup.store,
        [ids = m_finished](application::Transaction &transaction) -> application::Decision<std::size_t> {
            transaction.eraseOutbox(ids);
            return application::commit(ids.size());
        },
        [this](Result<std::size_t> erased) {
            QMetaObject::invokeMethod(
                this,
                [this, erased = std::move(erased)] {
                    m_erasing = false;
                    if (!erased) {
                        qCWarning(lcMessaging, "The outbox cannot be cleared now: %s", erased.error().detail.c_str());
                        QTimer::singleShot(storeRetry, this, &Publisher::eraseFinished);
                        return;
                    }
                    m_finished.erase(m_finished.begin(), m_finished.begin() + std::ptrdiff_t(*erased));
                    eraseFinished();
                    checkDrained();
                },
                Qt::QueuedConnection);
        });
}

void Publisher::noteStaleShop(const EventId &event)
{
    m_staleShops.insert(event);
    if (!m_shopRefresh.isActive())
        m_shopRefresh.start();
}

void Publisher::refreshShops()
{
    if (!m_connected || m_staleShops.empty())
        return;
    const std::set<EventId> stale = std::exchange(m_staleShops, {});
    application::ask<std::vector<EventView>>(
        m_setup.store,
        [this, stale](application::Reader &reader) -> Result<std::vector<EventView>> {
            std::vector<EventView> shops;
            for (const EventId &id : stale) {
                if (const domain::Event *event = m_setup.events.find(id))
                    shops.push_back(
                        application::viewOf(*event, reader, m_setup.clock.now(), m_setup.addressForClients()));
            }
            return shops;
        },
        [this, stale](Result<std::vector<EventView>> shops) {
            QMetaObject::invokeMethod(
                this,
                [this, stale, shops = std::move(shops)] {
                    if (!shops) {
                        for (const EventId &event : stale)
                            noteStaleShop(event);
                        return;
                    }
                    if (!m_connected)
                        return; // The next connect sends all.
                    for (const EventView &shop : *shops)
                        publishShop(shop);
                },
                Qt::QueuedConnection);
        });
}

void Publisher::publishShop(const EventView &shop)
{
    const application::OutgoingMessage message = application::shopMessage(shop, m_lastRead);
    m_client->publish({message.topic, toBytes(message.payload), 1, message.retain});
}

void Publisher::publishRevocation(const std::vector<UserId> &users)
{
    if (!m_connected)
        return;
    for (std::size_t begin = 0; begin < users.size(); begin += revocationsInOneMessage) {
        boost::json::array list;
        for (std::size_t i = begin; i < std::min(begin + revocationsInOneMessage, users.size()); ++i)
            list.emplace_back(users[i].text());
        const std::string body = boost::json::serialize(boost::json::object{{"revoke", std::move(list)}});
        m_client->publish({std::string(topics::brokerControl), toBytes(body), 1, false});
    }
}

void Publisher::beatPulse()
{
    for (const EventId &event : m_setup.events.ids()) {
        const application::OutgoingMessage message =
            application::pulseMessage(event, m_setup.clock.now(), m_newest[event]);
        m_client->publish({message.topic, toBytes(message.payload), 0, false});
    }
}

void Publisher::checkDrained()
{
    const bool drained = m_rows.empty() && m_finished.empty() && !m_reading && !m_mayHaveMore && !m_erasing;
    if (m_stopping && drained)
        m_grace.start(0ms);
}

} // namespace brewline::messaging
