// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "application/processdefinitions.h"
#include "application/store.h"
#include "contracts/orderview.h"
#include "core/random.h"
#include "core/result.h"
#include "domain/event.h"
#include "domain/order.h"
#include "workflow/advance.h"

#include <boost/json/value.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brewline::application {

/// One change of one order inside one transaction: the order itself, its workflow up to its next wait, the history of
/// that step, and one message with every detail-type that the change caused. finish() writes them all; a run that is
/// dropped before has written nothing about the order (its tokens, numbers and waits are rolled back with the command).
class OrderRun {
public:
    /// Takes up \a order of \a event. Everything given must outlive the run.
    OrderRun(Transaction &transaction, const domain::Event &event, ProcessDefinitions &definitions, Random &random,
             domain::Order order);
    ~OrderRun();
    OrderRun(const OrderRun &) = delete;
    OrderRun &operator=(const OrderRun &) = delete;

    [[nodiscard]] domain::Order &order() { return m_order; }

    /// Adds \a detailType to what the change tells.
    void announce(std::string_view detailType);
    /// Says that something in the event's shop view changed beside the order, e.g. a stock.
    void shopChanged() { m_shopChanged = true; }
    /// Says that a token was taken from or given back to the order's bucket.
    void tokensChanged() { m_tokensChanged = true; }

    /// Begins the order processor for a new order.
    Result<void> start();
    /// Answers the wait with \a purpose; WrongState when the process does not wait for that now.
    Result<void> answer(std::string_view purpose, boost::json::value output);
    Result<void> fail(std::string_view purpose, std::string error, std::string cause);
    Result<void> heartbeat(std::string_view purpose);
    /// Tells the process that the deadline of \a frame has passed.
    Result<void> deadlineReached(std::uint32_t frame);

    /// Writes everything and returns the order as it is now. Internal when the process has ended before the order.
    Result<OrderView> finish();

    /// The frame of the wait that continues a step which was too long for one transaction.
    static constexpr std::uint32_t continuation = 0xffffffff;

private:
    Result<void> load();
    Result<void> feed(workflow::Input input);
    void perform(workflow::WaitStarted &effect);
    void perform(workflow::WaitMoved &effect);
    std::optional<workflow::Input> perform(workflow::RunTask &effect);
    Result<std::uint32_t> frameWaitingFor(std::string_view purpose);
    [[nodiscard]] bool processLeftOrder() const;
    void giveBackToStock();
    void writeExecution();
    void writeMessages(const OrderView &view);
    [[nodiscard]] bool crossedCapacity();

    Transaction &m_transaction;
    const domain::Event &m_event;
    ProcessDefinitions &m_definitions;
    Random &m_random;
    domain::Order m_order;
    const bool m_isNew;
    const domain::OrderState m_stateBefore;
    std::vector<std::string> m_detailTypes;
    bool m_shopChanged = false;
    bool m_tokensChanged = false;

    bool m_loaded = false;
    bool m_madeGood = false; ///< an outage, before anything else of this run
    ExecutionRecord m_record;
    std::shared_ptr<const workflow::Definition> m_definition;
    workflow::Execution m_execution;
    std::map<std::uint32_t, WaitRecord> m_newWaits;
    boost::json::array m_history;
    std::int64_t m_firstHistoryId = 0;
};

} // namespace brewline::application
