// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/morning.h"

#include "contracts/topics.h"
#include "demo/staging.h"
#include "demo/stopsignals.h"
#include "demo/wait.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <QTimer>

#include <algorithm>

namespace brewline::demo {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr auto longestConnect = std::chrono::seconds(10);
constexpr auto longestMorning = std::chrono::seconds(15);
constexpr auto longestClosing = std::chrono::seconds(5);
// People do not come all at once; what waits for what follows from answers and messages alone.
constexpr auto betweenArrivals = std::chrono::milliseconds(100);

} // namespace

Morning::Morning(const Address &address, EventId event, const StopSignals &signals)
    : m_address(address)
    , m_event(std::move(event))
    , m_signals(signals)
{
}

Morning::~Morning() = default;

Result<void> Morning::run(const QByteArray &organiserToken)
{
    Staging staging(m_address.http, m_event, organiserToken, m_signals);
    if (const auto admitted = admit(staging); !admitted)
        return admitted;
    if (const auto listening = listen(); !listening)
        return listening;
    if (const auto played = play(); !played)
        return played;
    if (const auto closed = close(); !closed)
        return closed;
    return takeSnapshot();
}

Result<void> Morning::admit(Staging &staging)
{
    const auto display = staging.pair(Role::Display, "TV");
    if (!display)
        return tl::unexpected(display.error());
    m_display = std::make_unique<Listener>(*display, m_event, topics::board(m_event));
    for (const char *name : {"Mia", "Tom"}) {
        const auto barista = staging.pair(Role::Barista, name);
        if (!barista)
            return tl::unexpected(barista.error());
        m_baristas.push_back(std::make_unique<Barista>(*barista, m_event, m_address.http));
    }
    if (const auto opened = staging.open(); !opened)
        return opened;
    for (const Part &part : script()) {
        const auto guest = staging.guest(part.name);
        if (!guest)
            return tl::unexpected(guest.error());
        addVisitor(part, *guest);
    }
    const auto code = staging.code(*display);
    if (!code)
        return tl::unexpected(code.error());
    const json::value *text = code->if_contains("code");
    const json::value *tokens = code->if_contains("tokensLeft");
    if (!text || !text->is_string() || !tokens || *tokens != json::value(drinksPerCode)) {
        return failure(ErrorCode::InvalidConfiguration,
                       "The script needs a code with " + std::to_string(drinksPerCode) + " drinks.");
    }
    m_code = std::string(text->get_string());
    return {};
}

void Morning::addVisitor(const Part &part, const Account &account)
{
    auto visitor = std::make_unique<Visitor>(part, account, m_event, m_address.http);
    connect(visitor.get(), &Visitor::steppedAside, this,
            [this] { QTimer::singleShot(betweenArrivals, this, &Morning::nextArrives); });
    connect(visitor.get(), &Visitor::wantsCup, this, [this](const OrderView &order) { makerOf(order).handOut(order); });
    connect(visitor.get(), &Visitor::wantsItAgain, this,
            [this](const OrderView &order) { makerOf(order).makeAgain(order); });
    m_visitors.push_back(std::move(visitor));
}

Barista &Morning::makerOf(const OrderView &order)
{
    const auto maker = std::find_if(m_baristas.begin(), m_baristas.end(), [&](const auto &barista) {
        return barista->listener().account().id.text() == order.baristaId;
    });
    return maker == m_baristas.end() ? *m_baristas.front() : **maker;
}

std::vector<Listener *> Morning::listeners()
{
    std::vector<Listener *> all{m_display.get()};
    for (const auto &barista : m_baristas)
        all.push_back(&barista->listener());
    for (const auto &visitor : m_visitors)
        all.push_back(&visitor->listener());
    return all;
}

/// Everybody connects to the broker before the first scan, so that nobody may miss a message.
Result<void> Morning::listen()
{
    Wait wait(m_signals);
    QObject here;
    const auto all = listeners();
    std::size_t listening = 0;
    for (Listener *listener : all) {
        connect(listener, &Listener::listening, &here, [&] {
            if (++listening == all.size())
                wait.finish();
        });
        connect(listener, &Listener::failed, &here, [&] { wait.finish(); });
        connect(listener, &Listener::failed, this, [this](const QString &why) { m_lost = why; });
        listener->start(m_address);
    }
    if (!wait.forAtMost(longestConnect) || !m_lost.isEmpty())
        return gaveUp("Not everybody could listen at the broker.");
    return {};
}

Result<void> Morning::play()
{
    Wait wait(m_signals);
    QObject here;
    for (const auto &visitor : m_visitors) {
        connect(visitor.get(), &Visitor::left, &here, [&] {
            if (whoIsStillThere().empty())
                wait.finish();
        });
    }
    for (Listener *listener : listeners())
        connect(listener, &Listener::failed, &here, [&] { wait.finish(); });
    nextArrives();
    if (!wait.forAtMost(longestMorning) || !m_lost.isEmpty())
        return gaveUp("The morning came to no end; still there: " + whoIsStillThere() + '.');
    return {};
}

void Morning::nextArrives()
{
    if (m_arrived < m_visitors.size())
        m_visitors[m_arrived++]->arrive(m_code);
}

std::string Morning::whoIsStillThere() const
{
    std::string names;
    for (const auto &visitor : m_visitors) {
        if (!visitor->hasLeft())
            names += (names.empty() ? "" : ", ") + visitor->part().name;
    }
    return names;
}

/// Messages of the same publisher keep their order, so whoever has heard of the closing has heard of all before it.
Result<void> Morning::close()
{
    Wait wait(m_signals);
    QObject here;
    const auto all = listeners();
    std::size_t heard = 0;
    for (Listener *listener : all) {
        connect(listener, &Listener::closingHeard, &here, [&] {
            if (++heard == all.size())
                wait.finish();
        });
        connect(listener, &Listener::failed, &here, [&] { wait.finish(); });
    }
    m_baristas.front()->closeBar();
    if (!wait.forAtMost(longestClosing) || !m_lost.isEmpty())
        return gaveUp("Only " + std::to_string(heard) + " of " + std::to_string(all.size()) +
                      " listeners heard that the bar closed.");
    return {};
}

Result<void> Morning::takeSnapshot()
{
    const auto page = await(m_signals, [&](auto done) {
        m_baristas.front()->backend().get(
            u"/v1/events/%1/orders?limit=200"_s.arg(QString::fromStdString(m_event.text())), done);
    });
    if (!page)
        return tl::unexpected(page.error());
    const json::object *object = page->if_object();
    const json::value *list = object ? object->if_contains("orders") : nullptr;
    if (!list || !list->is_array())
        return failure(ErrorCode::Unreachable, "The list of orders is none.");
    for (const json::value &entry : list->get_array()) {
        const json::object *order = entry.if_object();
        auto view = order ? orderViewFromJson(*order) : Result<OrderView>(failure(ErrorCode::Internal, "no object"));
        if (!view)
            return failure(ErrorCode::Unreachable, "An order of the list cannot be read: " + view.error().detail);
        m_snapshot.push_back(*std::move(view));
    }
    return {};
}

tl::unexpected<Error> Morning::gaveUp(const std::string &sentence) const
{
    if (m_signals.isStopRequested())
        return failure(ErrorCode::Unreachable, "Stopped.");
    return failure(ErrorCode::Unreachable, m_lost.isEmpty() ? sentence : m_lost.toStdString());
}

} // namespace brewline::demo
