// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/eventcatalog.h"
#include "application/processdefinitions.h"
#include "application/store.h"
#include "core/clock.h"
#include "core/random.h"

#include <functional>
#include <optional>

namespace brewline::application {

/// Makes deadlines happen and knows when the backend was away. It owns no timer: whoever runs it asks it again at the
/// time that it names. Any thread may call; completions come on threads of the store.
class Timekeeper {
public:
    Timekeeper(Store &store, const EventCatalog &events, ProcessDefinitions &definitions, Random &random,
               const Clock &clock);

    /// To be called once, before anything else is served: the time since the last heartbeat is not charged to people,
    /// so their deadlines move by it. Tells the length of the outage.
    void recover(std::function<void(Result<Milliseconds>)> done);
    /// Notes that the backend is alive. What it was away is known as exactly as this is called often.
    void beat(std::function<void(Result<bool>)> done);
    /// Lets every deadline that has passed have its consequences, each in its own transaction, then tells the
    /// earliest that is still to come; nothing when nobody waits. StorageUnavailable when some could not be handled
    /// because the store is away: ask again in a moment.
    void runDue(std::function<void(Result<std::optional<Timestamp>>)> done);
    /// Forgets pairing codes and idempotency keys that have expired.
    void cleanUp();

private:
    /// Tells \a done whether the store could be used.
    void fire(const DueWait &wait, std::function<void(bool)> done);
    void postpone(const DueWait &wait, const Error &why, std::function<void(bool)> done);
    void tellNext(std::function<void(Result<std::optional<Timestamp>>)> done);

    Store &m_store;
    const EventCatalog &m_events;
    ProcessDefinitions &m_definitions;
    Random &m_random;
    const Clock &m_clock;
};

} // namespace brewline::application
