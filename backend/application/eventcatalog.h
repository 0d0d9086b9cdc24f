// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "domain/event.h"

#include <map>
#include <vector>

namespace brewline::application {

/// The configured events. Filled at start, then only read, from any thread.
class EventCatalog {
public:
    /// InvalidConfiguration when there is one with that id already.
    Result<void> add(domain::Event event);

    /// Nothing when there is no such event. The pointer stays valid as long as the catalogue.
    [[nodiscard]] const domain::Event *find(const EventId &id) const;
    /// NotFound with a sentence for people.
    [[nodiscard]] Result<const domain::Event *> get(const EventId &id) const;
    [[nodiscard]] std::vector<EventId> ids() const;

private:
    std::map<EventId, domain::Event> m_events;
};

} // namespace brewline::application
