// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker-auth/accesscontrol.h"
#include "broker-auth/control.h"
#include "messaging/tokens.h"

#include <QTest>

using namespace brewline::brokerauth;
using namespace brewline::test;

namespace {

constexpr std::int64_t now = 1'800'000'000'000; // ms
constexpr std::int64_t inAnHour = now / 1000 + 3600;

TokenRecipe recipeFor(const std::string &sub)
{
    TokenRecipe recipe;
    recipe.sub = sub;
    recipe.exp = inAnHour;
    recipe.publish = {"brewline/ABC/presence/" + sub};
    recipe.subscribe = {"brewline/ABC/shop", "brewline/ABC/user/" + sub + "/#"};
    return recipe;
}

/// Stand-ins for the broker's records; only their addresses count.
int first = 0;
int second = 0;

bool admits(AccessControl &access, AccessControl::Client client, const TokenRecipe &recipe,
            const std::string &clientId = {})
{
    const std::string token = makeToken(recipe);
    return access.admit(client, {clientId.empty() ? recipe.sub : clientId, recipe.sub, token}, now).has_value();
}

} // namespace

class AccessControlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goodTokenIsRead()
    {
        const auto claims = readToken(makeToken(recipeFor("ada")), testKey(), now);
        QVERIFY(claims);
        QCOMPARE(claims->sub, std::string("ada"));
        QCOMPARE(claims->role, std::string("customer"));
        QCOMPARE(claims->event, std::string("ABC"));
        QCOMPARE(claims->exp, inAnHour);
        QCOMPARE(claims->publish.size(), 1U);
        QCOMPARE(claims->subscribe.size(), 2U);
    }

    void badTokenIsRefused_data()
    {
        QTest::addColumn<QByteArray>("token");
        const auto row = [](const char *name, auto change) {
            TokenRecipe recipe = recipeFor("ada");
            change(recipe);
            QTest::newRow(name) << QByteArray::fromStdString(makeToken(recipe));
        };
        row("signed with another key", [](auto &it) { it.key = foreignKey(); });
        row("not signed", [](auto &it) { it.algorithm = JWT_ALG_NONE; });
        row("HS512", [](auto &it) { it.algorithm = JWT_ALG_HS512; });
        row("HS384", [](auto &it) { it.algorithm = JWT_ALG_HS384; });
        row("expired", [](auto &it) { it.exp = now / 1000 - 1; });
        row("expires now", [](auto &it) { it.exp = now / 1000; });
        row("exp is text", [](auto &it) { it.claims = R"({"exp":"4000000000"})"; });
        row("exp is a fraction", [](auto &it) { it.claims = R"({"exp":4000000000.5})"; });
        row("exp is null", [](auto &it) { it.claims = R"({"exp":null})"; });
        row("sub is empty", [](auto &it) { it.sub = ""; });
        row("sub is a number", [](auto &it) { it.claims = R"({"sub":1})"; });
        row("sub is a wildcard", [](auto &it) { it.sub = "+"; });
        row("sub has levels", [](auto &it) { it.sub = "a/b"; });
        row("role is missing", [](auto &it) { it.claims = R"({"role":null})"; });
        row("acl is missing", [](auto &it) { it.claims = R"({"acl":null})"; });
        row("acl is a list", [](auto &it) { it.claims = R"({"acl":[]})"; });
        row("acl has no pub", [](auto &it) { it.claims = R"({"acl":{"sub":[]}})"; });
        row("acl is two texts", [](auto &it) { it.claims = "{\"acl\":{\"pub\":\"a\",\"sub\":\"a\"}}"; });
        row("acl has a bad filter", [](auto &it) { it.subscribe = {"a/#/b"}; });
        row("acl has an empty filter", [](auto &it) { it.publish = {""}; });
        const std::string good = makeToken(recipeFor("ada"));
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no token") << QByteArray("password");
        QTest::newRow("dots") << QByteArray("..");
        QTest::newRow("signature cut off") << QByteArray::fromStdString(good.substr(0, good.rfind('.') + 1));
        QTest::newRow("signature shortened") << QByteArray::fromStdString(good.substr(0, good.size() - 4));
        std::string changed = good;
        changed[good.find('.') + 5] ^= 1;
        QTest::newRow("claims changed") << QByteArray::fromStdString(changed);
        QTest::newRow("huge") << QByteArray(60000, 'a');
    }

    void badTokenIsRefused()
    {
        QFETCH(QByteArray, token);
        QVERIFY(!readToken(token.toStdString(), testKey(), now));
        AccessControl access(testKey());
        QVERIFY(!access.admit(&first, {"ada", "ada", token.toStdString()}, now));
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", now));
    }

    void clientIdBelongsToItsSubject_data()
    {
        QTest::addColumn<QByteArray>("clientId");
        QTest::addColumn<bool>("expected");
        QTest::newRow("sub") << QByteArray("ada") << true;
        QTest::newRow("sub and digits") << QByteArray("ada-0123456789abcdef") << true;
        QTest::newRow("upper-case digits") << QByteArray("ada-0123456789ABCDEF") << true;
        QTest::newRow("empty") << QByteArray("") << false;
        QTest::newRow("another's") << QByteArray("bob") << false;
        QTest::newRow("begins alike") << QByteArray("adam") << false;
        QTest::newRow("too few digits") << QByteArray("ada-0123456789abcde") << false;
        QTest::newRow("too many digits") << QByteArray("ada-0123456789abcdef0") << false;
        QTest::newRow("no digits") << QByteArray("ada-") << false;
        QTest::newRow("not hexadecimal") << QByteArray("ada-0123456789abcdeg") << false;
        QTest::newRow("other separator") << QByteArray("ada_0123456789abcdef") << false;
    }

    void clientIdBelongsToItsSubject()
    {
        QFETCH(QByteArray, clientId);
        QTEST(isClientIdOf(clientId.toStdString(), "ada"), "expected");
    }

    void userNameMustBeTheSubject()
    {
        AccessControl access(testKey());
        const std::string token = makeToken(recipeFor("ada"));
        QVERIFY(!access.admit(&first, {"ada", "bob", token}, now));
        QVERIFY(!access.admit(&first, {"ada", "", token}, now));
        QVERIFY(!access.admit(&first, {"bob", "ada", token}, now));
        QVERIFY(access.admit(&first, {"ada", "ada", token}, now));
    }

    void persistentSessionIsRefused()
    {
        AccessControl access(testKey());
        QVERIFY(!access.admit(&first, {"ada", "ada", makeToken(recipeFor("ada")), false}, now));
    }

    void rightsComeFromTheClaims()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada")));
        QVERIFY(access.maySubscribe(&first, "brewline/ABC/shop", now));
        QVERIFY(access.maySubscribe(&first, "brewline/ABC/user/ada", now));
        QVERIFY(access.maySubscribe(&first, "brewline/ABC/user/ada/+", now));
        for (const char *foreign : {"#", "brewline/#", "brewline/ABC/+", "brewline/ABC/user/+", "brewline/ABC/user/bob",
                                    "+/ABC/shop", "$SYS/#", "$share/g/brewline/ABC/shop", "$share", "a/#/b", ""})
            QVERIFY2(!access.maySubscribe(&first, foreign, now), foreign);
        QVERIFY(access.mayReceive(&first, "brewline/ABC/shop", now));
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/staff", now));
        QVERIFY(access.mayPublish(&first, "brewline/ABC/presence/ada", now));
        QVERIFY(!access.mayPublish(&first, "brewline/ABC/presence/bob", now));
        QVERIFY(!access.mayPublish(&first, "brewline/ABC/shop", now));
    }

    void shareIsRefusedEvenToThoseWhoMayHearEverything()
    {
        AccessControl access(testKey());
        TokenRecipe recipe = recipeFor("ada");
        recipe.subscribe = {"#", "$share/#", "$share/g/a"};
        QVERIFY(admits(access, &first, recipe));
        QVERIFY(access.maySubscribe(&first, "a", now));
        QVERIFY(!access.maySubscribe(&first, "$share/g/a", now));
    }

    void rightsEndWithTheToken()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada")));
        const std::int64_t late = inAnHour * 1000;
        QVERIFY(access.mayReceive(&first, "brewline/ABC/shop", late - 1));
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", late));
        QVERIFY(!access.maySubscribe(&first, "brewline/ABC/shop", late));
        QVERIFY(!access.mayPublish(&first, "brewline/ABC/presence/ada", late));
        QVERIFY(access.spentClients(late - 1).empty());
        QCOMPARE(access.spentClients(late), std::vector<std::string>{"ada"});
    }

    void lastWillOfTheExpiredIsStillPublished()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada")));
        const std::int64_t late = inAnHour * 1000;
        access.leave(&first);
        QVERIFY(access.mayPublish(&first, "brewline/ABC/presence/ada", late));
        QVERIFY(!access.mayPublish(&first, "brewline/ABC/presence/bob", late));
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", now));
        access.forgetLeavers();
        QVERIFY(!access.mayPublish(&first, "brewline/ABC/presence/ada", now));
    }

    void revokedSubjectLosesItsRightsAndIsNamed()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada"), "ada-0123456789abcdef"));
        QVERIFY(admits(access, &second, recipeFor("bob")));
        access.revoke({"ada"});
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", now));
        QVERIFY(access.mayReceive(&second, "brewline/ABC/shop", now));
        QCOMPARE(access.spentClients(now), std::vector<std::string>{"ada-0123456789abcdef"});
        QVERIFY(!admits(access, &first, recipeFor("ada")));
    }

    void idHeldByAnotherSubjectIsRefused()
    {
        // A subject may be spelt like another's client id; neither may throw the other out.
        const std::string id = "ada-0123456789abcdef";
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada"), id));
        QVERIFY(!admits(access, &second, recipeFor(id)));
        access.leave(&first);
        QVERIFY(admits(access, &second, recipeFor(id)));
    }

    void takeOverKeepsTheNewcomer()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada")));
        QVERIFY(admits(access, &second, recipeFor("ada"))); // the broker ends the first only after this
        access.leave(&first);
        access.forgetLeavers();
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", now));
        QVERIFY(access.mayReceive(&second, "brewline/ABC/shop", now));
        QCOMPARE(access.spentClients(inAnHour * 1000), std::vector<std::string>{"ada"});
    }

    void reusedAddressHasNothingOfItsFormerOwner()
    {
        AccessControl access(testKey());
        QVERIFY(admits(access, &first, recipeFor("ada")));
        access.leave(&first);
        QVERIFY(admits(access, &first, recipeFor("bob")));
        access.forgetLeavers();
        QVERIFY(access.maySubscribe(&first, "brewline/ABC/user/bob", now));
        QVERIFY(!access.maySubscribe(&first, "brewline/ABC/user/ada", now));
        // Refused at the same address: nothing is left either.
        QVERIFY(!access.admit(&first, {"bob", "bob", "rubbish"}, now));
        QVERIFY(!access.mayReceive(&first, "brewline/ABC/shop", now));
    }

    void commandsToTheBrokerNeedTheirTopicLiterally()
    {
        AccessControl access(testKey());
        TokenRecipe recipe = recipeFor("ada");
        recipe.publish = {"#", "$CONTROL/#", "$CONTROL/brewline/+"};
        QVERIFY(admits(access, &first, recipe));
        QVERIFY(!access.mayPublish(&first, controlTopic, now));
        recipe.publish = {controlTopic};
        QVERIFY(admits(access, &first, recipe));
        QVERIFY(access.mayPublish(&first, controlTopic, now));
        QVERIFY(!access.mayPublish(&first, "$CONTROL/dynamic-security/v1", now));
    }

    void revocationIsRead()
    {
        const auto subjects = readRevocation(R"({"revoke":["ada","bob"]})");
        QVERIFY(subjects);
        QCOMPARE(*subjects, (std::vector<std::string>{"ada", "bob"}));
        for (const char *bad : {"", "null", "[]", "{}", R"({"revoke":"ada"})", R"({"revoke":[1]})",
                                R"({"revoke":[""]})", R"({"revoke":["ada"],"and":1})", R"({"revoke":["ada"]} x)"})
            QVERIFY2(!readRevocation(bad), bad);
    }
};

QTEST_GUILESS_MAIN(AccessControlTest)
#include "tst_access_control.moc"
