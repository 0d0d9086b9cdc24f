// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bar.h"
#include "support/printing.h"

#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using application::Pairing;
using application::Session;
using domain::Actor;
using test::Bar;
using test::outcome;

class AccountServiceTest : public QObject {
    Q_OBJECT

private:
    static Result<Session> guest(Bar &bar, const std::optional<Actor> &kiosk = {}, const std::string &key = {},
                                 const std::string &name = "Ada")
    {
        return test::await<Session>([&](auto done) { bar.accounts.guest(kiosk, bar.event().id, name, key, done); });
    }

    static Result<Pairing> pairingFor(Bar &bar, const Actor &actor, Role role)
    {
        return test::await<Pairing>([&](auto done) { bar.accounts.createPairing(actor, bar.event().id, role, done); });
    }

    static Result<Session> pair(Bar &bar, const std::string &code)
    {
        return test::await<Session>([&](auto done) { bar.accounts.pair(code, "Tablet", {}, done); });
    }

    static std::string revoke(Bar &bar, const Actor &actor, const UserId &user)
    {
        return outcome(test::await<UserId>([&](auto done) { bar.accounts.revoke(actor, user, done); }));
    }

    static Actor actorOf(Bar &bar, const Session &session)
    {
        return bar.accounts.authenticate(session.token.token).value();
    }

private Q_SLOTS:
    void aGuestIsACustomerOfTheEvent()
    {
        Bar bar;
        const auto session = guest(bar);
        QVERIFY(session);
        const Actor actor = actorOf(bar, *session);
        QVERIFY(actor.role == Role::Customer);
        QCOMPARE(actor.event.text(), std::string("ABC"));
        QCOMPARE(actor.name, std::string("Ada"));
        QCOMPARE(actor.id.text(), session->user.id.text());
        QVERIFY(guest(bar)->user.id != session->user.id);
    }

    void guestsCanBeSwitchedOffButForTheKiosk()
    {
        domain::Event event = test::smallEvent();
        event.guestsAllowed = false;
        Bar bar(event);
        QCOMPARE(outcome(guest(bar)), std::string("forbidden"));
        QCOMPARE(outcome(guest(bar, bar.actor(Role::Customer, "Eve"))), std::string("forbidden"));
        Actor foreign = bar.actor(Role::Kiosk, "Kiosk");
        foreign.event = EventId("XYZ");
        QCOMPARE(outcome(guest(bar, foreign)), std::string("forbidden"));
        QVERIFY(guest(bar, bar.actor(Role::Kiosk, "Kiosk")));
    }

    void aKioskThatAsksTwiceWithOneKeyGetsOneVisitor()
    {
        Bar bar;
        const Actor kiosk = bar.actor(Role::Kiosk, "Kiosk");
        const auto first = guest(bar, kiosk, "key-1");
        const auto again = guest(bar, kiosk, "key-1");
        const auto next = guest(bar, kiosk, "key-2");
        QCOMPARE(again->user.id.text(), first->user.id.text());
        QVERIFY(next->user.id != first->user.id);
        QCOMPARE(outcome(guest(bar, kiosk, "key-1", "Eve")), std::string("idempotency-mismatch"));
        // Nobody else's key counts: they could not be told apart.
        QVERIFY(guest(bar, {}, "key-1")->user.id != guest(bar, {}, "key-1")->user.id);
    }

    void aPairingCodeMakesOneDevice()
    {
        Bar bar;
        const auto pairing = pairingFor(bar, bar.actor(Role::Organiser, "Org"), Role::Display);
        QVERIFY(pairing);
        QCOMPARE(pairing->code.size(), std::size_t(9));
        QCOMPARE(pairing->expiresAt, bar.clock.now() + 10min);
        const auto session = pair(bar, pairing->code);
        QVERIFY(session);
        QVERIFY(actorOf(bar, *session).role == Role::Display);
        QCOMPARE(session->user.name, std::string("Tablet"));
        const auto again = pair(bar, pairing->code);
        QCOMPARE(outcome(again), std::string("invalid-pairing-code"));
        QCOMPARE(again.error().pointer, std::string("/code"));
    }

    void aPairingCodeIsReadAsPeopleTypeIt()
    {
        Bar bar;
        std::string code = pairingFor(bar, bar.actor(Role::Organiser, "Org"), Role::Kiosk)->code;
        code.erase(code.find('-'), 1);
        std::transform(code.begin(), code.end(), code.begin(), ::tolower);
        code.insert(4, " ");
        QVERIFY(pair(bar, code));
    }

    void aPairingCodeLastsTenMinutes()
    {
        Bar bar;
        const Actor organiser = bar.actor(Role::Organiser, "Org");
        const auto first = pairingFor(bar, organiser, Role::Barista);
        const auto second = pairingFor(bar, organiser, Role::Barista);
        bar.clock.advance(10min - 1ms);
        QVERIFY(pair(bar, first->code));
        bar.clock.advance(1ms);
        QCOMPARE(outcome(pair(bar, second->code)), std::string("invalid-pairing-code"));
    }

    void wrongPairingCodesAreRefused()
    {
        Bar bar;
        for (const char *code : {"", "7777-7777", "' OR 1=1", "----"})
            QCOMPARE(outcome(pair(bar, code)), std::string("invalid-pairing-code"));
    }

