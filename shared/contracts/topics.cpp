// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contracts/topics.h"

namespace brewline::topics {

namespace {

std::string under(const EventId &event, std::string_view rest)
{
    std::string topic = "brewline/";
    topic += event.text();
    topic += '/';
    topic += rest;
    return topic;
}

} // namespace

std::string shop(const EventId &event)
{
    return under(event, "shop");
}

std::string board(const EventId &event)
{
    return under(event, "board");
}

std::string staff(const EventId &event)
{
    return under(event, "staff");
}

std::string user(const EventId &event, const UserId &user)
{
    return under(event, "user/" + user.text());
}

std::string bus(const EventId &event, std::string_view detailType)
{
    return under(event, "bus/" + std::string(detailType));
}

std::string pulse(const EventId &event)
{
    return under(event, "pulse");
}

std::string presence(const EventId &event, std::string_view user)
{
    return under(event, "presence/" + std::string(user));
}

AccessList accessList(Role role, const EventId &event, const UserId &id)
{
    const EventId filter = event.text() == "*" ? EventId("+") : event;
    AccessList list{{}, {shop(filter), pulse(filter)}};
    switch (role) {
    case Role::Customer:
    case Role::Kiosk:
        list.subscribe.push_back(user(filter, id));
        break;
    case Role::Display:
        list.subscribe.push_back(board(filter));
        break;
    case Role::Barista:
        list.subscribe.insert(list.subscribe.end(), {staff(filter), presence(filter, "+")});
        list.publish.push_back(presence(filter, id.text()));
        break;
    case Role::Organiser:
        list.subscribe.insert(list.subscribe.end(), {board(filter), staff(filter), presence(filter, "+")});
        break;
    case Role::Extension:
        list.subscribe.push_back(under(filter, "bus/#"));
        break;
    }
    return list;
}

AccessList backendAccessList()
{
    return {{"brewline/#", std::string(brokerControl)}, {"brewline/+/presence/+"}};
}

} // namespace brewline::topics
