// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/orderservice.h"

#include "application/eventviews.h"
#include "application/idempotency.h"
#include "application/orderrun.h"
#include "contracts/detailtype.h"
#include "core/clock.h"
#include "core/uuid.h"
#include "domain/codebucket.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace brewline::application {

namespace {

using domain::Actor;
using domain::OrderAction;
using domain::OrderState;

/// Midnight of the day of \a now where the event is.
Timestamp startOfDay(const domain::Event &event, Timestamp now)
{
    QTimeZone zone(QByteArray::fromStdString(event.timezone));
    if (!zone.isValid())
        zone = QTimeZone::utc();
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(toMilliseconds(now), zone);
    return timestampFromMilliseconds(local.date().startOfDay(zone).toMSecsSinceEpoch());
}

/// What a scan that the process refused is answered with.
Error refusal(const domain::Order &order)
{
    if (order.reason == "full")
        return {ErrorCode::ShopFull, "The bar has as many orders as it can make just now. Your code was not used up."};
    if (order.reason == "paused")
        return {ErrorCode::ShopPaused, "The bar takes a short break. Your code was not used up."};
    return {ErrorCode::ShopClosed, "The bar is closed. Your code was not used up."};
}

Result<void> checkMayScan(const Actor &actor, const domain::Event &event, Transaction &transaction)
{
    // A shared kiosk is not one visitor: limits of visitors would block the next in line.
    if (actor.role != Role::Customer)
        return {};
    if (transaction.openOrderOf(event.id, actor.id))
        return failure(ErrorCode::OrderAlreadyOpen, "You have an order already; a new one can start when it is ready.");
    const int limit = event.limits.maxOrdersPerUser;
    if (limit > 0 && transaction.drinksOf(event.id, actor.id, startOfDay(event, transaction.now())) >= limit) {
        return failure(ErrorCode::DailyLimit,
                       "You have had " + std::to_string(limit) + " drinks today, which is the limit of this event.");
    }
    return {};
}

/// The bucket whose token the scan took.
Result<domain::CodeBucket> takeToken(const domain::Event &event, const std::string &text, Transaction &transaction)
{
    const auto code = domain::normalizedCode(text);
    const auto bucket = code ? transaction.bucketByCode(*code) : std::nullopt;
    if (!bucket || bucket->event != event.id || !bucket->acceptsScan(transaction.now(), event.limits.codeGrace)) {
        return failure(ErrorCode::InvalidCode, "This code is not valid, or not any more. Scan the one on the screen.",
                       "/code");
    }
    if (!transaction.takeToken(bucket->id)) {
        return failure(ErrorCode::NoTokensLeft,
                       "All drinks of this code are taken. A new code will be shown in a few minutes.");
    }
    return *bucket;
}

/// The changed order as its run left it: started, or refused with the reason.
Decision<OrderView> decideScan(const domain::Order &order, Result<OrderView> finished, const IdempotencyKey &key,
                               Transaction &transaction)
{
    if (!finished)
        return rollback<OrderView>(finished.error());
    if (order.state == OrderState::Refused) {
        key.remember(transaction, toJson(refusal(order)));
        return commitRefusal<OrderView>(refusal(order));
    }
    key.remember(transaction, toJson(*finished));
    return commit(*std::move(finished));
}

/// Takes one cup of a counted item from the stock; SoldOut when there is none.
Result<void> takeFromStock(const domain::Event &event, const domain::MenuItem &item, OrderRun &run,
                           Transaction &transaction)
{
    domain::ItemState state = itemStateOf(event, item, transaction);
    if (!state.canBeOrdered())
        return failure(ErrorCode::SoldOut, item.name + " is sold out. Please choose another drink.", "/item");
    if (state.stock) {
        --*state.stock;
        transaction.setItemState(event.id, item.id, state);
        run.shopChanged();
    }
    return {};
}

/// The drink as it will be kept, if the menu has it like that.
Result<domain::Drink> checkedDrink(const domain::Event &event, domain::Drink drink)
{
    const domain::MenuItem *item = event.menu.find(drink.item);
    if (!item)
        return failure(ErrorCode::InvalidField, "There is no drink \"" + drink.item + "\" on the menu.", "/item");
    if (const auto checked = domain::checkOptions(*item, drink.options); !checked)
        return tl::unexpected(checked.error());
    std::sort(drink.options.begin(), drink.options.end());
    return drink;
}

/// What the process is told, and what is said, when \a action was done to an order that was in \a before.
Result<void> tellProcess(OrderRun &run, const domain::ChangeRequest &request, OrderState before)
{
    switch (request.action) {
    case OrderAction::Submit:
        return run.answer("drink", boost::json::object{{"item", request.drink.item}});
    case OrderAction::Claim:
    case OrderAction::TakeOver:
        run.announce(detailtype::makeOrder);
        return run.heartbeat("barista");
    case OrderAction::Release:
        run.announce(detailtype::unmakeOrder);
        return {};
    case OrderAction::Complete:
        run.announce(detailtype::orderCompleted);
        return run.answer("barista", boost::json::object{{"action", "complete"}});
    case OrderAction::Recall:
        run.announce(detailtype::orderRecalled);
        return run.answer("pickup", boost::json::object{{"action", "recall"}});
    case OrderAction::Collect:
        run.announce(detailtype::orderCollected);
        return run.answer("pickup", boost::json::object{{"action", "collect"}});
    case OrderAction::Cancel:
        run.announce(detailtype::orderCancelled);
        run.announce(detailtype::queueOrderCancelled);
        return run.fail(before == OrderState::Started ? "drink" : "barista", "OrderCancelled", run.order().reason);
    }
    return {};
}

OrderPage pageOf(std::vector<domain::Order> orders, const domain::Event *event, const EventCatalog &events,
                 const OrderFilter &filter, Reader &reader, Timestamp now)
{
    OrderPage page;
    page.serverTime = now;
    // One more than asked for was read, to know whether there is a next page.
    const bool more = orders.size() > std::size_t(filter.limit);
    if (more)
        orders.resize(std::size_t(filter.limit));
    for (const domain::Order &order : orders) {
        if (const domain::Event *its = event ? event : events.find(order.event))
            page.orders.push_back(viewOf(*its, order, reader));
    }
    if (more)
        page.next = orders.back().id;
    return page;
}

OrderFilter oneMore(OrderFilter filter)
{
    ++filter.limit;
    return filter;
}

} // namespace

