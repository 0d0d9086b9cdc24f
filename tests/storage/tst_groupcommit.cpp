// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "openstore.h"
#include "records.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <stdexcept>

using namespace brewline;
using namespace brewline::application;
using namespace brewline::test;

namespace {

using Answer = std::optional<Error>;

Store::Command insertOrder(int number, Verdict verdict = Verdict::Commit)
{
    return [number, verdict](Transaction &tx) {
        tx.insertOrder(newOrder(number));
        return verdict;
    };
}

bool is(const Answer &answer, ErrorCode code)
{
    return answer && answer->code == code;
}

} // namespace

class GroupCommitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenStore>(); }
    void cleanup() { m_open.reset(); }

    void commandsOfABatchRunInTheirOrderAndSeeEachOther()
    {
        HeldStore held(m_open->store());
        std::vector<std::future<Answer>> answers;
        bool sawFirst = false;
        answers.push_back(held.write(insertOrder(1)));
        answers.push_back(held.write([&](Transaction &tx) {
            sawFirst = tx.order(newOrder(1).id).has_value();
            return Verdict::Rollback;
        }));
        held.release();
        for (auto &answer : answers)
            QVERIFY(!answer.get());
        QVERIFY(sawFirst);
    }

    void aRolledBackCommandLeavesNothingAndItsNeighboursStay()
    {
        HeldStore held(m_open->store());
        auto before = held.write(insertOrder(1));
        auto rolledBack = held.write(insertOrder(2, Verdict::Rollback));
        auto after = held.write(insertOrder(3));
        held.release();
        QVERIFY(!before.get());
        QVERIFY(!rolledBack.get());
        QVERIFY(!after.get());
        m_open->reopen();
        QVERIFY(exists(1) && !exists(2) && exists(3));
    }

    void aBrokenConstraintUndoesItsCommandOnly()
    {
        HeldStore held(m_open->store());
        auto before = held.write(insertOrder(1));
        bool saysNothingAfterwards = false;
        auto broken = held.write([&](Transaction &tx) {
            tx.insertOrder(newOrder(2));
            tx.insertOrder(newOrder(1));
            tx.insertOrder(newOrder(4));
            saysNothingAfterwards = !tx.order(newOrder(2).id) && tx.nextOrderNumber(booth) == 0;
            return Verdict::Commit;
        });
        auto after = held.write(insertOrder(3));
        held.release();
        QVERIFY(!before.get());
        QVERIFY(is(broken.get(), ErrorCode::Internal));
        QVERIFY(saysNothingAfterwards);
        QVERIFY(!after.get());
        m_open->reopen();
        QVERIFY(exists(1) && !exists(2) && exists(3) && !exists(4));
    }

    void anUpdateOfAnUnknownExecutionIsRefused()
    {
        const auto answer = m_open->write([](Transaction &tx) {
            tx.insertOrder(newOrder(1));
            tx.updateExecution(newExecution(1));
            return Verdict::Commit;
        });
        QVERIFY(is(answer, ErrorCode::Internal));
        QVERIFY(!exists(1));
    }

    void aCommandThatThrowsIsUndoneAlone()
    {
        HeldStore held(m_open->store());
        auto before = held.write(insertOrder(1));
        auto throwing = held.write([](Transaction &tx) -> Verdict {
            tx.insertOrder(newOrder(2));
            throw std::runtime_error("for the test");
        });
        auto strange = held.write([](Transaction &tx) -> Verdict {
            tx.insertOrder(newOrder(3));
            throw 42;
        });
        auto after = held.write(insertOrder(4));
        held.release();
        QVERIFY(!before.get());
        QVERIFY(is(throwing.get(), ErrorCode::Internal));
        QVERIFY(is(strange.get(), ErrorCode::Internal));
        QVERIFY(!after.get());
        QVERIFY(exists(1) && !exists(2) && !exists(3) && exists(4));
    }

    void aQueryThatThrowsIsAnsweredAndTheNextOneWorks()
    {
        const auto answer = m_open->read([](Reader &) { throw std::runtime_error("for the test"); });
        QVERIFY(is(answer, ErrorCode::Internal));
        QVERIFY(!exists(1));
    }

    void whatDoesNotFitIntoTheQueueIsBusyAtOnce()
    {
        m_open->reopen(3);
        HeldStore held(m_open->store());
        std::vector<std::future<Answer>> taken;
        for (int number = 1; number <= 3; ++number)
            taken.push_back(held.write(insertOrder(number)));
        auto refused = held.write(insertOrder(4));
        QVERIFY(refused.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
        QVERIFY(is(refused.get(), ErrorCode::Busy));
        held.release();
        for (auto &answer : taken)
            QVERIFY(!answer.get());
        QVERIFY(exists(3) && !exists(4));
    }

    void closingAnswersEverythingThatWaits()
    {
        std::vector<std::future<Answer>> answers;
        {
            HeldStore held(m_open->store());
            for (int number = 1; number <= 200; ++number)
                answers.push_back(held.write(insertOrder(number)));
        }
        m_open->store().close();
        for (auto &answer : answers) {
            QVERIFY(answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
            QVERIFY(!answer.get());
        }
        QVERIFY(is(m_open->write(insertOrder(201)), ErrorCode::StorageUnavailable));
        QVERIFY(is(m_open->read([](Reader &) {}), ErrorCode::StorageUnavailable));
        QVERIFY(!std::filesystem::exists(m_open->folder() / "brewline.db-wal"));
        m_open->reopen();
        QVERIFY(exists(1) && exists(200) && !exists(201));
    }

    void theTimeOfATransactionStands()
    {
        Timestamp first;
        Timestamp second;
        QVERIFY(m_open->change([&](Transaction &tx) {
            first = tx.now();
            m_open->clock().set(morning + Seconds(5));
            second = tx.now();
        }));
        QVERIFY(first == morning && second == morning);
        QVERIFY(m_open->change([&](Transaction &tx) { first = tx.now(); }));
        QVERIFY(first == morning + Seconds(5));
    }

    void theObserverHearsOncePerBatchAfterTheAnswers()
    {
        std::mutex mutex;
        std::vector<std::string> heard;
        const auto note = [&](const char *what) {
            const std::lock_guard guard(mutex);
            heard.emplace_back(what);
        };
        m_open->reopen();
        m_open->store().setObserver({[&] { note("outbox"); }, [&] { note("deadlines"); }});
        const auto appendMessage = [](Verdict verdict) {
            return [verdict](Transaction &tx) {
                tx.appendOutbox(newMessage(newOrder(1)));
                return verdict;
            };
        };
        {
            HeldStore held(m_open->store());
            for (int i = 0; i < 3; ++i)
                m_open->store().write(appendMessage(Verdict::Commit), [&](Answer) { note("answer"); });
            m_open->store().write(appendMessage(Verdict::Rollback), [&](Answer) { note("answer"); });
        }
        m_open->close();
        QVERIFY((heard == std::vector<std::string>{"answer", "answer", "answer", "answer", "outbox"}));
    }

    void theObserverHearsOfDeadlinesThatWereCommitted()
    {
        const std::vector<std::pair<std::function<void(Transaction &)>, bool>> changes{
            {[](Transaction &tx) { tx.insertWait(newWait(1, "drink")); }, true},
            {[](Transaction &tx) { tx.moveWait(newWait(1, "drink").execution, 0, morning); }, true},
            {[](Transaction &tx) { tx.eraseWait(newWait(1, "drink").execution, 0); }, true},
            {[](Transaction &tx) { tx.recordOutage(morning, Milliseconds(1)); }, true},
            {[](Transaction &tx) { tx.insertOrder(newOrder(1)); }, false},
        };
        for (const auto &[change, isHeard] : changes) {
            for (const Verdict verdict : {Verdict::Rollback, Verdict::Commit}) {
                m_open->reopen();
                int heard = 0;
                m_open->store().setObserver({{}, [&] { ++heard; }});
                QVERIFY(!m_open->write([&, &run = change](Transaction &tx) {
                    run(tx);
                    return verdict;
                }));
                m_open->close();
                QCOMPARE(heard, isHeard && verdict == Verdict::Commit ? 1 : 0);
            }
        }
    }

    void aReaderAlwaysSeesWhatWasAcknowledged()
    {
        constexpr int chains = 16;
        constexpr int rounds = 625;
        std::atomic<int> missed = 0;
        std::latch finished(chains);
        std::vector<std::function<void(int)>> startRound(chains);
        for (std::size_t chain = 0; chain < chains; ++chain) {
            startRound[chain] = [&, item = "item-" + std::to_string(chain), chain](int round) {
                auto found = std::make_shared<std::optional<domain::ItemState>>();
                const auto look = [=](Reader &reader) { *found = reader.itemState(booth, item); };
                const auto compare = [=, &startRound, &missed, &finished](const Answer &error) {
                    if (error || !*found || (*found)->stock != round)
                        ++missed;
                    if (round < rounds)
                        startRound[chain](round + 1);
                    else
                        finished.count_down();
                };
                m_open->store().write(
                    [=](Transaction &tx) {
                        tx.setItemState(booth, item, {true, round});
                        return Verdict::Commit;
                    },
                    [=, this](const Answer &) { m_open->store().read(look, compare); });
            };
        }
        for (const auto &start : startRound)
            start(1);
        finished.wait();
        QCOMPARE(missed.load(), 0);
    }

private:
    bool exists(int number)
    {
        return m_open->ask<bool>([=](Reader &reader) { return reader.order(newOrder(number).id).has_value(); });
    }

    std::unique_ptr<OpenStore> m_open;
};

QTEST_GUILESS_MAIN(GroupCommitTest)
#include "tst_groupcommit.moc"
