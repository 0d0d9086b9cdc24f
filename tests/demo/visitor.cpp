// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/visitor.h"

#include "contracts/topics.h"
#include "core/random.h"
#include "core/secret.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace brewline::demo {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

constexpr auto codeThatIsNone = "AAAAA-AAAAA";

QByteArray newKey()
{
    return QByteArray::fromStdString(toHex(SystemRandom().bytes<16>()));
}

std::string saying(const Result<json::value> &answer)
{
    return answer ? "it was accepted" : std::string(slug(answer.error().code)) + " (" + answer.error().detail + ')';
}

} // namespace

Visitor::Visitor(const Part &part, Account account, const EventId &event, const QUrl &server)
    : m_part(part)
    , m_event(event)
    , m_backend(server)
    , m_listener(account, event, topics::user(event, account.id))
{
    m_backend.setToken(account.token);
    connect(&m_listener, &Listener::orderChanged, this, [this] { react(); });
}

void Visitor::arrive(const std::string &code)
{
    m_code = code;
    switch (m_part.twist) {
    case Twist::MistypesCode:
        return mistype();
    case Twist::TapsTwice:
        return tapTwice();
    case Twist::ComesTooLate:
        return findNoTokenLeft();
    default:
        return scan(m_code, [this](const auto &answer) { noteScan(answer); });
    }
}

client::RestClient::Done Visitor::afterCall(Continue then)
{
    ++m_calls;
    return [this, then = std::move(then)](Result<json::value> answer) {
        --m_calls;
        then(answer);
        react();
    };
}

void Visitor::scan(const std::string &code, Continue then)
{
    m_backend.post(u"/v1/events/%1/orders"_s.arg(QString::fromStdString(m_event.text())), json::object{{"code", code}},
                   afterCall(std::move(then)), newKey());
}

void Visitor::mistype()
{
    scan(codeThatIsNone, [this](const auto &answer) {
        expect(answer, ErrorCode::InvalidCode, "/code");
        scan(m_code, [this](const auto &second) { noteScan(second); });
    });
}

void Visitor::tapTwice()
{
    const QByteArray key = newKey();
    for (int tap = 0; tap < 2; ++tap) {
        m_backend.post(u"/v1/events/%1/orders"_s.arg(QString::fromStdString(m_event.text())),
                       json::object{{"code", m_code}}, afterCall([this](const auto &answer) { noteScan(answer); }),
                       key);
    }
}

void Visitor::findNoTokenLeft()
{
    scan(m_code, [this](const auto &answer) {
        expect(answer, ErrorCode::NoTokensLeft, {});
        stepAside();
        leave();
    });
}

/// Remembers which order is the own one; both taps of a double tap must name the same.
void Visitor::noteScan(const Result<json::value> &answer)
{
    const json::object *object = answer ? answer->if_object() : nullptr;
    const auto order = object ? orderViewFromJson(*object) : Result<OrderView>(failure(ErrorCode::Internal, {}));
    if (!order)
        return complain("the scan was answered with " + saying(answer));
    if (m_order && *m_order != order->id)
        return complain("the double tap made two orders");
    m_order = order->id;
}

void Visitor::choose()
{
    const auto chosen = [this](const Result<json::value> &answer) {
        if (!answer)
            return complain("the drink was answered with " + saying(answer));
        stepAside();
    };
    if (m_part.twist != Twist::ChoosesWrongly)
        return submit(m_part.options, chosen);
    submit({"oat"}, [this, chosen](const auto &answer) {
        expect(answer, ErrorCode::InvalidField, "/options/0");
        submit(m_part.options, chosen);
    });
}

void Visitor::submit(const std::vector<std::string> &options, Continue then)
{
    m_backend.put(orderPath(u"/drink"_s),
                  json::object{{"item", m_part.item},
                               {"options", json::array(options.begin(), options.end())},
                               {"name", m_part.name}},
                  afterCall(std::move(then)));
}

void Visitor::cancel()
{
    m_backend.post(orderPath(u"/cancel"_s), json::object(), afterCall([this](const auto &answer) {
                       if (!answer)
                           return complain("the cancellation was answered with " + saying(answer));
                       stepAside();
                   }));
}

/// Reacts to the newest message, once, and not while an answer is due: then everything follows from the messages.
void Visitor::react()
{
    if (m_left || m_calls > 0 || !m_order)
        return;
    const auto &stories = m_listener.stories();
    const auto story = stories.find(*m_order);
    if (story == stories.end() || story->second.back().order.sequence == m_reactedTo)
        return;
    // A copy, as what is done now may bring the next message.
    const OrderView order = story->second.back().order;
    m_reactedTo = order.sequence;
    react(order);
}

void Visitor::react(const OrderView &order)
{
    if (order.state == "started") {
        m_part.twist == Twist::LeavesBeforeChoosing ? cancel() : choose();
    } else if (order.state == "submitted") {
        if (m_part.twist == Twist::CancelsAfterChoosing)
            cancel();
    } else if (order.state == "ready") {
        if (m_part.twist == Twist::LeavesItThere)
            return leave();
        if (m_part.twist == Twist::WantsItAgain && !m_complained) {
            m_complained = true;
            Q_EMIT wantsItAgain(order);
        } else {
            Q_EMIT wantsCup(order);
        }
    } else if (order.state != "making") {
        leave();
    }
}

void Visitor::expect(const Result<json::value> &answer, ErrorCode code, std::string_view pointer)
{
    if (answer || answer.error().code != code || answer.error().pointer != pointer) {
        complain(std::string(slug(code)) + (pointer.empty() ? "" : " at " + std::string(pointer)) + " was due, but " +
                 saying(answer));
    }
}

/// Whoever meets what the script does not know goes home, so that the morning ends.
void Visitor::complain(const std::string &what)
{
    m_problems.push_back(m_part.name + ": " + what + '.');
    stepAside();
    leave();
}

void Visitor::stepAside()
{
    if (!std::exchange(m_aside, true))
        Q_EMIT steppedAside();
}

void Visitor::leave()
{
    if (!std::exchange(m_left, true))
        Q_EMIT left();
}

QString Visitor::orderPath(const QString &rest) const
{
    return u"/v1/orders/"_s + QString::fromStdString(m_order ? m_order->text() : std::string()) + rest;
}

} // namespace brewline::demo
