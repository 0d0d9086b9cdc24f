// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/listener.h"

#include "core/random.h"
#include "core/secret.h"

#include <boost/json/parse.hpp>

#include <QDeadlineTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

namespace brewline::e2e {

namespace json = boost::json;

namespace {

constexpr int patience = 10'000;
constexpr int noAnswer = -2;

json::object objectAt(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_object() ? value->get_object() : json::object();
}

} // namespace

std::string Heard::type() const
{
    return textOf(json, "detail-type");
}

json::object Heard::detail() const
{
    return objectAt(json, "detail");
}

json::object Heard::order() const
{
    return objectAt(detail(), "order");
}

Listener::Listener()
    : m_client(mqtt::makeClient())
{
    QObject::connect(m_client.get(), &mqtt::Client::connectFailed, m_client.get(),
                     [this](int reason) { m_lastReason = reason; });
    QObject::connect(
        m_client.get(), &mqtt::Client::messageReceived, m_client.get(), [this](const mqtt::Message &message) {
            json::error_code broken;
            const auto value = json::parse({message.payload.constData(), std::size_t(message.payload.size())}, broken);
            Heard heard{message.topic, !broken && value.is_object() ? value.get_object() : json::object(),
                        message.retain};
            if (m_handler)
                m_handler(heard);
            else
                m_heard.push_back(std::move(heard));
        });
}

bool Listener::connect(std::uint16_t port, const Person &person)
{
    QSignalSpy failed(m_client.get(), &mqtt::Client::connectFailed);
    m_client->connectToBroker(
        {"127.0.0.1", port, person.id + '-' + toHex(SystemRandom().bytes<8>()), person.id, person.token});
    return QTest::qWaitFor([&] { return isConnected() || !failed.isEmpty(); }, patience) && isConnected();
}

bool Listener::reconnect(std::uint16_t port, const Person &person)
{
    const QDeadlineTimer deadline(patience);
    while (!deadline.hasExpired()) {
        if (connect(port, person))
            return true;
        QTest::qWait(20);
    }
    return false;
}

void Listener::leave()
{
    m_client->disconnectFromBroker();
}

int Listener::subscribe(const std::string &filter)
{
    QSignalSpy answers(m_client.get(), &mqtt::Client::subscribed);
    m_client->subscribe(filter, 1);
    return QTest::qWaitFor([&] { return !answers.isEmpty(); }, patience) ? answers.first().at(1).toInt() : noAnswer;
}

int Listener::publish(const std::string &topic, const QByteArray &payload)
{
    QSignalSpy answers(m_client.get(), &mqtt::Client::published);
    m_client->publish({topic, payload});
    return QTest::qWaitFor([&] { return !answers.isEmpty(); }, patience) ? answers.first().at(1).toInt() : noAnswer;
}

bool Listener::hears(const std::function<bool(const Heard &)> &isWanted) const
{
    return QTest::qWaitFor([&] { return std::any_of(m_heard.begin(), m_heard.end(), isWanted); }, patience);
}

bool Listener::hearsOf(const std::string &id, const std::string &state) const
{
    return hears([&](const Heard &heard) {
        const json::object order = heard.order();
        return textOf(order, "id") == id && textOf(order, "state") == state;
    });
}

std::vector<std::int64_t> Listener::sequences(const std::string &topic, const std::string &id) const
{
    std::vector<std::int64_t> found;
    for (const Heard &heard : m_heard) {
        if (heard.topic == topic && textOf(heard.order(), "id") == id)
            found.push_back(numberOf(heard.order(), "sequence"));
    }
    return found;
}

} // namespace brewline::e2e
