// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/shopservice.h"

#include "core/uuid.h"
#include "domain/codebucket.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>

namespace brewline::application {

namespace {

using domain::Actor;

std::string upperCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

/// Scheme and host mean the same in upper case, and only so does the QR code use its compact alphanumeric mode. A path
/// may not.
std::string addressOf(const std::string &publicUrl, const std::string &code)
{
    const std::size_t host = publicUrl.find("://");
    const std::size_t path = publicUrl.find('/', host == std::string::npos ? 0 : host + 3);
    std::string address = upperCase(publicUrl.substr(0, path));
    if (path != std::string::npos)
        address += publicUrl.substr(path);
    while (address.ends_with('/'))
        address.pop_back();
    return address + "/O/" + code;
}

CodeView viewOf(const domain::CodeBucket &bucket, const std::string &publicUrl, Timestamp now)
{
    CodeView view;
    view.code = bucket.code;
    view.url = addressOf(publicUrl, bucket.code);
    view.tokensLeft = bucket.tokensLeft;
    view.tokensTotal = bucket.tokensTotal;
    view.startsAt = bucket.startsAt;
    view.endsAt = bucket.endsAt;
    view.serverTime = now;
    return view;
}

void announceBucket(const domain::CodeBucket &bucket, Transaction &transaction)
{
    const boost::json::object body{{"startsAt", toRfc3339(bucket.startsAt)},
                                   {"endsAt", toRfc3339(bucket.endsAt)},
                                   {"tokensLeft", bucket.tokensLeft},
                                   {"tokensTotal", bucket.tokensTotal}};
    transaction.appendOutbox(
        {0, bucket.event, OutboxKind::CodeChanged, {}, 0, boost::json::serialize(body), transaction.now()});
}

void announceShop(const domain::Event &event, Transaction &transaction)
{
    transaction.appendOutbox({0, event.id, OutboxKind::ShopChanged, {}, 0, {}, transaction.now()});
}

} // namespace

ShopService::ShopService(Store &store, const EventCatalog &events, Random &random, const Clock &clock)
    : m_store(store)
    , m_events(events)
    , m_random(random)
    , m_clock(clock)
{
}

void ShopService::setPublicUrl(std::string url)
{
    const std::lock_guard lock(m_mutex);
    m_publicUrl = std::move(url);
}

std::string ShopService::publicUrl() const
{
    const std::lock_guard lock(m_mutex);
    return m_publicUrl;
}

void ShopService::setBroker(std::optional<BrokerAddress> broker)
{
    const std::lock_guard lock(m_mutex);
    m_broker = broker;
}

std::optional<BrokerAddress> ShopService::broker() const
{
    const std::lock_guard lock(m_mutex);
    return m_broker;
}

Result<const domain::Event *> ShopService::eventForStaff(const Actor &actor, const EventId &id) const
{
    const bool staff = actor.role == Role::Barista || actor.role == Role::Organiser;
    if (!staff || !actor.mayActIn(id))
        return failure(ErrorCode::Forbidden, "Only baristas and organisers of this event can change it.");
    return m_events.get(id);
}

void ShopService::event(const EventId &id, Done<EventView> done)
{
    const auto event = m_events.get(id);
    if (!event)
        return done(tl::unexpected(event.error()));
    ask<EventView>(
        m_store,
        [this, event = *event](Reader &reader) -> Result<EventView> {
            return application::viewOf(*event, reader, m_clock.now(), broker());
        },
        std::move(done));
}

void ShopService::currentCode(const Actor &actor, const EventId &id, Done<CodeView> done)
{
    if (actor.role != Role::Display || !actor.mayActIn(id))
        return done(failure(ErrorCode::Forbidden, "Only the displays of this event are told its code."));
    const auto event = m_events.get(id);
    if (!event)
        return done(tl::unexpected(event.error()));
    run<CodeView>(
        m_store,
        [this, event = *event](Transaction &transaction) -> Decision<CodeView> {
            const Timestamp now = transaction.now();
            if (const auto newest = transaction.newestBucket(event->id, now); newest && newest->isCurrent(now))
                return {viewOf(*newest, publicUrl(), now), Verdict::Rollback};
            const auto bucket = domain::openBucket(*event, BucketId(uuidV7(now, m_random)),
                                                   m_random.text(domain::codeLength, domain::codeAlphabet), now);
            if (!transaction.insertBucket(bucket))
                return rollback<CodeView>({ErrorCode::Busy, "Another display opened a code just now; ask again."});
            announceBucket(bucket, transaction);
            return commit(viewOf(bucket, publicUrl(), now));
        },
        std::move(done));
}

void ShopService::eventOfCode(const std::string &text, Done<CodeOwner> done)
{
    ask<CodeOwner>(
        m_store,
        [this, text](Reader &reader) -> Result<CodeOwner> {
            const auto code = domain::normalizedCode(text);
            const auto bucket = code ? reader.bucketByCode(*code) : std::nullopt;
            const domain::Event *event = bucket ? m_events.find(bucket->event) : nullptr;
            if (!event)
                return failure(ErrorCode::NotFound, "There is no such code.");
            const Timestamp now = m_clock.now();
            return CodeOwner{application::viewOf(*event, reader, now, broker()),
                             bucket->acceptsScan(now, event->limits.codeGrace)};
        },
        std::move(done));
}

void ShopService::setState(const Actor &actor, const EventId &id, const domain::ShopState &asked, Done<EventView> done)
{
    const auto event = eventForStaff(actor, id);
    if (!event)
        return done(tl::unexpected(event.error()));
    run<EventView>(
        m_store,
        [this, event = *event, asked](Transaction &transaction) -> Decision<EventView> {
            domain::ShopState state = asked;
            if (!state.open)
                state.paused = false;
            if (state.accepts()) {
                state.reason.clear();
                state.reopensAt.reset();
            }
            const bool same = transaction.shopState(event->id) == state;
            if (!same) {
                transaction.setShopState(event->id, state);
                announceShop(*event, transaction);
            }
            return {application::viewOf(*event, transaction, transaction.now(), broker()),
                    same ? Verdict::Rollback : Verdict::Commit};
        },
        std::move(done));
}

void ShopService::changeItem(const Actor &actor, const EventId &id, const std::string &itemId, const ItemChange &change,
                             Done<EventView> done)
{
    const auto event = eventForStaff(actor, id);
    if (!event)
        return done(tl::unexpected(event.error()));
    const domain::MenuItem *item = (*event)->menu.find(itemId);
    if (!item)
        return done(failure(ErrorCode::NotFound, "There is no \"" + itemId + "\" on the menu of this event."));
    run<EventView>(
        m_store,
        [this, event = *event, item, change](Transaction &transaction) -> Decision<EventView> {
            const domain::ItemState before = itemStateOf(*event, *item, transaction);
            domain::ItemState state = before;
            state.available = change.available.value_or(state.available);
            if (change.stock)
                state.stock = change.stock;
            if (state != before) {
                transaction.setItemState(event->id, item->id, state);
                announceShop(*event, transaction);
            }
            return {application::viewOf(*event, transaction, transaction.now(), broker()),
                    state == before ? Verdict::Rollback : Verdict::Commit};
        },
        std::move(done));
}

} // namespace brewline::application
