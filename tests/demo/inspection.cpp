// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/inspection.h"

#include "demo/morning.h"

#include <algorithm>
#include <set>

namespace brewline::demo {

namespace {

using Problems = std::vector<std::string>;

std::vector<std::string> statesOf(const Story &story)
{
    std::vector<std::string> states;
    for (const HeardChange &change : story)
        states.push_back(change.order.state);
    return states;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text.empty() ? "nothing" : text;
}

void append(Problems &problems, const Problems &more)
{
    problems.insert(problems.end(), more.begin(), more.end());
}

void inspectListener(const Listener &listener, Problems &problems)
{
    append(problems, listener.faults());
    if (!listener.hasHeardOpening())
        problems.push_back(listener.account().name + " did not hear that the bar was open.");
}

void inspectOrder(const Visitor &visitor, const Story &story, Problems &problems)
{
    const Part &part = visitor.part();
    if (const auto states = statesOf(story); states != expectedStates(part.twist)) {
        problems.push_back(part.name + "'s order went through " + joined(states) + " instead of " +
                           joined(expectedStates(part.twist)) + '.');
    }
    const OrderView &last = story.back().order;
    const bool hasDrink = part.twist != Twist::LeavesBeforeChoosing;
    if (last.user != visitor.listener().account().id)
        problems.push_back(part.name + " heard of an order of somebody else.");
    if (last.number.has_value() != hasDrink)
        problems.push_back(part.name + "'s order has " + (hasDrink ? "no number." : "a number but no drink."));
    if (hasDrink && (last.item != part.item || last.options != part.options || last.name != part.name))
        problems.push_back(part.name + "'s order holds another drink than was chosen.");
}

void inspectHands(const Part &part, const Story &story, Problems &problems)
{
    std::set<std::string> hands;
    for (const HeardChange &change : story) {
        if (!change.order.baristaId.empty())
            hands.insert(change.order.baristaId);
    }
    const bool twoHands = part.twist == Twist::IsHandedBack || part.twist == Twist::IsTakenOver;
    if (twoHands && hands.size() != 2)
        problems.push_back(part.name + "'s order was not passed on to the other barista.");
}

void inspectVisitor(const Visitor &visitor, Problems &problems)
{
    append(problems, visitor.problems());
    inspectListener(visitor.listener(), problems);
    const auto &stories = visitor.listener().stories();
    const std::size_t expected = expectedStates(visitor.part().twist).empty() ? 0 : 1;
    if (stories.size() != expected) {
        problems.push_back(visitor.part().name + " heard of " + std::to_string(stories.size()) + " orders instead of " +
                           std::to_string(expected) + '.');
    }
    for (const auto &[id, story] : stories) {
        inspectOrder(visitor, story, problems);
        inspectHands(visitor.part(), story, problems);
    }
}

/// What is said of an order that changes without a change of the order itself.
OrderView withoutPlace(OrderView order)
{
    order.position.reset();
    return order;
}

/// Each order of the list must have been heard from its first to its last change.
void inspectAudience(const Listener &listener, const std::vector<OrderView> &orders, bool whole, Problems &problems)
{
    for (const OrderView &order : orders) {
        const auto found = listener.stories().find(order.id);
        const auto heard = found == listener.stories().end() ? std::int64_t(0) : std::int64_t(found->second.size());
        if (heard != order.sequence) {
            problems.push_back(listener.account().name + " heard " + std::to_string(heard) + " of the " +
                               std::to_string(order.sequence) + " changes of order " + order.id.text() + '.');
        } else if (const OrderView &last = found->second.back().order;
                   whole ? withoutPlace(last) != withoutPlace(order) : last.state != order.state) {
            problems.push_back("What " + listener.account().name + " heard last of order " + order.id.text() +
                               " is not what the list says.");
        }
    }
    if (listener.stories().size() > orders.size())
        problems.push_back(listener.account().name + " heard of orders that the list does not have.");
}

void inspectNumbers(const std::vector<OrderView> &orders, Problems &problems)
{
    std::vector<std::int64_t> numbers;
    for (const OrderView &order : orders) {
        if (order.number)
            numbers.push_back(*order.number);
    }
    std::sort(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] != std::int64_t(i) + 1) {
            problems.push_back("The numbers have a gap or a repetition at " + std::to_string(i + 1) + '.');
            return;
        }
    }
}

void inspectDisplay(const Listener &display, Problems &problems)
{
    inspectListener(display, problems);
    for (const auto &[id, story] : display.stories()) {
        for (const HeardChange &change : story) {
            if (!change.order.user.isEmpty() || !change.order.name.empty())
                problems.push_back("The TV was told who ordered " + id.text() + '.');
        }
    }
}

} // namespace

std::vector<std::string> inspect(const Morning &morning)
{
    Problems problems;
    const std::vector<OrderView> &orders = morning.snapshot();
    for (const auto &visitor : morning.visitors()) {
        inspectVisitor(*visitor, problems);
        std::vector<OrderView> own;
        std::copy_if(orders.begin(), orders.end(), std::back_inserter(own),
                     [&](const OrderView &order) { return order.user == visitor->listener().account().id; });
        inspectAudience(visitor->listener(), own, true, problems);
    }
    for (const auto &barista : morning.baristas()) {
        append(problems, barista->problems());
        inspectListener(barista->listener(), problems);
        inspectAudience(barista->listener(), orders, true, problems);
    }
    inspectDisplay(morning.display(), problems);
    inspectAudience(morning.display(), orders, false, problems);
    inspectNumbers(orders, problems);
    return problems;
}

} // namespace brewline::demo
