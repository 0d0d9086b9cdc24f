// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/eventcatalog.h"

namespace brewline::application {

Result<void> EventCatalog::add(domain::Event event)
{
    const EventId id = event.id;
    if (!m_events.emplace(id, std::move(event)).second)
        return failure(ErrorCode::InvalidConfiguration, "There are two events with the id \"" + id.text() + "\".");
    return {};
}

const domain::Event *EventCatalog::find(const EventId &id) const
{
    const auto found = m_events.find(id);
    return found == m_events.end() ? nullptr : &found->second;
}

Result<const domain::Event *> EventCatalog::get(const EventId &id) const
{
    if (const domain::Event *event = find(id))
        return event;
    return failure(ErrorCode::NotFound, "There is no event \"" + id.text() + "\".");
}

std::vector<EventId> EventCatalog::ids() const
{
    std::vector<EventId> ids;
    for (const auto &[id, event] : m_events)
        ids.push_back(id);
    return ids;
}

} // namespace brewline::application
