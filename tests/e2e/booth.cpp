// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/booth.h"

#include <QDir>
#include <QFile>

namespace brewline::e2e {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

Person personOf(const Answer &answer)
{
    const json::object session = answer.json();
    const json::value *user = session.if_contains("user");
    if (answer.status != 201 || !user || !user->is_object()) {
        qWarning("Nobody was let in: %d %s", answer.status, answer.body.c_str());
        return {};
    }
    return {textOf(user->get_object(), "id"), textOf(session, "token")};
}

} // namespace

QByteArray eventFile(const QByteArray &id, const EventLimits &limits)
{
    const auto line = [](const char *name, int value) {
        return QByteArray(name) + " = " + QByteArray::number(value) + '\n';
    };
    return "id = \"" + id + "\"\nname = \"Bar " + id + "\"\n[limits]\n" +
           line("maxOrdersInQueue", limits.maxOrdersInQueue) + line("drinksPerCode", limits.drinksPerCode) +
           line("codeSeconds", limits.codeSeconds) + line("customerTimeoutSeconds", limits.customerTimeoutSeconds) +
           line("baristaTimeoutSeconds", limits.baristaTimeoutSeconds) +
           line("pickupTimeoutSeconds", limits.pickupTimeoutSeconds) +
           "[[menu]]\nid = \"espresso\"\nname = \"Espresso\"\n"
           "[[menu]]\nid = \"latte\"\nname = \"Latte\"\n[[menu.options]]\nid = \"milk\"\nname = \"Milk\"\n"
           "choices = [{ id = \"oat\", name = \"Oat milk\" }]\n";
}

Booth::Booth(const EventLimits &limits)
    : m_backend(m_folder.filePath(u"data"_s))
{
    addEvent("ABC", limits);
}

void Booth::addEvent(const QByteArray &id, const EventLimits &limits)
{
    QDir().mkpath(path(u"data/events"_s));
    QFile file(path(u"data/events/%1.toml"_s.arg(QString::fromUtf8(id))));
    if (!file.open(QIODevice::WriteOnly) || file.write(eventFile(id, limits)) < 0)
        qFatal("An event file cannot be written.");
    m_events.append(id);
}

bool Booth::open()
{
    if (!m_backend.start())
        return false;
    for (const QByteArray &event : m_events) {
        const Answer answer =
            as(organiser())->put("/v1/events/" + event.toStdString() + "/state", json::object{{"open", true}});
        if (answer.status != 200)
            return false;
    }
    return true;
}

std::unique_ptr<HttpClient> Booth::as(const Person &person) const
{
    return std::make_unique<HttpClient>(m_backend.httpPort(), person.token);
}

Person Booth::organiser() const
{
    QFile file(m_backend.file(u"organiser.token"_s));
    return {"organiser", file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toStdString() : std::string()};
}

Person Booth::pair(const std::string &role, const std::string &device, const std::string &event)
{
    const Answer pairing = as(organiser())->post("/v1/events/" + event + "/pairings", json::object{{"role", role}});
    return personOf(
        as({})->post("/v1/auth/pair", json::object{{"code", textOf(pairing.json(), "code")}, {"device", device}}));
}

Person Booth::guest(const std::string &name, const std::string &event)
{
    return personOf(as({})->post("/v1/auth/guest", json::object{{"event", event}, {"name", name}}));
}

std::string Booth::code(const std::string &event)
{
    if (!m_displays.contains(event))
        m_displays[event] = pair("display", "TV", event);
    return textOf(as(m_displays[event])->get("/v1/events/" + event + "/code").json(), "code");
}

json::object Booth::scan(const Person &guest)
{
    return as(guest)->post("/v1/events/ABC/orders", json::object{{"code", code()}}).json();
}

json::object Booth::submit(const Person &guest)
{
    const std::string id = textOf(scan(guest), "id");
    return as(guest)->put("/v1/orders/" + id + "/drink", json::object{{"item", "espresso"}}).json();
}

Answer Booth::change(const Person &person, const std::string &order, const std::string &action)
{
    return as(person)->post("/v1/orders/" + order + '/' + action);
}

json::object Booth::look(const std::string &order)
{
    return as(organiser())->get("/v1/orders/" + order).json();
}

} // namespace brewline::e2e