OrderService::OrderService(Store &store, const EventCatalog &events, ProcessDefinitions &definitions, Random &random,
                           const Clock &clock)
    : m_store(store)
    , m_events(events)
    , m_definitions(definitions)
    , m_random(random)
    , m_clock(clock)
{
}

void OrderService::scan(const Actor &actor, const EventId &eventId, const std::string &code,
                        const std::string &idempotencyKey, Done<OrderView> done)
{
    const auto event = m_events.get(eventId);
    if (!event)
        return done(tl::unexpected(event.error()));
    const bool mayOrder = actor.role == Role::Customer || actor.role == Role::Kiosk;
    if (!mayOrder || !actor.mayActIn(eventId))
        return done(failure(ErrorCode::Forbidden, "Only visitors and kiosks of this event can order here."));
    const IdempotencyKey key(actor, "scan " + eventId.text(), idempotencyKey, code);
    run<OrderView>(
        m_store,
        [this, actor, event = *event, code, key](Transaction &transaction) -> Decision<OrderView> {
            const auto remembered = key.recall(transaction);
            if (!remembered)
                return rollback<OrderView>(remembered.error());
            if (*remembered) {
                if (const auto error = errorFromJson(**remembered))
                    return rollback<OrderView>(*error);
                auto view = orderViewFromJson(**remembered);
                return {std::move(view), Verdict::Rollback};
            }
            if (const auto allowed = checkMayScan(actor, *event, transaction); !allowed)
                return rollback<OrderView>(allowed.error());
            const auto bucket = takeToken(*event, code, transaction);
            if (!bucket)
                return rollback<OrderView>(bucket.error());
            domain::Order order;
            order.id = OrderId(uuidV7(transaction.now(), m_random));
            order.event = event->id;
            order.owner = actor.id;
            order.ownerName = actor.role == Role::Customer ? actor.name : std::string();
            order.bucket = bucket->id;
            order.createdAt = transaction.now();
            OrderRun orderRun(transaction, *event, m_definitions, m_random, std::move(order));
            orderRun.announce(detailtype::newOrder);
            orderRun.tokensChanged();
            if (const auto started = orderRun.start(); !started)
                return rollback<OrderView>(started.error());
            auto finished = orderRun.finish();
            return decideScan(orderRun.order(), std::move(finished), key, transaction);
        },
        std::move(done));
}

