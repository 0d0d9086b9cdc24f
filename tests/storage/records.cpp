// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "records.h"

#include <cstdio>

namespace brewline::test {

namespace {

using application::Transaction;
using application::Verdict;
using domain::OrderState;

std::string padding(const char *what, std::size_t length)
{
    return std::string("{\"") + what + "\":\"" + std::string(length, 'x') + "\"}";
}

/// What every step after the first writes besides its order.
Verdict finishStep(Transaction &transaction, int number, domain::Order &order, const char *purpose, int firstEntry)
{
    ++order.sequence;
    if (!transaction.updateOrder(order))
        return Verdict::Rollback;
    auto execution = transaction.execution(order.execution);
    if (!execution)
        return Verdict::Rollback;
    execution->state = padding(purpose, 700);
    transaction.updateExecution(*execution);
    transaction.appendHistory({order.execution, firstEntry, transaction.now(), padding("type", 500)});
    transaction.appendOutbox(newMessage(order));
    if (std::string_view(purpose) == "making") {
        transaction.moveWait(order.execution, 0, transaction.now() + Seconds(900));
    } else {
        transaction.eraseWait(order.execution, 0);
        transaction.insertWait(newWait(number, purpose));
    }
    return Verdict::Commit;
}

} // namespace

std::string idText(char kind, int number)
{
    char text[37];
    std::snprintf(text, sizeof text, "0199c3f1-%04x-7000-8000-%c%011x", static_cast<unsigned>(number >> 16) & 0xffffU,
                  kind, static_cast<unsigned>(number));
    return text;
}

domain::Order newOrder(int number)
{
    domain::Order order;
    order.id = OrderId(idText('a', number));
    order.event = booth;
    order.owner = UserId(idText('b', number));
    order.bucket = BucketId(idText('c', 0));
    order.execution = ExecutionId(idText('e', number));
    order.ownerName = "Ada";
    order.createdAt = morning + Milliseconds(number);
    order.deadline = order.createdAt + Seconds(300);
    order.sequence = 1;
    return order;
}

domain::CodeBucket newBucket(int number, int tokens)
{
    const auto start = morning + number * Seconds(300);
    return {BucketId(idText('c', number)),
            booth,
            "CODE" + std::to_string(100000 + number),
            start,
            start + Seconds(300),
            tokens,
            tokens};
}

application::ExecutionRecord newExecution(int number)
{
    return {ExecutionId(idText('e', number)),
            OrderId(idText('a', number)),
            std::string(64, 'd'),
            padding("frames", 700),
            Milliseconds(0),
            false};
}

application::WaitRecord newWait(int number, const std::string &purpose)
{
    return {ExecutionId(idText('e', number)), 0, purpose + idText('f', number) + std::string(20, '0'), purpose,
            morning + Milliseconds(number) + Seconds(300)};
}

application::OutboxRecord newMessage(const domain::Order &order)
{
    return {0,
            order.event,
            application::OutboxKind::OrderChanged,
            order.id,
            order.sequence,
            padding("order", 600),
            order.createdAt};
}

application::Store::Command scan(int number)
{
    return [number](Transaction &transaction) {
        const auto order = newOrder(number);
        if (transaction.openOrderOf(booth, order.owner) || !transaction.bucket(order.bucket) ||
            !transaction.takeToken(order.bucket))
            return Verdict::Rollback;
        transaction.shopState(booth);
        transaction.countOpenOrders(booth, 20);
        transaction.insertOrder(order);
        transaction.insertExecution(newExecution(number));
        transaction.insertWait(newWait(number, "drink"));
        transaction.appendHistory({order.execution, 1, transaction.now(), padding("type", 900)});
        transaction.appendOutbox(newMessage(order));
        return Verdict::Commit;
    };
}

application::Store::Command submit(int number)
{
    return [number](Transaction &transaction) {
        auto order = transaction.order(OrderId(idText('a', number)));
        if (!order || !transaction.waitFor(order->execution, "drink"))
            return Verdict::Rollback;
        order->state = OrderState::Submitted;
        order->number = transaction.nextOrderNumber(booth);
        order->drink = {"latte", {"oat"}, "Ada", ""};
        order->submittedAt = transaction.now();
        return finishStep(transaction, number, *order, "barista", 10);
    };
}

application::Store::Command claim(int number)
{
    return [number](Transaction &transaction) {
        auto order = transaction.order(OrderId(idText('a', number)));
        if (!order || !transaction.waitFor(order->execution, "barista"))
            return Verdict::Rollback;
        order->state = OrderState::Making;
        order->barista = UserId(idText('d', 1));
        order->baristaName = "Mo";
        order->claimedAt = transaction.now();
        return finishStep(transaction, number, *order, "making", 20);
    };
}

application::Store::Command complete(int number)
{
    return [number](Transaction &transaction) {
        auto order = transaction.order(OrderId(idText('a', number)));
        if (!order || !transaction.waitFor(order->execution, "barista"))
            return Verdict::Rollback;
        order->state = OrderState::Ready;
        order->completedAt = transaction.now();
        return finishStep(transaction, number, *order, "pickup", 30);
    };
}

} // namespace brewline::test
