// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "openstore.h"
#include "records.h"

#include <QTest>

#include <limits>

using namespace brewline;
using namespace brewline::application;
using namespace brewline::test;
using domain::OrderState;

namespace {

constexpr Timestamp earliest = timestampFromMilliseconds(std::numeric_limits<std::int64_t>::min());
constexpr Timestamp latest = timestampFromMilliseconds(std::numeric_limits<std::int64_t>::max());
const std::string awkward = "Zoë 漢字 ☕😀 'quoted\" \\ \n\t % ; --";

domain::Order orderIn(int number, OrderState state, std::optional<std::int64_t> called = {})
{
    auto order = newOrder(number);
    order.state = state;
    order.number = called;
    return order;
}

} // namespace

class StoreProcessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenStore>(); }
    void cleanup() { m_open.reset(); }

    void usersAndRevocationsAreKept()
    {
        const UserRecord visitor{UserId("ada"), booth, Role::Customer, awkward, earliest};
        const UserRecord organiser{UserId("org"), EventId("*"), Role::Organiser, "", latest};
        std::vector<bool> revoked;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertUser(visitor);
            tx.insertUser(organiser);
            for (const auto *id : {"org", "ada", "ada", "never-seen"})
                revoked.push_back(tx.revokeUser(UserId(id)));
        }));
        for (const auto &user : {visitor, organiser})
            QVERIFY(m_open->ask<std::optional<UserRecord>>([&](Reader &r) { return r.user(user.id); }) == user);
        QVERIFY((revoked == std::vector<bool>{true, true, false, true}));
        QVERIFY(m_open->ask<std::vector<UserId>>([](Reader &r) { return r.revokedUsers(); }) ==
                (std::vector<UserId>{UserId("ada"), UserId("never-seen"), UserId("org")}));
    }

    void aPairingIsTakenOnceAndNotAfterItsEnd()
    {
        const PairingRecord good{"hash", booth, Role::Barista, morning + Milliseconds(1)};
        const PairingRecord expired{"old", booth, Role::Display, morning};
        std::vector<std::optional<PairingRecord>> taken;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertPairing(good);
            tx.insertPairing(expired);
            for (const auto *hash : {"hash", "hash", "old", "unknown"})
                taken.push_back(tx.takePairing(hash));
        }));
        QVERIFY((taken == std::vector<std::optional<PairingRecord>>{good, {}, {}, {}}));
    }

    void definitionsAreKeptOnce()
    {
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertDefinition("hash", awkward);
            tx.insertDefinition("hash", "another");
        }));
        QVERIFY(m_open->ask<std::optional<std::string>>([](Reader &r) { return r.definition("hash"); }) == awkward);
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.definition("none").has_value(); }) == false);
    }

    void executionsAndTheirHistoryComeBack()
    {
        const ExecutionRecord running{ExecutionId("e"), OrderId("o"), "hash", awkward, Milliseconds(0), false};
        const ExecutionRecord ended{ExecutionId("e"), OrderId("o"), "hash", "{}", Milliseconds(77), true};
        const std::vector<HistoryRecord> steps{{running.id, 1, earliest, awkward}, {running.id, 5, latest, "[]"}};
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertExecution(running);
            tx.appendHistory(steps[1]);
            tx.appendHistory(steps[0]);
            tx.appendHistory({ExecutionId("other"), 1, morning, "[]"});
        }));
        using Execution = std::optional<ExecutionRecord>;
        QVERIFY(m_open->ask<Execution>([&](Reader &r) { return r.execution(running.id); }) == Execution(running));
        QVERIFY(m_open->change([&](Transaction &tx) { tx.updateExecution(ended); }));
        QVERIFY(m_open->ask<Execution>([&](Reader &r) { return r.execution(running.id); }) == Execution(ended));
        QVERIFY(m_open->ask<std::vector<HistoryRecord>>([&](Reader &r) { return r.history(running.id); }) == steps);
    }

    void waitsAreFoundByPurposeAndDeadline()
    {
        const WaitRecord barista{ExecutionId("e"), 2, "token", "barista", morning + Milliseconds(5)};
        const WaitRecord timer{ExecutionId("e"), 4'294'967'295U, "", "", earliest};
        const WaitRecord endless{ExecutionId("e"), 0, "", "external", {}};
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.earliestDeadline().has_value(); }) == false);
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertExecution({ExecutionId("e"), OrderId("o"), "", "", Milliseconds(0), false});
            for (const auto &wait : {barista, timer, endless})
                tx.insertWait(wait);
        }));
        using Waits = std::vector<WaitRecord>;
        QVERIFY(m_open->ask<Waits>([](Reader &r) { return r.waits(ExecutionId("e")); }) ==
                (Waits{endless, barista, timer}));
        QVERIFY(m_open->ask<std::optional<WaitRecord>>(
                    [](Reader &r) { return r.waitFor(ExecutionId("e"), "barista"); }) == barista);
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.waitFor(ExecutionId("e"), "drink").has_value(); }) == false);
        QVERIFY(m_open->ask<std::optional<Timestamp>>([](Reader &r) { return r.earliestDeadline(); }) == earliest);

        std::vector<DueWait> due;
        QVERIFY(!m_open->read([&](Reader &r) { due = r.dueWaits(morning + Milliseconds(5), 10); }));
        QCOMPARE(due.size(), 2U);
        QVERIFY(due[0].frame == timer.frame && due[1].frame == 2 && due[1].order == OrderId("o"));
        QVERIFY(due[1].execution == ExecutionId("e") && due[1].deadline == barista.deadline);
        QVERIFY(!m_open->read([&](Reader &r) { due = r.dueWaits(morning + Milliseconds(4), 10); }));
        QCOMPARE(due.size(), 1U);
        QVERIFY(!m_open->read([&](Reader &r) { due = r.dueWaits(latest, 1); }));
        QCOMPARE(due.size(), 1U);

        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.eraseWait(ExecutionId("e"), timer.frame);
            tx.eraseWait(ExecutionId("e"), 77);
            tx.moveWait(ExecutionId("e"), 2, latest);
        }));
        QVERIFY(m_open->ask<std::optional<Timestamp>>([](Reader &r) { return r.earliestDeadline(); }) == latest);
    }

    void messagesComeInOrderAndTheirIdsNeverComeBack()
    {
        OutboxRecord order{0, booth, OutboxKind::OrderChanged, OrderId("o"), 7, awkward, latest};
        OutboxRecord shop{0, booth, OutboxKind::ShopChanged, {}, 0, "", earliest};
        OutboxRecord code{0, EventId("DEF"), OutboxKind::CodeChanged, {}, 0, "{}", morning};
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (const auto &message : {order, shop, code})
                tx.appendOutbox(message);
        }));
        order.id = 1;
        shop.id = 2;
        code.id = 3;
        using Messages = std::vector<OutboxRecord>;
        const auto outbox = [&](std::int64_t after, int limit) {
            return m_open->ask<Messages>([=](Reader &r) { return r.outbox(after, limit); });
        };
        QVERIFY(outbox(0, 10) == (Messages{order, shop, code}));
        QVERIFY(outbox(1, 1) == Messages{shop});
        QVERIFY(m_open->change([&](Transaction &tx) { tx.eraseOutbox({1, 2, 3, 99}); }));
        QVERIFY(outbox(0, 10) == Messages{});
        m_open->reopen();
        QVERIFY(m_open->change([&](Transaction &tx) { tx.appendOutbox(shop); }));
        shop.id = 4;
        QVERIFY(outbox(0, 10) == Messages{shop});
    }

    void idempotentAnswersAreFoundUntilTheyExpire()
    {
        const IdempotencyRecord first{"scope", "request", awkward, morning + Milliseconds(10)};
        const IdempotencyRecord second{"scope", "another", "{}", morning + Milliseconds(30)};
        const auto look = [&] {
            std::optional<IdempotencyRecord> found;
            m_open->write([&](Transaction &tx) {
                found = tx.idempotency("scope");
                return Verdict::Rollback;
            });
            return found;
        };
        QVERIFY(m_open->change([&](Transaction &tx) { tx.insertIdempotency(first); }));
        QVERIFY(look() == first);
        QVERIFY(!m_open->change([&](Transaction &tx) { tx.insertIdempotency(second); }));
        m_open->clock().set(morning + Milliseconds(10));
        QVERIFY(!look());
        QVERIFY(m_open->change([&](Transaction &tx) { tx.insertIdempotency(second); }));
        QVERIFY(look() == second);
        m_open->clock().set(morning + Milliseconds(30));
        QVERIFY(m_open->change([&](Transaction &tx) { tx.removeExpired(500); }));
        m_open->clock().set(morning);
        QVERIFY(!look());
    }

    void removingWhatExpiredKeepsTheRest()
    {
        std::optional<PairingRecord> kept;
        QVERIFY(m_open->change([&](Transaction &tx) {
            tx.insertPairing({"old", booth, Role::Barista, morning});
            tx.insertPairing({"new", booth, Role::Barista, morning + Milliseconds(1)});
            tx.removeExpired(500);
            tx.insertPairing({"old", booth, Role::Barista, morning});
            kept = tx.takePairing("new");
        }));
        QVERIFY(kept.has_value());
    }

    void theHeartbeatIsTheLastOneSet()
    {
        QVERIFY(m_open->ask<bool>([](Reader &r) { return r.lastHeartbeat().has_value(); }) == false);
        QVERIFY(m_open->change([&](Transaction &tx) { tx.setHeartbeat(morning); }));
        QVERIFY(m_open->change([&](Transaction &tx) { tx.setHeartbeat(latest); }));
        QVERIFY(m_open->ask<std::optional<Timestamp>>([](Reader &r) { return r.lastHeartbeat(); }) == latest);
    }

    void anOutageMovesTheDeadlinesOfPeopleOnly()
    {
        const Milliseconds length(60'000);
        auto started = newOrder(1);
        auto making = orderIn(2, OrderState::Making, 1);
        auto ready = orderIn(3, OrderState::Ready, 2);
        auto withoutDeadline = newOrder(4);
        withoutDeadline.deadline.reset();
        QVERIFY(m_open->change([&](Transaction &tx) {
            for (const auto &order : {started, making, ready, withoutDeadline})
                tx.insertOrder(order);
            tx.insertWait(newWait(1, "drink"));
            tx.insertWait(newWait(2, "barista"));
            tx.insertWait(newWait(3, "pickup"));
            tx.insertWait({ExecutionId("e"), 0, "", "drink", {}});
            tx.recordOutage(morning, length);
        }));
        const auto deadline = [&](const domain::Order &order) {
            return m_open->ask<std::optional<Timestamp>>([&](Reader &r) { return r.order(order.id)->deadline; });
        };
        QVERIFY(deadline(started) == *started.deadline + length);
        QVERIFY(deadline(making) == *making.deadline + length);
        QVERIFY(deadline(ready) == *ready.deadline);
        QVERIFY(!deadline(withoutDeadline));
        for (const auto &[number, purpose, moved] :
             {std::tuple(1, "drink", true), std::tuple(2, "barista", true), std::tuple(3, "pickup", false)}) {
            auto expected = newWait(number, purpose);
            *expected.deadline += moved ? length : Milliseconds(0);
            QVERIFY(m_open->ask<std::optional<WaitRecord>>(
                        [&](Reader &r) { return r.waitFor(expected.execution, purpose); }) == expected);
        }
        QVERIFY(m_open->change([&](Transaction &tx) { tx.recordOutage(morning, Milliseconds(1)); }));
        QVERIFY(m_open->ask<Milliseconds>([](Reader &r) { return r.outageTotal(); }) == Milliseconds(60'001));
    }

private:
    std::unique_ptr<OpenStore> m_open;
};

QTEST_GUILESS_MAIN(StoreProcessTest)
#include "tst_storeprocess.moc"
