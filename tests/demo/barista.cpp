// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/barista.h"

#include "contracts/topics.h"

#include <boost/json/object.hpp>

#include <QTimer>

#include <algorithm>

namespace brewline::demo {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

// How long a drink takes in this world, so that a queue arises.
constexpr auto makingTime = std::chrono::milliseconds(250);

bool wasClaimedBefore(const Story &story)
{
    return std::any_of(story.begin(), story.end(), [](const HeardChange &c) { return c.order.state == "making"; });
}

} // namespace

Barista::Barista(Account account, const EventId &event, const QUrl &server)
    : m_event(event)
    , m_backend(server)
    , m_listener(account, event, topics::staff(event))
{
    m_backend.setToken(account.token);
    connect(&m_listener, &Listener::orderChanged, this, &Barista::lookForWork);
}

void Barista::handOut(const OrderView &order)
{
    m_atCounter.push_back([this, id = order.id] { act(id, u"collect"_s, [this] { beFree(); }); });
    lookForWork();
}

void Barista::makeAgain(const OrderView &order)
{
    m_atCounter.push_back([this, id = order.id] { act(id, u"recall"_s, [this, id] { make(id); }); });
    lookForWork();
}

void Barista::closeBar()
{
    m_backend.put(u"/v1/events/%1/state"_s.arg(QString::fromStdString(m_event.text())), json::object{{"open", false}},
                  [this](const Result<json::value> &answer) {
                      if (!answer)
                          m_problems.push_back("The bar could not be closed: " + answer.error().detail);
                  });
}

/// Who stands at the counter comes first, then the next number, then what the other one left.
void Barista::lookForWork()
{
    if (m_busy)
        return;
    if (!m_atCounter.empty()) {
        const Then task = std::move(m_atCounter.front());
        m_atCounter.pop_front();
        task();
    } else if (const Story *next = nextToClaim()) {
        claim(*next);
    } else if (const Story *left = nextToTakeOver()) {
        takeOver(left->back().order);
    }
}

const Story *Barista::nextToClaim() const
{
    const Story *next = nullptr;
    for (const auto &[id, story] : m_listener.stories()) {
        const OrderView &order = story.back().order;
        const bool waits = order.state == "submitted" && twistOf(order.name) != Twist::CancelsAfterChoosing;
        if (waits && mayTry(order) && (!next || order.number < next->back().order.number))
            next = &story;
    }
    return next;
}

const Story *Barista::nextToTakeOver() const
{
    for (const auto &[id, story] : m_listener.stories()) {
        const OrderView &order = story.back().order;
        if (order.state == "making" && twistOf(order.name) == Twist::IsTakenOver && mayTry(order))
            return &story;
    }
    return nullptr;
}

bool Barista::mayTry(const OrderView &order) const
{
    const auto tried = m_tried.find(order.id);
    const bool stale = tried != m_tried.end() && tried->second >= order.sequence;
    return !stale && !m_letGo.contains(order.id) && order.baristaId != m_listener.account().id.text();
}

void Barista::claim(const Story &story)
{
    const OrderView order = story.back().order;
    const bool first = !wasClaimedBefore(story);
    m_tried[order.id] = order.sequence;
    act(order.id, u"claim"_s, [this, id = order.id, twist = first ? twistOf(order.name) : Twist::None] {
        if (twist == Twist::IsHandedBack) {
            m_letGo.insert(id);
            act(id, u"release"_s, [this] { beFree(); });
        } else if (twist == Twist::IsTakenOver) {
            m_letGo.insert(id);
            beFree();
        } else {
            make(id);
        }
    });
}

void Barista::takeOver(const OrderView &order)
{
    m_tried[order.id] = order.sequence;
    act(order.id, u"take-over"_s, [this, id = order.id] { make(id); });
}

void Barista::make(const OrderId &id)
{
    m_busy = true;
    QTimer::singleShot(makingTime, this, [this, id] {
        act(id, u"complete"_s, [this] {
            ++m_cupsMade;
            beFree();
        });
    });
}

void Barista::act(const OrderId &id, const QString &action, Then then)
{
    m_busy = true;
    m_backend.post(u"/v1/orders/%1/%2"_s.arg(QString::fromStdString(id.text()), action), json::object(),
                   [this, action, then = std::move(then)](const Result<json::value> &answer) {
                       if (answer)
                           return then();
                       if (action == "claim"_L1 && answer.error().code == ErrorCode::WrongState)
                           ++m_timesBeaten;
                       else
                           m_problems.push_back(m_listener.account().name + ": " + action.toStdString() +
                                                " was refused: " + answer.error().detail);
                       beFree();
                   });
}

void Barista::beFree()
{
    m_busy = false;
    lookForWork();
}

} // namespace brewline::demo