void OrderService::change(const Actor &actor, const OrderId &id, const domain::ChangeRequest &asked,
                          Done<OrderView> done)
{
    run<OrderView>(
        m_store,
        [this, actor, id, asked](Transaction &transaction) -> Decision<OrderView> {
            auto stored = transaction.order(id);
            const domain::Event *event = stored ? m_events.find(stored->event) : nullptr;
            if (!event || !domain::maySee(*stored, actor))
                return rollback<OrderView>({ErrorCode::NotFound, "There is no such order."});
            domain::ChangeRequest request = asked;
            if (request.action == OrderAction::Submit) {
                auto drink = checkedDrink(*event, std::move(request.drink));
                if (!drink)
                    return rollback<OrderView>(drink.error());
                request.drink = *std::move(drink);
            }
            const OrderState before = stored->state;
            OrderRun orderRun(transaction, *event, m_definitions, m_random, *std::move(stored));
            const auto effect = domain::apply(orderRun.order(), request, actor, transaction.now());
            if (!effect)
                return rollback<OrderView>(effect.error());
            if (*effect == domain::ChangeEffect::Repeated)
                return {viewOf(*event, orderRun.order(), transaction), Verdict::Rollback};
            if (request.action == OrderAction::Submit) {
                const auto taken = takeFromStock(*event, *event->menu.find(request.drink.item), orderRun, transaction);
                if (!taken)
                    return rollback<OrderView>(taken.error());
            }
            if (const auto told = tellProcess(orderRun, request, before); !told)
                return rollback<OrderView>(told.error());
            auto finished = orderRun.finish();
            if (!finished)
                return rollback<OrderView>(finished.error());
            return commit(*std::move(finished));
        },
        std::move(done));
}

void OrderService::order(const Actor &actor, const OrderId &id, Done<OrderView> done)
{
    ask<OrderView>(
        m_store,
        [this, actor, id](Reader &reader) -> Result<OrderView> {
            const auto order = reader.order(id);
            const domain::Event *event = order ? m_events.find(order->event) : nullptr;
            if (!event || !domain::maySee(*order, actor))
                return failure(ErrorCode::NotFound, "There is no such order.");
            return viewOf(*event, *order, reader);
        },
        std::move(done));
}

boost::json::object OrderService::representation(const OrderView &order, const Actor &actor) const
{
    if (actor.role != Role::Display)
        return toJson(order);
    const domain::Event *event = m_events.find(order.event);
    return toBoardJson(order, event ? domain::nameOnBoard(*event, order.name) : std::string());
}

void OrderService::ordersOfEvent(const Actor &actor, const EventId &eventId, const OrderFilter &filter,
                                 Done<OrderPage> done)
{
    const auto event = m_events.get(eventId);
    if (!event)
        return done(tl::unexpected(event.error()));
    const bool staff = actor.role == Role::Barista || actor.role == Role::Display || actor.role == Role::Organiser;
    if (!staff || !actor.mayActIn(eventId))
        return done(failure(ErrorCode::Forbidden, "Only staff and displays of this event can list its orders."));
    ask<OrderPage>(
        m_store,
        [this, event = *event, filter](Reader &reader) -> Result<OrderPage> {
            return pageOf(reader.orders(event->id, oneMore(filter)), event, m_events, filter, reader, m_clock.now());
        },
        std::move(done));
}

void OrderService::ordersOfActor(const Actor &actor, const OrderFilter &filter, Done<OrderPage> done)
{
    ask<OrderPage>(
        m_store,
        [this, actor, filter](Reader &reader) -> Result<OrderPage> {
            return pageOf(reader.ordersOf(actor.id, oneMore(filter)), nullptr, m_events, filter, reader, m_clock.now());
        },
        std::move(done));
}

} // namespace brewline::application
