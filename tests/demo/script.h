// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Who comes this morning, and what happens to them.
namespace brewline::demo {

enum class Twist {
    None,
    TapsTwice,            ///< two scans with one Idempotency-Key make one order
    LeavesBeforeChoosing, ///< cancels the order that has no drink yet; its token is given back
    ChoosesWrongly,       ///< an option that the drink does not have is refused, then put right
    WantsItAgain,         ///< the drink is recalled and made a second time
    CancelsAfterChoosing, ///< before a barista takes it
    MistypesCode,         ///< a code that is none is refused
    IsHandedBack,         ///< a barista claims and releases it, the other one makes it
    IsTakenOver,          ///< a barista claims it and is called away, the other one takes it over
    LeavesItThere,        ///< nobody fetches the cup
    ComesTooLate,         ///< all drinks of this code are taken
};

/// What is special, for the table; empty for Twist::None.
std::string_view describe(Twist twist);

/// The states that an order with this twist goes through, one for each change; none when there is to be no order.
std::vector<std::string> expectedStates(Twist twist);

/// One visitor.
struct Part {
    std::string name;
    std::string item;
    std::vector<std::string> options;
    Twist twist = Twist::None;
};

/// The visitors in the order of their arrival. Their scans take the tokens of one code of ten drinks exactly: ten and
/// the one that was given back.
const std::vector<Part> &script();
inline constexpr int drinksPerCode = 10;

/// The twist of the visitor \a name.
Twist twistOf(std::string_view name);

} // namespace brewline::demo
