// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The face of the plugin towards mosquitto: translates its C callbacks into calls of AccessControl.
//
//     plugin              /path/brewline-broker-auth.so
//     plugin_opt_key_file /path/key             32 raw bytes
//     plugin_opt_clock_offset_ms 1795222000123  optional: what to add to CLOCK_BOOTTIME to get the backend's time
//     check_retain_source false                 needed: mosquitto checks the author of a retained message with a
//                                               made-up client that no plugin can know
//     persistent_client_expiration 1h           advised: a session expiry asked for by an MQTT 5 client is not
//                                               visible to plugins; such a session is never resumed and gets nothing
#include "broker-auth/accesscontrol.h"
#include "broker-auth/control.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include <charconv>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>

namespace brewline::brokerauth {

namespace {

constexpr std::int64_t sweepEvery = 500; // ms

std::int64_t milliseconds(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

std::string_view textOrEmpty(const char *text)
{
    return text ? std::string_view(text) : std::string_view();
}

/// What the plugin keeps while the broker runs.
struct Plugin {
    Plugin(mosquitto_plugin_id_t *id, Key key, std::int64_t offset)
        : identifier(id)
        , access(key)
        , clockOffset(offset)
    {
    }

    /// Runs evenly although someone sets the clock: tokens are dated by the backend, whose clock does the same.
    [[nodiscard]] std::int64_t now() const { return milliseconds(CLOCK_BOOTTIME) + clockOffset; }

    mosquitto_plugin_id_t *identifier;
    AccessControl access;
    std::int64_t clockOffset;
    std::int64_t nextSweep = 0;
};

/// Calls \a function; an exception must not cross the broker's C code and means \a otherwise.
template<typename Function>
int guarded(int otherwise, Function function) noexcept
{
    try {
        return function();
    } catch (const std::exception &problem) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "brewline: %s", problem.what());
        return otherwise;
    }
}

int onBasicAuth(int, void *data, void *self) noexcept
{
    auto &event = *static_cast<mosquitto_evt_basic_auth *>(data);
    auto &plugin = *static_cast<Plugin *>(self);
    return guarded(MOSQ_ERR_AUTH, [&] {
        const ConnectRequest request{textOrEmpty(mosquitto_client_id(event.client)), textOrEmpty(event.username),
                                     textOrEmpty(event.password), mosquitto_client_clean_session(event.client)};
        const auto admitted = plugin.access.admit(event.client, request, plugin.now());
        if (admitted)
            return MOSQ_ERR_SUCCESS;
        const char *address = mosquitto_client_address(event.client);
        mosquitto_log_printf(MOSQ_LOG_NOTICE, "brewline: refused a client from %s: %s", address ? address : "?",
                             admitted.error().c_str());
        return MOSQ_ERR_AUTH;
    });
}

int onAclCheck(int, void *data, void *self) noexcept
{
    const auto &event = *static_cast<mosquitto_evt_acl_check *>(data);
    const auto &plugin = *static_cast<const Plugin *>(self);
    return guarded(MOSQ_ERR_ACL_DENIED, [&] {
        const std::string_view topic = textOrEmpty(event.topic);
        const auto verdict = [](bool allowed) { return allowed ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ACL_DENIED; };
        switch (event.access) {
        case MOSQ_ACL_READ:
            return verdict(plugin.access.mayReceive(event.client, topic, plugin.now()));
        case MOSQ_ACL_WRITE:
            return verdict(plugin.access.mayPublish(event.client, topic, plugin.now()));
        case MOSQ_ACL_SUBSCRIBE:
            return verdict(plugin.access.maySubscribe(event.client, topic, plugin.now()));
        case MOSQ_ACL_UNSUBSCRIBE:
            return MOSQ_ERR_SUCCESS;
        default:
            return MOSQ_ERR_ACL_DENIED;
        }
    });
}

int onControl(int, void *data, void *self) noexcept
{
    const auto &event = *static_cast<mosquitto_evt_control *>(data);
    auto &plugin = *static_cast<Plugin *>(self);
    return guarded(MOSQ_ERR_UNKNOWN, [&] {
        // That the sender may do this was checked as a publication, before this is called.
        const auto subjects = readRevocation({static_cast<const char *>(event.payload), event.payloadlen});
        if (!subjects) {
            mosquitto_log_printf(MOSQ_LOG_ERR, "brewline: command ignored: %s", subjects.error().c_str());
            return MOSQ_ERR_SUCCESS;
        }
        plugin.access.revoke(*subjects);
        plugin.nextSweep = 0;
        return MOSQ_ERR_SUCCESS;
    });
}

int onDisconnect(int, void *data, void *self) noexcept
{
    const auto &event = *static_cast<mosquitto_evt_disconnect *>(data);
    auto &plugin = *static_cast<Plugin *>(self);
    return guarded(MOSQ_ERR_SUCCESS, [&] {
        plugin.access.leave(event.client);
        return MOSQ_ERR_SUCCESS;
    });
}

/// Called once in each turn of the broker's loop, so at least ten times a second.
int onTick(int, void *, void *self) noexcept
{
    auto &plugin = *static_cast<Plugin *>(self);
    return guarded(MOSQ_ERR_SUCCESS, [&] {
        const std::int64_t now = plugin.now();
        if (now >= plugin.nextSweep) {
            plugin.nextSweep = now + sweepEvery;
            for (const std::string &clientId : plugin.access.spentClients(now))
                mosquitto_kick_client_by_clientid(clientId.c_str(), true);
        }
        // In the very turn they left: the broker may reuse their addresses in the next.
        plugin.access.forgetLeavers();
        return MOSQ_ERR_SUCCESS;
    });
}

std::optional<std::string> optionNamed(std::string_view name, const mosquitto_opt *options, int count)
{
    for (int i = 0; i < count; ++i) {
        if (textOrEmpty(options[i].key) == name)
            return std::string(textOrEmpty(options[i].value));
    }
    return std::nullopt;
}

std::optional<Key> readKey(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    Key key{};
    file.read(reinterpret_cast<char *>(key.data()), static_cast<std::streamsize>(key.size()));
    const bool isExact = file && file.peek() == std::ifstream::traits_type::eof();
    return isExact ? std::optional(key) : std::nullopt;
}

std::optional<std::int64_t> readClockOffset(const mosquitto_opt *options, int count)
{
    const auto text = optionNamed("clock_offset_ms", options, count);
    if (!text)
        return milliseconds(CLOCK_REALTIME) - milliseconds(CLOCK_BOOTTIME);
    std::int64_t offset = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), offset);
    const bool isWhole = problem == std::errc() && end == text->data() + text->size();
    return isWhole ? std::optional(offset) : std::nullopt;
}

