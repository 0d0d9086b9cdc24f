// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/time.h"
#include "domain/menu.h"

#include <string>
#include <string_view>

namespace brewline::domain {

struct Limits {
    int maxOrdersInQueue = 20; ///< orders in started, submitted and making at which the shop is full
    int maxOrdersPerUser = 0;  ///< drinks a visitor may have a day; 0 is no limit
    int drinksPerCode = 10;
    Seconds codePeriod{300};
    Seconds codeGrace{20};        ///< how long after its end a code still counts
    Seconds customerTimeout{300}; ///< from scan to drink
    Seconds baristaTimeout{900};  ///< from drink to ready; a claim starts it again
    Seconds pickupTimeout{600};   ///< from ready to collected by itself

    friend bool operator==(const Limits &, const Limits &) = default;
};

/// How much of a visitor's name the TV shows.
enum class NamesOnBoard { None, Initial, Name };

/// What an organiser configures; it does not change while orders run.
struct Event {
    EventId id;
    std::string name;
    std::string language = "en";  ///< BCP 47 tag
    std::string timezone = "UTC"; ///< IANA name; days of the daily limit begin at its midnight
    bool guestsAllowed = true;    ///< visitors may order with a nickname alone
    NamesOnBoard namesOnBoard = NamesOnBoard::None;
    Limits limits;
    Menu menu;

    friend bool operator==(const Event &, const Event &) = default;
};

/// Opening state of an event, changed by staff while it runs.
struct ShopState {
    bool open = false;
    bool paused = false; ///< open, but not taking orders for a while
    std::string reason;  ///< for people; why it is closed or paused
    std::optional<Timestamp> reopensAt;

    [[nodiscard]] bool accepts() const { return open && !paused; }
    friend bool operator==(const ShopState &, const ShopState &) = default;
};

/// Whether \a text can name an event: 1 to 32 of A-Z, a-z, 0-9, "-" and "_".
bool isEventId(std::string_view text);

/// \a name as the board of \a event may show it: nothing, "A." or at most 20 characters.
std::string nameOnBoard(const Event &event, std::string_view name);

} // namespace brewline::domain
