// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/idempotency.h"
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using application::IdempotencyKey;
using test::Bar;

namespace json = boost::json;

class IdempotencyTest : public QObject {
    Q_OBJECT

private:
    /// "new", what was remembered, or the error's word.
    static std::string recall(Bar &bar, const IdempotencyKey &key)
    {
        std::string answer;
        bar.write([&](application::Transaction &transaction) {
            const auto remembered = key.recall(transaction);
            if (!remembered)
                answer = test::outcome(remembered);
            else
                answer = *remembered ? std::string((*remembered)->at("answer").as_string()) : "new";
        });
        return answer;
    }

    static void remember(Bar &bar, const IdempotencyKey &key, const std::string &answer)
    {
        bar.write([&](application::Transaction &transaction) { key.remember(transaction, {{"answer", answer}}); });
    }

private Q_SLOTS:
    void theSameRequestGetsTheSameAnswer()
    {
        Bar bar;
        const auto ada = bar.actor(Role::Customer, "Ada");
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", "body"}), std::string("new"));
        remember(bar, {ada, "scan ABC", "key", "body"}, "first");
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", "body"}), std::string("first"));
        bar.store.reopen();
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", "body"}), std::string("first"));
    }

    void anotherBodyIsRefused()
    {
        Bar bar;
        const auto ada = bar.actor(Role::Customer, "Ada");
        remember(bar, {ada, "scan ABC", "key", "body"}, "first");
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", "Body"}), std::string("idempotency-mismatch"));
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", ""}), std::string("idempotency-mismatch"));
    }

    void anotherPersonPurposeOrKeyIsAnotherRequest()
    {
        Bar bar;
        const auto ada = bar.actor(Role::Customer, "Ada");
        remember(bar, {ada, "scan ABC", "key", "body"}, "first");
        QCOMPARE(recall(bar, {bar.actor(Role::Customer, "Eve"), "scan ABC", "key", "body"}), std::string("new"));
        QCOMPARE(recall(bar, {ada, "guest ABC", "key", "body"}), std::string("new"));
        QCOMPARE(recall(bar, {ada, "scan ABC", "key2", "body"}), std::string("new"));
        // What is cut elsewhere is not the same, though it reads the same.
        QCOMPARE(recall(bar, {ada, "scan ABCk", "ey", "body"}), std::string("new"));
    }

    void withoutAKeyNothingIsRemembered()
    {
        Bar bar;
        const auto ada = bar.actor(Role::Customer, "Ada");
        remember(bar, {ada, "scan ABC", "", "body"}, "first");
        QCOMPARE(recall(bar, {ada, "scan ABC", "", "body"}), std::string("new"));
    }

    void aKeyIsKeptForADay()
    {
        Bar bar;
        const auto ada = bar.actor(Role::Customer, "Ada");
        const IdempotencyKey key(ada, "scan ABC", "key", "body");
        remember(bar, key, "first");
        bar.clock.advance(24h - 1ms);
        QCOMPARE(recall(bar, key), std::string("first"));
        bar.clock.advance(1ms);
        QCOMPARE(recall(bar, key), std::string("new"));
        QCOMPARE(recall(bar, {ada, "scan ABC", "key", "another body"}), std::string("new"));
        remember(bar, key, "second");
        QCOMPARE(recall(bar, key), std::string("second"));
    }

    void refusalsAreKeptWhole()
    {
        const Error error{ErrorCode::ShopFull, "Full.", "/code"};
        QVERIFY(application::errorFromJson(application::toJson(error)) == error);
        QVERIFY(!application::errorFromJson({{"id", "an order"}}));
        QVERIFY(!application::errorFromJson({{"error", "no-such-error"}}));
    }
};

QTEST_GUILESS_MAIN(IdempotencyTest)
#include "tst_idempotency.moc"