struct Registration {
    int event;
    MOSQ_FUNC_generic_callback callback;
    const void *data;
};

constexpr Registration registrations[] = {
    {MOSQ_EVT_BASIC_AUTH, onBasicAuth, nullptr},
    {MOSQ_EVT_ACL_CHECK, onAclCheck, nullptr},
    {MOSQ_EVT_CONTROL, onControl, controlTopic},
    {MOSQ_EVT_DISCONNECT, onDisconnect, nullptr},
    {MOSQ_EVT_TICK, onTick, nullptr},
};

int start(mosquitto_plugin_id_t *identifier, void **self, const mosquitto_opt *options, int count)
{
    const auto path = optionNamed("key_file", options, count);
    const auto key = path ? readKey(*path) : std::nullopt;
    if (!key) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "brewline: plugin_opt_key_file must name a file of exactly 32 bytes");
        return MOSQ_ERR_INVAL;
    }
    const auto offset = readClockOffset(options, count);
    if (!offset) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "brewline: plugin_opt_clock_offset_ms is not a whole number");
        return MOSQ_ERR_INVAL;
    }
    auto plugin = std::make_unique<Plugin>(identifier, *key, *offset);
    for (const Registration &it : registrations) {
        const int result = mosquitto_callback_register(identifier, it.event, it.callback, it.data, plugin.get());
        if (result != MOSQ_ERR_SUCCESS)
            return result; // the broker ends itself now
    }
    *self = plugin.release();
    return MOSQ_ERR_SUCCESS;
}

} // namespace

} // namespace brewline::brokerauth

using namespace brewline::brokerauth;

extern "C" {

__attribute__((visibility("default"))) int mosquitto_plugin_version(int count, const int *versions)
{
    for (int i = 0; i < count; ++i) {
        if (versions[i] == MOSQ_PLUGIN_VERSION)
            return MOSQ_PLUGIN_VERSION;
    }
    return -1;
}

__attribute__((visibility("default"))) int mosquitto_plugin_init(mosquitto_plugin_id_t *identifier, void **self,
                                                                 mosquitto_opt *options, int count)
{
    return guarded(MOSQ_ERR_UNKNOWN, [&] { return start(identifier, self, options, count); });
}

__attribute__((visibility("default"))) int mosquitto_plugin_cleanup(void *self, mosquitto_opt *, int)
{
    const std::unique_ptr<Plugin> plugin(static_cast<Plugin *>(self));
    if (!plugin)
        return MOSQ_ERR_SUCCESS;
    for (const Registration &it : registrations)
        mosquitto_callback_unregister(plugin->identifier, it.event, it.callback, it.data);
    return MOSQ_ERR_SUCCESS;
}
}
