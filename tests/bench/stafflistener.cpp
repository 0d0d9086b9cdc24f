// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/stafflistener.h"

#include "core/time.h"

#include <charconv>
#include <optional>
#include <utility>

namespace brewline::bench {

namespace {

constexpr unsigned char connectPacket = 0x10;
constexpr unsigned char connackPacket = 0x20;
constexpr unsigned char publishPacket = 0x30;
constexpr unsigned char pubackPacket = 0x40;
constexpr unsigned char subscribePacket = 0x82;
constexpr unsigned char subackPacket = 0x90;
constexpr unsigned char refused = 0x80;
constexpr unsigned char keepAlive = 60; // s; the acknowledgements keep the connection alive long before

std::string number16(std::size_t value)
{
    return {char(value >> 8 & 0xff), char(value & 0xff)};
}

std::string text(std::string_view value)
{
    return number16(value.size()).append(value);
}

std::string packet(unsigned char head, std::string_view content)
{
    std::string bytes(1, char(head));
    std::size_t length = content.size();
    do {
        const std::size_t digit = length % 128;
        length /= 128;
        bytes += char(digit | (length > 0 ? 0x80 : 0));
    } while (length > 0);
    return bytes.append(content);
}

unsigned byteAt(std::string_view bytes, std::size_t position)
{
    return static_cast<unsigned char>(bytes[position]);
}

/// A variable byte integer and the number of bytes it takes; nothing when it is not whole.
std::optional<std::pair<std::size_t, std::size_t>> variableNumber(std::string_view bytes)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i) {
        value |= std::size_t(byteAt(bytes, i) & 0x7f) << (7 * i);
        if ((byteAt(bytes, i) & 0x80) == 0)
            return std::pair(value, i + 1);
    }
    return std::nullopt;
}

/// The text of a member near the begin of a JSON text; empty when it is not there.
std::string_view member(std::string_view json, std::string_view name)
{
    const std::size_t at = json.substr(0, 512).find(name);
    if (at == std::string_view::npos)
        return {};
    json.remove_prefix(at + name.size());
    return json.substr(0, json.find('"'));
}

std::int64_t wallMilliseconds()
{
    return toMilliseconds(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()));
}

} // namespace

void StaffListener::listen(const Login &login, std::string topic)
{
    m_topic = std::move(topic);
    constexpr char version = 5;
    constexpr char userPasswordCleanStart = char(0xc2);
    const std::string noProperties(1, '\0');
    write(packet(connectPacket, text("MQTT") + version + userPasswordCleanStart + number16(keepAlive) + noProperties +
                                    text(login.clientId) + text(login.userName) + text(login.password)));
}

std::size_t StaffListener::received(std::string_view bytes)
{
    std::size_t used = 0;
    while (bytes.size() - used >= 2) {
        const std::string_view rest = bytes.substr(used);
        const auto length = variableNumber(rest.substr(1));
        if (!length || rest.size() < 1 + length->second + length->first)
            break;
        handlePacket(static_cast<unsigned char>(rest[0]), rest.substr(1 + length->second, length->first));
        used += 1 + length->second + length->first;
    }
    if (!m_acknowledgements.empty())
        write(std::exchange(m_acknowledgements, {}));
    return used;
}

void StaffListener::handlePacket(unsigned char head, std::string_view content)
{
    const std::string noProperties(1, '\0');
    switch (head & 0xf0) {
    case connackPacket:
        if (content.size() >= 2 && byteAt(content, 1) < refused)
            write(packet(subscribePacket, number16(1) + noProperties + text(m_topic) + char(1)));
        break;
    case subackPacket:
        m_listening = !content.empty() && byteAt(content, content.size() - 1) < refused;
        break;
    case publishPacket:
        handlePublish(head, content);
        break;
    default:
        break;
    }
}

void StaffListener::handlePublish(unsigned char head, std::string_view content)
{
    const bool acknowledged = (head & 0x06) != 0;
    std::size_t at = 2 + (byteAt(content, 0) << 8 | byteAt(content, 1));
    if (acknowledged) {
        m_acknowledgements += packet(pubackPacket, content.substr(at, 2));
        at += 2;
    }
    const auto properties = variableNumber(content.substr(at));
    if (!properties) {
        ++m_faults;
        return;
    }
    handlePayload(content.substr(at + properties->second + properties->first));
}

/// Reads no more of the JSON than it needs: the id is `order:sequence`.
void StaffListener::handlePayload(std::string_view payload)
{
    m_lastArrival = std::chrono::steady_clock::now();
    const std::string_view id = member(payload, "\"id\":\"");
    const auto time = timestampFromRfc3339(member(payload, "\"time\":\""));
    const std::size_t colon = id.find(':');
    std::int64_t sequence = 0;
    if (colon != std::string_view::npos)
        std::from_chars(id.data() + colon + 1, id.data() + id.size(), sequence);
    if (!time || sequence == 0) {
        ++m_faults;
        return;
    }
    std::int64_t &newest = m_sequences[std::string(id.substr(0, colon))];
    if (sequence != newest + 1)
        ++m_faults;
    if (sequence <= newest)
        return;
    newest = sequence;
    ++m_changes;
    m_lags.add(Milliseconds(wallMilliseconds() - toMilliseconds(*time)));
}

} // namespace brewline::bench
