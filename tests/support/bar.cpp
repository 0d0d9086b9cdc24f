// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"

#include "core/uuid.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace brewline::test {

using application::OutboxKind;
using domain::Actor;
using domain::OrderAction;
using domain::OrderState;

domain::Event smallEvent()
{
    domain::MenuItem espresso;
    espresso.id = "espresso";
    espresso.name = "Espresso";
    espresso.icon = "espresso";
    espresso.optionGroups = {{"shots", "Shots", {}, false, 1, {{"double", "Double", {}}}}};

    domain::MenuItem latte;
    latte.id = "latte";
    latte.name = "Latte";
    latte.icon = "latte";
    latte.stock = 2;
    latte.optionGroups = {{"milk", "Milk", {}, false, 1, {{"oat", "Oat milk", {}}, {"skimmed", "Skimmed milk", {}}}},
                          {"syrup", "Syrup", {}, false, 2, {{"vanilla", "Vanilla", {}}, {"caramel", "Caramel", {}}}}};

    domain::MenuItem tea;
    tea.id = "tea";
    tea.name = "Tea";
    tea.icon = "tea";
    tea.optionGroups = {{"kind", "Kind", {}, true, 1, {{"black", "Black", {}}, {"mint", "Mint", {}}}}};

    domain::Event event;
    event.id = EventId("ABC");
    event.name = "Small bar";
    event.menu.items = {espresso, latte, tea};
    return event;
}

namespace {

application::ProcessDefinitions definitionsOf(std::string_view text)
{
    auto definitions =
        application::ProcessDefinitions::withOrderProcessor(text.empty() ? application::defaultOrderProcessor() : text);
    if (!definitions)
        qFatal("The order processor is not valid: %s", definitions.error().detail.c_str());
    return *std::move(definitions);
}

} // namespace

Bar::Bar(domain::Event event, std::string_view definition)
    : definitions(definitionsOf(definition))
    , tokens(random.bytes<32>())
    , m_event(event.id)
{
    (void)events.add(std::move(event));
    shop.setPublicUrl("http://bar.example:8080");
}

Actor Bar::actor(Role role, const std::string &name)
{
    return {UserId(uuidV7(clock.now(), random)), role, m_event, name};
}

Result<EventView> Bar::setState(bool open, bool paused)
{
    domain::ShopState state;
    state.open = open;
    state.paused = paused;
    const Actor barista = actor(Role::Barista, "Opener");
    return await<EventView>([&](auto done) { shop.setState(barista, m_event, state, done); });
}

Result<EventView> Bar::view()
{
    return await<EventView>([&](auto done) { shop.event(m_event, done); });
}

std::string Bar::code()
{
    const Actor display = actor(Role::Display, "TV");
    return await<application::CodeView>([&](auto done) { shop.currentCode(display, m_event, done); }).value().code;
}

Result<OrderView> Bar::scan(const Actor &actor, const std::string &key)
{
    return scanCode(actor, code(), key);
}

Result<OrderView> Bar::scanCode(const Actor &actor, const std::string &code, const std::string &key)
{
    return await<OrderView>([&](auto done) { orders.scan(actor, m_event, code, key, done); });
}

Result<OrderView> Bar::drink(const Actor &actor, const OrderView &order, const std::string &item,
                             std::vector<std::string> options)
{
    domain::ChangeRequest request;
    request.drink = {item, std::move(options), {}, {}};
    return await<OrderView>([&](auto done) { orders.change(actor, order.id, request, done); });
}

Result<OrderView> Bar::change(const Actor &actor, const OrderView &order, OrderAction action, const std::string &reason)
{
    domain::ChangeRequest request;
    request.action = action;
    request.reason = reason;
    return await<OrderView>([&](auto done) { orders.change(actor, order.id, request, done); });
}

OrderView Bar::orderIn(OrderState state, const Actor &customer, const Actor &barista)
{
    OrderView order = scan(customer).value();
    if (state != OrderState::Started)
        order = drink(customer, order).value();
    if (state == OrderState::Making || state == OrderState::Ready)
        order = change(barista, order, OrderAction::Claim).value();
    if (state == OrderState::Ready)
        order = change(barista, order, OrderAction::Complete).value();
    return order;
}

Result<OrderView> Bar::look(const OrderView &order)
{
    const Actor barista = actor(Role::Barista, "Looker");
    return await<OrderView>([&](auto done) { orders.order(barista, order.id, done); });
}

std::optional<Timestamp> Bar::runDue()
{
    write([](application::Transaction &transaction) { transaction.setHeartbeat(transaction.now()); });
    return runDueAfterSilence();
}

std::optional<Timestamp> Bar::runDueAfterSilence()
{
    return await<std::optional<Timestamp>>([&](auto done) { timekeeper.runDue(done); }).value();
}

std::vector<application::OutboxRecord> Bar::newOutbox()
{
    auto records = ask<std::vector<application::OutboxRecord>>(
        [after = m_outboxSeen](application::Reader &reader) { return reader.outbox(after, 100'000); });
    if (!records.empty())
        m_outboxSeen = records.back().id;
    return records;
}

std::vector<std::string> Bar::told()
{
    std::vector<std::string> messages;
    for (const application::OutboxRecord &record : newOutbox()) {
        if (record.kind != OutboxKind::OrderChanged)
            continue;
        const boost::json::value body = boost::json::parse(record.body);
        std::string types;
        for (const boost::json::value &type : body.at("detailTypes").as_array())
            types += (types.empty() ? "" : " ") + std::string(type.as_string());
        messages.push_back(std::move(types));
    }
    return messages;
}

void Bar::write(std::function<void(application::Transaction &)> command)
{
    const auto written = await<bool>([&](auto done) {
        application::run<bool>(
            store,
            [command](application::Transaction &transaction) -> application::Decision<bool> {
                command(transaction);
                return application::commit(true);
            },
            done);
    });
    if (!written)
        qFatal("The store did not take what a test prepared: %s", written.error().detail.c_str());
}

std::optional<domain::CodeBucket> Bar::bucket()
{
    return ask<std::optional<domain::CodeBucket>>(
        [event = m_event](application::Reader &reader) { return reader.newestBucket(event, Timestamp::max()); });
}

std::vector<application::HistoryRecord> Bar::history(const OrderView &view)
{
    return ask<std::vector<application::HistoryRecord>>([id = view.id](application::Reader &reader) {
        const auto order = reader.order(id);
        return order ? reader.history(order->execution) : std::vector<application::HistoryRecord>();
    });
}

} // namespace brewline::test
