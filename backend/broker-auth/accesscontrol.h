// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "broker-auth/token.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace brewline::brokerauth {

/// What a client says of itself when it connects.
struct ConnectRequest {
    std::string_view clientId;
    std::string_view userName;
    std::string_view password; ///< the token
    bool cleanStart = true;
};

/// Whether \a clientId may belong to \a sub: `sub` itself, or `sub`, "-" and 16 lower- or upper-case hexadecimal digits
/// (64 random bits, for several connections of one person or device).
bool isClientIdOf(std::string_view clientId, std::string_view sub);

/// Who is connected to the broker and what each may do. Knows nothing of mosquitto, so that it can be tested alone.
///
/// A client is named by the address of the broker's record of it: a refused client has no client id, and when one
/// connection takes over from another, both have the same id for a moment. Times are milliseconds since 1970, from a
/// clock that runs evenly. Not thread-safe; the broker has one thread.
class AccessControl {
public:
    using Client = const void *;

    explicit AccessControl(Key key);

    /// Lets \a client in, or says why not. What was known of this address before is forgotten either way.
    [[nodiscard]] tl::expected<void, std::string> admit(Client client, const ConnectRequest &request, std::int64_t now);

    /// Whether \a client may publish to \a topic. A client that is leaving may still publish what it left as its
    /// last will, though its token has expired: others wait to hear that it is gone.
    [[nodiscard]] bool mayPublish(Client client, std::string_view topic, std::int64_t now) const;
    [[nodiscard]] bool maySubscribe(Client client, std::string_view filter, std::int64_t now) const;
    /// Whether a message to \a topic may be delivered to \a client now.
    [[nodiscard]] bool mayReceive(Client client, std::string_view topic, std::int64_t now) const;

    /// The broker is done with \a client, except for its last will; it is forgotten with the next
    /// forgetLeavers().
    void leave(Client client);

    /// Refuses these subjects from now on, for as long as the broker runs.
    void revoke(const std::vector<std::string> &subjects);

    /// Forgets those who left.
    void forgetLeavers();

    /// The client ids of those who must go: token expired or subject revoked.
    [[nodiscard]] std::vector<std::string> spentClients(std::int64_t now) const;

private:
    struct Record {
        std::string clientId;
        Claims claims;
        bool leaving = false;
    };

    [[nodiscard]] const Record *present(Client client, std::int64_t now) const;
    [[nodiscard]] bool isSpent(const Record &record, std::int64_t now) const;
    [[nodiscard]] bool isHeldByAnother(std::string_view clientId, std::string_view sub) const;
    void forget(Client client);

    Key m_key;
    std::unordered_map<Client, Record> m_records;
    std::unordered_map<std::string, Client> m_holders; // client id -> who has it, leaving ones excluded
    std::unordered_set<std::string> m_revoked;
    std::vector<Client> m_leaving;
};

} // namespace brewline::brokerauth
