// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/listener.h"

#include "contracts/detailtype.h"
#include "contracts/jsonreader.h"
#include "contracts/topics.h"

namespace brewline::demo {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr int refused = 0x80;
constexpr int topicCount = 2;

const json::object *objectAt(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value ? value->if_object() : nullptr;
}

std::string_view textAt(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

} // namespace

Listener::Listener(Account account, EventId event, std::string topic)
    : m_account(std::move(account))
    , m_event(std::move(event))
    , m_topic(std::move(topic))
    , m_client(mqtt::makeClient())
{
    connect(m_client.get(), &mqtt::Client::connected, this, [this] {
        m_client->subscribe(topics::shop(m_event), 1);
        m_client->subscribe(m_topic, 1);
    });
    connect(m_client.get(), &mqtt::Client::connectFailed, this,
            [this](int, const QString &text) { Q_EMIT failed(u"The broker refused a connection: "_s + text); });
    connect(m_client.get(), &mqtt::Client::disconnected, this,
            [this](int, const QString &reason) { Q_EMIT failed(u"A connection to the broker was lost: "_s + reason); });
    connect(m_client.get(), &mqtt::Client::subscribed, this, &Listener::subscribed);
    connect(m_client.get(), &mqtt::Client::messageReceived, this, &Listener::receive);
}

void Listener::start(const Address &address)
{
    m_client->connectToBroker(mqttOptions(address, m_account));
}

void Listener::subscribed(const std::string &filter, int reasonCode)
{
    if (reasonCode >= refused || reasonCode < 0) {
        Q_EMIT failed(u"The broker refused %1 the topic %2."_s.arg(QString::fromStdString(m_account.name),
                                                                   QString::fromStdString(filter)));
        return;
    }
    if (++m_granted == topicCount)
        Q_EMIT listening();
}

void Listener::receive(const mqtt::Message &message)
{
    const auto envelope = parseJsonObject({message.payload.constData(), std::size_t(message.payload.size())});
    const json::object *detail = envelope ? objectAt(*envelope, "detail") : nullptr;
    const auto time = envelope ? timestampFromRfc3339(textAt(*envelope, "time")) : std::nullopt;
    if (!detail || !time)
        return note("A message in " + message.topic + " has no readable envelope.");
    const std::string_view type = textAt(*envelope, "detail-type");
    if (type == detailtype::configChanged)
        return receiveShop(*detail);
    if (type == detailtype::codeChanged)
        return;
    if (const json::object *order = objectAt(*detail, "order"))
        return receiveOrder(*order, *time);
    note("A message " + std::string(type) + " has no order.");
}

void Listener::receiveShop(const json::object &detail)
{
    const json::value *open = detail.if_contains("open");
    if (!open || !open->is_bool())
        return note("A message about the shop does not tell whether it is open.");
    if (open->get_bool()) {
        m_heardOpening = true;
    } else if (m_heardOpening && !m_heardClosing) {
        m_heardClosing = true;
        Q_EMIT closingHeard();
    }
}

void Listener::receiveOrder(const json::object &object, Timestamp time)
{
    ++m_messages;
    auto order = orderViewFromJson(object);
    if (!order)
        return note("An order in a message cannot be read: " + order.error().detail);
    Story &story = m_stories[order->id];
    const std::int64_t expected = story.empty() ? 1 : story.back().order.sequence + 1;
    if (order->sequence != expected) {
        return note("Of order " + order->id.text() + " came sequence " + std::to_string(order->sequence) + " where " +
                    std::to_string(expected) + " was due.");
    }
    story.push_back({*order, time});
    Q_EMIT orderChanged(*order);
}

void Listener::note(std::string fault)
{
    m_faults.push_back(m_account.name + ": " + std::move(fault));
}

} // namespace brewline::demo
