// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/jwttokens.h"
#include "support/printing.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QByteArray>
#include <QMessageAuthenticationCode>
#include <QTest>

using namespace brewline;
using namespace std::chrono_literals;
using domain::Actor;
using identity::JwtTokens;

namespace {

constexpr Timestamp now = timestampFromMilliseconds(1'795'251'600'500);

identity::TokenKey keyOf(std::uint8_t first)
{
    identity::TokenKey key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = std::uint8_t(first + i);
    return key;
}

const Actor ada{UserId("u1"), Role::Customer, EventId("ABC"), "Ada Ø"};

std::string base64(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString();
}

/// A token made by hand, so that it can be as wrong as an attacker's. \a hash may be empty for no signature.
std::string handmade(const std::string &header, const std::string &claims, std::uint8_t firstOfKey = 0,
                     std::optional<QCryptographicHash::Algorithm> hash = QCryptographicHash::Sha256)
{
    const std::string content =
        base64(QByteArray::fromStdString(header)) + '.' + base64(QByteArray::fromStdString(claims));
    if (!hash)
        return content + '.';
    const auto key = keyOf(firstOfKey);
    const QByteArray secret(reinterpret_cast<const char *>(key.data()), qsizetype(key.size()));
    return content + '.' + base64(QMessageAuthenticationCode::hash(QByteArray::fromStdString(content), secret, *hash));
}

const std::string hs256 = R"({"alg":"HS256","typ":"JWT"})";

std::string claimsWith(const boost::json::object &changes)
{
    boost::json::object claims{{"sub", "u1"},  {"role", "barista"},    {"event", "ABC"},
                               {"name", "Bo"}, {"iat", 1'795'251'600}, {"exp", 1'795'255'200}};
    for (const auto &[name, value] : changes) {
        if (value.is_null())
            claims.erase(name);
        else
            claims[name] = value;
    }
    return boost::json::serialize(claims);
}

boost::json::object claimsOf(const std::string &token)
{
    const std::size_t first = token.find('.');
    const std::string middle = token.substr(first + 1, token.rfind('.') - first - 1);
    return boost::json::parse(
               QByteArray::fromBase64(QByteArray::fromStdString(middle), QByteArray::Base64UrlEncoding).toStdString())
        .as_object();
}

} // namespace

class JwtTokensTest : public QObject {
    Q_OBJECT

private:
    JwtTokens m_tokens{keyOf(0)}; // begins with a zero byte: keys are bytes, not text

    std::string verdict(const std::string &token) { return test::outcome(m_tokens.verify(token, now)); }

private Q_SLOTS:
    void whatWasIssuedIsAccepted()
    {
        for (const Role role :
             {Role::Customer, Role::Kiosk, Role::Display, Role::Barista, Role::Organiser, Role::Extension}) {
            Actor actor = ada;
            actor.role = role;
            const auto issued = m_tokens.issue(actor, now);
            const auto verified = m_tokens.verify(issued.token, now);
            QVERIFY(verified);
            QVERIFY(*verified == actor);
        }
    }

    void visitorsHaveADayAndDevicesAMonth()
    {
        Actor display = ada;
        display.role = Role::Display;
        QCOMPARE(m_tokens.issue(ada, now).expiresAt, now + 24h);
        QCOMPARE(m_tokens.issue(display, now).expiresAt, now + 24h * 30);
    }

    void claimsAreThoseOfTheContract()
    {
        const auto claims = claimsOf(m_tokens.issue(ada, now).token);
        QCOMPARE(std::string(claims.at("sub").as_string()), std::string("u1"));
        QCOMPARE(std::string(claims.at("role").as_string()), std::string("customer"));
        QCOMPARE(std::string(claims.at("event").as_string()), std::string("ABC"));
        QCOMPARE(claims.at("exp").as_int64(), 1'795'251'600 + 86'400);
        QVERIFY(claims.at("acl").at("pub").as_array().empty());
        QCOMPARE(claims.at("acl").at("sub").as_array().size(), std::size_t(3));
    }

