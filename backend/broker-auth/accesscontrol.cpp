// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/accesscontrol.h"

#include "broker-auth/topicfilter.h"

#include <algorithm>
#include <utility>

namespace brewline::brokerauth {

namespace {

constexpr std::size_t suffixDigits = 16;

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool anyMatches(const std::vector<std::string> &filters, std::string_view topic)
{
    return std::any_of(filters.begin(), filters.end(), [&](const auto &filter) { return matches(filter, topic); });
}

} // namespace

bool isClientIdOf(std::string_view clientId, std::string_view sub)
{
    if (!clientId.starts_with(sub))
        return false;
    const std::string_view rest = clientId.substr(sub.size());
    return rest.empty() || (rest.size() == suffixDigits + 1 && rest.front() == '-' &&
                            std::all_of(rest.begin() + 1, rest.end(), isHexDigit));
}

AccessControl::AccessControl(Key key)
    : m_key(key)
{
}

tl::expected<void, std::string> AccessControl::admit(Client client, const ConnectRequest &request, std::int64_t now)
{
    forget(client);
    const auto refuse = [](std::string why) { return tl::unexpected<std::string>(std::move(why)); };
    if (!request.cleanStart)
        return refuse("persistent sessions are not offered");
    auto claims = readToken(request.password, m_key, now);
    if (!claims)
        return refuse(std::move(claims.error()));
    if (request.userName != claims->sub)
        return refuse("the user name is not the token's subject");
    if (m_revoked.contains(claims->sub))
        return refuse("the subject has been revoked");
    if (!isClientIdOf(request.clientId, claims->sub))
        return refuse("the client id does not belong to the token's subject");
    if (isHeldByAnother(request.clientId, claims->sub))
        return refuse("the client id is held by another subject");
    std::string id(request.clientId);
    m_holders.insert_or_assign(id, client);
    m_records.insert_or_assign(client, Record{std::move(id), std::move(*claims)});
    return {};
}

bool AccessControl::isHeldByAnother(std::string_view clientId, std::string_view sub) const
{
    const auto holder = m_holders.find(std::string(clientId));
    return holder != m_holders.end() && m_records.at(holder->second).claims.sub != sub;
}

bool AccessControl::mayPublish(Client client, std::string_view topic, std::int64_t now) const
{
    const auto found = m_records.find(client);
    if (found == m_records.end())
        return false;
    const Record &record = found->second;
    if (!record.leaving && isSpent(record, now))
        return false;
    const auto &filters = record.claims.publish;
    // Commands to the broker are never granted by a wildcard.
    if (topic.starts_with("$CONTROL/"))
        return std::find(filters.begin(), filters.end(), topic) != filters.end();
    return anyMatches(filters, topic);
}

bool AccessControl::maySubscribe(Client client, std::string_view filter, std::int64_t now) const
{
    const Record *record = present(client, now);
    // Shared subscriptions would take messages away from others, and escape the comparison with the claim's filters.
    if (!record || filter.starts_with("$share") || !isValidFilter(filter))
        return false;
    const auto &granted = record->claims.subscribe;
    return std::any_of(granted.begin(), granted.end(), [&](const auto &wide) { return covers(wide, filter); });
}

bool AccessControl::mayReceive(Client client, std::string_view topic, std::int64_t now) const
{
    const Record *record = present(client, now);
    return record && anyMatches(record->claims.subscribe, topic);
}

void AccessControl::leave(Client client)
{
    const auto found = m_records.find(client);
    if (found == m_records.end() || std::exchange(found->second.leaving, true))
        return;
    m_leaving.push_back(client);
    const auto holder = m_holders.find(found->second.clientId);
    if (holder != m_holders.end() && holder->second == client)
        m_holders.erase(holder);
}

void AccessControl::revoke(const std::vector<std::string> &subjects)
{
    m_revoked.insert(subjects.begin(), subjects.end());
}

void AccessControl::forgetLeavers()
{
    for (const Client client : std::exchange(m_leaving, {})) {
        const auto found = m_records.find(client);
        if (found != m_records.end() && found->second.leaving)
            m_records.erase(found);
    }
}

std::vector<std::string> AccessControl::spentClients(std::int64_t now) const
{
    std::vector<std::string> spent;
    for (const auto &[id, client] : m_holders) {
        if (isSpent(m_records.at(client), now))
            spent.push_back(id);
    }
    return spent;
}

const AccessControl::Record *AccessControl::present(Client client, std::int64_t now) const
{
    const auto found = m_records.find(client);
    if (found == m_records.end() || found->second.leaving || isSpent(found->second, now))
        return nullptr;
    return &found->second;
}

bool AccessControl::isSpent(const Record &record, std::int64_t now) const
{
    return hasExpired(record.claims, now) || (!m_revoked.empty() && m_revoked.contains(record.claims.sub));
}

void AccessControl::forget(Client client)
{
    leave(client);
    m_records.erase(client);
}

} // namespace brewline::brokerauth
