// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/orderrun.h"

#include "application/eventviews.h"
#include "application/ordertasks.h"
#include "core/secret.h"
#include "core/uuid.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <deque>

namespace brewline::application {

namespace json = boost::json;

namespace {

/// Values for the workflow engine from the store's thread.
class RandomSupplier final : public workflow::Supplier {
public:
    RandomSupplier(Random &random, Timestamp now)
        : m_random(random)
        , m_now(now)
    {
    }

    std::string taskToken() override { return toHex(m_random.bytes<32>()); }
    std::string uuid() override { return uuidV7(m_now, m_random); }
    double random() override
    {
        std::uint64_t bits = 0;
        for (const std::uint8_t byte : m_random.bytes<7>())
            bits = bits << 8 | byte;
        return double(bits >> 3) / double(std::uint64_t(1) << 53);
    }

private:
    Random &m_random;
    Timestamp m_now;
};

constexpr std::string_view waitSuffix = ".waitForTaskToken";

json::object toJson(const workflow::HistoryEntry &entry)
{
    json::object object{{"id", entry.id}, {"type", entry.type}};
    if (!entry.state.empty())
        object["state"] = entry.state;
    if (!entry.details.is_null())
        object["details"] = entry.details;
    return object;
}

} // namespace

OrderRun::OrderRun(Transaction &transaction, const domain::Event &event, ProcessDefinitions &definitions,
                   Random &random, domain::Order order)
    : m_transaction(transaction)
    , m_event(event)
    , m_definitions(definitions)
    , m_random(random)
    , m_order(std::move(order))
    , m_isNew(m_order.sequence == 0)
    , m_stateBefore(m_order.state)
{
}

OrderRun::~OrderRun() = default;

void OrderRun::announce(std::string_view detailType)
{
    m_detailTypes.emplace_back(detailType);
}

Result<void> OrderRun::start()
{
    const ProcessDefinitions::Process &process = m_definitions.orderProcessor();
    const Timestamp now = m_transaction.now();
    m_order.execution = ExecutionId(uuidV7(now, m_random));
    m_record = {m_order.execution, m_order.id, process.hash, {}, m_transaction.outageTotal(), false};
    m_definition = process.definition;
    m_loaded = true;
    m_transaction.insertDefinition(process.hash, process.text);
    json::object input{
        {"eventId", m_event.id.text()}, {"orderId", m_order.id.text()}, {"userId", m_order.owner.text()}};
    json::object context{
        {"Execution",
         json::object{{"Id", m_order.execution.text()}, {"Name", m_order.id.text()}, {"StartTime", toRfc3339(now)}}},
        {"StateMachine", json::object{{"Id", "order-processor:" + process.hash}, {"Name", "order-processor"}}}};
    return feed(workflow::Start{std::move(input), std::move(context)});
}

Result<void> OrderRun::answer(std::string_view purpose, json::value output)
{
    const auto frame = frameWaitingFor(purpose);
    if (!frame)
        return tl::unexpected(frame.error());
    return feed(workflow::TaskSucceeded{*frame, std::move(output)});
}

Result<void> OrderRun::fail(std::string_view purpose, std::string error, std::string cause)
{
    const auto frame = frameWaitingFor(purpose);
    if (!frame)
        return tl::unexpected(frame.error());
    return feed(workflow::TaskFailed{*frame, std::move(error), std::move(cause)});
}

Result<void> OrderRun::heartbeat(std::string_view purpose)
{
    const auto frame = frameWaitingFor(purpose);
    if (!frame)
        return tl::unexpected(frame.error());
    return feed(workflow::TaskHeartbeat{*frame});
}

Result<void> OrderRun::deadlineReached(std::uint32_t frame)
{
    if (const auto loaded = load(); !loaded)
        return loaded;
    if (frame == continuation)
        m_transaction.eraseWait(m_record.id, continuation);
    auto fed = frame == continuation ? feed(workflow::Resumed{}) : feed(workflow::DeadlineReached{frame});
    // Making an outage good has moved the deadline on, or has gone on with the step already: that much is kept.
    if (!fed && m_madeGood && fed.error().code == ErrorCode::WrongState)
        return {};
    return fed;
}

Result<std::uint32_t> OrderRun::frameWaitingFor(std::string_view purpose)
{
    if (const auto loaded = load(); !loaded)
        return tl::unexpected(loaded.error());
    const auto wait = m_transaction.waitFor(m_record.id, purpose);
    if (!wait) {
        return failure(ErrorCode::WrongState, "The process of this order does not wait for \"" + std::string(purpose) +
                                                  "\" now; try again in a moment.");
    }
    return wait->frame;
}

/// Reads the execution. Outages since its last step are made good first: the clock did not run for people meanwhile.
Result<void> OrderRun::load()
{
    if (m_loaded)
        return {};
    auto record = m_transaction.execution(m_order.execution);
    if (!record)
        return failure(ErrorCode::Internal, "The execution of order " + m_order.id.text() + " is missing.");
    m_record = *std::move(record);
    auto definition = m_definitions.find(m_record.definition, m_transaction);
    if (!definition)
        return tl::unexpected(definition.error());
    m_definition = *std::move(definition);
    auto execution = workflow::Execution::fromText(m_record.state);
    if (!execution) {
        return failure(ErrorCode::Internal,
                       "The execution of order " + m_order.id.text() + " cannot be read: " + execution.error().detail);
    }
    m_execution = *std::move(execution);
    m_loaded = true;
    const Milliseconds outage = m_transaction.outageTotal() - m_record.outageSeen;
    if (outage <= Milliseconds(0) || m_record.ended)
        return {};
    m_record.outageSeen += outage;
    // A cup that is ready waits for nobody who could not be served.
    if (!domain::isOpen(m_stateBefore))
        return {};
    m_madeGood = true;
    return feed(workflow::DeadlinesExtended{outage});
}

Result<void> OrderRun::feed(workflow::Input first)
{
    RandomSupplier supplier(m_random, m_transaction.now());
    std::deque<workflow::Input> inputs;
    inputs.push_back(std::move(first));
    bool isTaskAnswer = false;
    for (; !inputs.empty(); isTaskAnswer = true) {
        auto step = workflow::advance(*m_definition, std::move(m_execution), std::move(inputs.front()),
                                      m_transaction.now(), supplier);
        inputs.pop_front();
        // The task of a branch that a sibling's failure has ended meanwhile: nobody wants its answer any more.
        if (!step && isTaskAnswer && step.error().code == ErrorCode::InvalidTaskToken)
            continue;
        if (!step)
            return tl::unexpected(step.error());
        m_execution = std::move(step->execution);
        for (const workflow::HistoryEntry &entry : step->history) {
            if (m_history.empty())
                m_firstHistoryId = entry.id;
            m_history.push_back(toJson(entry));
        }
        for (workflow::Effect &effect : step->effects) {
            if (auto *started = std::get_if<workflow::WaitStarted>(&effect))
                perform(*started);
            else if (auto *moved = std::get_if<workflow::WaitMoved>(&effect))
                perform(*moved);
            else if (auto *ended = std::get_if<workflow::WaitEnded>(&effect)) {
                if (m_newWaits.erase(ended->frame) == 0)
                    m_transaction.eraseWait(m_record.id, ended->frame);
            } else if (auto *task = std::get_if<workflow::RunTask>(&effect)) {
                if (auto answer = perform(*task))
                    inputs.push_back(*std::move(answer));
            }
        }
        if (step->yielded) {
            m_transaction.eraseWait(m_record.id, continuation); // of a step before that has not gone on yet
            m_newWaits[continuation] = {m_record.id, continuation, {}, {}, m_transaction.now()};
        }
    }
    return {};
}

void OrderRun::perform(workflow::WaitStarted &effect)
{
    WaitRecord wait{m_record.id, effect.frame, {}, {}, effect.deadline};
    if (effect.token)
        wait.tokenHash = sha256Hex(*effect.token);
    m_newWaits[effect.frame] = std::move(wait);
}

void OrderRun::perform(workflow::WaitMoved &effect)
{
    if (const auto wait = m_newWaits.find(effect.frame); wait != m_newWaits.end())
        wait->second.deadline = effect.deadline;
    else
        m_transaction.moveWait(m_record.id, effect.frame, effect.deadline);
}

/// Returns the input that answers the task; nothing for one that waits for its token.
std::optional<workflow::Input> OrderRun::perform(workflow::RunTask &effect)
{
    std::string_view resource = effect.resource;
    if (effect.token) {
        resource = resource.substr(0, resource.size() - waitSuffix.size());
        m_newWaits[effect.frame].purpose = purposeOf(effect.parameters);
    }
    const TaskScope scope{m_transaction, m_event, m_order,
                          [this](std::string_view detailType) { announce(detailType); }, [this] { tokensChanged(); }};
    auto result = performTask(resource, effect.parameters, scope);
    if (!result)
        return workflow::TaskFailed{effect.frame, std::string(errorName(result.error())), result.error().detail};
    if (effect.token)
        return std::nullopt;
    return workflow::TaskSucceeded{effect.frame, *std::move(result)};
}

/// Whether nobody will ever move the order on: its workflow failed, or ended without ending it.
bool OrderRun::processLeftOrder() const
{
    return m_loaded && m_execution.hasEnded() && !domain::isEnded(m_order.state);
}

/// A cup that nobody began is not used up.
void OrderRun::giveBackToStock()
{
    const bool neverBegun =
        m_stateBefore == domain::OrderState::Submitted &&
        (m_order.state == domain::OrderState::Cancelled || m_order.state == domain::OrderState::TimedOut);
    const domain::MenuItem *item = neverBegun ? m_event.menu.find(m_order.drink.item) : nullptr;
    if (!item)
        return;
    domain::ItemState state = itemStateOf(m_event, *item, m_transaction);
    if (!state.stock)
        return;
    ++*state.stock;
    m_transaction.setItemState(m_event.id, item->id, state);
    shopChanged();
}

Result<OrderView> OrderRun::finish()
{
    if (processLeftOrder()) {
        return failure(ErrorCode::Internal, "The process of order " + m_order.id.text() + " ended (" +
                                                std::string(workflow::toString(m_execution.status)) + ' ' +
                                                m_execution.error + ") while the order is " +
                                                std::string(domain::toText(m_order.state)) + '.');
    }
    giveBackToStock();
    if (m_loaded) {
        m_record.ended = m_execution.hasEnded();
        m_order.deadline.reset();
        for (const workflow::Wait &wait : m_execution.waits()) {
            if (wait.deadline && (!m_order.deadline || *wait.deadline < *m_order.deadline))
                m_order.deadline = wait.deadline;
        }
    }
    // Time that was made good, or a step that only waits on, is no change that anybody is told of.
    if (!m_isNew && m_detailTypes.empty() && m_order.state == m_stateBefore) {
        writeExecution();
        return viewOf(m_event, m_order, m_transaction);
    }
    ++m_order.sequence;
    if (m_isNew)
        m_transaction.insertOrder(m_order);
    else if (!m_transaction.updateOrder(m_order))
        return failure(ErrorCode::WrongState, "The order was changed by somebody else meanwhile; look at it again.");
    writeExecution();
    OrderView view = viewOf(m_event, m_order, m_transaction);
    writeMessages(view);
    return view;
}

void OrderRun::writeExecution()
{
    if (!m_loaded)
        return;
    m_record.state = m_execution.toText();
    if (m_isNew)
        m_transaction.insertExecution(m_record);
    else
        m_transaction.updateExecution(m_record);
    for (const auto &[frame, wait] : m_newWaits)
        m_transaction.insertWait(wait);
    if (!m_history.empty())
        m_transaction.appendHistory({m_record.id, m_firstHistoryId, m_transaction.now(), json::serialize(m_history)});
}

/// Whether this change made the shop full or gave it room again.
bool OrderRun::crossedCapacity()
{
    const bool heldPlace = !m_isNew && domain::isOpen(m_stateBefore);
    const bool holdsPlace = domain::isOpen(m_order.state);
    if (heldPlace == holdsPlace)
        return false;
    const int capacity = m_event.limits.maxOrdersInQueue;
    return m_transaction.countOpenOrders(m_event.id, capacity + 1) == (holdsPlace ? capacity : capacity - 1);
}

void OrderRun::writeMessages(const OrderView &view)
{
    const Timestamp now = m_transaction.now();
    json::object body{{"detailTypes", json::array(m_detailTypes.begin(), m_detailTypes.end())},
                      {"order", brewline::toJson(view)}};
    if (m_tokensChanged) {
        if (const auto bucket = m_transaction.bucket(m_order.bucket); bucket && bucket->isCurrent(now))
            body["tokensLeft"] = bucket->tokensLeft;
    }
    m_transaction.appendOutbox(
        {0, m_event.id, OutboxKind::OrderChanged, m_order.id, m_order.sequence, json::serialize(body), now});
    if (m_shopChanged || crossedCapacity())
        m_transaction.appendOutbox({0, m_event.id, OutboxKind::ShopChanged, {}, 0, {}, now});
}

} // namespace brewline::application
