// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/eventcatalog.h"
#include "application/eventviews.h"
#include "application/store.h"
#include "contracts/eventview.h"
#include "core/clock.h"
#include "core/random.h"
#include "domain/actor.h"

#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace brewline::application {

/// The current code for a display.
struct CodeView {
    std::string code;
    std::string url; ///< what the QR code says: upper case, so that it needs a smaller symbol
    int tokensLeft = 0;
    int tokensTotal = 0;
    Timestamp startsAt;
    Timestamp endsAt;
    Timestamp serverTime;
};

/// The event of a code, and whether a scan of it would still count.
struct CodeOwner {
    EventView event;
    bool stillCounts = false;
};

/// What staff changes about one menu item; what is absent stays.
struct ItemChange {
    std::optional<bool> available;
    std::optional<std::int64_t> stock;
};

/// Events as visitors see them, their code, and what staff does with them. Like OrderService, any thread may call.
class ShopService {
public:
    template<typename T>
    using Done = std::function<void(Result<T>)>;

    ShopService(Store &store, const EventCatalog &events, Random &random, const Clock &clock);

    /// The address in the code's URL, e.g. "http://192.168.1.20:8080".
    void setPublicUrl(std::string url);
    /// Where clients find the broker from now on; nothing while it is away.
    void setBroker(std::optional<BrokerAddress> broker);
    [[nodiscard]] std::optional<BrokerAddress> broker() const;

    void event(const EventId &id, Done<EventView> done);
    /// The code to show; opens a new bucket when the last one has ended. Displays only.
    void currentCode(const domain::Actor &actor, const EventId &id, Done<CodeView> done);
    /// What is behind a code that a phone's camera opened; NotFound for a code that there never was. Spends no token.
    void eventOfCode(const std::string &code, Done<CodeOwner> done);
    /// Baristas and organisers. A closed shop is never paused.
    void setState(const domain::Actor &actor, const EventId &id, const domain::ShopState &state, Done<EventView> done);
    void changeItem(const domain::Actor &actor, const EventId &id, const std::string &item, const ItemChange &change,
                    Done<EventView> done);

private:
    Result<const domain::Event *> eventForStaff(const domain::Actor &actor, const EventId &id) const;
    [[nodiscard]] std::string publicUrl() const;

    Store &m_store;
    const EventCatalog &m_events;
    Random &m_random;
    const Clock &m_clock;
    mutable std::mutex m_mutex;
    std::string m_publicUrl;
    std::optional<BrokerAddress> m_broker;
};

} // namespace brewline::application
