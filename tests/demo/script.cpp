// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/script.h"

#include <algorithm>

namespace brewline::demo {

std::string_view describe(Twist twist)
{
    switch (twist) {
    case Twist::None:
        return {};
    case Twist::TapsTwice:
        return "tapped twice with the same Idempotency-Key: one order";
    case Twist::LeavesBeforeChoosing:
        return "cancelled before choosing: the token went back";
    case Twist::ChoosesWrongly:
        return "chose an option that this drink does not have: refused, then corrected";
    case Twist::WantsItAgain:
        return "got the drink recalled and made again";
    case Twist::CancelsAfterChoosing:
        return "cancelled after choosing: the number stays used";
    case Twist::MistypesCode:
        return "typed a wrong code first: refused";
    case Twist::IsHandedBack:
        return "released by one barista, made by the other";
    case Twist::IsTakenOver:
        return "claimed by one barista, taken over by the other";
    case Twist::LeavesItThere:
        return "did not collect: the cup still stands there";
    case Twist::ComesTooLate:
        return "found all drinks of this code taken: no order";
    }
    return {};
}

std::vector<std::string> expectedStates(Twist twist)
{
    switch (twist) {
    case Twist::LeavesBeforeChoosing:
        return {"started", "cancelled"};
    case Twist::CancelsAfterChoosing:
        return {"started", "submitted", "cancelled"};
    case Twist::WantsItAgain:
        return {"started", "submitted", "making", "ready", "making", "ready", "collected"};
    case Twist::IsHandedBack:
        return {"started", "submitted", "making", "submitted", "making", "ready", "collected"};
    case Twist::IsTakenOver:
        return {"started", "submitted", "making", "making", "ready", "collected"};
    case Twist::LeavesItThere:
        return {"started", "submitted", "making", "ready"};
    case Twist::ComesTooLate:
        return {};
    case Twist::None:
    case Twist::TapsTwice:
    case Twist::ChoosesWrongly:
    case Twist::MistypesCode:
        break;
    }
    return {"started", "submitted", "making", "ready", "collected"};
}

const std::vector<Part> &script()
{
    static const std::vector<Part> parts{
        {"Ada", "latte", {"oat", "vanilla"}, Twist::None},
        {"Ben", "espresso", {"double"}, Twist::TapsTwice},
        {"Chiara", "cappuccino", {}, Twist::LeavesBeforeChoosing},
        {"Dmitri", "americano", {}, Twist::ChoosesWrongly},
        {"Elif", "flat-white", {"oat"}, Twist::WantsItAgain},
        {"Farid", "tea", {"mint"}, Twist::CancelsAfterChoosing},
        {"Grace", "latte", {}, Twist::MistypesCode},
        {"Hanna", "cappuccino", {"extra-shot", "skimmed"}, Twist::IsHandedBack},
        {"Inês", "espresso", {}, Twist::IsTakenOver},
        {"Jonas", "tea", {"green"}, Twist::LeavesItThere},
        {"Karim", "latte", {"caramel"}, Twist::None},
        {"Lena", "americano", {}, Twist::ComesTooLate},
    };
    return parts;
}

Twist twistOf(std::string_view name)
{
    const auto &parts = script();
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part &part) { return part.name == name; });
    return found == parts.end() ? Twist::None : found->twist;
}

} // namespace brewline::demo