    void endsAtItsSecond()
    {
        const std::string token = handmade(hs256, claimsWith({{"exp", 1'795'255'200}}));
        const Timestamp end = timestampFromMilliseconds(1'795'255'200'000);
        QCOMPARE(test::outcome(m_tokens.verify(token, end - 1ms)), std::string("ok"));
        QCOMPARE(test::outcome(m_tokens.verify(token, end)), std::string("token-expired"));
        QCOMPARE(test::outcome(m_tokens.verify(token, end + 24h * 365)), std::string("token-expired"));
    }

    void handmadeOnesWorkWhenTheyAreRight() { QCOMPARE(verdict(handmade(hs256, claimsWith({}))), std::string("ok")); }

    void anotherKeyIsNotOurs()
    {
        QCOMPARE(verdict(handmade(hs256, claimsWith({}), 1)), std::string("unauthenticated"));
    }

    void otherAlgorithmsAreNotAccepted_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("hash");
        QTest::newRow("none") << QByteArray(R"({"alg":"none"})") << -1;
        QTest::newRow("None") << QByteArray(R"({"alg":"None","typ":"JWT"})") << -1;
        QTest::newRow("none, signed") << QByteArray(R"({"alg":"none"})") << int(QCryptographicHash::Sha256);
        QTest::newRow("HS256, unsigned") << QByteArray(R"({"alg":"HS256"})") << -1;
        QTest::newRow("HS384") << QByteArray(R"({"alg":"HS384","typ":"JWT"})") << int(QCryptographicHash::Sha384);
        QTest::newRow("HS512") << QByteArray(R"({"alg":"HS512","typ":"JWT"})") << int(QCryptographicHash::Sha512);
        QTest::newRow("RS256 by the shared key")
            << QByteArray(R"({"alg":"RS256","typ":"JWT"})") << int(QCryptographicHash::Sha256);
        QTest::newRow("no alg") << QByteArray(R"({"typ":"JWT"})") << int(QCryptographicHash::Sha256);
        QTest::newRow("alg is no text") << QByteArray(R"({"alg":5})") << int(QCryptographicHash::Sha256);
    }
    void otherAlgorithmsAreNotAccepted()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, hash);
        const auto algorithm = hash < 0 ? std::nullopt : std::optional(QCryptographicHash::Algorithm(hash));
        QCOMPARE(verdict(handmade(header.toStdString(), claimsWith({}), 0, algorithm)), std::string("unauthenticated"));
    }

    void aChangedClaimBreaksTheSignature()
    {
        const std::string token = m_tokens.issue(ada, now).token;
        const std::string forged = handmade(hs256, claimsWith({{"role", "organiser"}, {"event", "*"}}));
        const std::string mixed = forged.substr(0, forged.rfind('.')) + token.substr(token.rfind('.'));
        QCOMPARE(verdict(mixed), std::string("unauthenticated"));
    }

    void everyClaimMustBeThere_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("json");
        for (const char *name : {"sub", "role", "event", "exp"}) {
            QTest::addRow("no %s", name) << QByteArray(name) << QByteArray("null");
            QTest::addRow("%s is a list", name) << QByteArray(name) << QByteArray("[]");
        }
        QTest::newRow("sub is empty") << QByteArray("sub") << QByteArray("\"\"");
        QTest::newRow("event is empty") << QByteArray("event") << QByteArray("\"\"");
        QTest::newRow("sub is a number") << QByteArray("sub") << QByteArray("5");
        QTest::newRow("exp is a text") << QByteArray("exp") << QByteArray("\"1795255200\"");
        QTest::newRow("exp is a fraction") << QByteArray("exp") << QByteArray("1795255200.5");
        QTest::newRow("exp is zero") << QByteArray("exp") << QByteArray("0");
        QTest::newRow("exp is negative") << QByteArray("exp") << QByteArray("-1");
        QTest::newRow("no such role") << QByteArray("role") << QByteArray("\"king\"");
        QTest::newRow("the backend's own role") << QByteArray("role") << QByteArray("\"backend\"");
    }
    void everyClaimMustBeThere()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, json);
        const boost::json::object changes{{name.toStdString(), boost::json::parse(json.toStdString())}};
        QCOMPARE(verdict(handmade(hs256, claimsWith(changes))), std::string("unauthenticated"));
    }

    void garbageIsNotOurs_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a word") << QByteArray("token");
        QTest::newRow("dots") << QByteArray("..");
        QTest::newRow("more dots") << QByteArray("a.b.c.d");
        QTest::newRow("not base64") << QByteArray("!!!.???.***");
        QTest::newRow("claims that are no object")
            << QByteArray::fromStdString(handmade(hs256, "[1,2]")); // signed well all the same
        QTest::newRow("claims that are no JSON") << QByteArray::fromStdString(handmade(hs256, "sub"));
        QTest::newRow("a zero byte behind a good one")
            << QByteArray::fromStdString(handmade(hs256, claimsWith({}))) + QByteArray("\0x", 2);
    }
    void garbageIsNotOurs()
    {
        QFETCH(QByteArray, token);
        QCOMPARE(verdict(token.toStdString()), std::string("unauthenticated"));
    }

    void anEndlessTokenIsNotEvenLookedAt()
    {
        const std::string name(4096, 'a');
        QCOMPARE(verdict(handmade(hs256, claimsWith({{"name", name}}))), std::string("unauthenticated"));
        QCOMPARE(verdict(std::string(10'000'000, 'a')), std::string("unauthenticated"));
    }

    void theBackendsPasswordIsNoTokenForTheApi()
    {
        const std::string password = m_tokens.issueForBackend("brewline-backend", now);
        QCOMPARE(verdict(password), std::string("unauthenticated"));
        const auto claims = claimsOf(password);
        QCOMPARE(std::string(claims.at("sub").as_string()), std::string("brewline-backend"));
        QVERIFY(!claims.at("acl").at("pub").as_array().empty());
    }
};

QTEST_GUILESS_MAIN(JwtTokensTest)
#include "tst_jwttokens.moc"
