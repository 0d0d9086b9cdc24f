// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bench/latencies.h"
#include "bench/stream.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace brewline::bench {

/// Subscribes to one topic with QoS 1 and measures how old the messages about orders are when they come. It speaks
/// just as much MQTT 5 as that needs, in the generator's own event loop.
class StaffListener final : public Stream {
public:
    using Stream::Stream;

    struct Login {
        std::string clientId;
        std::string userName;
        std::string password;
    };

    /// After connect(): asks the broker in; isListening() when it has agreed.
    void listen(const Login &login, std::string topic);

    [[nodiscard]] bool isListening() const { return m_listening; }
    /// Changes of orders heard so far, each once.
    [[nodiscard]] std::int64_t changes() const { return m_changes; }
    /// Messages that came twice, out of order or could not be read.
    [[nodiscard]] std::int64_t faults() const { return m_faults; }
    [[nodiscard]] SteadyTime lastArrival() const { return m_lastArrival; }
    /// From the time in the envelope to the arrival here.
    [[nodiscard]] const Latencies &lags() const { return m_lags; }
    void forgetLags() { m_lags.clear(); }

private:
    std::size_t received(std::string_view bytes) override;
    void closed() override { m_listening = false; }
    void handlePacket(unsigned char head, std::string_view content);
    void handlePublish(unsigned char head, std::string_view content);
    void handlePayload(std::string_view payload);

    std::string m_topic;
    std::string m_acknowledgements;
    bool m_listening = false;
    std::int64_t m_changes = 0;
    std::int64_t m_faults = 0;
    SteadyTime m_lastArrival;
    Latencies m_lags;
    std::unordered_map<std::string, std::int64_t> m_sequences; ///< order -> newest change heard
};

} // namespace brewline::bench