    void onlyOrganisersOfTheEventPair()
    {
        Bar bar;
        for (const Role role : {Role::Customer, Role::Kiosk, Role::Display, Role::Barista, Role::Extension})
            QCOMPARE(outcome(pairingFor(bar, bar.actor(role, "X"), Role::Barista)), std::string("forbidden"));
        Actor foreign = bar.actor(Role::Organiser, "Org");
        foreign.event = EventId("XYZ");
        QCOMPARE(outcome(pairingFor(bar, foreign, Role::Barista)), std::string("forbidden"));
        const auto customer = pairingFor(bar, bar.actor(Role::Organiser, "Org"), Role::Customer);
        QCOMPARE(outcome(customer), std::string("invalid-field"));
        QCOMPARE(customer.error().pointer, std::string("/role"));
    }

    void revokedTokensEndAtOnceAndForGood()
    {
        Bar bar;
        std::vector<std::string> told;
        std::mutex mutex;
        bar.accounts.setRevocationObserver([&](const UserId &user) {
            const std::lock_guard guard(mutex);
            told.push_back(user.text());
        });
        const auto session = guest(bar);
        const Actor ada = actorOf(bar, *session);
        QCOMPARE(revoke(bar, bar.actor(Role::Organiser, "Org"), ada.id), std::string("ok"));
        QCOMPARE(outcome(bar.accounts.authenticate(session->token.token)), std::string("unauthenticated"));
        const auto refreshed = test::await<Session>([&](auto done) { bar.accounts.refresh(ada, done); });
        QCOMPARE(outcome(refreshed), std::string("unauthenticated"));
        {
            const std::lock_guard guard(mutex);
            QCOMPARE(told, (std::vector<std::string>{ada.id.text()}));
        }
        application::AccountService restarted(bar.store, bar.events, bar.tokens, bar.random, bar.clock);
        QVERIFY(test::await<bool>([&](auto done) { restarted.load(done); }));
        QCOMPARE(outcome(restarted.authenticate(session->token.token)), std::string("unauthenticated"));
    }

    void whoMayRevokeWhom()
    {
        Bar bar;
        const auto session = guest(bar);
        const Actor ada = actorOf(bar, *session);
        for (const Role role : {Role::Customer, Role::Kiosk, Role::Display, Role::Barista, Role::Extension})
            QCOMPARE(revoke(bar, bar.actor(role, "X"), ada.id), std::string("not-found"));
        Actor foreign = bar.actor(Role::Organiser, "Org");
        foreign.event = EventId("XYZ");
        QCOMPARE(revoke(bar, foreign, ada.id), std::string("not-found"));
        QVERIFY(bar.accounts.authenticate(session->token.token));
        QCOMPARE(revoke(bar, ada, ada.id), std::string("ok"));
        QCOMPARE(revoke(bar, bar.actor(Role::Organiser, "Org"), UserId("nobody")), std::string("not-found"));
    }

    void aRefreshedTokenIsForTheSamePerson()
    {
        Bar bar;
        const Actor ada = actorOf(bar, guest(bar).value());
        bar.clock.advance(1h);
        const auto refreshed = test::await<Session>([&](auto done) { bar.accounts.refresh(ada, done); });
        QVERIFY(refreshed);
        QVERIFY(actorOf(bar, *refreshed) == ada);
        QCOMPARE(refreshed->token.expiresAt, bar.clock.now() + 24h);
        const Actor unknown = bar.actor(Role::Customer, "Eve");
        const auto refused = test::await<Session>([&](auto done) { bar.accounts.refresh(unknown, done); });
        QCOMPARE(outcome(refused), std::string("unauthenticated"));
    }

    void aPairingWhoseAnswerWasLostCanBeAskedForAgain()
    {
        Bar bar;
        const std::string code = pairingFor(bar, bar.actor(Role::Organiser, "Org"), Role::Display)->code;
        const auto pair = [&](const std::string &key, const std::string &device) {
            return test::await<Session>([&](auto done) { bar.accounts.pair(code, device, key, done); });
        };
        const auto first = pair("key", "TV");
        QVERIFY(first);
        QCOMPARE(pair("key", "TV")->user.id.text(), first->user.id.text());
        QCOMPARE(outcome(pair("key", "Other TV")), std::string("idempotency-mismatch"));
        QCOMPARE(outcome(pair("other key", "TV")), std::string("invalid-pairing-code"));
        QCOMPARE(outcome(pair({}, "TV")), std::string("invalid-pairing-code"));
    }

    void theLocalOrganiserStaysTheSameOverRestarts()
    {
        Bar bar;
        const auto organiser = [&](const std::string &earlier) {
            return test::await<Session>([&](auto done) { bar.accounts.localOrganiser(earlier, done); });
        };
        const auto first = organiser("not a token");
        QCOMPARE(organiser(first->token.token)->user.id.text(), first->user.id.text());
        QVERIFY(organiser({})->user.id != first->user.id);
    }

    void theLocalOrganiserIsOneOfAllEvents()
    {
        Bar bar;
        const auto session = test::await<Session>([&](auto done) { bar.accounts.localOrganiser({}, done); });
        const Actor organiser = actorOf(bar, session.value());
        QVERIFY(organiser.role == Role::Organiser);
        QVERIFY(organiser.mayActIn(EventId("ANY")));
        QVERIFY(pairingFor(bar, organiser, Role::Barista));
    }

    void whatHasExpiredIsForgotten()
    {
        Bar bar;
        const Actor kiosk = bar.actor(Role::Kiosk, "Kiosk");
        const auto first = guest(bar, kiosk, "key-1");
        bar.clock.advance(24h);
        bar.timekeeper.cleanUp();
        QVERIFY(guest(bar, kiosk, "key-1")->user.id != first->user.id);
    }
};

QTEST_GUILESS_MAIN(AccountServiceTest)
#include "tst_accountservice.moc"
