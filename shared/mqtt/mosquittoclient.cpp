// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mqtt/mosquittoclient.h"

#include "core/logging.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QPointer>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include <sys/ioctl.h>

namespace brewline::mqtt {

using namespace std::chrono_literals;

namespace {

// Unacknowledged messages at once. The library walks its list of them for each message and each answer, so more costs
// more than it gains: this many already fill a 1 ms round trip at 200,000 messages a second.
constexpr std::size_t mostInFlight = 200;
// Reads in a row before other events of the thread get their turn.
constexpr int mostReadsInARow = 100;
constexpr auto leaveTimeout = 1s;

bool hasInput(int socket)
{
    int bytes = 0;
    return socket >= 0 && ::ioctl(socket, FIONREAD, &bytes) == 0 && bytes > 0;
}

int reasonCodeOf(int error)
{
    switch (error) {
    case MOSQ_ERR_OVERSIZE_PACKET:
    case MOSQ_ERR_PAYLOAD_SIZE:
        return MQTT_RC_PACKET_TOO_LARGE;
    case MOSQ_ERR_QOS_NOT_SUPPORTED:
        return MQTT_RC_QOS_NOT_SUPPORTED;
    case MOSQ_ERR_INVAL:
    case MOSQ_ERR_MALFORMED_UTF8:
        return MQTT_RC_TOPIC_NAME_INVALID;
    default:
        return MQTT_RC_UNSPECIFIED;
    }
}

bool isSendable(const Message &message)
{
    const std::string &topic = message.topic;
    return !topic.empty() && topic.size() <= 65535 && topic.find('\0') == std::string::npos &&
           mosquitto_pub_topic_check2(topic.data(), topic.size()) == MOSQ_ERR_SUCCESS &&
           mosquitto_validate_utf8(topic.data(), static_cast<int>(topic.size())) == MOSQ_ERR_SUCCESS &&
           message.payload.size() <= static_cast<qsizetype>(MQTT_MAX_PAYLOAD) && message.qos >= 0 && message.qos <= 2;
}

} // namespace

void MosquittoClient::LaterDeleter::operator()(QSocketNotifier *notifier) const
{
    notifier->setEnabled(false);
    notifier->deleteLater();
}

MosquittoClient::MosquittoClient(QObject *parent)
    : Client(parent)
{
    m_ticker.setInterval(1s);
    m_leaveTimeout.setInterval(leaveTimeout);
    m_leaveTimeout.setSingleShot(true);
    connect(&m_ticker, &QTimer::timeout, this, &MosquittoClient::tick);
    connect(&m_leaveTimeout, &QTimer::timeout, this, [this] { lose(MQTT_RC_SUCCESS, {}); });
}

MosquittoClient::~MosquittoClient()
{
    if (m_state == State::Connected)
        m_connection->sayGoodbye();
    drop();
}

void MosquittoClient::connectToBroker(const ConnectOptions &options)
{
    drop();
    m_options = options;
    m_lastError.clear();
    m_state = State::Resolving;
    resolve();
}

void MosquittoClient::resolve()
{
    // QHostInfo answers addresses, too, without asking a server, and always later from the event loop.
    m_lookup = QHostInfo::lookupHost(QString::fromStdString(m_options.host), this, [this](const QHostInfo &info) {
        if (m_state != State::Resolving || info.lookupId() != m_lookup)
            return;
        m_lastError = info.errorString();
        const auto found = info.addresses();
        for (const QHostAddress &address : found)
            m_addresses.append(address.toString());
        tryNextAddress();
    });
}

void MosquittoClient::tryNextAddress()
{
    while (!m_addresses.isEmpty()) {
        const std::string address = m_addresses.takeFirst().toStdString();
        m_state = State::Connecting;
        ++m_generation;
        m_connection = std::make_unique<MosquittoConnection>(m_options);
        const std::string problem = m_connection->open(address, m_options.port, m_options.keepAlive);
        if (problem.empty() && m_connection->socket() >= 0) {
            watchSocket();
            return;
        }
        m_lastError = QString::fromStdString(problem);
        m_connection.reset();
    }
    fail(LocalFailure, m_lastError);
}

void MosquittoClient::watchSocket()
{
    const int socket = m_connection->socket();
    m_readNotifier.reset(new QSocketNotifier(socket, QSocketNotifier::Read));
    m_writeNotifier.reset(new QSocketNotifier(socket, QSocketNotifier::Write));
    connect(m_readNotifier.get(), &QSocketNotifier::activated, this, &MosquittoClient::readSocket);
    connect(m_writeNotifier.get(), &QSocketNotifier::activated, this, &MosquittoClient::writeSocket);
    m_ticker.start();
}

void MosquittoClient::readSocket()
{
    if (!m_connection)
        return;
    int reads = 0;
    do
        m_connection->read();
    while (++reads < mostReadsInARow && hasInput(m_connection->socket()));
    process();
}

void MosquittoClient::writeSocket()
{
    if (!m_connection)
        return;
    m_connection->write();
    process();
}

void MosquittoClient::tick()
{
    m_connection->tick();
    process();
}

void MosquittoClient::scheduleProcess()
{
    if (std::exchange(m_processScheduled, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_processScheduled = false;
            process();
        },
        Qt::QueuedConnection);
}

void MosquittoClient::forgetClosedSocket()
{
    // When the library has closed the socket, its number may be another's soon.
    if (m_connection->socket() >= 0)
        return;
    m_readNotifier.reset();
    m_writeNotifier.reset();
}

void MosquittoClient::process()
{
    if (!m_connection)
        return;
    forgetClosedSocket();
    const QPointer<MosquittoClient> alive(this);
    const auto isOver = [&, generation = m_generation] { return !alive || m_generation != generation; };

    for (const MosquittoEvent &event : m_connection->takeEvents()) {
        std::visit([this](const auto &it) { handle(it); }, event);
        if (isOver())
            return;
    }
    sendWaiting();
    for (const auto &[id, reason] : std::exchange(m_refusedHere, {})) {
        Q_EMIT published(id, reason);
        if (isOver())
            return;
    }
    for (const auto &[filter, reason] : std::exchange(m_badFilters, {})) {
        Q_EMIT subscribed(filter, reason);
        if (isOver())
            return;
    }
    if (m_writeNotifier)
        m_writeNotifier->setEnabled(m_connection->wantsToWrite());
}

void MosquittoClient::handle(const ConnectAnswer &answer)
{
    if (m_state != State::Connecting)
        return;
    if (answer.reasonCode != MQTT_RC_SUCCESS) {
        m_addresses.clear();
        fail(answer.reasonCode, QString::fromUtf8(mosquitto_reason_string(answer.reasonCode)));
        return;
    }
    m_addresses.clear();
    m_window = std::min(mostInFlight, static_cast<std::size_t>(std::max(1, answer.receiveMaximum)));
    m_state = State::Connected;
    Q_EMIT connected();
}

void MosquittoClient::handle(const PublishAnswer &answer)
{
    const auto found = m_inFlight.find(answer.mid); // not found: QoS 0
    if (found == m_inFlight.end())
        return;
    const int id = found->second;
    m_inFlight.erase(found);
    Q_EMIT published(id, answer.reasonCode);
}

void MosquittoClient::handle(const SubscribeAnswer &answer)
{
    const auto found = m_subscriptions.find(answer.mid);
    if (found == m_subscriptions.end())
        return;
    const std::string filter = std::move(found->second);
    m_subscriptions.erase(found);
    Q_EMIT subscribed(filter, answer.reasonCode);
}

void MosquittoClient::handle(const ConnectionLost &lost)
{
    if (m_state == State::Connecting) {
        m_lastError = QString::fromStdString(lost.reason);
        m_readNotifier.reset();
        m_writeNotifier.reset();
        tryNextAddress();
        return;
    }
    if (m_state == State::Leaving)
        lose(MQTT_RC_SUCCESS, {});
    else
        lose(lost.reasonCode, QString::fromStdString(lost.reason));
}

void MosquittoClient::handle(const Message &message)
{
    if (m_state == State::Connected)
        Q_EMIT messageReceived(message);
}

void MosquittoClient::sendWaiting()
{
    while (m_state == State::Connected && !m_waiting.empty() && m_inFlight.size() < m_window) {
        if (!sendOne(m_waiting.front()))
            return;
        m_waiting.pop_front();
    }
}

bool MosquittoClient::sendOne(const Waiting &waiting)
{
    int mid = 0;
    const int result = m_connection->publish(waiting.message, mid);
    switch (result) {
    case MOSQ_ERR_SUCCESS:
        m_inFlight.emplace(mid, waiting.id);
        return true;
    case MOSQ_ERR_NO_CONN:
    case MOSQ_ERR_CONN_LOST:
    case MOSQ_ERR_ERRNO:
        // The next read finds out, too, and ends the connection.
        return false;
    default:
        m_refusedHere.emplace_back(waiting.id, reasonCodeOf(result));
        return true;
    }
}

void MosquittoClient::disconnectFromBroker()
{
    if (m_state != State::Connected) {
        if (m_state != State::Leaving)
            drop();
        return;
    }
    m_state = State::Leaving;
    m_waiting.clear();
    m_inFlight.clear();
    m_subscriptions.clear();
    m_leaveTimeout.start();
    m_connection->sayGoodbye();
    forgetClosedSocket();
    scheduleProcess();
}

bool MosquittoClient::isConnected() const
{
    return m_state == State::Connected;
}

void MosquittoClient::subscribe(const std::string &filter, int qos)
{
    if (m_state != State::Connected)
        return;
    int mid = 0;
    const int result = m_connection->subscribe(filter, qos, mid);
    if (result == MOSQ_ERR_SUCCESS)
        m_subscriptions.emplace(mid, filter);
    else
        m_badFilters.emplace_back(filter, MQTT_RC_TOPIC_FILTER_INVALID);
    scheduleProcess();
}

void MosquittoClient::unsubscribe(const std::string &filter)
{
    if (m_state != State::Connected)
        return;
    if (m_connection->unsubscribe(filter) != MOSQ_ERR_SUCCESS)
        qCWarning(lcMqtt, "cannot unsubscribe from \"%s\"", filter.c_str());
    scheduleProcess();
}

int MosquittoClient::publish(const Message &message)
{
    if (m_state != State::Connected)
        return NotConnected;
    if (!isSendable(message))
        return InvalidMessage;
    m_lastId = m_lastId == std::numeric_limits<int>::max() ? 1 : m_lastId + 1;
    if (message.qos == 0) {
        int mid = 0;
        if (m_connection->publish(message, mid) != MOSQ_ERR_SUCCESS)
            qCDebug(lcMqtt, "a message of QoS 0 to \"%s\" was not sent", message.topic.c_str());
    } else {
        m_waiting.push_back({m_lastId, message});
    }
    scheduleProcess();
    return m_lastId;
}

void MosquittoClient::drop()
{
    ++m_generation;
    if (m_lookup != -1)
        QHostInfo::abortHostLookup(std::exchange(m_lookup, -1));
    m_readNotifier.reset();
    m_writeNotifier.reset();
    m_ticker.stop();
    m_leaveTimeout.stop();
    m_connection.reset();
    m_addresses.clear();
    m_waiting.clear();
    m_inFlight.clear();
    m_subscriptions.clear();
    m_refusedHere.clear();
    m_badFilters.clear();
    m_state = State::Idle;
}

void MosquittoClient::fail(int reasonCode, const QString &text)
{
    drop();
    Q_EMIT connectFailed(reasonCode, text);
}

void MosquittoClient::lose(int reasonCode, const QString &reason)
{
    drop();
    Q_EMIT disconnected(reasonCode, reason);
}

} // namespace brewline::mqtt
