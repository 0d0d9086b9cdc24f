// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mqtt/mosquittoconnection.h"

#include "mqtt/client.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace brewline::mqtt {

namespace {

// Unacknowledged QoS 1 messages that the broker may send to us; the library's default of 20 makes a busy topic wait.
constexpr int receiveMaximum = 500;
constexpr int mostMessagesInFlight = 65535;
constexpr int shortestKeepAlive = 5; // libmosquitto refuses less

std::vector<MosquittoEvent> &eventsOf(void *object)
{
    return *static_cast<std::vector<MosquittoEvent> *>(object);
}

void onConnect(mosquitto *, void *object, int reasonCode, int, const mosquitto_property *properties)
{
    std::uint16_t maximum = mostMessagesInFlight;
    mosquitto_property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM, &maximum, false);
    eventsOf(object).emplace_back(ConnectAnswer{reasonCode, maximum});
}

void onDisconnect(mosquitto *, void *object, int code, const mosquitto_property *)
{
    const int error = errno;
    // One number for two things: a reason code of the broker (>= 0x80) or the library's own error (small).
    ConnectionLost lost{Client::LocalFailure, {}};
    if (code >= MQTT_RC_UNSPECIFIED) {
        lost.reasonCode = code;
        lost.reason = mosquitto_reason_string(code);
    } else if (code == MOSQ_ERR_ERRNO) {
        lost.reason = std::strerror(error);
    } else {
        lost.reason = mosquitto_strerror(code);
    }
    eventsOf(object).emplace_back(std::move(lost));
}

void onPublish(mosquitto *, void *object, int mid, int reasonCode, const mosquitto_property *)
{
    eventsOf(object).emplace_back(PublishAnswer{mid, reasonCode});
}

void onSubscribe(mosquitto *, void *object, int mid, int count, const int *granted, const mosquitto_property *)
{
    eventsOf(object).emplace_back(SubscribeAnswer{mid, count > 0 ? granted[0] : MQTT_RC_UNSPECIFIED});
}

void onMessage(mosquitto *, void *object, const mosquitto_message *message, const mosquitto_property *)
{
    eventsOf(object).emplace_back(Message{message->topic,
                                          QByteArray(static_cast<const char *>(message->payload), message->payloadlen),
                                          message->qos, message->retain});
}

} // namespace

void MosquittoConnection::Deleter::operator()(mosquitto *handle) const
{
    mosquitto_destroy(handle);
    mosquitto_lib_cleanup();
}

MosquittoConnection::MosquittoConnection(const ConnectOptions &options)
{
    // Counted by the library: each handle holds it open once.
    mosquitto_lib_init();
    m_handle.reset(mosquitto_new(options.clientId.empty() ? nullptr : options.clientId.c_str(), true, &m_events));
    if (!m_handle)
        return;
    mosquitto_int_option(m_handle.get(), MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(m_handle.get(), MOSQ_OPT_RECEIVE_MAXIMUM, receiveMaximum);
    // The client counts what is in flight; the library must never hold messages back or it would walk its list for
    // each.
    mosquitto_int_option(m_handle.get(), MOSQ_OPT_SEND_MAXIMUM, mostMessagesInFlight);
    mosquitto_int_option(m_handle.get(), MOSQ_OPT_TCP_NODELAY, 1);
    if (!options.userName.empty())
        mosquitto_username_pw_set(m_handle.get(), options.userName.c_str(), options.password.c_str());
    if (options.will) {
        const Message &will = *options.will;
        mosquitto_will_set_v5(m_handle.get(), will.topic.c_str(), static_cast<int>(will.payload.size()),
                              will.payload.constData(), will.qos, will.retain, nullptr);
    }
    installCallbacks();
}

MosquittoConnection::~MosquittoConnection() = default;

void MosquittoConnection::installCallbacks()
{
    mosquitto_connect_v5_callback_set(m_handle.get(), onConnect);
    mosquitto_disconnect_v5_callback_set(m_handle.get(), onDisconnect);
    mosquitto_publish_v5_callback_set(m_handle.get(), onPublish);
    mosquitto_subscribe_v5_callback_set(m_handle.get(), onSubscribe);
    mosquitto_message_v5_callback_set(m_handle.get(), onMessage);
}

std::string MosquittoConnection::open(const std::string &address, std::uint16_t port, Seconds keepAlive)
{
    if (!m_handle)
        return std::strerror(errno);
    const int seconds = std::max(shortestKeepAlive, static_cast<int>(keepAlive.count()));
    const int result = mosquitto_connect_bind_async(m_handle.get(), address.c_str(), port, seconds, nullptr);
    if (result <= MOSQ_ERR_SUCCESS) // negative: pending
        return {};
    return result == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(result);
}

int MosquittoConnection::socket() const
{
    return mosquitto_socket(m_handle.get());
}

bool MosquittoConnection::wantsToWrite() const
{
    return mosquitto_want_write(m_handle.get());
}

void MosquittoConnection::read()
{
    mosquitto_loop_read(m_handle.get(), 1);
}

void MosquittoConnection::write()
{
    mosquitto_loop_write(m_handle.get(), 1);
}

void MosquittoConnection::tick()
{
    mosquitto_loop_misc(m_handle.get());
}

int MosquittoConnection::publish(const Message &message, int &mid)
{
    return mosquitto_publish_v5(m_handle.get(), &mid, message.topic.c_str(), static_cast<int>(message.payload.size()),
                                message.payload.constData(), message.qos, message.retain, nullptr);
}

int MosquittoConnection::subscribe(const std::string &filter, int qos, int &mid)
{
    return mosquitto_subscribe_v5(m_handle.get(), &mid, filter.c_str(), qos, 0, nullptr);
}

int MosquittoConnection::unsubscribe(const std::string &filter)
{
    return mosquitto_unsubscribe_v5(m_handle.get(), nullptr, filter.c_str(), nullptr);
}

void MosquittoConnection::sayGoodbye()
{
    mosquitto_disconnect_v5(m_handle.get(), MQTT_RC_NORMAL_DISCONNECTION, nullptr);
}

std::vector<MosquittoEvent> MosquittoConnection::takeEvents()
{
    return std::exchange(m_events, {});
}

} // namespace brewline::mqtt
